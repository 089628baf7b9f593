//! The rule alone: for every history, no more go through within a window than may.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use scim_bridge::domain::guard::{
    Guard, Hold, Reason, Record, Removal, Shield, Stage, Taken, Takes, Tally, Verdict, decide,
};
use scim_bridge::domain::model::SubscriptionRef;

const WINDOW: i64 = 100;

fn guard(max_removals: u32, max_removals_percent: u32) -> Guard {
    Guard {
        max_removals,
        max_removals_percent,
        ..Guard::default()
    }
}

fn seat(number: u8) -> Taken {
    Taken::Assignment(SubscriptionRef {
        service: "s".into(),
        subscription: number.to_string(),
    })
}

fn takes() -> impl Strategy<Value = Takes> {
    let taken = prop_oneof![
        Just(Taken::Account),
        Just(Taken::Role),
        (0u8..3).prop_map(seat)
    ];
    vec(taken, 1..4).prop_map(|taken| taken.into_iter().collect())
}

fn reason() -> impl Strategy<Value = Reason> {
    prop_oneof![
        Just(Reason::Count),
        Just(Reason::User),
        Just(Reason::Group),
        Just(Reason::Role)
    ]
}

fn record() -> impl Strategy<Value = Record> {
    let stage = prop_oneof![
        Just(Stage::Waiting),
        Just(Stage::Released),
        Just(Stage::Rejected)
    ];
    let hold = (stage, reason(), takes(), "[ab]").prop_map(|(stage, reason, takes, wish)| Hold {
        stage,
        reason,
        takes,
        wish,
    });
    let taking = proptest::option::of(takes());
    (taking, proptest::option::of(hold)).prop_map(|(taking, held)| Record {
        taking: taking.unwrap_or_default(),
        held,
        shield: Shield::default(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn within_every_window_no_more_users_are_counted_than_may_be(
        most in 0u32..6,
        percent in 0u32..=100,
        accounts in 0u64..40,
        asked in vec((0i64..30, 0u8..20, takes()), 0..60),
    ) {
        let guard = guard(most, percent);
        let mut now = 0;
        let mut counted = BTreeMap::<u8, i64>::new();
        let mut held = BTreeSet::new();
        for (later, user, takes) in asked {
            now += later;
            counted.retain(|_, at| *at > now - WINDOW);
            let tally = Tally { accounts, counted: counted.len() as u64 };
            let hold = Hold { stage: Stage::Waiting, reason: Reason::Count, takes: takes.clone(), wish: "a".into() };
            let record = Record { held: held.contains(&user).then_some(hold), ..Record::default() };
            let removal = Removal { takes: &takes, protected: None, wish: "a", counted: counted.contains_key(&user) };
            match decide(removal, &record, &guard, tally) {
                Verdict::Counted => prop_assert!(counted.insert(user, now).is_none()),
                Verdict::CountedAlready => prop_assert!(counted.contains_key(&user)),
                Verdict::Held(Reason::Count) => {
                    prop_assert_eq!(counted.len() as u64, guard.allowed(accounts));
                    held.insert(user);
                }
                Verdict::Waits => prop_assert!(held.contains(&user)),
                other @ (Verdict::Continues | Verdict::Released | Verdict::Held(_)) => {
                    prop_assert!(false, "{other:?}");
                }
            }
            prop_assert!(counted.len() as u64 <= guard.allowed(accounts));
        }
    }

    #[test]
    fn what_is_protected_goes_through_only_if_it_began_or_was_released(
        takes in takes(),
        protected in reason(),
        record in record(),
        counted: bool,
        others in 0u64..10,
    ) {
        let removal = Removal { takes: &takes, protected: Some(protected), wish: "a", counted };
        let tally = Tally { accounts: 1000, counted: others };
        let released = record.held.as_ref().is_some_and(|hold| hold.stage == Stage::Released);
        match decide(removal, &record, &guard(1000, 100), tally) {
            Verdict::Continues => prop_assert!(takes.is_subset(&record.taking)),
            Verdict::Released => prop_assert!(released),
            Verdict::Waits => prop_assert!(record.held.is_some()),
            Verdict::Held(reason) => prop_assert_eq!(reason, protected),
            other @ (Verdict::CountedAlready | Verdict::Counted) => {
                prop_assert!(false, "{other:?}");
            }
        }
    }

    #[test]
    fn what_waits_waits_however_much_could_go_through(
        takes in takes(),
        record in record(),
        counted: bool,
    ) {
        prop_assume!(!takes.is_subset(&record.taking));
        let Some(hold) = &record.held else { return Ok(()) };
        let removal = Removal { takes: &takes, protected: None, wish: "a", counted };
        let verdict = decide(removal, &record, &guard(1000, 100), Tally { accounts: 1000, counted: 0 });
        let expected = match hold.stage {
            Stage::Released => Verdict::Released,
            Stage::Waiting => Verdict::Waits,
            Stage::Rejected if hold.wish == "a" && takes.is_subset(&hold.takes) => Verdict::Waits,
            Stage::Rejected => Verdict::Held(hold.reason),
        };
        prop_assert_eq!(verdict, expected);
    }

    #[test]
    fn the_limit_is_the_larger_of_the_two(most in 0u32..100, percent in 0u32..=100, accounts in 0u64..10_000) {
        let allowed = guard(most, percent).allowed(accounts);
        prop_assert!(allowed >= u64::from(most));
        prop_assert!(allowed * 100 >= accounts * u64::from(percent) - 99.min(accounts * u64::from(percent)));
        prop_assert!(allowed == u64::from(most) || allowed * 100 <= accounts * u64::from(percent));
    }
}
