//! What a Bulk request refuses: whole, or an operation of it while the others are done.

use reqwest::Method;
use scim_bridge::domain::model::TenantId;
use serde_json::{Value, json};

use super::{detail, directory, group, id, managed, post, request, results, send, statuses, user};
use crate::harness::{BROKER_TOKEN, Bridge, Setup, expect, patch_body};

/// A request that is refused whole.
async fn refused(bridge: &Bridge, body: Value, status: u16, words: &str) {
    let answer = bridge.post("/Bulk", body.clone(), status).await;
    assert_eq!(answer["status"], status.to_string(), "{body}");
    let detail = answer["detail"].as_str().unwrap();
    assert!(detail.contains(words), "{body}: {detail}");
}

#[tokio::test]
async fn what_is_no_bulk_request_is_refused_whole() {
    let bridge = Bridge::start().await;
    for (body, words) in [
        (json!([]), "a list named \"Operations\""),
        (json!({}), "a list named \"Operations\""),
        (json!({ "Operations": {} }), "a list named \"Operations\""),
        (json!({ "Operations": null }), "a list named \"Operations\""),
        (
            json!({ "Operations": [], "failOnErrors": 0 }),
            "failOnErrors",
        ),
        (
            json!({ "Operations": [], "failOnErrors": -1 }),
            "failOnErrors",
        ),
        (
            json!({ "Operations": [], "failOnErrors": "1" }),
            "failOnErrors",
        ),
        (
            json!({ "Operations": [], "failOnErrors": 1.5 }),
            "failOnErrors",
        ),
    ] {
        refused(&bridge, body, 400, words).await;
    }
    bridge.get("/Bulk", 405).await;
}

#[tokio::test]
async fn no_operations_are_nothing_to_do() {
    let bridge = Bridge::start().await;
    assert_eq!(send(&bridge, json!([])).await, [Value::Null; 0]);
}

#[tokio::test]
async fn names_are_read_without_regard_to_case() {
    let bridge = Bridge::start().await;
    let body = json!({ "OPERATIONS": [
        { "METHOD": "post", "PATH": "/Users", "BULKID": "1", "DATA": user("ann")["data"] },
    ] });
    let results = results(bridge.post("/Bulk", body, 200).await);
    assert_eq!(statuses(&results), "201");
    assert_eq!(results[0]["method"], "POST");
    assert_eq!(results[0]["bulkId"], "1");
}

