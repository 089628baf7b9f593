//! The choices a tenant makes, each a word in the file.

use super::reader::At;
use super::tree::Value;

/// What becomes an account's name, by which Cloudmore and its SAML sign-in know a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountName {
    /// The SCIM `userName`.
    UserName,
    /// The primary e-mail address.
    Email,
}

/// What to do when an account of a new person's name was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adopt {
    /// Leave it alone and answer that the name is taken.
    Refuse,
    /// Take it over when it matches exactly.
    Link,
}

/// What a leaver's account becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deprovision {
    /// It is deleted.
    Delete,
}

/// What the identity provider is told while Cloudmore is slow, down or throttling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnOutage {
    /// Success: the change is kept and carried out later.
    Queue,
    /// 503: the change is undone and the identity provider tries again.
    Fail,
}

/// What the identity provider is told when Cloudmore refuses an assignment (no seats, cancelled).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnRefusedAssignment {
    /// Success: the refusal is recorded, shown and tried again later.
    Record,
    /// An error, where the change concerned a single member.
    Fail,
}

pub(super) fn account_name(at: &At<'_>) -> Option<AccountName> {
    at.choice(
        &[
            ("userName", AccountName::UserName),
            ("email", AccountName::Email),
        ],
        &[],
    )
}

pub(super) fn adopt(at: &At<'_>) -> Option<Adopt> {
    at.choice(
        &[("refuse", Adopt::Refuse), ("link", Adopt::Link)],
        &["hold"],
    )
}

pub(super) fn deprovision(at: &At<'_>) -> Option<Deprovision> {
    if let Value::Table(_) = at.node.value {
        return at.wrong("this version does not have a flag for leavers yet: write \"delete\"");
    }
    at.choice(&[("delete", Deprovision::Delete)], &["strip"])
}

pub(super) fn on_outage(at: &At<'_>) -> Option<OnOutage> {
    at.choice(&[("queue", OnOutage::Queue), ("fail", OnOutage::Fail)], &[])
}

pub(super) fn on_refused_assignment(at: &At<'_>) -> Option<OnRefusedAssignment> {
    at.choice(
        &[
            ("record", OnRefusedAssignment::Record),
            ("fail", OnRefusedAssignment::Fail),
        ],
        &[],
    )
}
