//! What an operation on `members` does to the set of members.

use super::{Verb, compile};
use crate::scim::members::{self, MemberChange};
use crate::scim::reading::Reading;
use crate::scim::schema::Attribute;
use crate::scim::{ScimError, evaluate};
use scim_v2::filter::ValFilter;
use serde_json::Value;

/// The change that the operation is: on `members`, narrowed by the brackets and the part that its path may have.
///
/// `remove` empties the group only where it says nothing of whom to remove. With a value, if an empty one, it removes
/// those in it: Entra sends that form, and taking it for the other one would empty groups.
pub(super) fn change(
    verb: Verb,
    filter: Option<&ValFilter>,
    part: Option<&'static Attribute>,
    value: Option<&Value>,
    reading: &mut Reading<'_>,
) -> Result<MemberChange, ScimError> {
    let Some(filter) = filter else {
        if part.is_some() {
            return Err(ScimError::invalid_path(
                "Change members as a whole, not a part of each.",
            ));
        }
        return Ok(match (verb, value.filter(|value| !value.is_null())) {
            (Verb::Remove, None) => MemberChange::RemoveAll,
            (Verb::Remove, Some(value)) => {
                compile::remove_with_value(reading)?;
                MemberChange::Remove(members::ids(value, reading)?)
            }
            (Verb::Add, value) => MemberChange::Add(ids(value, reading)?),
            (Verb::Replace, value) => MemberChange::Replace(ids(value, reading)?),
        });
    };
    evaluate::check_elements(members::attribute(), filter, reading)?;
    if verb == Verb::Remove {
        return Ok(members::removal(filter));
    }
    let ids = ids(value, reading)?;
    if part.is_some() || members::ids_of(filter).as_ref() != Some(&ids) {
        return Err(ScimError::mutability(
            "A member cannot be turned into another; remove the one and add the other.",
        ));
    }
    Ok(MemberChange::Add(ids))
}

fn ids(value: Option<&Value>, reading: &mut Reading<'_>) -> Result<Vec<String>, ScimError> {
    value.map_or_else(|| Ok(Vec::new()), |value| members::ids(value, reading))
}
