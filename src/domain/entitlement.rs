//! What a user should have: one role and a set of subscriptions, each with its origin.

use std::collections::{BTreeMap, BTreeSet};

use super::mapping::{Bindings, ExternalUserId, Mapping, Whom};
use super::model::{GroupId, Profile, RoleId, SubscriptionRef, UserId};
use super::policy::Policy;
use crate::scim::Document;

/// A user as the directory says.
#[derive(Clone, Debug)]
pub struct DirectoryUser {
    /// The SCIM id.
    pub id: UserId,
    /// The SCIM document.
    pub document: Document,
    /// The groups the user is a member of.
    pub groups: BTreeSet<GroupId>,
}

/// What a user should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// No account, and why.
    Nothing(NoAccount),
    /// An account.
    Account(WantedAccount),
}

/// Why a user should have no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAccount {
    /// The directory does not know the user any more.
    Deleted,
    /// The user is not active.
    Inactive,
    /// No group of the user maps to a role and the tenant has no `default_role`.
    NoRole,
}

/// The account that a user should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedAccount {
    /// Its fields.
    pub profile: Profile,
    /// Its role.
    pub role: RoleId,
    /// Where the role comes from: the mapping's position, or `None` for `default_role`.
    pub role_from: Option<usize>,
    /// Its assignments.
    pub seats: BTreeMap<SubscriptionRef, WantedSeat>,
}

/// An assignment that a user should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedSeat {
    /// The external user id; the first mapping that grants the subscription decides.
    pub external_user_id: Option<String>,
    /// The positions of all mappings that grant it. Leaving one of two such groups keeps the
    /// subscription.
    pub from: Vec<usize>,
}

/// Says what a user should have. `user` is `None` when the directory does not know the user.
pub fn wanted(user: Option<&DirectoryUser>, policy: &Policy, bindings: &Bindings) -> Wanted {
    let Some(user) = user else {
        return Wanted::Nothing(NoAccount::Deleted);
    };
    if !user.document.active() {
        return Wanted::Nothing(NoAccount::Inactive);
    }
    let mut role = None;
    let mut seats = BTreeMap::<SubscriptionRef, WantedSeat>::new();
    for (position, mapping) in policy.mappings.iter().enumerate() {
        if !concerns(mapping, user, bindings) {
            continue;
        }
        // The order of the mappings is the precedence for the role.
        role = role.or(mapping.role.map(|role| (role, Some(position))));
        for granted in &mapping.subscriptions {
            seats
                .entry(granted.at.clone())
                .or_insert_with(|| WantedSeat {
                    external_user_id: external_user_id(user, granted.external_user_id),
                    from: Vec::new(),
                })
                .from
                .push(position);
        }
    }
    match role.or(policy.default_role.map(|role| (role, None))) {
        None => Wanted::Nothing(NoAccount::NoRole),
        Some((role, role_from)) => Wanted::Account(WantedAccount {
            profile: complete(
                policy
                    .account_data
                    .profile(&user.document, policy.account_name),
                policy.account_domain.as_deref(),
            ),
            role,
            role_from,
            seats,
        }),
    }
}

fn concerns(mapping: &Mapping, user: &DirectoryUser, bindings: &Bindings) -> bool {
    match &mapping.whom {
        Whom::Group(selector) => bindings
            .group(selector)
            .is_some_and(|group| user.groups.contains(group)),
        Whom::Role(role) => user.document.has_role(role),
    }
}

fn external_user_id(user: &DirectoryUser, source: ExternalUserId) -> Option<String> {
    let document = &user.document;
    match source {
        ExternalUserId::None => None,
        ExternalUserId::UserName => Some(document.user_name().to_owned()),
        ExternalUserId::Email => {
            let email = document.primary_email().map(str::trim);
            let email = email.filter(|email| !email.is_empty());
            Some(email.unwrap_or_else(|| document.user_name()).to_owned())
        }
        ExternalUserId::ExternalId => document.external_id().map(str::to_owned),
        ExternalUserId::Id => Some(user.id.as_str().to_owned()),
    }
}

/// Cloudmore takes only addresses as login name and e-mail (`reference/cloudmore-api.md`, section
/// 4.2); directories also have bare logins.
fn complete(mut profile: Profile, domain: Option<&str>) -> Profile {
    if let Some(domain) = domain {
        for address in [&mut profile.name, &mut profile.email] {
            if !address.contains('@') {
                address.push('@');
                address.push_str(domain);
            }
        }
    }
    profile
}
