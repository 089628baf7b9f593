//! Drift: where Cloudmore differs from what a user should have, and what is known once that was seen.
//!
//! Nothing here changes Cloudmore. What was seen is written into what is known, and the plan that follows from it is the
//! one that every other change makes.

use std::collections::{BTreeMap, BTreeSet};

use super::entitlement::{Wanted, WantedAccount};
use super::model::{
    Account, AccountId, Known, KnownSeat, Lock, Locked, Origin, RoleId, SeatOrigin, SubscriptionRef,
};
use super::policy::{Leaving, Policy};
use super::sighting::{ProfileField, Sight, Sighting, fields};
use crate::scim::fold;

/// What was seen of one user on Cloudmore's side.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The account that is known to be the user's.
    pub account: Sight<Sighting>,
    /// The assignments of that account; what is not in here was not looked at. With the external user id, which a list
    /// may not show.
    pub seats: BTreeMap<SubscriptionRef, Sight<Sight<String>>>,
    /// The assignments that the bridge has taken away from that account.
    pub taken: BTreeSet<SubscriptionRef>,
    /// Accounts that were the user's and that were thought to be gone.
    pub survivors: Vec<Survivor>,
}

/// An account that is there although the bridge has deleted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survivor {
    /// The account.
    pub id: AccountId,
    /// How it came to be ours.
    pub origin: Origin,
    /// What it shows.
    pub sighting: Sighting,
    /// What is assigned to it that the bridge had taken away.
    pub seats: BTreeSet<SubscriptionRef>,
}

/// One difference between what Cloudmore has and what a user should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The user has no account.
    AccountMissing,
    /// The user has an account and should have none.
    AccountExtra,
    /// An account is there that the bridge has deleted.
    AccountBack(Survivor),
    /// The account has another role.
    Role {
        /// What it should be.
        should: RoleId,
        /// What it is.
        is: RoleId,
    },
    /// A field has another value.
    Field {
        /// Which.
        field: ProfileField,
        /// What it should be.
        should: String,
        /// What it is.
        is: String,
    },
    /// A leaver's account is not locked.
    Unlocked {
        /// How it should be.
        lock: Lock,
    },
    /// The account of somebody who is to have access is locked.
    LockedOut {
        /// By which field.
        field: String,
    },
    /// An assignment is not there.
    AssignmentMissing {
        /// The subscription.
        at: SubscriptionRef,
        /// Why, if Cloudmore has refused it.
        refused: Option<String>,
    },
    /// An assignment of ours is there that should not be.
    AssignmentExtra {
        /// The subscription.
        at: SubscriptionRef,
    },
    /// An assignment is there by another hand, and no mapping grants it. It is left alone.
    AssignmentForeign {
        /// The subscription.
        at: SubscriptionRef,
    },
    /// An assignment of ours has another external user id.
    ExternalUserId {
        /// The subscription.
        at: SubscriptionRef,
        /// What it should be.
        should: String,
        /// What it is; `None` if it has none.
        is: Option<String>,
    },
}

impl Difference {
    /// Whether somebody has access who is known to have lost it. That is mended whatever the tenant says.
    pub fn is_lost_revocation(&self) -> bool {
        match self {
            Self::AccountExtra
            | Self::AccountBack(_)
            | Self::Unlocked { .. }
            | Self::AssignmentExtra { .. } => true,
            Self::AccountMissing
            | Self::Role { .. }
            | Self::Field { .. }
            | Self::LockedOut { .. }
            | Self::AssignmentMissing { .. }
            | Self::AssignmentForeign { .. }
            | Self::ExternalUserId { .. } => false,
        }
    }

