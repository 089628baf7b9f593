//! What a Bulk request costs Cloudmore, and what it is told while Cloudmore is down or slow.

use std::time::{Duration, Instant};

use scim_bridge::sandbox::FaultAction::{DropBeforeEffect, Hold};
use scim_bridge::sandbox::{FaultRule, Faults};
use serde_json::{Value, json};

use super::{detail, directory, group, managed, post, send, statuses, user};
use crate::harness::{Bridge, Setup, patch_body};

const HOUR: Duration = Duration::from_secs(3600);

fn down() -> FaultRule {
    FaultRule::new(DropBeforeEffect)
}

fn join(group: &str, member: &str) -> Value {
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": member }] }]);
    json!({ "method": "PATCH", "path": format!("/Groups/{group}"), "data": patch_body(add) })
}

fn leave(group: &str, member: &str) -> Value {
    let path = format!("members[value eq \"{member}\"]");
    let data = patch_body(json!([{ "op": "remove", "path": path }]));
    json!({ "method": "PATCH", "path": format!("/Groups/{group}"), "data": data })
}

fn deactivate(id: &str) -> Value {
    let data = patch_body(json!([{ "op": "replace", "path": "active", "value": false }]));
    json!({ "method": "PATCH", "path": format!("/Users/{id}"), "data": data })
}

#[tokio::test]
async fn a_joiner_of_two_groups_costs_the_calls_that_the_change_needs() {
    let bridge = Bridge::start().await;
    let finance = bridge.group("Cloudmore Finance").await;
    let sales = bridge.group("Cloudmore Sales").await;
    bridge.calls();
    let results = send(
        &bridge,
        json!([
            join(&sales, "bulkId:ann"),
            user("ann"),
            join(&finance, "bulkId:ann")
        ]),
    )
    .await;
    assert_eq!(statuses(&results), "200 201 200");
    assert_eq!(bridge.access("ann"), "role 6; Pro seats, Team plan");
    let methods: Vec<_> = bridge
        .calls()
        .iter()
        .map(|call| call.split(' ').next().unwrap().to_owned())
        .collect();
    // Create; look, assign the one, look at its external id; read, write, read the role; look, assign the other.
    let expected = "POST GET POST GET GET PUT GET GET POST";
    assert_eq!(methods.join(" "), expected);
}

#[tokio::test]
async fn what_cloudmore_need_not_know_costs_nothing() {
    let bridge = Bridge::start().await;
    let ann = bridge.user("ann").await;
    bridge.calls();
    let rename = patch_body(json!([{ "op": "add", "path": "nickName", "value": "A" }]));
    let results = send(
        &bridge,
        json!([
            { "method": "PATCH", "path": format!("/Users/{ann}"), "data": rename },
            group("Unmapped", &[ann.as_str()]),
        ]),
    )
    .await;
    assert_eq!(statuses(&results), "200 201");
    assert_eq!(bridge.calls(), [""; 0]);
}

/// Eve, who is in Finance, and the ids of Eve and Finance.
async fn eve(bridge: &Bridge) -> [String; 2] {
    let ids = [
        bridge.user("eve").await,
        bridge.group("Cloudmore Finance").await,
    ];
    bridge.join(&ids[1], &ids[0]).await;
    assert_eq!(bridge.access("eve"), "role 6; Pro seats, Team plan");
    bridge.calls();
    ids
}

#[tokio::test]
async fn during_an_outage_all_is_queued_and_cloudmore_is_asked_once() {
    let bridge = Bridge::start().await;
    let [eve, finance] = eve(&bridge).await;
    bridge.faults([down()]);
    let results = send(
        &bridge,
        json!([
            managed("ann", "bulkId:kim"),
            managed("kim", "bulkId:ann"),
            join(&finance, "bulkId:ann"),
            deactivate(&eve),
        ]),
    )
    .await;
    assert_eq!(statuses(&results), "201 201 200 200");
    assert_eq!(bridge.calls().len(), 1);
    bridge.faults([]);
    for _ in 0..3 {
        bridge.pass(HOUR).await;
    }
    assert_eq!(bridge.access("ann"), "role 6; Pro seats, Team plan");
    assert_eq!(bridge.access("kim"), "role 7; ");
    assert_eq!(bridge.access("eve"), "nothing");
}

#[tokio::test]
async fn a_failing_tenant_undoes_what_gives_access_and_keeps_what_takes_it_away() {
    let bridge = Bridge::with(Setup {
        tenant: "on_outage = \"fail\"",
        ..Setup::default()
    })
    .await;
    let [eve, finance] = eve(&bridge).await;
    bridge.faults([down()]);
    let results = send(
        &bridge,
        json!([
            user("ann"),
            join(&finance, "bulkId:ann"),
            managed("kim", "bulkId:bea"),
            managed("bea", "bulkId:kim"),
            leave(&finance, &eve),
        ]),
    )
    .await;
    assert_eq!(statuses(&results), "503 503 503 503 503");
    assert!(detail(&results[1]).contains("\"ann\", which failed"));
    assert_eq!(directory(&bridge).await, ["Cloudmore Finance: ", "eve"]);
    bridge.faults([]);
    for _ in 0..3 {
        bridge.pass(HOUR).await;
    }
    assert_eq!(bridge.access("eve"), "role 7; ");
    for name in ["ann", "bea", "kim"] {
        assert_eq!(bridge.access(name), "nothing");
    }
}

#[tokio::test]
async fn cloudmores_refusal_of_one_user_is_told_of_that_operation_alone() {
    let bridge = Bridge::start().await;
    // Cloudmore knows no such domain of the organization.
    let ann = post("/Users", "ann", json!({ "userName": "ann@example.com" }));
    let results = send(
        &bridge,
        json!([ann, group("Guides", &["bulkId:ann"]), user("eve")]),
    )
    .await;
    assert_eq!(statuses(&results), "400 400 201");
    assert!(detail(&results[0]).contains("Cloudmore refuses the user"));
    assert_eq!(directory(&bridge).await, ["eve"]);
    assert_eq!(bridge.access("eve"), "role 7; ");
}

#[tokio::test]
async fn a_slow_cloudmore_is_waited_for_once_and_leavers_do_not_stand_behind_joiners() {
    let bridge = Bridge::with(Setup {
        tenant: "settle_timeout = \"1s\"",
        ..Setup::default()
    })
    .await;
    let [eve, _] = eve(&bridge).await;
    bridge.faults([FaultRule::new(Hold).on("POST", "/Users").times(1)]);
    let mut operations: Vec<_> = (0..20).map(|at| user(&format!("u{at}"))).collect();
    operations.push(deactivate(&eve));
    let begun = Instant::now();
    let results = send(&bridge, Value::from(operations)).await;
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    assert!(
        results
            .iter()
            .all(|result| result["status"].as_str().unwrap() < "300")
    );
    bridge.work().await;
    assert_eq!(bridge.access("eve"), "nothing");
    assert_eq!(bridge.access("u0"), "nothing");
    bridge.sandbox.set_faults(Faults::default());
    for _ in 0..3 {
        bridge.pass(HOUR).await;
    }
    assert_eq!(bridge.access("u0"), "role 7; ");
    assert_eq!(bridge.access("u19"), "role 7; ");
}