#[tokio::test]
async fn an_operation_that_cannot_be_is_refused_alone() {
    let bridge = Bridge::start().await;
    let there = bridge.user("there").await;
    let path = format!("/Users/{there}");
    let data = || user("x")["data"].clone();
    let cases = [
        (json!("POST"), "400", "method must be"),
        (
            json!({ "path": "/Users", "bulkId": "x", "data": data() }),
            "400",
            "method must be",
        ),
        (
            json!({ "method": "GET", "path": path }),
            "400",
            "method must be",
        ),
        (
            json!({ "method": 1, "path": path }),
            "400",
            "method must be a string",
        ),
        (
            json!({ "method": "POST", "bulkId": "x", "data": data() }),
            "404",
            "There is no endpoint ''",
        ),
        (
            json!({ "method": "POST", "path": 1, "bulkId": "x", "data": data() }),
            "400",
            "path must be a string",
        ),
        (
            post("/Persons", "x", data()),
            "404",
            "There is no endpoint '/Persons'",
        ),
        (post("/", "x", data()), "404", "There is no endpoint"),
        (post("/Users/", "x", data()), "404", "There is no endpoint"),
        (
            post("/Bulk", "x", request(json!([]))),
            "404",
            "There is no endpoint",
        ),
        (post(&path, "x", data()), "405", "POST goes to"),
        (
            json!({ "method": "PUT", "path": "/Users", "data": data() }),
            "405",
            "PUT, PATCH and DELETE go to",
        ),
        (
            json!({ "method": "DELETE", "path": "/Users" }),
            "405",
            "PUT, PATCH and DELETE go to",
        ),
        (
            json!({ "method": "DELETE", "path": format!("{path}/emails") }),
            "404",
            "There is no endpoint",
        ),
        (
            json!({ "method": "DELETE", "path": "/Users/7" }),
            "404",
            "no user with the id \"7\"",
        ),
        (
            json!({ "method": "DELETE", "path": "/Groups/7" }),
            "404",
            "no group with the id \"7\"",
        ),
        (
            json!({ "method": "POST", "path": "/Users", "data": data() }),
            "400",
            "needs a bulkId",
        ),
        (
            json!({ "method": "POST", "path": "/Users", "bulkId": "", "data": data() }),
            "400",
            "needs a bulkId",
        ),
        (
            json!({ "method": "POST", "path": "/Users", "bulkId": 7, "data": data() }),
            "400",
            "bulkId must be a string",
        ),
        (
            json!({ "method": "POST", "path": "/Users", "bulkId": "x" }),
            "400",
            "data must be",
        ),
        (post("/Users", "x", Value::Null), "400", "data must be"),
        (post("/Users", "x", json!([data()])), "400", "data must be"),
        (
            post("/Users", "x", json!({})),
            "400",
            "userName is required",
        ),
        (
            post(
                "/Users",
                "x",
                json!({ "userName": "x@acme.example", "active": "maybe" }),
            ),
            "400",
            "active must be",
        ),
        (
            json!({ "method": "PUT", "path": path, "data": "x" }),
            "400",
            "data must be",
        ),
        (
            json!({ "method": "PATCH", "path": path, "data": {} }),
            "400",
            "Operations",
        ),
        (
            json!({ "method": "PATCH", "path": path, "data": patch_body(json!([{ "op": "move" }])) }),
            "400",
            "op",
        ),
        (
            json!({ "method": "DELETE", "path": path, "version": "7" }),
            "400",
            "version must be",
        ),
        (
            json!({ "method": "DELETE", "path": path, "version": 1 }),
            "400",
            "version must be a string",
        ),
        (
            json!({ "method": "DELETE", "path": path, "version": "W/\"7\"" }),
            "412",
            "The resource has changed",
        ),
        (
            managed("x", "bulkId:nobody"),
            "400",
            "No POST of this request has the bulkId \"nobody\"",
        ),
        (
            json!({ "method": "DELETE", "path": "/Users/bulkId:nobody" }),
            "400",
            "No POST of this request",
        ),
        (
            group("x", &["bulkId:there"]),
            "400",
            "No POST of this request has the bulkId \"there\"",
        ),
    ];
    let people = 1 + 2 * cases.len();
    for (number, (operation, status, words)) in cases.into_iter().enumerate() {
        let (before, after) = (user(&format!("a{number}")), user(&format!("b{number}")));
        // The one in the middle bears a bulkId, but makes nothing.
        let operations = json!([before, operation, after, { "method": "DELETE", "path": "/Users/0", "bulkId": "there" }]);
        let results = send(&bridge, operations).await;
        let [_, refused, _, _] = results.as_slice() else {
            panic!("{results:?}")
        };
        assert_eq!(
            statuses(&results),
            format!("201 {status} 201 404"),
            "{operation}: {refused}"
        );
        assert!(detail(refused).contains(words), "{operation}: {refused}");
        assert_eq!(refused["response"]["status"], status);
        assert_eq!(refused.get("version"), None);
    }
    assert_eq!(directory(&bridge).await.len(), people);
}

#[tokio::test]
async fn of_two_operations_with_one_bulk_id_neither_is_done() {
    let bridge = Bridge::start().await;
    let twice = |name: &str| post("/Users", "1", user(name)["data"].clone());
    let results = send(
        &bridge,
        json!([
            twice("ann"),
            managed("kim", "bulkId:1"),
            twice("eve"),
            user("bea")
        ]),
    )
    .await;
    assert_eq!(statuses(&results), "400 400 400 201");
    assert!(detail(&results[0]).contains("several operations with the bulkId \"1\""));
    assert_eq!(directory(&bridge).await, ["bea"]);
}

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
