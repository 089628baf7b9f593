//! What holds for every wish and every state of knowledge.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use scim_bridge::domain::effect::{Effect, apply, begin};
use scim_bridge::domain::entitlement::{Wanted, WantedAccount};
use scim_bridge::domain::model::{
    Account, AccountId, Known, KnownSeat, Lock, Profile, SeatOrigin, SubscriptionRef,
};
use scim_bridge::domain::plan::{Step, plan};

use super::arbitrary::{account, known, role, subscription_ref, wish};
use super::config;
use super::world::{Hand, World, fate};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn from_any_state_and_with_any_answers_the_steps_lead_to_what_is_wanted(
        wanted in wish(),
        before in known(),
        answers in vec(answer(), 0..8),
        linked in account(),
    ) {
        // Every answer that is not the usual one may cost two rounds, the usual ones cost three.
        let rounds = 2 * answers.len() + 4;
        let mut answers = answers.into_iter();
        let mut known = before;
        for _ in 0..rounds {
            known = follow(&wanted, known, &mut answers, &linked);
        }
        prop_assert_eq!(plan(&wanted, &known), vec![]);
        reached(&wanted, &known)?;
    }

    #[test]
    fn whatever_is_lost_cloudmore_ends_as_wanted_and_what_was_made_by_hand_stays(
        by_hand in proptest::option::of((account(), role(), vec(subscription_ref(), 0..3))),
        wishes in vec((wish(), vec(fate(), 0..6)), 1..6),
        last in wish(),
    ) {
        let mut world = by_hand.map_or_else(World::default, |(account, role, seats)| {
            World::with_account_by_hand(account.profile, role, seats)
        });
        let (original, seats_by_hand) = (world.account.clone(), world.seats_by(Hand::Person));
        let mut known = Known::Nothing;
        for (wanted, fates) in wishes {
            let mut fates = fates.into_iter();
            while fates.len() > 0 && !plan(&wanted, &known).is_empty() {
                known = world.round(&wanted, known, &mut fates);
            }
        }
        known = world.calm(&last, known);

        reached(&last, &known)?;
        match (&last, &world.account) {
            (Wanted::Nothing(_), None) => {}
            (Wanted::Nothing(_), left) => {
                prop_assert_eq!(left, &original, "only what was never linked stays");
            }
            (Wanted::Locked { .. }, None) => {}
            (Wanted::Locked { .. }, Some(account)) => match &known {
                Known::Account(Account { locked: Some(locked), .. }) => {
                    let is_locked = match &locked.lock {
                        Lock::Role(role) => account.role == *role,
                        Lock::Flag(_) => account.flagged,
                    };
                    prop_assert!(is_locked && locked.seen);
                    prop_assert_eq!(world.seats_by(Hand::Bridge), vec![]);
                }
                Known::Nothing | Known::Uncertain { .. } | Known::Account(_) => {
                    prop_assert_eq!(&world.account, &original, "only what was never linked stays open");
                }
            },
            (Wanted::Account(_), None) => prop_assert!(false, "the account is missing"),
            (Wanted::Account(wanted), Some(account)) => {
                prop_assert!(!account.flagged);
                prop_assert_eq!(account.role, wanted.role);
                prop_assert!(fits(&wanted.profile, &account.profile));
                let adopted = account.by == Hand::Person;
                let kept = if adopted { seats_by_hand } else { vec![] };
                let ours: Vec<_> = wanted.seats.keys().filter(|at| !kept.contains(at)).cloned().collect();
                prop_assert_eq!(world.seats_by(Hand::Person), kept);
                prop_assert_eq!(world.seats_by(Hand::Bridge), ours);
            }
        }
    }

    #[test]
    fn only_what_is_or_may_be_ours_is_taken_away_or_changed(wanted in wish(), known in known()) {
        for step in plan(&wanted, &known) {
            let Known::Account(account) = &known else {
                let begins = matches!(
                    step,
                    Step::FindAccount { .. } | Step::CreateAccount { .. } | Step::Assign { .. }
                );
                prop_assert!(begins, "{:?} without an account", step);
                continue;
            };
            match &step {
                Step::Unassign { at } => prop_assert!(
                    matches!(
                        account.seats[at],
                        KnownSeat::Held { origin: SeatOrigin::Made, .. } | KnownSeat::Uncertain { .. }
                    ),
                    "{:?} of {:?}", step, account.seats[at]
                ),
                Step::SetExternalUserId { at, .. } => prop_assert!(
                    matches!(account.seats[at], KnownSeat::Held { origin: SeatOrigin::Made, .. }),
                    "{:?} of {:?}", step, account.seats[at]
                ),
                Step::ForgetSeat { at } => prop_assert!(
                    matches!(
                        account.seats[at],
                        KnownSeat::Held { origin: SeatOrigin::Foreign, .. }
                            | KnownSeat::Refused { .. }
                            | KnownSeat::Absent
                    ),
                    "{:?} of {:?}", step, account.seats[at]
                ),
                Step::Assign { at, .. } => prop_assert!(
                    matches!(account.seats.get(at), None | Some(KnownSeat::Absent)),
                    "{:?} of {:?}", step, account.seats[at]
                ),
                Step::FindAccount { .. } | Step::CreateAccount { .. } => {
                    prop_assert!(false, "{:?} with an account", step);
                }
                Step::FindSeat { .. }
                | Step::UpdateAccount { .. }
                | Step::LockAccount { .. }
                | Step::RemoveAccount { .. } => {}
            }
        }
    }

    #[test]
    fn nothing_stands_before_a_revocation_but_other_revocations(wanted in wish(), known in known()) {
        let steps = plan(&wanted, &known);
        let takes = |step: &Step| step.revokes() || matches!(step, Step::ForgetSeat { .. });
        let begun = steps.iter().skip_while(|step| takes(step));
        prop_assert!(!begun.clone().any(takes), "{:?}", steps);
    }

    #[test]
    fn a_leaver_is_taken_everything_without_a_look_or_a_grant(known in known(), wanted in wish()) {
        let (Known::Account(account), Wanted::Nothing(_) | Wanted::Locked { .. }) = (&known, &wanted) else {
            return Ok(());
        };
        let steps = plan(&wanted, &known);
        let is_locked = holds(account, &wanted);
        let last = match (&wanted, steps.last()) {
            (Wanted::Nothing(_), last) => matches!(last, Some(Step::RemoveAccount { .. })),
            (_, last) => is_locked != matches!(last, Some(Step::LockAccount { .. })),
        };
        prop_assert!(last, "{:?}", steps);
        let closing = usize::from(matches!(wanted, Wanted::Nothing(_)) || !is_locked);
        prop_assert_eq!(steps.len(), account.seats.len() + closing);
    }

    #[test]
    fn a_subscription_is_touched_at_most_once_in_a_plan(wanted in wish(), known in known()) {
        let steps = plan(&wanted, &known);
        let mut touched: Vec<_> = steps.iter().filter_map(at).collect();
        touched.sort();
        let all = touched.len();
        touched.dedup();
        prop_assert_eq!(touched.len(), all, "{:?}", steps);
    }
}