    /// What it is called where differences are told.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AccountMissing => "accountMissing",
            Self::AccountExtra => "accountExtra",
            Self::AccountBack(_) => "accountBack",
            Self::Role { .. } => "role",
            Self::Field { .. } => "profile",
            Self::Unlocked { .. } => "unlocked",
            Self::LockedOut { .. } => "lockedOut",
            Self::AssignmentMissing { .. } => "assignmentMissing",
            Self::AssignmentExtra { .. } => "assignmentExtra",
            Self::AssignmentForeign { .. } => "assignmentForeign",
            Self::ExternalUserId { .. } => "externalUserId",
        }
    }

    /// Which field, account or subscription; empty if there is only one such.
    pub fn place(&self) -> String {
        match self {
            Self::AccountMissing | Self::AccountExtra | Self::Role { .. } => String::new(),
            Self::AccountBack(survivor) => survivor.id.to_string(),
            Self::Field { field, .. } => field.to_string(),
            Self::Unlocked { lock } => match lock {
                Lock::Role(role) => format!("role {role}"),
                Lock::Flag(field) => field.clone(),
            },
            Self::LockedOut { field } => field.clone(),
            Self::AssignmentMissing { at, .. }
            | Self::AssignmentExtra { at }
            | Self::AssignmentForeign { at }
            | Self::ExternalUserId { at, .. } => at.to_string(),
        }
    }

    /// Whether the bridge can do something about it.
    pub fn is_ours(&self) -> bool {
        !matches!(self, Self::AssignmentForeign { .. })
    }

    /// The difference in what is known of an account.
    fn teach(&self, account: &mut Account, now: i64) {
        match self {
            Self::Role { is, .. } => account.role = Some(*is),
            Self::Field { field, is, .. } => set(account, field, is),
            Self::Unlocked { .. } => {
                account.role = None;
                if let Some(locked) = &mut account.locked {
                    locked.seen = false;
                }
            }
            Self::LockedOut { field } => {
                account.locked = Some(Locked {
                    lock: Lock::Flag(field.clone()),
                    since: now,
                    seen: true,
                    earlier: None,
                });
            }
            Self::AssignmentMissing { at, .. } => lose(account, at),
            Self::AssignmentExtra { at } => {
                let seat = account.seats.get(at);
                if !seat.is_some_and(may_be_ours) {
                    account.seats.insert(at.clone(), made(None));
                }
            }
            Self::ExternalUserId { at, is, .. } => {
                account.seats.insert(at.clone(), made(is.clone()));
            }
            Self::AccountMissing
            | Self::AccountExtra
            | Self::AccountBack(_)
            | Self::AssignmentForeign { .. } => {}
        }
    }
}

/// Says where what was seen differs from what the user should have. What was not seen differs in nothing.
pub fn compare(wanted: &Wanted, known: &Known, seen: &Seen, policy: &Policy) -> Vec<Difference> {
    let mut differences = Vec::new();
    match (wanted, known) {
        (Wanted::Account(_), Known::Nothing) => differences.push(Difference::AccountMissing),
        (Wanted::Account(wanted), Known::Account(account)) => match &seen.account {
            Sight::Absent => differences.push(Difference::AccountMissing),
            Sight::Unknown => {}
            Sight::Present(sighting) => {
                differences.extend(role(wanted, sighting));
                differences.extend(profile(wanted, sighting));
                differences.extend(locked_out(sighting, policy));
                differences.extend(granted(wanted, account, seen));
                differences.extend(extra(Some(wanted), account, seen));
            }
        },
        (Wanted::Nothing(_), Known::Account(account)) if seen.account != Sight::Absent => {
            differences.push(Difference::AccountExtra);
            differences.extend(extra(None, account, seen));
        }
        (Wanted::Locked { lock, .. }, Known::Account(account)) => {
            differences.extend(unlocked(account, lock, &seen.account));
            if seen.account != Sight::Absent {
                differences.extend(extra(None, account, seen));
            }
        }
        // A create that was begun may have had its effect.
        (Wanted::Nothing(_) | Wanted::Locked { .. }, Known::Uncertain { .. }) => {
            differences.push(Difference::AccountExtra);
        }
        (Wanted::Nothing(_), Known::Account(_))
        | (Wanted::Nothing(_) | Wanted::Locked { .. }, Known::Nothing)
        | (Wanted::Account(_), Known::Uncertain { .. }) => {}
    }
    let survivors = seen.survivors.iter().cloned();
    differences.extend(survivors.map(Difference::AccountBack));
    differences
}

