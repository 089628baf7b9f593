//! How much one request may hold.

use scim_bridge::scim::{
    Dialect, Document, Filter, Limits, PatchRequest, Reading, ResourceKind, ScimError, ScimType,
};
use serde_json::{Value, json};

use crate::harness::{Bridge, Setup, patch_body};

const SMALL: Limits = Limits {
    patch_operations: 3,
    members: 3,
    filter_length: 30,
    filter_depth: 2,
    page_size: 2,
    ..Limits::DEFAULT
};

fn patch(kind: ResourceKind, operations: Vec<Value>) -> Result<(), ScimError> {
    let dialect = Dialect::default().within(SMALL);
    let body = patch_body(json!(operations));
    PatchRequest::parse(&body, kind, &mut Reading::by(&dialect)).map(drop)
}

fn group(members: usize) -> Result<(), ScimError> {
    let dialect = Dialect::default().within(SMALL);
    let members: Vec<_> = (0..members)
        .map(|id| json!({"value": id.to_string()}))
        .collect();
    let body = json!({"displayName": "G", "members": members});
    Document::group_from_create(&body, &mut Reading::by(&dialect)).map(drop)
}

fn filter(text: &str) -> Result<(), ScimError> {
    let dialect = Dialect::default().within(SMALL);
    Filter::parse(text, &mut Reading::by(&dialect)).map(drop)
}

#[track_caller]
fn refused(outcome: Result<(), ScimError>, status: u16, scim_type: Option<ScimType>, limit: &str) {
    let error = outcome.unwrap_err();
    assert_eq!(
        (error.status, &error.scim_type),
        (status, &scim_type),
        "{error}"
    );
    assert!(error.detail.contains(limit), "{error}");
}

#[test]
fn operations_are_as_many_as_allowed() {
    let operation = json!({"op": "replace", "path": "title", "value": "X"});
    patch(ResourceKind::User, vec![operation.clone(); 3]).unwrap();
    refused(
        patch(ResourceKind::User, vec![operation; 4]),
        413,
        None,
        "3 operations",
    );
}

#[test]
fn members_are_counted_over_the_whole_request() {
    group(3).unwrap();
    refused(group(4), 413, None, "3 members");
    let add = |ids: &[&str]| {
        let members: Vec<_> = ids.iter().map(|id| json!({"value": id})).collect();
        json!({"op": "add", "path": "members", "value": members})
    };
    patch(ResourceKind::Group, vec![add(&["a", "b"]), add(&["c"])]).unwrap();
    let four = vec![add(&["a", "b"]), add(&["c", "d"])];
    refused(patch(ResourceKind::Group, four), 413, None, "3 members");
}

#[test]
fn filters_are_as_long_and_as_deep_as_allowed() {
    filter("((title pr))").unwrap();
    refused(
        filter("(((title pr)))"),
        400,
        Some(ScimType::InvalidFilter),
        "2 deep",
    );
    let long = format!("title eq \"{}\"", "x".repeat(30));
    refused(
        filter(&long),
        400,
        Some(ScimType::InvalidFilter),
        "30 bytes",
    );
}

#[tokio::test]
async fn limits_are_configured_advertised_and_kept() {
    let bridge = Bridge::with(Setup {
        server: "[limits]\npage_size = 2\npatch_operations = 1\nmembers = 1",
        ..Setup::default()
    })
    .await;
    let mut users = Vec::new();
    for name in ["ann", "ben", "cem"] {
        users.push(bridge.user(name).await);
    }
    let group = bridge.group("Team").await;
    let page = bridge.get("/Users?count=100", 200).await;
    assert_eq!(
        (&page["itemsPerPage"], &page["totalResults"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(bridge.get("/Users", 200).await["itemsPerPage"], 2);
    let config = bridge.get("/ServiceProviderConfig", 200).await;
    assert_eq!(config["filter"]["maxResults"], 2);
    assert_eq!(config["pagination"]["defaultPageSize"], 2);
    let add = |id: &str| json!({"op": "add", "path": "members", "value": [{"value": id}]});
    let path = format!("/Groups/{group}");
    bridge.patch(&path, json!([add(&users[0])]), 204).await;
    bridge
        .patch(&path, json!([add(&users[1]), add(&users[2])]), 413)
        .await;
    let both = json!([{"value": users[1]}, {"value": users[2]}]);
    let body = json!({"displayName": "Team", "members": both});
    bridge.put(&path, body, 413).await;
    let members = bridge.get(&path, 200).await["members"].clone();
    assert_eq!(members.as_array().unwrap().len(), 1);
}