/// What Cloudmore may say to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// What one hopes for.
    Usual,
    /// It is not there, or it is refused.
    No,
    /// Somebody else was there first.
    Others,
}

fn answer() -> impl Strategy<Value = Answer> {
    select(vec![Answer::Usual, Answer::No, Answer::Others])
}

/// Follows one plan; the usual answers once `answers` are used up.
fn follow(
    wanted: &Wanted,
    mut known: Known,
    answers: &mut impl Iterator<Item = Answer>,
    linked: &Account,
) -> Known {
    for step in plan(wanted, &known) {
        known = begin(&known, &step);
        let effect = effect(&step, answers.next().unwrap_or(Answer::Usual), linked);
        let surprised = matches!(effect, Effect::NoAccount | Effect::Linked(_));
        known = apply(known, &step, effect);
        if surprised {
            break;
        }
    }
    known
}

fn effect(step: &Step, answer: Answer, linked: &Account) -> Effect {
    match (step, answer) {
        (Step::FindAccount { .. } | Step::CreateAccount { .. }, Answer::Usual) => {
            Effect::Made(AccountId::new("a-1"))
        }
        (Step::FindAccount { .. }, Answer::No | Answer::Others) => Effect::NoAccount,
        (Step::CreateAccount { .. }, Answer::No | Answer::Others) => {
            Effect::Linked(Box::new(linked.clone()))
        }
        (Step::UpdateAccount { .. }, Answer::No | Answer::Others) => Effect::NoAccount,
        (Step::FindSeat { .. }, Answer::Usual) => Effect::Seat(SeatOrigin::Made),
        (Step::FindSeat { .. }, Answer::No) => Effect::NoSeat,
        (Step::Assign { .. }, Answer::No) => Effect::SeatRefused("no seats".to_owned()),
        (Step::FindSeat { .. } | Step::Assign { .. }, Answer::Others) => {
            Effect::Seat(SeatOrigin::Foreign)
        }
        (
            Step::UpdateAccount { .. }
            | Step::Assign { .. }
            | Step::Unassign { .. }
            | Step::ForgetSeat { .. }
            | Step::SetExternalUserId { .. }
            | Step::LockAccount { .. }
            | Step::RemoveAccount { .. },
            _,
        ) => Effect::Done,
    }
}

