//! The choices a tenant makes, each a word in the file.

use super::reader::At;
use crate::domain::policy::{AccountName, Adopt, AdoptBy, OnOutage, OnRefusedAssignment};

pub(super) fn account_name(at: &At<'_>) -> Option<AccountName> {
    at.choice(&[
        ("userName", AccountName::UserName),
        ("email", AccountName::Email),
    ])
}

pub(super) fn adopt(at: &At<'_>) -> Option<Adopt> {
    at.choice(&[
        ("refuse", Adopt::Refuse),
        ("link", Adopt::Link),
        ("hold", Adopt::Hold),
    ])
}

pub(super) fn adopt_by(at: &At<'_>) -> Option<AdoptBy> {
    at.choice(&[("name", AdoptBy::Name), ("email", AdoptBy::Email)])
}

pub(super) fn on_outage(at: &At<'_>) -> Option<OnOutage> {
    at.choice(&[("queue", OnOutage::Queue), ("fail", OnOutage::Fail)])
}

pub(super) fn on_refused_assignment(at: &At<'_>) -> Option<OnRefusedAssignment> {
    at.choice(&[
        ("record", OnRefusedAssignment::Record),
        ("fail", OnRefusedAssignment::Fail),
    ])
}
