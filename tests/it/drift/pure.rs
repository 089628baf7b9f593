//! Comparing as a pure rule, on whatever may be wanted, known and seen.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_map, btree_set};
use proptest::prelude::*;
use scim_bridge::domain::drift::{Difference, Seen, compare, lesson};
use scim_bridge::domain::entitlement::Wanted;
use scim_bridge::domain::model::{Known, KnownSeat, SeatOrigin, SubscriptionRef};
use scim_bridge::domain::plan::{Step, plan};
use scim_bridge::domain::policy::Policy;
use scim_bridge::domain::sighting::{Sight, Sighting, fields};

use crate::planning::arbitrary::{account, known, role, subscription_ref, wish};

const NOW: i64 = 7;

type Seats = BTreeMap<SubscriptionRef, Sight<Sight<String>>>;

fn sighting() -> impl Strategy<Value = Sighting> {
    let flag = proptest::option::of(any::<bool>());
    (account(), proptest::option::of(role()), flag, any::<bool>()).prop_map(
        |(account, role, flag, whole)| Sighting {
            fields: fields(&account.profile)
                .map(|(field, value)| (field, value.to_owned()))
                .collect(),
            role,
            flags: flag
                .map(|flag| ("isactive".to_owned(), flag))
                .into_iter()
                .collect(),
            whole,
        },
    )
}

fn seat() -> impl Strategy<Value = Sight<Sight<String>>> {
    prop_oneof![
        Just(Sight::Unknown),
        Just(Sight::Absent),
        Just(Sight::Present(Sight::Unknown)),
        Just(Sight::Present(Sight::Absent)),
        Just(Sight::Present(Sight::Present("other".to_owned()))),
    ]
}

fn seats() -> impl Strategy<Value = Seats> {
    btree_map(subscription_ref(), seat(), 0..4)
}

fn seen() -> impl Strategy<Value = Seen> {
    let account = prop_oneof![
        1 => Just(Sight::Unknown),
        1 => Just(Sight::Absent),
        6 => sighting().prop_map(Sight::Present),
    ];
    let taken = btree_set(subscription_ref(), 0..3);
    (account, seats(), taken).prop_map(|(account, seats, taken)| Seen {
        account,
        seats,
        taken,
        survivors: Vec::new(),
    })
}

/// What is known once everything that is wanted is done, with the assignments by other hands and the refusals of before.
fn converged(wanted: &Wanted, before: Known) -> Known {
    let (Wanted::Account(wanted), Known::Account(mut account)) = (wanted, before) else {
        return Known::Nothing;
    };
    account.profile = wanted.profile.clone();
    account.role = Some(wanted.role);
    account.locked = None;
    account.seats.retain(|at, seat| {
        let is_ours = matches!(
            seat,
            KnownSeat::Held {
                origin: SeatOrigin::Made,
                ..
            } | KnownSeat::Uncertain { .. }
                | KnownSeat::Absent
        );
        !is_ours && wanted.seats.contains_key(at)
    });
    for (at, seat) in &wanted.seats {
        account.seats.entry(at.clone()).or_insert(KnownSeat::Held {
            origin: SeatOrigin::Made,
            external_user_id: seat.external_user_id.clone(),
        });
    }
    Known::Account(account)
}

/// Cloudmore exactly as it is known.
fn as_known(known: &Known) -> Seen {
    let Known::Account(account) = known else {
        return nothing();
    };
    let seats = account.seats.iter().map(|(at, seat)| {
        let sight = match seat {
            KnownSeat::Held {
                external_user_id, ..
            } => {
                let external = external_user_id.clone();
                Sight::Present(external.map_or(Sight::Absent, Sight::Present))
            }
            KnownSeat::Uncertain { .. } => Sight::Unknown,
            KnownSeat::Absent | KnownSeat::Refused { .. } => Sight::Absent,
        };
        (at.clone(), sight)
    });
    let sighting = Sighting {
        fields: fields(&account.profile)
            .map(|(field, value)| (field, value.to_owned()))
            .collect(),
        role: account.role,
        flags: BTreeMap::new(),
        whole: true,
    };
    Seen {
        account: Sight::Present(sighting),
        seats: seats.collect(),
        taken: BTreeSet::new(),
        survivors: Vec::new(),
    }
}

