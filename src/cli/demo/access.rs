//! What people have in the simulated Cloudmore: ids to compare, words to print.

use std::collections::BTreeSet;

use crate::sandbox::{Person, World};

/// What somebody with an account has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Access {
    family_name: String,
    role: Option<i64>,
    subscriptions: BTreeSet<String>,
}

impl Access {
    /// An account under this family name, with this role and these subscriptions, by their ids.
    pub(super) fn new(family_name: &str, role: i64, subscriptions: &[&str]) -> Self {
        Self {
            family_name: family_name.to_owned(),
            role: Some(role),
            subscriptions: subscriptions.iter().map(|&id| id.to_owned()).collect(),
        }
    }

    /// What the person of this login name has; `None` without an account.
    pub(super) fn of(name: &str, world: &World) -> Option<Self> {
        world.person(name).map(|person| Self::held(person, world))
    }

    fn held(person: &Person, world: &World) -> Self {
        Self {
            family_name: person.text("lastName").to_owned(),
            role: person.role_id(),
            subscriptions: (world.subscriptions_of(&person.id).into_iter())
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// What somebody has, in names.
pub(super) fn in_words(access: Option<&Access>, world: &World) -> String {
    let Some(access) = access else {
        return "no account".to_owned();
    };
    let role = access
        .role
        .map_or("no role".to_owned(), |id| role(id, world));
    let subscriptions: Vec<_> = (access.subscriptions.iter())
        .map(|id| subscription(id, world))
        .collect();
    let subscriptions = match subscriptions.as_slice() {
        [] => "no subscription".to_owned(),
        some => some.join(" and "),
    };
    let family_name = &access.family_name;
    format!("an account (last name {family_name}), {role}, {subscriptions}")
}

/// The name of a role.
pub(super) fn role(id: i64, world: &World) -> String {
    let resellers = world.resellers.iter();
    let mut roles = resellers.flat_map(|reseller| {
        let organizations = reseller.organizations.iter();
        (organizations.flat_map(|organization| &organization.roles)).chain(&reseller.roles)
    });
    roles
        .find(|role| role.id == id)
        .map_or_else(|| format!("role {id}"), |role| role.name.clone())
}

/// The name of a subscription.
pub(super) fn subscription(id: &str, world: &World) -> String {
    let found = world.subscription(id);
    found.map_or_else(
        || format!("subscription {id}"),
        |found| found.product.clone(),
    )
}

/// Everybody but `cast`, with what they have.
pub(super) fn others(world: &World, cast: &[&str]) -> Vec<(Person, Access)> {
    let people = world.people();
    people
        .filter(|person| {
            !cast
                .iter()
                .any(|name| person.name().eq_ignore_ascii_case(name))
        })
        .map(|person| (person.clone(), Access::held(person, world)))
        .collect()
}
