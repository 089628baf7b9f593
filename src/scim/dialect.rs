//! How the requests of one tenant are read: which deviations from the standard are taken, and how much at once.

use super::grammar::is_name;
use super::quirks::{Profile, Quirk, QuirkSet};
use super::{ResourceKind, path};
use std::time::Duration;

/// The way in which a tenant's client speaks SCIM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    accepted: QuirkSet,
    kept: Vec<String>,
    /// How much one request may hold.
    pub limits: Limits,
    /// Whether a change must say which version of the resource it means.
    pub require_if_match: bool,
}

/// How much one request may hold, and one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most operations of a PATCH.
    pub patch_operations: usize,
    /// Most operations of a Bulk request.
    pub bulk_operations: usize,
    /// Most members that one request may name.
    pub members: usize,
    /// Most elements of one list of a resource. Members are none of them. A PATCH may look at a hundred times as many.
    pub list_elements: usize,
    /// Longest filter or path, in bytes.
    pub filter_length: usize,
    /// Deepest nesting of brackets in a filter.
    pub filter_depth: usize,
    /// Most resources on a page of a list.
    pub page_size: u64,
    /// How long the cursor of a list counts.
    pub cursor_timeout: Duration,
    /// Most comparisons that one list may cost: resources to be looked at, times terms of the filter. A comparison with its
    /// share of reading the resource takes a few microseconds, so that no list holds a core for much longer than ten
    /// seconds, and a directory of 100,000 users can be searched with ten terms.
    pub list_work: u64,
}

impl Limits {
    /// The limits of a bridge that is told none.
    pub const DEFAULT: Self = Self {
        patch_operations: 1000,
        bulk_operations: 1000,
        members: 100_000,
        list_elements: 1000,
        filter_length: 4096,
        filter_depth: 64,
        page_size: 200,
        cursor_timeout: Duration::from_secs(60 * 60),
        list_work: 1_000_000,
    };
}

impl Limits {
    /// Resources on a page when the client does not say.
    pub const fn usual_page(&self) -> u64 {
        if self.page_size < 100 {
            self.page_size
        } else {
            100
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Dialect {
    /// Everything that is understood here.
    pub(super) const GENERIC: &'static Self = &Self::new(Profile::Generic);

    /// What clients of this profile send.
    pub const fn new(profile: Profile) -> Self {
        Self {
            accepted: profile.quirks(),
            kept: Vec::new(),
            limits: Limits::DEFAULT,
            require_if_match: false,
        }
    }

    /// The standard and nothing beside it.
    pub const fn strict() -> Self {
        Self {
            accepted: QuirkSet::NONE,
            kept: Vec::new(),
            limits: Limits::DEFAULT,
            require_if_match: false,
        }
    }

    /// The dialect without one quirk: a request that needs it is refused.
    #[must_use]
    pub fn refusing(mut self, quirk: Quirk) -> Self {
        self.accepted = self.accepted.without(quirk);
        self
    }

    /// The dialect in which these attributes and extension URNs, unknown to the schemas, are kept and returned as sent.
    #[must_use]
    pub fn keeping(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.kept.extend(names);
        self
    }

    /// The dialect with these limits.
    #[must_use]
    pub fn within(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether requests may need this quirk.
    pub const fn accepts(&self, quirk: Quirk) -> bool {
        self.accepted.contains(quirk)
    }

    /// The spelling under which an attribute or extension unknown to the schemas is kept, if it is.
    pub(super) fn kept(&self, name: &str) -> Option<&str> {
        let mut kept = self.kept.iter().map(String::as_str);
        kept.find(|kept| kept.eq_ignore_ascii_case(name))
    }
}

/// Whether an attribute or extension of this name can be [kept](Dialect::keeping): it has the form of one, and the schemas
/// do not have it.
///
/// # Errors
/// What is wrong with the name.
pub fn can_keep(name: &str) -> Result<(), String> {
    let has_form = match name.get(..4) {
        Some(urn) if urn.eq_ignore_ascii_case("urn:") => !name.contains(char::is_whitespace),
        _ => is_name(name),
    };
    if !has_form {
        return Err(
            "must be the name of an attribute, or a URN of an extension that begins with \"urn:\""
                .to_owned(),
        );
    }
    let is_known = ResourceKind::ALL.into_iter().any(|kind| {
        let urns = kind.extensions().iter().map(|schema| schema.urn);
        let mut urns = urns.chain([kind.core().urn]);
        path::top_level(kind, name).is_some() || urns.any(|urn| urn.eq_ignore_ascii_case(name))
    });
    if is_known {
        return Err(
            "is an attribute or extension that the bridge keeps anyway: remove it".to_owned(),
        );
    }
    Ok(())
}

impl Default for Dialect {
    fn default() -> Self {
        Self::new(Profile::Generic)
    }
}
