//! What clients send beside the standard: each habit is one named rewrite in front of a strict engine.
//!
//! The cases and who sends them are in `reference/idp-behaviour.md`, sections 0.1, 6 and 8. Which of them a tenant takes is
//! its [`Dialect`](super::Dialect)'s; every one that a request needed is in its [`Deviations`](super::Deviations).

mod paths;
mod table;
mod values;

pub use table::Quirk;

pub(super) use paths::{
    bare_word, dot_after_urn, misspelt_enterprise_urn, seed, short_extension_name,
    value_path_comparison,
};
pub(super) use values::{boolean, fit_list, fit_single};

/// The clients whose habits are known by name; the key `profile` of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Any client: every quirk.
    Generic,
    /// Microsoft Entra ID: what it sends.
    Entra,
    /// Okta: what it sends.
    Okta,
}

/// A set of quirks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QuirkSet(u32);

impl QuirkSet {
    /// No quirk.
    pub const NONE: Self = Self(0);

    /// The set with this quirk too.
    #[must_use]
    pub const fn with(self, quirk: Quirk) -> Self {
        Self(self.0 | 1 << quirk as u32)
    }

    /// The set without this quirk.
    #[must_use]
    pub const fn without(self, quirk: Quirk) -> Self {
        Self(self.0 & !(1 << quirk as u32))
    }

    /// Whether the quirk is in the set.
    pub const fn contains(self, quirk: Quirk) -> bool {
        self.0 & 1 << quirk as u32 != 0
    }

    /// Whether no quirk is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The quirks in the set, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = Quirk> {
        Quirk::ALL
            .into_iter()
            .filter(move |quirk| self.contains(*quirk))
    }
}
