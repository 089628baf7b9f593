//! Users whose accounts could not be made as wanted: who they are, who of them keeps access, and trying them again.

use std::time::Duration;

use scim_bridge::domain::model::TenantId;
use scim_bridge::sandbox::{FaultAction, FaultRule};
use serde_json::{Value, json};

use crate::converging::cloudmore::{fault, status};
use crate::harness::operator::{ADMIN_TOKEN, admin_section};
use crate::harness::{Bridge, Setup, expect};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn bridge() -> Bridge {
    Bridge::with(Setup {
        server: admin_section().leak(),
        ..Setup::default()
    })
    .await
}

async fn failed(bridge: &Bridge) -> Vec<Value> {
    let url = format!("http://{}/admin/api/tenants/acme/failed", bridge.app.addr());
    let failed = expect(bridge.http.get(url).bearer_auth(ADMIN_TOKEN), 200).await;
    let users = failed["users"].as_array().unwrap().clone();
    assert_eq!(failed["total"], users.len());
    users
}

async fn replay(bridge: &Bridge, body: Value, status: u16) -> Value {
    let url = format!("http://{}/admin/api/tenants/acme/replay", bridge.app.addr());
    let request = bridge.http.post(url).bearer_auth(ADMIN_TOKEN);
    expect(request.json(&body), status).await
}

async fn audited(bridge: &Bridge, kind: &str) -> Vec<String> {
    let store = bridge.app.bridge().store();
    let all = store.audit_after(&TenantId::new("acme"), 0, 1000).await;
    let all = all.unwrap().into_iter();
    let some = all.filter(|entry| entry.kind == kind && entry.actor == "Olga");
    some.map(|entry| entry.subject).collect()
}

/// Creates a user whom Cloudmore refuses for good once the IdP has its answer.
async fn refused_later(bridge: &Bridge, name: &str) -> String {
    bridge.faults([fault(status(503))]);
    let user = bridge.user(name).await;
    bridge.faults([FaultRule::new(words()).on("POST", "/Users")]);
    bridge.pass(MINUTE).await;
    user
}

fn words() -> FaultAction {
    FaultAction::Status {
        code: 400,
        retry_after: None,
        body: Some(json!("The country is not one of ours")),
    }
}

#[tokio::test]
async fn who_keeps_access_is_told_first_and_whoever_is_tried_again_gets_what_is_wanted() {
    let bridge = bridge().await;
    let leaver = bridge.user("lea").await;
    let joiner = refused_later(&bridge, "joe").await;
    bridge.faults([
        FaultRule::new(words()).on("POST", "/Users"),
        FaultRule::new(status(400)).on("DELETE", "/Users/"),
    ]);
    bridge.set_active(&leaver, false, 500).await;

    let told = failed(&bridge).await;
    let brief = |user: &Value| {
        let next = user["next"].is_string();
        json!([
            user["userName"],
            user["state"],
            user["keepsAccess"],
            user["attempts"],
            next
        ])
    };
    assert_eq!(
        told.iter().map(brief).collect::<Vec<_>>(),
        [
            json!(["lea@acme.example", "retrying", true, 1, true]),
            json!(["joe@acme.example", "failed", false, 2, false]),
        ]
    );
    assert_eq!(told[1]["since"], "2026-01-01T00:00:00Z");
    let reason = told[1]["reason"].as_str().unwrap();
    assert!(
        reason.contains("The country is not one of ours"),
        "{reason}"
    );

    bridge.faults([]);
    let replayed = replay(&bridge, json!({ "users": ["JOE@acme.example"] }), 200).await;
    assert_eq!(replayed, json!({ "users": [joiner] }));
    assert_eq!(bridge.work().await, 1);
    assert_eq!(bridge.access("joe"), "role 7; ");
    assert_eq!(bridge.access("lea"), "role 7; ", "it is not due yet");
    assert_eq!(
        replay(&bridge, json!({ "all": true }), 200).await,
        json!({ "users": [leaver] })
    );
    bridge.work().await;
    assert_eq!(bridge.access("lea"), "nothing");
    assert_eq!(failed(&bridge).await, [json!(null); 0]);
    assert_eq!(audited(&bridge, "user.replay").await, [joiner]);
    assert_eq!(audited(&bridge, "tenant.replay").await, ["acme"]);
}

