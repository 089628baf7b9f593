//! `[tenant.guard]`: how many users may lose something before a person is asked, and whose removals always wait.

use std::time::Duration;

use crate::domain::guard::Guard;
use crate::domain::mapping::{GroupSelector, Mapping};
use crate::scim::fold;

use super::mapping;
use super::reader::At;
use super::role::Roles;
use super::values;

const SHORTEST_WINDOW: Duration = Duration::from_mins(1);
const LONGEST_WINDOW: Duration = Duration::from_hours(24 * 31);
const MOST_REMOVALS: i64 = 1_000_000;

/// Reads the guard of a tenant that has these mappings.
pub(super) fn read(at: &At<'_>, roles: &Roles, mappings: Option<&[Mapping]>) -> Option<Guard> {
    let usual = Guard::default();
    at.table(|guard| {
        let window = guard.or("window", usual.window, |at| {
            at.parsed(|text| values::duration(text, &(SHORTEST_WINDOW..=LONGEST_WINDOW)))
        });
        let max_removals = guard.or("max_removals", usual.max_removals, |at| {
            at.integer(0..=MOST_REMOVALS)
        });
        let max_removals_percent =
            guard.or("max_removals_percent", usual.max_removals_percent, |at| {
                at.integer(0..=100)
            });
        let users = guard.or("protected_users", Vec::new(), |at| {
            at.items(|at| at.text().map(fold))
        });
        let groups = guard.or("protected_groups", Vec::new(), |at| {
            at.items(|at| group(at, mappings))
        });
        let protected_roles = guard.or("protected_roles", Vec::new(), |at| {
            at.items(|at| roles.named(at))
        });
        Some(Guard {
            window: window?,
            max_removals: max_removals?,
            max_removals_percent: max_removals_percent?,
            protected_users: users?.into_iter().collect(),
            protected_groups: groups?,
            protected_roles: protected_roles?.into_iter().collect(),
        })
    })
}

/// What comes by a group comes by its mapping, and the mapping says which group is meant after a rename.
fn group(at: &At<'_>, mappings: Option<&[Mapping]>) -> Option<GroupSelector> {
    let group = mapping::group(at)?;
    let is_it = |mapping: &Mapping| {
        let mapped = mapping.group();
        mapped.is_some_and(|mapped| mapped.key() == group.key())
    };
    if mappings.is_some_and(|mappings| !mappings.iter().any(is_it)) {
        return at.wrong(
            "is no group of a mapping of this tenant, so nothing comes by it: name one of theirs in the same way",
        );
    }
    Some(group)
}
