//! Plans of people whom one can picture.

use std::collections::BTreeMap;

use scim_bridge::domain::entitlement::{NoAccount, Wanted, WantedAccount, WantedSeat};
use scim_bridge::domain::model::{
    Account, AccountId, Known, KnownSeat, Origin, Profile, RoleId, SeatOrigin,
};
use scim_bridge::domain::plan::{Step, plan};

use super::subscription;

fn ann() -> Profile {
    Profile {
        name: "ann@acme.example".to_owned(),
        first_name: "Ann".to_owned(),
        last_name: "Example".to_owned(),
        display_name: "Ann Example".to_owned(),
        email: "ann@acme.example".to_owned(),
        details: Default::default(),
    }
}

fn wants(role: i64, seats: &[(&str, Option<&str>)]) -> Wanted {
    let seat = |(name, id): &(&str, Option<&str>)| {
        let seat = WantedSeat {
            external_user_id: id.map(str::to_owned),
            from: vec![0],
        };
        (subscription(name), seat)
    };
    Wanted::Account(WantedAccount {
        profile: ann(),
        role: RoleId(role),
        role_from: None,
        seats: seats.iter().map(seat).collect(),
    })
}

fn has(origin: Origin, seats: &[(&str, KnownSeat)]) -> Known {
    Known::Account(Account {
        id: AccountId::new("a-1"),
        origin,
        profile: ann(),
        role: Some(RoleId(7)),
        seats: seats
            .iter()
            .map(|(name, seat)| (subscription(name), seat.clone()))
            .collect::<BTreeMap<_, _>>(),
        locked: None,
    })
}

fn ours(id: Option<&str>) -> KnownSeat {
    KnownSeat::Held {
        origin: SeatOrigin::Made,
        external_user_id: id.map(str::to_owned),
    }
}

fn by_hand() -> KnownSeat {
    KnownSeat::Held {
        origin: SeatOrigin::Foreign,
        external_user_id: None,
    }
}

fn refused() -> KnownSeat {
    KnownSeat::Refused {
        reason: "no seats".to_owned(),
    }
}

fn uncertain() -> KnownSeat {
    KnownSeat::Uncertain {
        external_user_id: None,
    }
}

/// A plan in short: `create, assign team`.
#[track_caller]
fn check(wanted: &Wanted, known: &Known, expected: &str) {
    let short = |step: &Step| match step {
        Step::FindAccount { .. } => "find account".to_owned(),
        Step::FindSeat { at } => format!("find {}", at.subscription),
        Step::Unassign { at } => format!("unassign {}", at.subscription),
        Step::ForgetSeat { at } => format!("forget {}", at.subscription),
        Step::LockAccount { lock, .. } => format!("lock {lock:?}"),
        Step::RemoveAccount { .. } => "remove".to_owned(),
        Step::CreateAccount { role, .. } => format!("create {role}"),
        Step::UpdateAccount { role, .. } => format!("update {role}"),
        Step::Assign { at, .. } => format!("assign {}", at.subscription),
        Step::SetExternalUserId {
            at,
            external_user_id,
        } => {
            format!("call {} {external_user_id}", at.subscription)
        }
    };
    let steps: Vec<_> = plan(wanted, known).iter().map(short).collect();
    assert_eq!(steps.join(", "), expected);
}

#[test]
fn a_joiner_is_created_and_assigned() {
    let wanted = wants(7, &[("team", None), ("pro", None)]);
    check(
        &wanted,
        &Known::Nothing,
        "create 7, assign pro, assign team",
    );
}

#[test]
fn somebody_who_has_it_all_costs_nothing() {
    let wanted = wants(7, &[("team", Some("ann"))]);
    check(
        &wanted,
        &has(Origin::Made, &[("team", ours(Some("ann")))]),
        "",
    );
}

#[test]
fn a_mover_loses_before_gaining() {
    let wanted = wants(6, &[("team", None)]);
    let known = has(Origin::Made, &[("vault", ours(None))]);
    check(&wanted, &known, "unassign vault, update 6, find team");
}

#[test]
fn a_create_of_unknown_outcome_is_looked_for_before_anything_else() {
    let known = Known::Uncertain {
        profile: ann(),
        role: RoleId(7),
        made: false,
    };
    check(&wants(6, &[("team", None)]), &known, "find account");
    check(&Wanted::Nothing(NoAccount::Deleted), &known, "find account");
}

#[test]
fn an_assign_of_unknown_outcome_is_looked_for_while_it_is_wanted_and_taken_back_once_it_is_not() {
    let known = has(Origin::Made, &[("team", uncertain()), ("pro", uncertain())]);
    check(
        &wants(7, &[("team", None)]),
        &known,
        "unassign pro, find team",
    );
}

#[test]
fn a_leaver_does_not_wait_for_a_look() {
    let known = has(Origin::Made, &[("pro", ours(None)), ("team", uncertain())]);
    check(
        &Wanted::Nothing(NoAccount::Inactive),
        &known,
        "unassign pro, unassign team, remove",
    );
}

#[test]
fn an_adopted_account_is_looked_at_before_the_first_assign() {
    let wanted = wants(7, &[("pro", None), ("team", None)]);
    check(&wanted, &has(Origin::Adopted, &[]), "find pro, find team");
    let seen = [("pro", by_hand()), ("team", KnownSeat::Absent)];
    check(&wanted, &has(Origin::Adopted, &seen), "assign team");
}

#[test]
fn a_refused_assignment_waits_and_one_by_hand_is_left_alone() {
    let known = has(Origin::Made, &[("pro", refused()), ("team", by_hand())]);
    check(
        &wants(7, &[("pro", None), ("team", Some("ann"))]),
        &known,
        "",
    );
    check(&wants(7, &[]), &known, "forget pro, forget team");
}

#[test]
fn an_external_user_id_is_written_where_it_differs_and_left_where_none_is_wanted() {
    let known = has(Origin::Made, &[("team", ours(Some("old")))]);
    check(&wants(7, &[("team", Some("ann"))]), &known, "call team ann");
    check(&wants(7, &[("team", None)]), &known, "");
}
