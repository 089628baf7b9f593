//! What a step did, and what is known after it.

use super::model::{Account, AccountId, Known, KnownSeat, Lock, Locked, Origin, SeatOrigin};
use super::plan::Step;

/// What performing a step brought to light.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The step had its effect.
    Done,
    /// The account that the step asked for is there and ours.
    Made(AccountId),
    /// The account is made, and does not show yet, so its id is not known.
    Unlisted,
    /// An account that was there before is linked.
    Linked(Box<Account>),
    /// There is no such account.
    NoAccount,
    /// The account has the assignment.
    Seat(SeatOrigin),
    /// The account does not have the assignment.
    NoSeat,
    /// Cloudmore refused the assignment, in these words.
    SeatRefused(String),
}

/// What must be known, durably, before a step begins: until its outcome is seen, neither what was
/// there before nor what the step leads to may be taken for certain. Otherwise a wish that goes back
/// to what was there before would find nothing to do. A step that certainly did not happen leaves
/// what was known before this.
pub fn begin(known: &Known, step: &Step) -> Known {
    let mut account = match (known, step) {
        (Known::Nothing, Step::CreateAccount { profile, role }) => {
            return Known::Uncertain {
                profile: profile.clone(),
                role: *role,
                made: false,
            };
        }
        (Known::Account(account), _) => account.clone(),
        (Known::Nothing | Known::Uncertain { .. }, _) => return known.clone(),
    };
    match step {
        Step::UpdateAccount { .. } => {
            account.role = None;
            if let Some(locked) = &mut account.locked {
                locked.seen = false;
            }
        }
        Step::RemoveAccount { .. } => account.role = None,
        Step::LockAccount { lock, since } => {
            account.role = None;
            account.locked = Some(Locked {
                lock: lock.clone(),
                since: *since,
                seen: false,
                earlier: account.locked.as_ref().and_then(Locked::flag).cloned(),
            });
        }
        Step::Assign {
            at,
            external_user_id,
        } => {
            let external_user_id = external_user_id.clone();
            let seat = KnownSeat::Uncertain { external_user_id };
            account.seats.insert(at.clone(), seat);
        }
        Step::Unassign { at } => {
            if let Some(seat) = account.seats.get_mut(at) {
                let external_user_id = seat.external_user_id().map(str::to_owned);
                *seat = KnownSeat::Uncertain { external_user_id };
            }
        }
        Step::SetExternalUserId { at, .. } => {
            if let Some(KnownSeat::Held {
                external_user_id, ..
            }) = account.seats.get_mut(at)
            {
                *external_user_id = None;
            }
        }
        Step::FindAccount { .. }
        | Step::FindSeat { .. }
        | Step::ForgetSeat { .. }
        | Step::CreateAccount { .. } => {}
    }
    Known::Account(account)
}

/// What is known after a step had this effect.
pub fn apply(known: Known, step: &Step, effect: Effect) -> Known {
    match effect {
        Effect::NoAccount => return Known::Nothing,
        Effect::Linked(account) => return Known::Account(*account),
        Effect::Made(id) => return made(id, step).unwrap_or(known),
        Effect::Unlisted => return unlisted(known),
        Effect::Done | Effect::Seat(_) | Effect::NoSeat | Effect::SeatRefused(_) => {}
    }
    let Known::Account(mut account) = known else {
        return known;
    };
    match step {
        Step::RemoveAccount { .. } => return Known::Nothing,
        Step::LockAccount { lock, since } => {
            if let Lock::Role(role) = lock {
                account.role = Some(*role);
            }
            account.locked = Some(Locked {
                lock: lock.clone(),
                since: *since,
                seen: true,
                earlier: account.locked.and_then(|before| before.earlier),
            });
        }
        Step::UpdateAccount { profile, role, .. } => {
            let before = std::mem::replace(&mut account.profile, profile.clone());
            for (detail, value) in before.details {
                account.profile.details.entry(detail).or_insert(value);
            }
            account.role = Some(*role);
            account.locked = None;
        }
        Step::Unassign { at } | Step::ForgetSeat { at } => {
            account.seats.remove(at);
        }
        Step::Assign {
            at,
            external_user_id,
        } => {
            let seat = seat(effect, external_user_id.clone());
            match seat {
                Some(seat) => account.seats.insert(at.clone(), seat),
                None => account.seats.remove(at),
            };
        }
        Step::FindSeat { at } => {
            let sent = match account.seats.remove(at) {
                Some(KnownSeat::Uncertain { external_user_id }) => external_user_id,
                _ => None,
            };
            let seat = seat(effect, sent).unwrap_or(KnownSeat::Absent);
            account.seats.insert(at.clone(), seat);
        }
        Step::SetExternalUserId {
            at,
            external_user_id,
        } => {
            let seat = seat(effect, Some(external_user_id.clone()));
            let seat = seat.unwrap_or(KnownSeat::Absent);
            account.seats.insert(at.clone(), seat);
        }
        Step::FindAccount { .. } | Step::CreateAccount { .. } => {}
    }
    Known::Account(account)
}

fn unlisted(known: Known) -> Known {
    match known {
        Known::Uncertain { profile, role, .. } => Known::Uncertain {
            profile,
            role,
            made: true,
        },
        Known::Nothing | Known::Account(_) => known,
    }
}

fn made(id: AccountId, step: &Step) -> Option<Known> {
    match step {
        Step::CreateAccount { profile, role } | Step::FindAccount { profile, role, .. } => {
            Some(Known::Account(Account {
                id,
                origin: Origin::Made,
                profile: profile.clone(),
                role: Some(*role),
                seats: Default::default(),
                locked: None,
            }))
        }
        Step::FindSeat { .. }
        | Step::Unassign { .. }
        | Step::ForgetSeat { .. }
        | Step::LockAccount { .. }
        | Step::RemoveAccount { .. }
        | Step::UpdateAccount { .. }
        | Step::Assign { .. }
        | Step::SetExternalUserId { .. } => None,
    }
}

fn seat(effect: Effect, external_user_id: Option<String>) -> Option<KnownSeat> {
    match effect {
        Effect::Done | Effect::Seat(SeatOrigin::Made) => Some(KnownSeat::Held {
            origin: SeatOrigin::Made,
            external_user_id,
        }),
        Effect::Seat(SeatOrigin::Foreign) => Some(KnownSeat::Held {
            origin: SeatOrigin::Foreign,
            external_user_id: None,
        }),
        Effect::SeatRefused(reason) => Some(KnownSeat::Refused { reason }),
        Effect::NoSeat
        | Effect::NoAccount
        | Effect::Made(_)
        | Effect::Unlisted
        | Effect::Linked(_) => None,
    }
}