/// What is known once these differences were seen. `now` is microseconds since 1970.
pub fn lesson<'d>(
    known: &Known,
    differences: impl IntoIterator<Item = &'d Difference>,
    now: i64,
) -> Known {
    let mut known = known.clone();
    for difference in differences {
        match (difference, &mut known) {
            (Difference::AccountMissing, Known::Account(_)) => return Known::Nothing,
            (Difference::AccountBack(survivor), Known::Nothing) => {
                known = Known::Account(back(survivor));
            }
            (_, Known::Account(account)) => difference.teach(account, now),
            (_, Known::Nothing | Known::Uncertain { .. }) => {}
        }
    }
    known
}

fn back(survivor: &Survivor) -> Account {
    let seats = survivor.seats.iter();
    Account {
        id: survivor.id.clone(),
        origin: survivor.origin,
        profile: survivor.sighting.profile(),
        role: survivor.sighting.role,
        seats: seats.map(|at| (at.clone(), made(None))).collect(),
        locked: None,
    }
}

fn role(wanted: &WantedAccount, sighting: &Sighting) -> Option<Difference> {
    let is = sighting.role.filter(|is| *is != wanted.role)?;
    let should = wanted.role;
    Some(Difference::Role { should, is })
}

fn profile(wanted: &WantedAccount, sighting: &Sighting) -> Vec<Difference> {
    let differing = fields(&wanted.profile).filter_map(|(field, should)| {
        let is = match sighting.field(&field) {
            Sight::Unknown => return None,
            Sight::Absent => "",
            Sight::Present(is) => is,
        };
        let same = match field {
            ProfileField::Name => fold(is.trim()) == fold(should.trim()),
            ProfileField::FirstName
            | ProfileField::LastName
            | ProfileField::DisplayName
            | ProfileField::Email
            | ProfileField::Detail(_) => is.trim() == should.trim(),
        };
        (!same).then(|| Difference::Field {
            field,
            should: should.to_owned(),
            is: is.to_owned(),
        })
    });
    differing.collect()
}

fn locked_out(sighting: &Sighting, policy: &Policy) -> Option<Difference> {
    let leaving = [&policy.deprovision.deactivated, &policy.deprovision.deleted];
    leaving.into_iter().find_map(|leaving| match leaving {
        Leaving::Lock(Lock::Flag(field)) => {
            let is = sighting.flags.get(&field.to_ascii_lowercase());
            let field = field.clone();
            (is == Some(&false)).then_some(Difference::LockedOut { field })
        }
        Leaving::Lock(Lock::Role(_)) | Leaving::Delete => None,
    })
}

/// A lock that was seen to hold must go on doing so, and one that was not is not done yet.
fn unlocked(account: &Account, lock: &Lock, seen: &Sight<Sighting>) -> Option<Difference> {
    let held = account.locked.as_ref().filter(|locked| locked.seen);
    let Some(held) = held else {
        let lock = lock.clone();
        return Some(Difference::Unlocked { lock });
    };
    let Sight::Present(sighting) = seen else {
        return None;
    };
    let lock = held.lock.clone();
    (sighting.locked(&lock) == Sight::Absent).then_some(Difference::Unlocked { lock })
}

