//! One request being read: by which dialect, and what was met beside the standard.

use super::ScimError;
use super::dialect::{Dialect, Limits};
use super::quirks::{Quirk, QuirkSet};

/// What a request had that the standard does not, and that was understood nevertheless.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deviations {
    /// The quirks that it needed.
    pub quirks: QuirkSet,
    /// The attributes and extensions that no schema here has, as written.
    pub unknown: Vec<String>,
}

impl Deviations {
    /// Whether the request was as the standard has it.
    pub fn is_empty(&self) -> bool {
        self.quirks.is_empty()
    }

    /// The names of the quirks, for logs and counters.
    pub fn names(&self) -> Vec<&'static str> {
        self.quirks.iter().map(Quirk::name).collect()
    }

    /// Adds one.
    pub fn note(&mut self, quirk: Quirk) {
        self.quirks = self.quirks.with(quirk);
    }
}

/// A request being read.
#[derive(Debug)]
pub struct Reading<'d> {
    dialect: &'d Dialect,
    met: Deviations,
    members: usize,
    /// Whether a path was among what is unknown.
    leads_nowhere: bool,
}

impl<'d> Reading<'d> {
    /// Begins to read by a dialect.
    pub fn by(dialect: &'d Dialect) -> Self {
        Self {
            dialect,
            met: Deviations::default(),
            members: 0,
            leads_nowhere: false,
        }
    }

    /// What was met.
    pub fn met(&self) -> &Deviations {
        &self.met
    }

    /// What was met, when the request is read.
    pub fn into_met(self) -> Deviations {
        self.met
    }

    /// Whether the quirk that the request needs is taken; if so, it is noted.
    pub(super) fn accepts(&mut self, quirk: Quirk) -> bool {
        let accepts = self.dialect.accepts(quirk);
        if accepts {
            self.met.note(quirk);
        }
        accepts
    }

    pub(super) fn limits(&self) -> &'d Limits {
        &self.dialect.limits
    }

    /// The spelling under which an attribute or extension that the schemas do not have is kept, if it is.
    pub(super) fn kept(&self, name: &str) -> Option<&'d str> {
        self.dialect.kept(name)
    }

    /// Whether an element that brackets describe may be made where it is missing.
    pub(super) fn makes_missing_elements(&self) -> bool {
        self.dialect.accepts(Quirk::MissingElement)
    }

    /// Takes note of an attribute that no schema here has; [`Reading::end`] refuses it unless it may be ignored.
    pub(super) fn unknown(&mut self, name: impl Into<String>) {
        self.accepts(Quirk::UnknownAttribute);
        self.met.unknown.push(name.into());
    }

    /// The same for a path that leads to no attribute.
    pub(super) fn unknown_path(&mut self, path: String) {
        self.leads_nowhere = true;
        self.unknown(path);
    }

    /// Takes note of members that the request names.
    ///
    /// # Errors
    /// 413 when they are more than one request may name.
    pub(super) fn members(&mut self, count: usize) -> Result<(), ScimError> {
        self.members += count;
        let most = self.limits().members;
        if self.members > most {
            return Err(ScimError::payload_too_large(format!(
                "A request may name {most} members at most. Send them in several requests."
            )));
        }
        Ok(())
    }

    /// Takes note of the elements of one list.
    ///
    /// # Errors
    /// 400 `invalidValue` when they are more than a list may have.
    pub(super) fn elements(&self, name: &str, count: usize) -> Result<(), ScimError> {
        let most = self.limits().list_elements;
        if count > most {
            return Err(ScimError::too_long(name, most));
        }
        Ok(())
    }

    /// The whole was read.
    ///
    /// # Errors
    /// 400 that names the unknown attributes, where they may not be ignored: `invalidPath` if a path led there, else
    /// `invalidValue`.
    pub(super) fn end(&self) -> Result<(), ScimError> {
        if self.met.unknown.is_empty() || self.dialect.accepts(Quirk::UnknownAttribute) {
            return Ok(());
        }
        let detail = format!(
            "There is no such attribute or extension: {}. Leave it out of what is sent.",
            self.met.unknown.join(", ")
        );
        Err(match self.leads_nowhere {
            true => ScimError::invalid_path(detail),
            false => ScimError::invalid_value(detail),
        })
    }
}

impl Default for Reading<'static> {
    /// Reads by the generic dialect.
    fn default() -> Self {
        Self::by(Dialect::GENERIC)
    }
}
