//! The operations that RFC 7644 sections 3.5.2.1 to 3.5.2.3 show, and what each leaves.

use serde_json::{Value, json};

use super::{group, user};
use crate::harness::Bridge;

/// Barbara, who is changed.
fn barbara() -> Value {
    json!({
        "userName": "barbara@acme.example",
        "emails": [
            {"value": "barbara@example.com", "type": "work", "primary": true},
            {"value": "babs@example.org", "type": "home"},
        ],
        "addresses": [
            {"type": "work", "streetAddress": "911 Universal Way", "locality": "Lakeside"},
            {"type": "home", "streetAddress": "456 Hill Road"},
        ],
    })
}

/// Changes Barbara and compares what is named by a JSON pointer.
async fn check(operations: Value, expected: &[(&str, Value)]) {
    let bridge = Bridge::start().await;
    let id = user(&bridge, barbara()).await;
    let path = format!("/Users/{id}");
    bridge.patch(&path, operations.clone(), 200).await;
    let after = bridge.get(&path, 200).await;
    for (pointer, value) in expected {
        let found = after.pointer(pointer).unwrap_or(&Value::Null);
        assert_eq!(found, value, "{pointer} after {operations}");
    }
}

#[tokio::test]
async fn values_are_added_without_a_path() {
    check(
        json!([{"op": "add", "value": {
            "emails": [{"value": "babs@example.net", "type": "other"}],
            "nickname": "Babs",
        }}]),
        &[
            ("/emails/0/value", json!("barbara@example.com")),
            ("/emails/2/value", json!("babs@example.net")),
            ("/nickName", json!("Babs")),
        ],
    )
    .await;
}

#[tokio::test]
async fn elements_are_removed_by_what_they_are() {
    check(
        json!([{"op": "remove", "path": "emails[type eq \"work\" and value ew \"example.com\"]"}]),
        &[(
            "/emails",
            json!([{"value": "babs@example.org", "type": "home"}]),
        )],
    )
    .await;
}

#[tokio::test]
async fn an_element_is_replaced_by_what_it_is() {
    let value = json!({
        "type": "work",
        "streetAddress": "911 Universal Way",
        "locality": "Lakeside",
        "region": "NW",
        "postalCode": "91608",
        "country": "US",
        "formatted": "911 Universal Way\nLakeside, NW 91608 US",
        "primary": true,
    });
    // The RFC gives the order of elements no meaning; what is replaced comes last here.
    check(
        json!([{"op": "replace", "path": "addresses[type eq \"work\"]", "value": value}]),
        &[
            ("/addresses/1", value),
            ("/addresses/0/streetAddress", json!("456 Hill Road")),
        ],
    )
    .await;
}

#[tokio::test]
async fn one_part_of_an_element_is_replaced() {
    check(
        json!([{
            "op": "replace",
            "path": "addresses[type eq \"work\"].streetAddress",
            "value": "1010 Broadway Ave",
        }]),
        &[
            ("/addresses/0/streetAddress", json!("1010 Broadway Ave")),
            ("/addresses/0/locality", json!("Lakeside")),
            ("/addresses/1/streetAddress", json!("456 Hill Road")),
        ],
    )
    .await;
}

#[tokio::test]
async fn values_are_replaced_without_a_path() {
    let emails = json!([
        {"value": "barbara@example.net", "type": "work", "primary": true},
        {"value": "babs@example.net", "type": "home"},
    ]);
    check(
        json!([{"op": "replace", "value": {"emails": emails, "nickname": "Babs"}}]),
        &[("/emails", emails), ("/nickName", json!("Babs"))],
    )
    .await;
}

/// Changes a group of the first two of three users, and compares who is in it afterwards.
async fn check_members(operations: impl Fn(&[String]) -> Value, expected: &[usize]) {
    let bridge = Bridge::start().await;
    let mut ids = Vec::new();
    for name in ["barbara", "jim", "jane"] {
        ids.push(user(&bridge, json!({"userName": format!("{name}@acme.example")})).await);
    }
    let group = group(&bridge, &[&ids[0], &ids[1]]).await;
    let path = format!("/Groups/{group}");
    let operations = operations(&ids);
    bridge.patch(&path, operations.clone(), 204).await;
    let after = bridge.get(&path, 200).await;
    let mut members: Vec<_> = after["members"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|member| member["value"].as_str().unwrap())
        .collect();
    members.sort_unstable();
    let mut expected: Vec<_> = expected
        .iter()
        .map(|number| ids[*number].as_str())
        .collect();
    expected.sort_unstable();
    assert_eq!(members, expected, "{operations}");
}

#[tokio::test]
async fn a_member_is_added() {
    let add = |ids: &[String]| {
        let member =
            json!({"display": "Jane", "$ref": format!("../Users/{}", ids[2]), "value": ids[2]});
        json!([{"op": "add", "path": "members", "value": [member]}])
    };
    check_members(add, &[0, 1, 2]).await;
}

#[tokio::test]
async fn a_member_is_removed() {
    let remove = |ids: &[String]| json!([{"op": "remove", "path": format!("members[value eq \"{}\"]", ids[0])}]);
    check_members(remove, &[1]).await;
}

#[tokio::test]
async fn all_members_are_removed() {
    check_members(|_| json!([{"op": "remove", "path": "members"}]), &[]).await;
}

#[tokio::test]
async fn one_member_goes_and_another_comes_in_one_request() {
    let change = |ids: &[String]| {
        json!([
            {"op": "remove", "path": format!("members[value eq \"{}\"]", ids[0])},
            {"op": "add", "path": "members", "value": [{"value": ids[2]}]},
        ])
    };
    check_members(change, &[1, 2]).await;
}

#[tokio::test]
async fn all_members_are_replaced_by_others() {
    let replace = |ids: &[String]| {
        let members =
            json!([{"display": "Jim", "value": ids[1]}, {"display": "Jane", "value": ids[2]}]);
        json!([{"op": "replace", "path": "members", "value": members}])
    };
    check_members(replace, &[1, 2]).await;
    let remove_and_add = |ids: &[String]| {
        json!([
            {"op": "remove", "path": "members"},
            {"op": "add", "path": "members", "value": [{"value": ids[1]}, {"value": ids[2]}]},
        ])
    };
    check_members(remove_and_add, &[1, 2]).await;
}
