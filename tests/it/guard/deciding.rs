//! What a person decides: released up to the number, rejected until the directory changes something, always with a trail.

use serde_json::json;

use super::{
    HOUR, SECOND, access, count, decide, guard, held, how_many, limited, staff, state, trail, user,
    waiting,
};
use crate::harness::Bridge;

const NOTHING: &str = "nothing";
const ACCOUNT: &str = "role 7; ";

/// So many users who were deactivated one after the other, a second apart, and of whom nobody loses anything.
async fn leavers(number: usize) -> (Bridge, Vec<String>) {
    let bridge = limited(0).await;
    let staff = staff(&bridge, number).await;
    for id in &staff {
        bridge.set_active(id, false, 200).await;
        bridge.pass(SECOND).await;
    }
    assert_eq!(how_many(&bridge, number, ACCOUNT), number);
    (bridge, staff)
}

#[tokio::test]
async fn approving_10_releases_exactly_10_those_who_wait_longest() {
    let (bridge, _) = leavers(30).await;
    let (_, decided, _) = tokio::join!(
        bridge.work(),
        decide(&bridge, "release", count(10), 200),
        bridge.pass(HOUR)
    );
    assert_eq!(decided["removals"].as_array().unwrap().len(), 10);
    for _ in 0..3 {
        bridge.pass(HOUR).await;
    }
    let access = access(&bridge, 30);
    assert!(
        access[..10].iter().all(|each| each == NOTHING),
        "{access:?}"
    );
    assert!(
        access[10..].iter().all(|each| each == ACCOUNT),
        "{access:?}"
    );
    assert_eq!(waiting(&bridge).await.len(), 20);
}

#[tokio::test]
async fn two_who_approve_at_once_approve_different_removals() {
    let (bridge, _) = leavers(12).await;
    tokio::join!(
        decide(&bridge, "release", count(4), 200),
        decide(&bridge, "release", count(3), 200),
        bridge.work()
    );
    bridge.work().await;
    assert_eq!(how_many(&bridge, 12, NOTHING), 7);
}

#[tokio::test]
async fn more_than_wait_are_not_released_in_advance() {
    let (bridge, staff) = leavers(2).await;
    decide(&bridge, "release", count(10), 200).await;
    bridge.work().await;
    assert_eq!(how_many(&bridge, 2, NOTHING), 2);
    assert_eq!(state(&bridge, &staff[0]).await.0, "synced");
    bridge
        .set_active(&bridge.user("ann").await, false, 200)
        .await;
    assert_eq!(waiting(&bridge).await, ["ann waiting"]);
}

#[tokio::test]
async fn what_a_person_released_takes_no_place_of_others() {
    let bridge = limited(1).await;
    let staff = staff(&bridge, 4).await;
    for id in &staff[..3] {
        bridge.set_active(id, false, 200).await;
    }
    bridge.pass(HOUR).await;
    decide(&bridge, "release", count(2), 200).await;
    bridge.work().await;
    bridge.set_active(&staff[3], false, 200).await;
    assert_eq!(how_many(&bridge, 4, NOTHING), 4);
}

#[tokio::test]
async fn the_approval_of_somebody_who_came_back_is_the_next_ones() {
    let (mut bridge, staff) = leavers(4).await;
    let setup = guard(0);
    bridge.setup.tenant = format!("{setup}\npaused = true").leak();
    bridge.reload().await;
    bridge.set_active(&staff[0], true, 200).await;
    decide(&bridge, "release", count(2), 200).await;
    bridge.setup.tenant = setup.leak();
    bridge.reload().await;
    bridge.work().await;
    assert_eq!(access(&bridge, 4), [ACCOUNT, NOTHING, NOTHING, ACCOUNT]);
    assert_eq!(waiting(&bridge).await, ["user03 waiting"]);
    let released = trail(&bridge, "held.release").await;
    let released: Vec<_> = released.iter().map(|entry| &*entry.subject).collect();
    assert_eq!(released, [&*staff[0], &*staff[1], &*staff[2]]);
}

