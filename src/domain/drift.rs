//! Drift: where Cloudmore differs from what a user should have, and what is known once that was seen.
//!
//! Nothing here changes Cloudmore. What was seen is written into what is known, and the plan that follows from it is the
//! one that every other change makes.

mod compare;

use std::collections::{BTreeMap, BTreeSet};

use super::model::{
    Account, AccountId, Known, KnownSeat, Lock, Locked, Origin, RoleId, SeatOrigin, SubscriptionRef,
};
use super::sighting::{ProfileField, Sight, Sighting};
pub use compare::compare;

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
