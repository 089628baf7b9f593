//! Membership of groups, which lives beside the group's document: what a request says about it, without ever reading it.

use super::quirks::{self, Quirk};
use super::reading::Reading;
use super::render::{self, MemberRef};
use super::schema::{self, Attribute};
use super::{ScimError, evaluate, normalise};
use scim_v2::filter::{AttrExp, CompValue, CompareOp, ValFilter};
use serde_json::Value;
use std::collections::HashSet;

/// Canonical name of the attribute.
pub(super) const NAME: &str = "members";

/// One change to the set of members. Changes of a PATCH apply in order, each to what the one before left.
#[derive(Debug, Clone, PartialEq)]
pub enum MemberChange {
    /// These become members; those who are already stay.
    Add(Vec<String>),
    /// These are members no longer; those who are none do not matter.
    Remove(Vec<String>),
    /// Nobody is a member any longer.
    RemoveAll,
    /// Exactly these are the members.
    Replace(Vec<String>),
    /// Every member that the filter selects is a member no longer.
    RemoveWhere(MemberFilter),
}

/// The filter in `members[...]` where it is more than a list of ids.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberFilter(ValFilter);

impl MemberFilter {
    /// How many comparisons it makes on each member at most.
    pub fn terms(&self) -> u64 {
        evaluate::terms(&self.0)
    }

    /// Whether the filter selects this member, as it is shown below the SCIM base address.
    pub fn selects(&self, member: &MemberRef, base: &str) -> bool {
        evaluate::element(attribute(), &self.0, &render::member(member, base))
    }
}

/// The row of the attribute table.
pub(super) fn attribute() -> &'static Attribute {
    &schema::MEMBERS
}

/// The change that `remove members[filter]` is.
pub(super) fn removal(filter: &ValFilter) -> MemberChange {
    match ids_of(filter) {
        Some(ids) => MemberChange::Remove(ids),
        None => MemberChange::RemoveWhere(MemberFilter(filter.clone())),
    }
}

/// The ids that `value eq "a"`, or several of these joined by `or`, lists.
pub(super) fn ids_of(filter: &ValFilter) -> Option<Vec<String>> {
    match filter {
        ValFilter::Attr(AttrExp::Comparison(path, CompareOp::Eq, CompValue::Str(id)))
            if path.uri.is_none()
                && path.sub_attr.is_none()
                && path.name.eq_ignore_ascii_case("value") =>
        {
            Some(vec![id.clone()])
        }
        ValFilter::Or(items) => {
            let ids: Option<Vec<_>> = items.iter().map(ids_of).collect();
            Some(ids?.concat())
        }
        ValFilter::Attr(_) | ValFilter::And(_) | ValFilter::Not(_) => None,
    }
}

/// The ids in a list of members, in order and each once. Groups within groups are not kept, so that a member which says
/// that it is one is skipped, or refused.
///
/// # Errors
/// 400 `invalidValue` for a member without an id: dropping it would make another request of this one.
pub(super) fn ids(value: &Value, reading: &mut Reading<'_>) -> Result<Vec<String>, ScimError> {
    let attribute = attribute();
    let mut seen = HashSet::new();
    let mut ids = Vec::new();
    if normalise::says_nothing(value, reading)? {
        return Ok(ids);
    }
    let list = quirks::fit_list(attribute, value, reading);
    let list = list
        .as_array()
        .ok_or_else(|| normalise::no_list(attribute))?;
    reading.members(list.len())?;
    for element in list {
        let member = normalise::single(None, attribute, element, reading)?;
        let part = |name| member.as_ref()?.get(name)?.as_str();
        if part("type").is_some_and(|kind| kind.eq_ignore_ascii_case("Group")) {
            if reading.accepts(Quirk::NestedGroup) {
                continue;
            }
            return Err(nested());
        }
        let Some(id) = part("value") else {
            return Err(ScimError::invalid_value(
                "Each of members needs the member's id in \"value\".",
            ));
        };
        if seen.insert(id.to_owned()) {
            ids.push(id.to_owned());
        }
    }
    Ok(ids)
}

/// The error for a member that is a group.
pub(super) fn nested() -> ScimError {
    ScimError::invalid_value("members: a group cannot be a member of a group. Name its users.")
}
