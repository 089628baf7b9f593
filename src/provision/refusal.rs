//! A change that Cloudmore, or a rule of ours, refuses for good.

use serde::{Deserialize, Serialize};

use crate::scim::ScimError;

/// Why a user cannot have the account that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The kind.
    pub why: Why,
    /// What was said, for people.
    pub words: String,
}

/// The kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Why {
    /// The name belongs to an account that is not ours.
    Taken,
    /// Cloudmore does not accept a value.
    Invalid,
    /// The account is one that the bridge never touches.
    Protected,
    /// Cloudmore refuses a role; the bridge goes on trying, for it may be a lower one.
    Role,
    /// Cloudmore refuses to take access away; the bridge goes on trying.
    Revocation,
    /// What is stored of the user cannot be worked on.
    Unworkable,
}

impl From<Refusal> for ScimError {
    fn from(Refusal { why, words }: Refusal) -> Self {
        match why {
            Why::Unworkable => Self::internal(words),
            Why::Taken | Why::Protected => Self::uniqueness(words),
            Why::Invalid | Why::Role => {
                Self::invalid_value(format!("Cloudmore refuses the user: {words}"))
            }
            Why::Revocation => Self::internal(format!(
                "The removal is recorded and will be tried again; Cloudmore answers: {words}"
            )),
        }
    }
}
