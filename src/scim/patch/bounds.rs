//! How much one PATCH may cost. It is applied where writes take turns, so that all others wait for it.

use crate::scim::{Limits, ScimError};

/// What is left of it.
#[derive(Debug)]
pub(super) struct Bounds {
    elements: usize,
    comparisons: usize,
}

impl Bounds {
    /// Comparisons for each element that a list may have: as many operations can look at a full list.
    const SHARE: usize = 100;

    /// What a PATCH may cost in all.
    pub(super) fn of(limits: &Limits) -> Self {
        Self {
            elements: limits.list_elements,
            comparisons: limits.list_elements.saturating_mul(Self::SHARE),
        }
    }

    /// Takes note of elements that are looked at.
    ///
    /// # Errors
    /// 413 when they are too many.
    pub(super) fn spend(&mut self, comparisons: usize) -> Result<(), ScimError> {
        let left = self.comparisons.checked_sub(comparisons);
        self.comparisons = left.ok_or_else(|| {
            ScimError::payload_too_large(
                "The operations look at long lists too often. Send them in several requests, or the list as a whole.",
            )
        })?;
        Ok(())
    }

    /// Lets a list pass that has grown, or not. One that was too long before may stay so.
    ///
    /// # Errors
    /// 400 `invalidValue` when it has more elements than a list may have.
    pub(super) fn grown(&self, name: &str, before: usize, after: usize) -> Result<(), ScimError> {
        if after > before && after > self.elements {
            return Err(ScimError::too_long(name, self.elements));
        }
        Ok(())
    }
}