#[tokio::test]
async fn who_is_tried_again_and_again_is_told_as_well() {
    let bridge = bridge().await;
    bridge.faults([fault(status(503))]);
    bridge.user("joe").await;
    assert_eq!(failed(&bridge).await.len(), 0, "once is no news");
    bridge.pass(MINUTE).await;
    bridge.pass(MINUTE).await;
    let told = failed(&bridge).await;
    assert_eq!(told[0]["state"], "retrying");
    assert_eq!(told[0]["attempts"], 3);
    bridge.faults([]);
    bridge.pass(DAY).await;
    assert_eq!(failed(&bridge).await.len(), 0);
}

#[tokio::test]
async fn only_who_failed_is_tried_again_and_a_mistake_says_what_to_send() {
    let bridge = bridge().await;
    refused_later(&bridge, "joe").await;
    bridge.faults([]);
    bridge.user("ann").await;
    let some = json!({ "users": ["joe@acme.example", "ann@acme.example"] });
    let refusal = replay(&bridge, some, 404).await;
    let words = refusal["error"].as_str().unwrap();
    assert!(
        words.contains("ann@acme.example") && !words.contains("joe@"),
        "{words}"
    );
    assert_eq!(bridge.work().await, 0, "nobody is tried again");
    for unclear in [json!({}), json!({ "users": [] }), json!({ "all": false })] {
        let refusal = replay(&bridge, unclear, 400).await;
        assert!(refusal["error"].as_str().unwrap().contains("\"all\": true"));
    }
}

#[tokio::test]
async fn the_commands_say_who_failed_and_try_again() {
    let bridge = bridge().await;
    let (code, out, _) = bridge.operate(&["failed"]).await;
    assert_eq!((code, out.as_str()), (Some(0), "Nobody failed.\n"));
    refused_later(&bridge, "joe").await;
    let (code, out, _) = bridge.operate(&["failed"]).await;
    assert_eq!(code, Some(1));
    assert!(
        out.starts_with(
            "acme:\n  joe@acme.example: since 2026-01-01T00:00:00Z, 2 attempts, waits for"
        ),
        "{out}"
    );
    let (code, out, _) = bridge.operate(&["failed", "acme", "--json"]).await;
    assert_eq!(code, Some(1));
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["tenants"][0]["tenant"], "acme");
    assert_eq!(told["tenants"][0]["total"], 1);

    bridge.faults([]);
    let (code, out, _) = bridge
        .operate(&["replay", "acme", "joe@acme.example"])
        .await;
    assert_eq!((code, out.as_str()), (Some(0), "1 user is tried again.\n"));
    bridge.work().await;
    assert_eq!(bridge.access("joe"), "role 7; ");
    let (code, out, _) = bridge.operate(&["replay", "acme", "--all", "--json"]).await;
    assert_eq!((code, out.as_str()), (Some(0), "{\"users\":[]}\n"));
    assert_eq!(bridge.operate(&["replay", "acme"]).await.0, Some(2));
}

#[tokio::test]
async fn a_row_that_nobody_can_read_waits_with_the_reason_and_holds_up_no_other() {
    let mut bridge = bridge().await;
    bridge.user("ann").await;
    let leaver = bridge.user("lea").await;
    bridge.faults([fault(status(503))]);
    bridge.set_active(&leaver, false, 200).await;
    // Other mappings, so that everybody is looked at.
    bridge.setup.mappings = Some(String::new());
    let bridge = bridge
        .restart_after(
            "update directory_user set document = '{' where name_key = 'ann@acme.example'; \
             update account set profile = '{' where user_id in \
             (select id from directory_user where name_key = 'lea@acme.example')",
        )
        .await;
    bridge.faults([]);
    bridge.pass(MINUTE).await;
    let told = failed(&bridge).await;
    let brief = |user: &Value| json!([user["userName"], user["state"], user["keepsAccess"]]);
    assert_eq!(
        told.iter().map(brief).collect::<Vec<_>>(),
        [
            json!(["lea@acme.example", "retrying", true]),
            json!(["ann@acme.example", "failed", false]),
        ],
        "taking access away is never given up"
    );
    let reason = told[1]["reason"].as_str().unwrap();
    assert!(reason.contains("cannot be read"), "{reason}");
    bridge.user("joe").await;
    assert_eq!(bridge.access("joe"), "role 7; ");

    let bridge = bridge
        .restart_after(
            "update account set profile = (select profile from account where profile <> '{' limit 1) \
             where profile = '{'",
        )
        .await;
    bridge.pass(MINUTE * 3).await;
    assert_eq!(bridge.access("lea"), "nothing");
}
