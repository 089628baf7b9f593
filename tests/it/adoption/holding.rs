//! Users who wait for a decision: for how long, what ends it, and that nobody loses anything by it.

use serde_json::json;

use super::{
    HOUR, account, ask, bridge, by_hand, create, decide, delete_by_hand, link, state, trail,
};
use crate::harness::Bridge;

const HOLD: &str = "adopt = \"hold\"\nadopt_by = \"email\"";

/// Ann waits for the account of this id.
async fn ann_waits() -> (Bridge, String, String) {
    let bridge = bridge(HOLD).await;
    let theirs = by_hand(&bridge, "a.nn", "ann");
    let ann = create(&bridge, "ann").await;
    assert_eq!(state(&bridge, &ann).await.0, "held");
    (bridge, ann, theirs)
}

#[tokio::test]
async fn whoever_waits_gets_nothing_survives_a_restart_and_holds_nobody_up() {
    let (bridge, ann, theirs) = ann_waits().await;
    let before = bridge.sandbox.snapshot();
    let bridge = bridge.restart().await;
    let group = bridge.group("Cloudmore Finance").await;
    bridge.join(&group, &ann).await;
    for _ in 0..3 {
        bridge.pass(HOUR).await;
    }
    assert_eq!(bridge.sandbox.snapshot(), before);
    let held = ask(&bridge, "held").await;
    assert_eq!(held["users"][0]["user"], *ann);
    assert_eq!(held["users"][0]["userName"], "ann@acme.example");
    assert_eq!(held["users"][0]["account"]["id"], *theirs);
    assert_eq!(held["users"][0]["by"], "email");
    assert_eq!(held["users"][0]["since"], "2026-01-01T00:00:00Z");
    create(&bridge, "bea").await;
    assert_eq!(bridge.access("bea"), "role 7; ");
}

#[tokio::test]
async fn that_somebody_waits_is_told_once() {
    let (bridge, ann, _) = ann_waits().await;
    for _ in 0..3 {
        bridge.pass(HOUR).await;
    }
    let trail = trail(&bridge).await;
    let told = trail
        .iter()
        .filter(|entry| entry.outcome.starts_with("held"));
    assert_eq!(told.filter(|entry| entry.subject == ann).count(), 1);
}

#[tokio::test]
async fn a_decision_to_link_takes_the_account_over_with_what_it_has_and_it_goes_with_the_leaver() {
    let (bridge, ann, theirs) = ann_waits().await;
    let group = bridge.group("Cloudmore Sales").await;
    bridge.join(&group, &ann).await;
    let decided = decide(&bridge, &ann, link(), 200).await;
    assert_eq!(decided["decision"], "link");
    bridge.work().await;
    assert_eq!(account(&bridge, "ann"), theirs);
    assert_eq!(bridge.access("ann"), "role 7; Team plan");
    assert_eq!(state(&bridge, &ann).await.0, "synced");
    assert_eq!(ask(&bridge, "held").await["users"], json!([]));
    bridge.set_active(&ann, false, 200).await;
    assert_eq!(bridge.access("ann"), "nothing");
}

#[tokio::test]
async fn a_decision_to_refuse_fails_the_user_with_the_words_of_the_conflict_for_this_account_alone()
{
    let (bridge, ann, theirs) = ann_waits().await;
    let before = bridge.sandbox.snapshot();
    // By userName, and in any case.
    decide(
        &bridge,
        "ANN@acme.example",
        json!({"decision": "refuse", "account": theirs}),
        200,
    )
    .await;
    bridge.work().await;
    let (failed, words) = state(&bridge, &ann).await;
    assert_eq!(failed, "failed");
    assert!(words.contains("a.nn@acme.example"), "{words}");
    let rename = json!([{"op": "Replace", "path": "displayName", "value": "Ann E."}]);
    bridge
        .patch(&format!("/Users/{ann}"), rename.clone(), 409)
        .await;
    assert_eq!(bridge.sandbox.snapshot(), before);
    // Another account of the address is another question.
    delete_by_hand(&bridge, &theirs);
    by_hand(&bridge, "an.n", "ann");
    bridge.patch(&format!("/Users/{ann}"), rename, 200).await;
    assert_eq!(state(&bridge, &ann).await.0, "held");
}

#[tokio::test]
async fn an_account_that_vanishes_or_is_renamed_is_waited_for_no_more() {
    let (bridge, ann, theirs) = ann_waits().await;
    delete_by_hand(&bridge, &theirs);
    bridge.pass(HOUR).await;
    assert_eq!(state(&bridge, &ann).await.0, "synced");
    assert_eq!(bridge.access("ann"), "role 7; ");

    let (bridge, ann, theirs) = ann_waits().await;
    bridge.sandbox.edit(|world| {
        let acme = world
            .organization_mut(scim_bridge::sandbox::seed::ACME)
            .unwrap();
        let theirs = acme.users.iter_mut().find(|person| person.id == theirs);
        let fields = &mut theirs.unwrap().fields;
        fields.insert("email".into(), "somebody@acme.example".into());
    });
    bridge.pass(HOUR).await;
    assert_eq!(state(&bridge, &ann).await.0, "synced");
    assert_eq!(ask(&bridge, "held").await["users"], json!([]));
    assert_ne!(account(&bridge, "ann"), theirs);
}

#[tokio::test]
async fn a_leaver_who_waited_has_nothing_to_lose_and_waits_no_more() {
    for delete in [true, false] {
        let (bridge, ann, _) = ann_waits().await;
        let before = bridge.sandbox.snapshot();
        if delete {
            bridge.delete(&format!("/Users/{ann}"), 204).await;
        } else {
            bridge.set_active(&ann, false, 200).await;
            assert_eq!(state(&bridge, &ann).await.0, "synced");
        }
        assert_eq!(bridge.sandbox.snapshot(), before);
        assert_eq!(ask(&bridge, "held").await["users"], json!([]));
        decide(&bridge, &ann, link(), 404).await;
    }
}

#[tokio::test]
async fn by_name_nothing_is_looked_for_before_cloudmore_refuses_and_then_it_is_not_asked_again() {
    let bridge = bridge("adopt = \"hold\"").await;
    by_hand(&bridge, "ann", "ann");
    bridge.calls();
    create(&bridge, "bea").await;
    assert_eq!(bridge.calls(), ["POST Users"]);
    create(&bridge, "ann").await;
    assert_eq!(bridge.calls(), ["POST Users", "GET Users"]);
    bridge.pass(HOUR).await;
    assert_eq!(bridge.calls(), ["GET Users"]);
}
