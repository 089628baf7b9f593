//! How much goes through, and that nobody else is held up.

use serde_json::json;

use super::{
    HOUR, SECOND, access, bridge, held, how_many, limited, members, staff, state, trail, waiting,
};

const NOTHING: &str = "nothing";
const ACCOUNT: &str = "role 7; ";

#[tokio::test]
async fn an_idp_that_deactivates_everyone_takes_no_more_than_the_limit() {
    let bridge = bridge("guard = { max_removals = 5, max_removals_percent = 10 }").await;
    let staff = staff(&bridge, 60).await;
    for id in &staff {
        bridge.set_active(id, false, 200).await;
    }
    assert_eq!(how_many(&bridge, 60, NOTHING), 6);
    assert_eq!(how_many(&bridge, 60, ACCOUNT), 54);
    let held = held(&bridge).await;
    assert_eq!(held["removals"].as_array().unwrap().len(), 54);
    assert_eq!(held["removals"][0]["takes"], json!(["account"]));
    assert_eq!(held["removals"][0]["reason"], "count");
    assert_eq!(
        held["guard"],
        json!({"windowSeconds": 3600, "allowed": 6, "counted": 6, "accounts": 6, "assignments": 0, "roles": 0})
    );
    let (says, words) = state(&bridge, &staff[59]).await;
    assert_eq!(says, "held");
    assert!(
        words.contains("more than 5 users, or 10 % of all"),
        "{words}"
    );
    // What was held once stays held, however much time passes.
    for _ in 0..3 {
        bridge.pass(HOUR).await;
    }
    assert_eq!(how_many(&bridge, 60, ACCOUNT), 54);
    assert_eq!(trail(&bridge, "held.removal").await.len(), 54);
}

#[tokio::test]
async fn an_idp_that_deletes_everyone_takes_no_more_than_the_limit() {
    let bridge = limited(3).await;
    for id in staff(&bridge, 10).await {
        bridge.delete(&format!("/Users/{id}"), 204).await;
    }
    bridge.pass(HOUR).await;
    assert_eq!(how_many(&bridge, 10, NOTHING), 3);
    // They are called by the names of their accounts, now that the directory does not know them any more.
    assert_eq!(waiting(&bridge).await.len(), 7);
    assert_eq!(waiting(&bridge).await[0], "user03 waiting");
}

#[tokio::test]
async fn without_a_word_25_users_or_10_percent_within_an_hour_are_the_limit() {
    let bridge = bridge("").await;
    for id in staff(&bridge, 30).await {
        bridge.set_active(&id, false, 200).await;
    }
    assert_eq!(how_many(&bridge, 30, ACCOUNT), 5);
}

