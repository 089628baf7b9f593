//! Tenants of one broker share its budget: one that has ten thousand users to converge keeps no other's leaver waiting.

use std::time::Duration;

use scim_bridge::domain::model::{TenantId, UserId};
use scim_bridge::sandbox::{FaultAction, FaultRule};
use scim_bridge::scim::{Document, Reading};
use scim_bridge::store::{StoreError, UserRecord};
use serde_json::json;

use crate::harness::{BROKER_TOKEN, Bridge, expect, patch_body, person};

const CROWD: usize = 10_000;

/// Users of `acme` whom the worker has to converge, as a first sync leaves them.
async fn crowd(bridge: &Bridge) {
    let made = |number: usize| UserRecord {
        tenant: TenantId::new("acme"),
        id: UserId::new(format!("crowd-{number}")),
        document: Document::user_from_create(
            &person(&format!("crowd{number}")),
            &mut Reading::default(),
        )
        .unwrap(),
        version: 1,
        created: 0,
        modified: 0,
        account: None,
    };
    let users: Vec<_> = (0..CROWD).map(made).collect();
    let write = bridge.app.bridge().store().write(move |tx| {
        Box::pin(async move {
            for user in &users {
                tx.insert_user(user).await?;
                tx.mark(&user.tenant, std::slice::from_ref(&user.id), 0)
                    .await?;
            }
            Ok::<_, StoreError>(())
        })
    });
    write.await.unwrap();
}

#[tokio::test]
async fn a_leaver_does_not_wait_for_ten_thousand_users_of_another_tenant() {
    let bridge = Bridge::start().await;
    let request = |method, path: &str| {
        bridge
            .http
            .request(method, bridge.url_of("northwind", path))
            .bearer_auth(BROKER_TOKEN)
    };
    let made = expect(
        request(reqwest::Method::POST, "/Users").json(&person("lea")),
        201,
    )
    .await;
    let lea = format!("/Users/{}", made["id"].as_str().unwrap());
    // She is to leave while Cloudmore is out, so that she is the worker's, as are all the others.
    let code = 500;
    let broken = FaultAction::Status {
        code,
        retry_after: None,
        body: None,
    };
    bridge.faults([FaultRule::new(broken)]);
    let leave = patch_body(json!([{ "op": "Replace", "path": "active", "value": false }]));
    expect(request(reqwest::Method::PATCH, &lea).json(&leave), 200).await;
    crowd(&bridge).await;
    bridge.faults([]);
    bridge.sandbox.clear_calls();

    let gone = || {
        let world = bridge.sandbox.snapshot();
        world.person("lea@acme.example").is_none()
    };
    let mut look = tokio::time::interval(Duration::from_millis(1));
    let work = bridge.pass(Duration::from_secs(120));
    tokio::pin!(work);
    while !gone() {
        tokio::select! {
            _ = &mut work => assert!(gone(), "the worker is through, and she is still there"),
            _ = look.tick() => {}
        }
    }
    let calls = bridge.sandbox.calls();
    let hers = calls.iter().rposition(|call| {
        call.method == "DELETE" && call.path.contains("/ResellerAdministrators/")
    });
    let before = hers.expect("her account was deleted");
    assert!(before < 100, "{before} calls came before hers");
}
