//! The examples of RFC 7644 section 3.7, with user names that are addresses.

use serde_json::{Value, json};

use super::{ENTERPRISE, REQUEST, detail, directory, id, results, send, statuses};
use crate::harness::Bridge;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

#[tokio::test]
async fn a_group_is_made_with_the_user_that_the_same_request_makes() {
    let bridge = Bridge::start().await;
    let results = send(
        &bridge,
        json!([
            {
                "method": "POST",
                "path": "/Users",
                "bulkId": "qwerty",
                "data": { "schemas": [USER], "userName": "alice@acme.example" }
            },
            {
                "method": "POST",
                "path": "/Groups",
                "bulkId": "ytrewq",
                "data": {
                    "schemas": [GROUP],
                    "displayName": "Tour Guides",
                    "members": [{ "type": "User", "value": "bulkId:qwerty" }]
                }
            }
        ]),
    )
    .await;
    let [alice, guides] = [id(&results[0]), id(&results[1])];
    assert_eq!(
        Value::from(results),
        json!([
            {
                "method": "POST",
                "bulkId": "qwerty",
                "version": "W/\"1\"",
                "location": bridge.url(&format!("/Users/{alice}")),
                "status": "201"
            },
            {
                "method": "POST",
                "bulkId": "ytrewq",
                "version": "W/\"1\"",
                "location": bridge.url(&format!("/Groups/{guides}")),
                "status": "201"
            }
        ])
    );
    let guides = bridge.get(&format!("/Groups/{guides}"), 200).await;
    assert_eq!(guides["members"][0]["value"], alice);
}

#[tokio::test]
async fn an_extension_refers_to_the_manager_that_the_same_request_makes() {
    let bridge = Bridge::start().await;
    let results = send(
        &bridge,
        json!([
            {
                "method": "POST",
                "path": "/Users",
                "bulkId": "qwerty",
                "data": { "schemas": [USER], "userName": "alice@acme.example" }
            },
            {
                "method": "POST",
                "path": "/Users",
                "bulkId": "ytrewq",
                "data": {
                    "schemas": [USER, ENTERPRISE],
                    "userName": "bob@acme.example",
                    ENTERPRISE: { "employeeNumber": "11250", "manager": { "value": "bulkId:qwerty" } }
                }
            }
        ]),
    )
    .await;
    assert_eq!(statuses(&results), "201 201");
    assert_eq!(directory(&bridge).await, ["alice", "bob < alice"]);
}

#[tokio::test]
async fn groups_that_are_members_of_each_other_are_refused_whole() {
    let bridge = Bridge::start().await;
    let nested = |bulk_id: &str, name: &str, member: &str| {
        json!({
            "method": "POST",
            "path": "/Groups",
            "bulkId": bulk_id,
            "data": {
                "schemas": [GROUP],
                "displayName": name,
                "members": [{ "type": "Group", "value": format!("bulkId:{member}") }]
            }
        })
    };
    let operations = json!([
        nested("qwerty", "Group A", "ytrewq"),
        nested("ytrewq", "Group B", "qwerty")
    ]);
    let results = send(&bridge, operations).await;
    assert_eq!(statuses(&results), "400 400");
    let words: Vec<_> = results.iter().map(detail).collect();
    assert!(
        words
            .iter()
            .any(|words| words.contains("a group cannot be a member of a group")),
        "{words:?}"
    );
    assert_eq!(directory(&bridge).await, [""; 0]);
}

/// The long example of section 3.7.3: one of each method, the PATCH with a bare list of operations.
async fn one_of_each(bridge: &Bridge, bob_version: Option<&str>) -> Vec<Value> {
    let mut people = Vec::new();
    for name in ["bob", "dave", "jane"] {
        let body = json!({ "userName": format!("{name}@acme.example"), "nickName": name });
        people.push(bridge.post("/Users", body, 201).await);
    }
    let path = |at: usize| format!("/Users/{}", people[at]["id"].as_str().unwrap());
    let version = |at: usize| people[at]["meta"]["version"].as_str().unwrap();
    let request = json!({
        "schemas": [REQUEST],
        "failOnErrors": 1,
        "Operations": [
            {
                "method": "POST",
                "path": "/Users",
                "bulkId": "qwerty",
                "data": { "schemas": [USER], "userName": "alice@acme.example" }
            },
            {
                "method": "PUT",
                "path": path(0),
                "version": bob_version.unwrap_or(version(0)),
                "data": { "schemas": [USER], "id": people[0]["id"], "userName": "robert@acme.example" }
            },
            {
                "method": "PATCH",
                "path": path(1),
                "version": version(1),
                "data": [
                    { "op": "remove", "path": "nickName" },
                    { "op": "add", "path": "userName", "value": "david@acme.example" }
                ]
            },
            { "method": "DELETE", "path": path(2), "version": version(2) }
        ]
    });
    results(bridge.post("/Bulk", request, 200).await)
}

#[tokio::test]
async fn one_of_each_method_is_done() {
    let bridge = Bridge::start().await;
    let results = one_of_each(&bridge, None).await;
    assert_eq!(statuses(&results), "201 200 200 204");
    assert_eq!(directory(&bridge).await, ["alice", "david", "robert"]);
    let versions: Vec<_> = results.iter().map(|result| &result["version"]).collect();
    assert_eq!(
        versions,
        [
            &json!("W/\"1\""),
            &json!("W/\"2\""),
            &json!("W/\"2\""),
            &Value::Null
        ]
    );
    for (result, method) in results.iter().zip(["POST", "PUT", "PATCH", "DELETE"]) {
        assert_eq!(result["method"], method);
        assert_eq!(result.get("response"), None);
        let path = format!("/Users/{}", id(result));
        assert_eq!(result["location"], bridge.url(&path));
    }
    let david = bridge
        .get(&format!("/Users/{}", id(&results[2])), 200)
        .await;
    assert_eq!(david.get("nickName"), None);
}

#[tokio::test]
async fn after_the_first_error_nothing_more_is_done_if_the_client_wants_that() {
    let bridge = Bridge::start().await;
    let results = one_of_each(&bridge, Some("W/\"4\"")).await;
    assert_eq!(statuses(&results), "201 412");
    assert_eq!(directory(&bridge).await, ["alice", "bob", "dave", "jane"]);
    assert_eq!(results[1]["response"]["status"], "412");
    assert_eq!(
        results[1]["response"]["schemas"],
        json!(["urn:ietf:params:scim:api:messages:2.0:Error"])
    );
    assert!(results[1]["location"].as_str().unwrap().contains("/Users/"));
}