#[tokio::test]
async fn additions_flow_while_removals_are_held() {
    let bridge = limited(0).await;
    let (staff, sales) = members(&bridge, 1, "Sales").await;
    assert_eq!(bridge.access("user00"), "role 7; Team plan");
    bridge.leave(&sales, &staff[0]).await;
    assert_eq!(bridge.access("user00"), "role 7; Team plan");
    let design = bridge.group("Design").await;
    bridge.join(&design, &staff[0]).await;
    assert_eq!(bridge.access("user00"), "role 6; Pro seats, Team plan");
    let rename = json!([{"op": "Replace", "path": "displayName", "value": "Una"}]);
    bridge
        .patch(&format!("/Users/{}", staff[0]), rename, 200)
        .await;
    let world = bridge.sandbox.snapshot();
    assert_eq!(
        world
            .person("user00@acme.example")
            .unwrap()
            .text("displayName"),
        "Una"
    );
    assert_eq!(state(&bridge, &staff[0]).await.0, "held");
    bridge.user("ann").await;
    assert_eq!(bridge.access("ann"), ACCOUNT);
    // A joiner has nothing to lose.
    bridge.calls();
    assert_eq!(bridge.pass(HOUR).await, 1);
    assert_eq!(bridge.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn a_role_that_another_one_replaces_is_no_loss() {
    let bridge = bridge("guard = { max_removals = 0, max_removals_percent = 0 }").await;
    let (staff, design) = members(&bridge, 1, "Design").await;
    bridge.leave(&design, &staff[0]).await;
    assert_eq!(bridge.access("user00"), "role 7; Pro seats");
}

#[tokio::test]
async fn the_window_rolls_and_what_was_held_stays_held() {
    let bridge = limited(2).await;
    let staff = staff(&bridge, 5).await;
    for id in &staff[..3] {
        bridge.set_active(id, false, 200).await;
    }
    assert_eq!(waiting(&bridge).await, ["user02 waiting"]);
    bridge.pass(HOUR - SECOND).await;
    bridge.set_active(&staff[3], false, 200).await;
    assert_eq!(waiting(&bridge).await.len(), 2);
    bridge.pass(SECOND).await;
    bridge.set_active(&staff[4], false, 200).await;
    assert_eq!(waiting(&bridge).await, ["user02 waiting", "user03 waiting"]);
    assert_eq!(
        access(&bridge, 5),
        [NOTHING, NOTHING, ACCOUNT, ACCOUNT, NOTHING]
    );
}

#[tokio::test]
async fn a_user_counts_once_in_a_window() {
    let bridge = limited(1).await;
    let (staff, sales) = members(&bridge, 2, "Sales").await;
    bridge.leave(&sales, &staff[0]).await;
    bridge.set_active(&staff[0], false, 200).await;
    assert_eq!(bridge.access("user00"), NOTHING);
    bridge.set_active(&staff[1], false, 200).await;
    assert_eq!(bridge.access("user01"), "role 7; Team plan");
    let taken = &held(&bridge).await["guard"];
    assert_eq!(
        (&taken["accounts"], &taken["assignments"]),
        (&json!(1), &json!(1))
    );
}

#[tokio::test]
async fn whoever_comes_back_is_waited_for_no_more() {
    let bridge = limited(0).await;
    let (staff, _) = members(&bridge, 1, "Sales").await;
    bridge.set_active(&staff[0], false, 200).await;
    assert_eq!(waiting(&bridge).await, ["user00 waiting"]);
    bridge.set_active(&staff[0], true, 200).await;
    assert_eq!(waiting(&bridge).await, [""; 0]);
    assert_eq!(
        state(&bridge, &staff[0]).await,
        ("synced".into(), String::new())
    );
    assert_eq!(bridge.access("user00"), "role 7; Team plan");
    bridge.pass(HOUR).await;
    bridge.set_active(&staff[0], false, 200).await;
    assert_eq!(
        held(&bridge).await["removals"][0]["since"],
        "2026-01-01T01:00:00Z"
    );
}

#[tokio::test]
async fn a_group_that_is_deleted_takes_from_no_more_than_the_limit() {
    let bridge = limited(3).await;
    let (_, sales) = members(&bridge, 8, "Sales").await;
    bridge.delete(&format!("/Groups/{sales}"), 204).await;
    bridge.pass(HOUR).await;
    assert_eq!(how_many(&bridge, 8, ACCOUNT), 3);
    assert_eq!(how_many(&bridge, 8, "role 7; Team plan"), 5);
}

#[tokio::test]
async fn a_restart_forgets_neither_who_waits_nor_who_was_counted() {
    let bridge = limited(1).await;
    let staff = staff(&bridge, 3).await;
    bridge.set_active(&staff[0], false, 200).await;
    bridge.set_active(&staff[1], false, 200).await;
    let bridge = bridge.restart().await;
    bridge.set_active(&staff[2], false, 200).await;
    assert_eq!(waiting(&bridge).await, ["user01 waiting", "user02 waiting"]);
    let bridge = bridge.restart().await;
    bridge.pass(2 * HOUR).await;
    assert_eq!(how_many(&bridge, 3, ACCOUNT), 2);
}
