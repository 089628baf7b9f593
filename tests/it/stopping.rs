//! A stop that is asked for: what is under way ends, nothing else begins, and the next start goes on at once.

use std::time::Duration;

use scim_bridge::domain::model::{TenantId, UserId};
use scim_bridge::sandbox::{FaultAction, FaultRule, Faults};
use serde_json::json;

use crate::converging::cloudmore::held;
use crate::harness::{Bridge, Setup, patch_body};

/// How long a row is left alone whose last call may be under way still.
const LEASE: Duration = Duration::from_secs(60);

/// Ann, the group that gives two assignments, and the request that is about to make her a member of it.
async fn about_to_join(server: &'static str) -> (Bridge, String, reqwest::RequestBuilder) {
    let bridge = Bridge::with(Setup {
        server,
        ..Setup::default()
    })
    .await;
    let finance = bridge.group("Cloudmore Finance").await;
    let ann = bridge.user("ann").await;
    let add = json!([{"op": "add", "path": "members", "value": [{"value": ann}]}]);
    let path = format!("/Groups/{finance}");
    let request = bridge.request(reqwest::Method::PATCH, &path);
    let request = request.json(&patch_body(add));
    (bridge, ann, request)
}

async fn free_at(bridge: &Bridge, user: &str) -> i64 {
    let store = bridge.app.bridge().store();
    let (acme, user) = (TenantId::new("acme"), UserId::new(user));
    store.dirty(&acme, &user).await.unwrap().unwrap().free_at
}

#[tokio::test]
async fn a_stop_ends_the_step_at_hand_answers_and_leaves_nothing_that_the_next_start_must_wait_for()
{
    let (bridge, ann, request) = about_to_join("").await;
    bridge.faults([FaultRule::new(FaultAction::Hold).on("POST", "/subscriptions/")]);
    let answer = tokio::spawn(request.send());
    held(&bridge, 1).await;
    let bridge = bridge
        .restart_while(|sandbox| sandbox.set_faults(Faults::default()))
        .await;
    assert_eq!(answer.await.unwrap().unwrap().status(), 204);
    let begun = bridge.access("ann");
    assert!(
        begun == "role 6; Team plan" || begun == "role 6; Pro seats",
        "one step ended and no other began: {begun}"
    );
    assert_eq!(free_at(&bridge, &ann).await, 0);
    assert_eq!(bridge.work().await, 1, "at once");
    assert_eq!(bridge.access("ann"), "role 6; Pro seats, Team plan");
}

#[tokio::test]
async fn what_does_not_end_in_time_is_cut_off_and_looked_after_later() {
    let (bridge, ann, request) = about_to_join("stop_timeout = \"1s\"").await;
    bridge.faults([FaultRule::new(FaultAction::Hold).on("POST", "/subscriptions/")]);
    let answer = tokio::spawn(request.send());
    held(&bridge, 1).await;
    let bridge = bridge.restart().await;
    assert!(answer.await.unwrap().is_err(), "nobody answers any more");
    assert_ne!(free_at(&bridge, &ann).await, 0);
    assert_eq!(bridge.work().await, 0, "the call may be under way still");
    bridge.faults([]);
    bridge.pass(LEASE).await;
    assert_eq!(bridge.access("ann"), "role 6; Pro seats, Team plan");
}
