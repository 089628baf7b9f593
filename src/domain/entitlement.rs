//! What a user should have: one role and a set of subscriptions, each with its origin.

use std::collections::{BTreeMap, BTreeSet};

use super::mapping::{Bindings, ExternalUserId, Mapping, Whom};
use super::model::{GroupId, Known, Lock, Profile, RoleId, SubscriptionRef, UserId};
use super::policy::{Leaving, Policy};
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
    /// No access, and why: if there is an account, it stays, locked.
    Locked {
        /// Why.
        why: NoAccount,
        /// How it gives no access.
        lock: Lock,
        /// Since when, microseconds since 1970.
        since: i64,
    },
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

/// When a wish is made, and what it may depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The time, microseconds since 1970.
    pub now: i64,
    /// Since when the user's account is locked, if it is.
    pub locked_since: Option<i64>,
}

impl Moment {
    /// The time, and what is known of the user at it.
    pub fn new(now: i64, known: &Known) -> Self {
        let locked = match known {
            Known::Account(account) => account.locked.as_ref(),
            Known::Nothing | Known::Uncertain { .. } => None,
        };
        Self {
            now,
            locked_since: locked.map(|locked| locked.since),
        }
    }
}

/// Says what a user should have. `user` is `None` when the directory does not know the user.
pub fn wanted(
    user: Option<&DirectoryUser>,
    policy: &Policy,
    bindings: &Bindings,
    moment: Moment,
) -> Wanted {
    match entitled(user, policy, bindings) {
        Ok(account) => Wanted::Account(account),
        Err(why) => left(why, policy, moment),
    }
}

fn left(why: NoAccount, policy: &Policy, moment: Moment) -> Wanted {
    let since = moment.locked_since.unwrap_or(moment.now);
    let grace = policy.deprovision.grace;
    let grace = grace.map_or(i64::MAX, |grace| {
        i64::try_from(grace.as_micros()).unwrap_or(i64::MAX)
    });
    match policy.deprovision.of(why) {
        Leaving::Lock(lock) if moment.now < since.saturating_add(grace) => Wanted::Locked {
            why,
            lock: lock.clone(),
            since,
        },
        Leaving::Lock(_) | Leaving::Delete => Wanted::Nothing(why),
    }
}

fn entitled(
    user: Option<&DirectoryUser>,
    policy: &Policy,
    bindings: &Bindings,
) -> Result<WantedAccount, NoAccount> {
    let user = user.ok_or(NoAccount::Deleted)?;
    if !user.document.active() {
        return Err(NoAccount::Inactive);
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
    let default = policy.default_role.map(|role| (role, None));
    let (role, role_from) = role.or(default).ok_or(NoAccount::NoRole)?;
    let profile = policy
        .account_data
        .profile(&user.document, policy.account_name);
    Ok(WantedAccount {
        profile: complete(profile, policy.account_domain.as_deref()),
        role,
        role_from,
        seats,
    })
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