fn granted(wanted: &WantedAccount, account: &Account, seen: &Seen) -> Vec<Difference> {
    let each = wanted.seats.iter().filter_map(|(at, seat)| {
        let known = account.seats.get(at);
        let external = match seen.seats.get(at)? {
            Sight::Unknown => return None,
            Sight::Absent => {
                return Some(Difference::AssignmentMissing {
                    at: at.clone(),
                    refused: match known {
                        Some(KnownSeat::Refused { reason }) => Some(reason.clone()),
                        _ => None,
                    },
                });
            }
            Sight::Present(external) => external,
        };
        let should = seat.external_user_id.clone()?;
        let is = match external {
            Sight::Unknown => return None,
            Sight::Absent => None,
            Sight::Present(is) => Some(is.clone()),
        };
        let ours = matches!(
            known,
            Some(KnownSeat::Held {
                origin: SeatOrigin::Made,
                ..
            })
        );
        let differs = ours && is.as_ref() != Some(&should);
        let at = at.clone();
        differs.then_some(Difference::ExternalUserId { at, should, is })
    });
    each.collect()
}

/// What is there and should not be. What the bridge has taken away and is there again belongs to another hand, unless
/// nobody should have any access: then it is taken away again.
fn extra(wanted: Option<&WantedAccount>, account: &Account, seen: &Seen) -> Vec<Difference> {
    let ours = account.seats.iter().filter(|(_, seat)| may_be_ours(seat));
    let ours: BTreeSet<_> = ours.map(|(at, _)| at).collect();
    let all = account.seats.keys().chain(seen.seats.keys());
    let all: BTreeSet<_> = all.collect();
    let extra = all
        .into_iter()
        .filter(|at| wanted.is_none_or(|wanted| !wanted.seats.contains_key(at)));
    let extra = extra.filter_map(|at| {
        let sight = seen.seats.get(at).unwrap_or(&Sight::Unknown);
        let is_there = matches!(sight, Sight::Present(_));
        let was_ours = wanted.is_none() && seen.taken.contains(at);
        let at = at.clone();
        if ours.contains(&at) && *sight != Sight::Absent || is_there && was_ours {
            Some(Difference::AssignmentExtra { at })
        } else {
            is_there.then_some(Difference::AssignmentForeign { at })
        }
    });
    extra.collect()
}

fn may_be_ours(seat: &KnownSeat) -> bool {
    match seat {
        KnownSeat::Held {
            origin: SeatOrigin::Made,
            ..
        }
        | KnownSeat::Uncertain { .. } => true,
        KnownSeat::Held {
            origin: SeatOrigin::Foreign,
            ..
        }
        | KnownSeat::Absent
        | KnownSeat::Refused { .. } => false,
    }
}

fn made(external_user_id: Option<String>) -> KnownSeat {
    KnownSeat::Held {
        origin: SeatOrigin::Made,
        external_user_id,
    }
}

/// An assignment that is not there any more is looked for once more before it is given: if the list was wrong, ours must
/// not be taken for somebody else's.
fn lose(account: &mut Account, at: &SubscriptionRef) {
    match account.seats.remove(at) {
        Some(KnownSeat::Held {
            origin: SeatOrigin::Made,
            external_user_id,
        }) => {
            let seat = KnownSeat::Uncertain { external_user_id };
            account.seats.insert(at.clone(), seat);
        }
        Some(seat @ (KnownSeat::Uncertain { .. } | KnownSeat::Absent)) => {
            account.seats.insert(at.clone(), seat);
        }
        Some(
            KnownSeat::Refused { .. }
            | KnownSeat::Held {
                origin: SeatOrigin::Foreign,
                ..
            },
        )
        | None => {}
    }
}

fn set(account: &mut Account, field: &ProfileField, value: &str) {
    let profile = &mut account.profile;
    let text = match field {
        ProfileField::Name => &mut profile.name,
        ProfileField::FirstName => &mut profile.first_name,
        ProfileField::LastName => &mut profile.last_name,
        ProfileField::DisplayName => &mut profile.display_name,
        ProfileField::Email => &mut profile.email,
        ProfileField::Detail(detail) if value.is_empty() => {
            profile.details.remove(detail);
            return;
        }
        ProfileField::Detail(detail) => profile.details.entry(detail.clone()).or_default(),
    };
    value.clone_into(text);
}