fn nothing() -> Seen {
    Seen {
        account: Sight::Unknown,
        seats: BTreeMap::new(),
        taken: BTreeSet::new(),
        survivors: Vec::new(),
    }
}

/// Whose an assignment is, as far as is known.
fn may_be_ours(known: &Known, at: &SubscriptionRef) -> bool {
    let Known::Account(account) = known else {
        return false;
    };
    matches!(
        account.seats.get(at),
        Some(
            KnownSeat::Uncertain { .. }
                | KnownSeat::Held {
                    origin: SeatOrigin::Made,
                    ..
                }
        )
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Where nothing is left to do and Cloudmore is as known, nothing of ours differs but what Cloudmore refuses.
    #[test]
    fn what_has_converged_does_not_differ(wanted in wish(), before in known()) {
        let known = converged(&wanted, before);
        if matches!(known, Known::Account(_)) {
            prop_assert_eq!(plan(&wanted, &known), []);
        }
        for difference in compare(&wanted, &known, &as_known(&known), &Policy::default()) {
            let is_refused = matches!(difference, Difference::AssignmentMissing { refused: Some(_), .. });
            let has_none = difference == Difference::AccountMissing && known == Known::Nothing;
            prop_assert!(is_refused || has_none || !difference.is_ours(), "{difference:?}");
        }
    }

    /// Who was not seen teaches nothing.
    #[test]
    fn what_was_not_seen_changes_nothing_that_is_known(wanted in wish(), known in known()) {
        let differences = compare(&wanted, &known, &nothing(), &Policy::default());
        let after = lesson(&known, &differences, NOW);
        let undone = differences.iter().all(Difference::is_lost_revocation) || known == Known::Nothing;
        prop_assert!(undone, "{differences:?}");
        // Only a lock that was not done yet is not known to hold any more.
        prop_assert_eq!(plan(&wanted, &after), plan(&wanted, &known));
    }

    /// Whatever was seen, a plan takes away nothing that is not ours, or was not when somebody left.
    #[test]
    fn what_is_by_another_hand_is_never_taken_away(wanted in wish(), known in known(), seen in seen()) {
        let differences = compare(&wanted, &known, &seen, &Policy::default());
        let after = lesson(&known, &differences, NOW);
        for step in plan(&wanted, &after) {
            if let Step::Unassign { at } = step {
                let was_ours = seen.taken.contains(&at) && !matches!(wanted, Wanted::Account(_));
                prop_assert!(may_be_ours(&known, &at) || was_ours, "{at}");
            }
        }
    }

    /// What is seen and ours and not wanted is planned for; so is every other difference that is ours.
    #[test]
    fn every_difference_of_ours_leads_to_work(wanted in wish(), known in known(), seen in seen()) {
        let differences = compare(&wanted, &known, &seen, &Policy::default());
        let ours = differences.iter().filter(|difference| difference.is_ours());
        let ours: Vec<_> = ours.collect();
        if !ours.is_empty() {
            let after = lesson(&known, ours.iter().copied(), NOW);
            prop_assert!(!plan(&wanted, &after).is_empty(), "{ours:?} in {known:?}");
        }
    }

    /// Only who is to have no access, or an assignment that is ours and not wanted, is mended without being told to.
    #[test]
    fn a_report_mends_lost_revocations_only(wanted in wish(), known in known(), seen in seen()) {
        for difference in compare(&wanted, &known, &seen, &Policy::default()) {
            if difference.is_lost_revocation() && let Wanted::Account(wanted) = &wanted {
                let Difference::AssignmentExtra { at } = difference else {
                    return Err(TestCaseError::fail(format!("{difference:?}")));
                };
                prop_assert!(may_be_ours(&known, &at) && !wanted.seats.contains_key(&at));
            }
        }
    }
}
