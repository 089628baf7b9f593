//! The plan: the ordered steps that turn the account as known into the account as wanted.
//!
//! One pure function. Provisioning performs its steps, a dry run prints them, retrying is
//! running it again. There is no second way to change Cloudmore.

use serde::Serialize;

use super::entitlement::{NoAccount, Wanted, WantedAccount, WantedSeat};
use super::model::{
    Account, Known, KnownSeat, Lock, Locked, Profile, RoleId, SeatOrigin, SubscriptionRef,
};

/// One step towards the wanted account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(
    tag = "step",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Step {
    /// Look whether a create of unknown outcome had its effect.
    FindAccount {
        /// What was sent.
        profile: Profile,
        /// The role that was sent.
        role: RoleId,
        /// Whether Cloudmore has said that it made the account.
        made: bool,
    },
    /// Look whether the user is assigned: an assign of unknown outcome may have had its effect, an
    /// adopted account may have been assigned by hand.
    FindSeat {
        /// The subscription.
        at: SubscriptionRef,
    },
    /// Take the user's assignment away.
    Unassign {
        /// The subscription.
        at: SubscriptionRef,
    },
    /// Stop keeping a note about an assignment that is not ours or was never made.
    ForgetSeat {
        /// The subscription.
        at: SubscriptionRef,
    },
    /// Lock the account, so that it gives no access any more.
    LockAccount {
        /// How.
        lock: Lock,
        /// Since when it is to be locked, microseconds since 1970.
        since: i64,
    },
    /// Delete the account.
    RemoveAccount {
        /// Whether to keep what a person entered in Cloudmore, for the day the user comes back.
        keep: bool,
    },
    /// Create the account.
    CreateAccount {
        /// Its fields.
        profile: Profile,
        /// Its role.
        role: RoleId,
    },
    /// Write fields or role.
    UpdateAccount {
        /// The fields.
        profile: Profile,
        /// The role.
        role: RoleId,
        /// Cloudmore's field that a lock has set to `false` and that becomes `true` again.
        #[serde(skip_serializing_if = "Option::is_none")]
        unlock: Option<String>,
    },
    /// Assign the user to a subscription.
    Assign {
        /// The subscription.
        at: SubscriptionRef,
        /// The external user id to send.
        external_user_id: Option<String>,
    },
    /// Change the external user id of an assignment of ours.
    SetExternalUserId {
        /// The subscription.
        at: SubscriptionRef,
        /// The external user id to send.
        external_user_id: String,
    },
}

impl Step {
    /// Whether the step takes access away. Such steps are never undone and never given up.
    pub fn revokes(&self) -> bool {
        match self {
            Self::Unassign { .. } | Self::LockAccount { .. } | Self::RemoveAccount { .. } => true,
            Self::FindAccount { .. }
            | Self::FindSeat { .. }
            | Self::ForgetSeat { .. }
            | Self::CreateAccount { .. }
            | Self::UpdateAccount { .. }
            | Self::Assign { .. }
            | Self::SetExternalUserId { .. } => false,
        }
    }

    /// What kind of step it is, without what it is about.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::FindAccount { .. } => "find account",
            Self::FindSeat { .. } => "find seat",
            Self::Unassign { .. } => "unassign",
            Self::ForgetSeat { .. } => "forget seat",
            Self::LockAccount { .. } => "lock account",
            Self::RemoveAccount { .. } => "remove account",
            Self::CreateAccount { .. } => "create account",
            Self::UpdateAccount { .. } => "update account",
            Self::Assign { .. } => "assign",
            Self::SetExternalUserId { .. } => "set external user id",
        }
    }

    /// Whether the step only finds out what is there.
    pub fn looks(&self) -> bool {
        matches!(self, Self::FindAccount { .. } | Self::FindSeat { .. })
    }
}

/// Says which steps lead from `known` to `wanted`.
///
/// Revocations come first: nothing that may fail stands before them, and a seat is free before the
/// next one is taken. Looks come last, and what they are about is planned for afterwards. A refused
/// assignment is left alone until its note is dropped (`REFUSED_SEAT_RETRY`).
pub fn plan(wanted: &Wanted, known: &Known) -> Vec<Step> {
    match (known, wanted) {
        (
            Known::Uncertain {
                profile,
                role,
                made,
            },
            _,
        ) => vec![Step::FindAccount {
            profile: profile.clone(),
            role: *role,
            made: *made,
        }],
        (Known::Nothing, Wanted::Nothing(_) | Wanted::Locked { .. }) => Vec::new(),
        (Known::Nothing, Wanted::Account(wanted)) => creation(wanted),
        (Known::Account(account), Wanted::Nothing(why)) => removal(account, *why),
        (Known::Account(account), Wanted::Locked { lock, since, .. }) => {
            locking(account, lock, *since)
        }
        (Known::Account(account), Wanted::Account(wanted)) => {
            let mut steps = revocations(wanted, account);
            steps.extend(update(wanted, account));
            let looks = looks(wanted, account);
            if looks.is_empty() {
                steps.extend(grants(wanted, account));
            } else {
                steps.extend(looks);
            }
            steps
        }
    }
}