/// Known is as wanted: role, profile, each seat held or refused, none of ours beyond.
fn reached(wanted: &Wanted, known: &Known) -> Result<(), TestCaseError> {
    let (wanted, account) = match (wanted, known) {
        (Wanted::Nothing(_) | Wanted::Locked { .. }, Known::Nothing) => return Ok(()),
        (Wanted::Locked { .. }, Known::Account(account)) => {
            let is_locked = account.locked.as_ref().is_some_and(|locked| locked.seen);
            prop_assert!(is_locked && account.seats.is_empty());
            return Ok(());
        }
        (Wanted::Account(wanted), Known::Account(account)) => (wanted, account),
        _ => return Err(TestCaseError::fail(format!("{known:?} is not {wanted:?}"))),
    };
    prop_assert_eq!(account.role, Some(wanted.role));
    prop_assert_eq!(&account.locked, &None);
    prop_assert!(fits(&wanted.profile, &account.profile));
    prop_assert!(account.seats.keys().eq(wanted.seats.keys()));
    for (at, seat) in &account.seats {
        match seat {
            KnownSeat::Held {
                origin: SeatOrigin::Made,
                external_user_id,
            } => {
                let id = external_user_id_of(wanted, at);
                prop_assert!(id.is_none() || id == external_user_id.as_ref());
            }
            KnownSeat::Held {
                origin: SeatOrigin::Foreign,
                ..
            }
            | KnownSeat::Refused { .. } => {}
            KnownSeat::Absent | KnownSeat::Uncertain { .. } => {
                prop_assert!(false, "{} is left {:?}", at, seat);
            }
        }
    }
    Ok(())
}

fn external_user_id_of<'w>(wanted: &'w WantedAccount, at: &SubscriptionRef) -> Option<&'w String> {
    wanted.seats[at].external_user_id.as_ref()
}

/// Details that the directory does not give may be anything.
fn fits(wanted: &Profile, is: &Profile) -> bool {
    let mut details = is.details.clone();
    details.extend(wanted.details.clone());
    *is == Profile {
        details,
        ..wanted.clone()
    }
}

/// Whether the account is seen to be locked as it should be: a role follows the tenant's choice, a field stays.
fn holds(account: &Account, wanted: &Wanted) -> bool {
    account.locked.as_ref().is_some_and(|locked| {
        let other_role = match (&locked.lock, wanted) {
            (
                Lock::Role(is),
                Wanted::Locked {
                    lock: Lock::Role(should),
                    ..
                },
            ) => is != should,
            _ => false,
        };
        locked.seen && !other_role
    })
}

fn at(step: &Step) -> Option<&SubscriptionRef> {
    match step {
        Step::FindSeat { at }
        | Step::Unassign { at }
        | Step::ForgetSeat { at }
        | Step::Assign { at, .. }
        | Step::SetExternalUserId { at, .. } => Some(at),
        Step::FindAccount { .. }
        | Step::LockAccount { .. }
        | Step::RemoveAccount { .. }
        | Step::CreateAccount { .. }
        | Step::UpdateAccount { .. } => None,
    }
}
