//! What a Bulk request refuses: whole, or an operation of it while the others are done.

use serde_json::{Value, json};

use super::{
    detail, directory, group, managed, post, refused, request, results, send, statuses, user,
};
use crate::harness::{Bridge, patch_body};

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
        (json!("POST"), "400", "Each of Operations must be"),
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
async fn an_operation_is_done_whole_or_not_at_all() {
    let bridge = Bridge::start().await;
    let ann = bridge.user("ann").await;
    let before = bridge.get(&format!("/Users/{ann}"), 200).await;
    let patch = patch_body(json!([
        { "op": "add", "path": "title", "value": "Boss" },
        { "op": "replace", "path": "active", "value": "maybe" },
    ]));
    let results = send(
        &bridge,
        json!([
            { "method": "PATCH", "path": format!("/Users/{ann}"), "data": patch },
            group("Guides", &[ann.as_str(), "nobody"]),
        ]),
    )
    .await;
    assert_eq!(statuses(&results), "400 400");
    assert_eq!(bridge.get(&format!("/Users/{ann}"), 200).await, before);
    assert_eq!(directory(&bridge).await, ["ann"]);
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