#[tokio::test]
async fn users_are_released_by_name_in_any_case_or_by_id() {
    let (bridge, staff) = leavers(4).await;
    let chosen = json!({ "users": ["USER02@acme.example", staff[1]] });
    let decided = decide(&bridge, "release", chosen, 200).await;
    assert_eq!(decided["removals"][0]["stage"], "released");
    assert_eq!(decided["removals"][0]["decidedBy"], "Olga");
    bridge.work().await;
    assert_eq!(access(&bridge, 4), [ACCOUNT, NOTHING, NOTHING, ACCOUNT]);
}

#[tokio::test]
async fn what_is_rejected_stays_as_it_is_until_the_directory_changes_something() {
    let (bridge, staff) = leavers(2).await;
    decide(&bridge, "reject", user("user00"), 200).await;
    bridge.pass(3 * HOUR).await;
    assert_eq!(
        waiting(&bridge).await,
        ["user00 rejected", "user01 waiting"]
    );
    assert_eq!(held(&bridge).await["removals"][0]["decidedBy"], "Olga");
    let (says, words) = state(&bridge, &staff[0]).await;
    assert_eq!(says, "held");
    assert!(words.contains("rejected"), "{words}");
    // A number is for those about whom nobody has decided.
    decide(&bridge, "release", count(2), 200).await;
    bridge.work().await;
    assert_eq!(access(&bridge, 2), [ACCOUNT, NOTHING]);
    let rename = json!([{"op": "Replace", "path": "displayName", "value": "Una"}]);
    bridge
        .patch(&format!("/Users/{}", staff[0]), rename, 200)
        .await;
    assert_eq!(waiting(&bridge).await, ["user00 waiting"]);
    assert_eq!(access(&bridge, 2), [ACCOUNT, NOTHING]);
    decide(&bridge, "reject", user("user00"), 200).await;
    bridge.delete(&format!("/Users/{}", staff[0]), 204).await;
    assert_eq!(waiting(&bridge).await, ["user00 waiting"]);
}

#[tokio::test]
async fn whoever_rejected_may_release_after_all() {
    let (bridge, _) = leavers(1).await;
    decide(&bridge, "reject", user("user00"), 200).await;
    bridge.work().await;
    decide(&bridge, "release", user("user00"), 200).await;
    bridge.work().await;
    assert_eq!(access(&bridge, 1), [NOTHING]);
}

#[tokio::test]
async fn each_decision_has_a_trail_with_whoever_decided() {
    let (bridge, staff) = leavers(2).await;
    decide(&bridge, "release", user("user00"), 200).await;
    decide(&bridge, "reject", user("user01"), 200).await;
    for (kind, actor, subject) in [
        ("held.removal", "scim-bridge", &staff[0]),
        ("held.release", "Olga", &staff[0]),
        ("held.reject", "Olga", &staff[1]),
    ] {
        let trail = trail(&bridge, kind).await;
        let entry = &trail[0];
        assert_eq!((&*entry.actor, &entry.subject), (actor, subject), "{kind}");
    }
}

#[tokio::test]
async fn a_decision_that_is_not_understood_changes_nothing() {
    let (bridge, _) = leavers(1).await;
    for body in [
        json!({}),
        json!({"count": -1}),
        json!({"count": 1, "users": []}),
        json!({"number": 1}),
        json!([]),
    ] {
        let error = decide(&bridge, "release", body, 400).await;
        assert!(error["error"].as_str().unwrap().contains("\"count\""));
    }
    decide(&bridge, "reject", count(1), 400).await;
    let two = json!({ "users": ["user00@acme.example", "nobody@acme.example"] });
    let error = decide(&bridge, "release", two, 404).await;
    assert!(
        error["error"]
            .as_str()
            .unwrap()
            .contains("nobody@acme.example")
    );
    bridge.pass(HOUR).await;
    assert_eq!(waiting(&bridge).await, ["user00 waiting"]);
}
