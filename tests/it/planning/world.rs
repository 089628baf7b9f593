//! One person's side of Cloudmore in memory, and calls to it that get lost, so that plans can be
//! followed through every accident.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use scim_bridge::domain::effect::{Effect, apply, begin};
use scim_bridge::domain::entitlement::Wanted;
use scim_bridge::domain::model::{
    Account, AccountId, Known, KnownSeat, Lock, Origin, Profile, RoleId, SeatOrigin,
    SubscriptionRef,
};
use scim_bridge::domain::plan::{Step, plan};

/// Rounds in which anything must have settled once nothing goes wrong any more.
const CALM_ROUNDS: usize = 6;

/// What becomes of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is performed and answered.
    Answered,
    /// It is performed, the answer is lost.
    AnswerLost,
    /// It is not performed, and nobody can tell: the call is lost, or the process ends before it.
    CallLost,
    /// It is refused for certain.
    Refused,
}

pub(super) fn fate() -> impl Strategy<Value = Fate> {
    select(vec![
        Fate::Answered,
        Fate::AnswerLost,
        Fate::CallLost,
        Fate::Refused,
    ])
}

/// Who made something in Cloudmore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hand {
    Bridge,
    Person,
}

/// What Cloudmore has of the person.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) account: Option<RealAccount>,
    /// Accounts made so far, to give each an id of its own.
    made: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RealAccount {
    pub(super) id: AccountId,
    pub(super) by: Hand,
    pub(super) profile: Profile,
    pub(super) role: RoleId,
    pub(super) seats: BTreeMap<SubscriptionRef, Hand>,
    /// Whether the field that locks is `false`.
    pub(super) flagged: bool,
}

impl World {
    /// A world in which somebody made the account by hand and assigned it.
    pub(super) fn with_account_by_hand(
        profile: Profile,
        role: RoleId,
        seats: impl IntoIterator<Item = SubscriptionRef>,
    ) -> Self {
        Self {
            account: Some(RealAccount {
                id: AccountId::new("by-hand"),
                by: Hand::Person,
                profile,
                role,
                seats: seats.into_iter().map(|at| (at, Hand::Person)).collect(),
                flagged: false,
            }),
            made: 0,
        }
    }

    /// Seats that were assigned by hand.
    pub(super) fn seats_by(&self, hand: Hand) -> Vec<SubscriptionRef> {
        let seats = self.account.iter().flat_map(|account| &account.seats);
        seats
            .filter(|(_, by)| **by == hand)
            .map(|(at, _)| at.clone())
            .collect()
    }

    /// Follows one plan as the bridge does: the intent is kept before each step, a surprise ends
    /// the plan, a look is its end. Says what is known afterwards.
    pub(super) fn round(
        &mut self,
        wanted: &Wanted,
        mut known: Known,
        fates: &mut impl Iterator<Item = Fate>,
    ) -> Known {
        for step in plan(wanted, &known) {
            let before_intent = known.clone();
            known = begin(&known, &step);
            match fates.next().unwrap_or(Fate::Answered) {
                Fate::Answered => {
                    let effect = self.perform(&step, &known);
                    let surprised = matches!(effect, Effect::NoAccount | Effect::Linked(_));
                    known = apply(known, &step, effect);
                    if surprised {
                        return known;
                    }
                }
                Fate::AnswerLost => {
                    self.perform(&step, &known);
                    return known;
                }
                Fate::CallLost => return known,
                Fate::Refused => return before_intent,
            }
        }
        known
    }

    /// Lets the bridge work without accidents until it finds nothing to do.
    pub(super) fn calm(&mut self, wanted: &Wanted, mut known: Known) -> Known {
        for _ in 0..CALM_ROUNDS {
            if plan(wanted, &known).is_empty() {
                return known;
            }
            known = self.round(wanted, known, &mut std::iter::empty());
        }
        assert_eq!(
            plan(wanted, &known),
            [],
            "still at it after {CALM_ROUNDS} rounds"
        );
        known
    }

    /// What Cloudmore does, and what the bridge makes of the answer.
    fn perform(&mut self, step: &Step, known: &Known) -> Effect {
        let seat_known = |at: &SubscriptionRef| match known {
            Known::Account(account) => account.seats.get(at).cloned(),
            Known::Nothing | Known::Uncertain { .. } => None,
        };
        match (step, &mut self.account) {
            (Step::FindAccount { .. }, Some(account)) if account.by == Hand::Bridge => {
                Effect::Made(account.id.clone())
            }
            (Step::FindAccount { .. }, _) => Effect::NoAccount,
            (Step::CreateAccount { .. }, Some(account)) => Effect::Linked(Box::new(Account {
                id: account.id.clone(),
                origin: Origin::Adopted,
                profile: account.profile.clone(),
                role: Some(account.role),
                seats: BTreeMap::new(),
                locked: None,
            })),
            (Step::CreateAccount { profile, role }, none) => {
                self.made += 1;
                let id = AccountId::new(format!("made-{}", self.made));
                *none = Some(RealAccount {
                    id: id.clone(),
                    by: Hand::Bridge,
                    profile: profile.clone(),
                    role: *role,
                    seats: BTreeMap::new(),
                    flagged: false,
                });
                Effect::Made(id)
            }
            (Step::RemoveAccount { .. }, account) => {
                *account = None;
                Effect::Done
            }
            (Step::ForgetSeat { .. }, _) => Effect::Done,
            (_, None) => Effect::NoAccount,
            (Step::LockAccount { lock, .. }, Some(account)) => {
                match lock {
                    Lock::Role(role) => account.role = *role,
                    Lock::Flag(_) => account.flagged = true,
                }
                Effect::Done
            }
            (
                Step::UpdateAccount {
                    profile,
                    role,
                    unlock,
                },
                Some(account),
            ) => {
                account.profile = profile.clone();
                account.role = *role;
                account.flagged &= unlock.is_none();
                Effect::Done
            }
            (Step::FindSeat { at }, Some(account)) => match account.seats.get(at) {
                None => Effect::NoSeat,
                Some(_) if matches!(seat_known(at), Some(KnownSeat::Uncertain { .. })) => {
                    Effect::Seat(SeatOrigin::Made)
                }
                Some(_) => Effect::Seat(SeatOrigin::Foreign),
            },
            (Step::Assign { at, .. }, Some(account)) => {
                if account.seats.contains_key(at) {
                    return Effect::Seat(SeatOrigin::Foreign);
                }
                account.seats.insert(at.clone(), Hand::Bridge);
                Effect::Done
            }
            (Step::Unassign { at }, Some(account)) => {
                let by = account.seats.remove(at);
                assert_ne!(by, Some(Hand::Person), "{at} was assigned by hand");
                Effect::Done
            }
            (Step::SetExternalUserId { at, .. }, Some(account)) => {
                let by = account.seats.get(at);
                assert_eq!(by, Some(&Hand::Bridge), "{at} is not the bridge's");
                Effect::Done
            }
        }
    }
}
