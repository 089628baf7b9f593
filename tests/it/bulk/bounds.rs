//! The bounds of a Bulk request: how many errors the client bears, how much it may hold, whose resources it reaches, and under
//! which name all of it is recorded.

use reqwest::Method;
use scim_bridge::domain::model::TenantId;
use serde_json::{Value, json};

use super::{directory, group, id, post, refused, request, results, send, statuses, user};
use crate::harness::{BROKER_TOKEN, Bridge, Setup, expect, patch_body};

#[tokio::test]
async fn the_rest_is_left_undone_after_as_many_errors_as_the_client_bears() {
    for (most, expected) in [
        (1, "201 400"),
        (2, "201 400 201 400"),
        (3, "201 400 201 400 201"),
    ] {
        let bridge = Bridge::start().await;
        let bad = |name: &str| post("/Users", name, json!({}));
        let mut body = request(json!([
            user("ann"),
            bad("x"),
            user("eve"),
            bad("y"),
            user("kim")
        ]));
        body["failOnErrors"] = json!(most);
        let results = results(bridge.post("/Bulk", body, 200).await);
        assert_eq!(statuses(&results), expected);
        let done = results
            .iter()
            .filter(|result| result["status"] == "201")
            .count();
        assert_eq!(directory(&bridge).await.len(), done);
    }
}

#[tokio::test]
async fn more_operations_or_bytes_than_one_request_may_have_are_refused_before_anything_is_done() {
    let bridge = Bridge::with(Setup {
        server: "max_body_bytes = 300000",
        ..Setup::default()
    })
    .await;
    let many = |count: usize| -> Value {
        let removal = json!({ "method": "DELETE", "path": "/Users/7" });
        std::iter::once(user("ann"))
            .chain(vec![removal; count - 1])
            .collect()
    };
    refused(
        &bridge,
        request(many(1001)),
        413,
        "1001 operations, and 1000 are the most",
    )
    .await;
    let mut large = user("ann");
    large["data"]["title"] = json!("x".repeat(300_000));
    refused(
        &bridge,
        request(json!([large])),
        413,
        "larger than 300000 bytes",
    )
    .await;
    assert_eq!(directory(&bridge).await, [""; 0]);
    assert_eq!(send(&bridge, many(1000)).await.len(), 1000);
    assert_eq!(directory(&bridge).await, ["ann"]);
}

#[tokio::test]
async fn a_bulk_request_reaches_nothing_of_another_tenant() {
    let bridge = Bridge::start().await;
    let ann = bridge.user("ann").await;
    let guides = bridge.group("Guides").await;
    let join = patch_body(json!([{ "op": "add", "path": "members", "value": [{ "value": ann }] }]));
    let operations = json!([
        { "method": "DELETE", "path": format!("/Users/{ann}") },
        { "method": "PUT", "path": format!("/Users/{ann}"), "data": user("eve")["data"] },
        { "method": "PATCH", "path": format!("/Groups/{guides}"), "data": join },
        group("Others", &[ann.as_str()]),
    ]);
    let others = bridge
        .http
        .request(Method::POST, bridge.url_of("northwind", "/Bulk"))
        .bearer_auth(BROKER_TOKEN)
        .json(&request(operations.clone()));
    let results = results(expect(others, 200).await);
    assert_eq!(statuses(&results), "404 404 404 400");
    assert_eq!(directory(&bridge).await, ["Guides: ", "ann"]);
    let stranger = bridge
        .http
        .request(Method::POST, bridge.url("/Bulk"))
        .bearer_auth(BROKER_TOKEN)
        .json(&request(operations));
    expect(stranger, 401).await;
}

#[tokio::test]
async fn all_that_a_bulk_request_did_is_told_under_one_correlation_id() {
    let bridge = Bridge::start().await;
    let body = request(json!([
        user("ann"),
        group("Cloudmore Sales", &["bulkId:ann"])
    ]));
    let answer = bridge
        .request(Method::POST, "/Bulk")
        .json(&body)
        .send()
        .await
        .unwrap();
    let correlation = answer.headers()["x-correlation-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let results = results(answer.json().await.unwrap());
    let ids: Vec<_> = results.iter().map(id).collect();
    let store = bridge.app.bridge().store();
    let audit = store
        .audit_after(&TenantId::new("acme"), 0, 1000)
        .await
        .unwrap();
    let audit: Vec<_> = audit
        .iter()
        .filter(|entry| ids.contains(&entry.subject))
        .collect();
    assert!(audit.len() >= 4, "{audit:?}");
    for entry in audit {
        assert_eq!(
            entry.request.as_deref(),
            Some(correlation.as_str()),
            "{entry:?}"
        );
    }
}