fn creation(wanted: &WantedAccount) -> Vec<Step> {
    let create = Step::CreateAccount {
        profile: wanted.profile.clone(),
        role: wanted.role,
    };
    let assign = wanted.seats.iter().map(|(at, seat)| assign(at, seat));
    std::iter::once(create).chain(assign).collect()
}

/// Who was deleted comes back as another user, if at all.
fn removal(account: &Account, why: NoAccount) -> Vec<Step> {
    let keep = why != NoAccount::Deleted;
    let seats = account.seats.iter().map(|(at, seat)| give_up(at, seat));
    seats.chain([Step::RemoveAccount { keep }]).collect()
}

/// A lock that was not seen to hold is done again, as the tenant has it by now, and so is a role that the tenant has chosen
/// instead. A field that keeps somebody out goes on doing so.
fn locking(account: &Account, lock: &Lock, since: i64) -> Vec<Step> {
    let seats = account.seats.iter().map(|(at, seat)| give_up(at, seat));
    let mut steps: Vec<_> = seats.collect();
    match &account.locked {
        Some(locked) if locked.seen && (locked.lock == *lock || !both_are_roles(locked, lock)) => {}
        Some(locked) => steps.push(Step::LockAccount {
            lock: lock.clone(),
            since: locked.since,
        }),
        None => steps.push(Step::LockAccount {
            lock: lock.clone(),
            since,
        }),
    }
    steps
}

fn both_are_roles(locked: &Locked, lock: &Lock) -> bool {
    matches!((&locked.lock, lock), (Lock::Role(_), Lock::Role(_)))
}

fn revocations(wanted: &WantedAccount, account: &Account) -> Vec<Step> {
    let seats = account.seats.iter();
    seats
        .filter(|(at, _)| !wanted.seats.contains_key(at))
        .map(|(at, seat)| give_up(at, seat))
        .collect()
}

fn update(wanted: &WantedAccount, account: &Account) -> Option<Step> {
    let differs = differs(&wanted.profile, &account.profile)
        || account.role != Some(wanted.role)
        || account.locked.is_some();
    differs.then(|| Step::UpdateAccount {
        profile: wanted.profile.clone(),
        role: wanted.role,
        unlock: account.locked.as_ref().and_then(Locked::flag).cloned(),
    })
}

fn looks(wanted: &WantedAccount, account: &Account) -> Vec<Step> {
    let unseen = |at: &&SubscriptionRef| match account.seats.get(at) {
        // Once an assign has begun, a seat made by hand could not be told from ours.
        Some(KnownSeat::Uncertain { .. }) | None => true,
        Some(KnownSeat::Held { .. } | KnownSeat::Absent | KnownSeat::Refused { .. }) => false,
    };
    let unseen = wanted.seats.keys().filter(unseen);
    unseen.map(|at| Step::FindSeat { at: at.clone() }).collect()
}

fn grants(wanted: &WantedAccount, account: &Account) -> Vec<Step> {
    let mut steps = Vec::new();
    for (at, seat) in &wanted.seats {
        match account.seats.get(at) {
            None | Some(KnownSeat::Absent) => steps.push(assign(at, seat)),
            Some(KnownSeat::Held {
                origin: SeatOrigin::Made,
                external_user_id,
            }) => {
                if let Some(id) = &seat.external_user_id
                    && external_user_id.as_ref() != Some(id)
                {
                    steps.push(Step::SetExternalUserId {
                        at: at.clone(),
                        external_user_id: id.clone(),
                    });
                }
            }
            // What is there already by another hand satisfies the wish; what was refused waits.
            Some(KnownSeat::Held {
                origin: SeatOrigin::Foreign,
                ..
            })
            | Some(KnownSeat::Refused { .. } | KnownSeat::Uncertain { .. }) => {}
        }
    }
    steps
}

fn assign(at: &SubscriptionRef, seat: &WantedSeat) -> Step {
    Step::Assign {
        at: at.clone(),
        external_user_id: seat.external_user_id.clone(),
    }
}

/// Ours is taken away, and so is what may be ours: taking away what is not there does no harm. Of
/// what is not ours, or never came to be, only the note goes.
fn give_up(at: &SubscriptionRef, seat: &KnownSeat) -> Step {
    let at = at.clone();
    match seat {
        KnownSeat::Held {
            origin: SeatOrigin::Made,
            ..
        }
        | KnownSeat::Uncertain { .. } => Step::Unassign { at },
        KnownSeat::Held {
            origin: SeatOrigin::Foreign,
            ..
        }
        | KnownSeat::Absent
        | KnownSeat::Refused { .. } => Step::ForgetSeat { at },
    }
}

/// Details that the directory does not give leave what Cloudmore has.
fn differs(wanted: &Profile, known: &Profile) -> bool {
    let Profile {
        name,
        first_name,
        last_name,
        display_name,
        email,
        details,
    } = wanted;
    *name != known.name
        || *first_name != known.first_name
        || *last_name != known.last_name
        || *display_name != known.display_name
        || *email != known.email
        || details
            .iter()
            .any(|(detail, value)| known.details.get(detail) != Some(value))
}
