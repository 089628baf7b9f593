//! How much one request may hold.

use scim_bridge::scim::{
    Deviations, Dialect, Document, Filter, Limits, PatchRequest, Projection, Reading, ResourceKind,
    ScimError, ScimType,
};
use serde_json::{Value, json};

use crate::harness::{Bridge, Setup, patch_body};

const SMALL: Limits = Limits {
    patch_operations: 3,
    members: 3,
    list_elements: 3,
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

fn emails(places: std::ops::Range<usize>) -> Value {
    let email = |at| json!({"value": format!("{at}@acme.example"), "type": "work"});
    places.map(email).collect()
}

/// A user with so many addresses, after the operations.
fn patched(addresses: usize, limits: Limits, operations: Vec<Value>) -> Result<(), ScimError> {
    let dialect = Dialect::default().within(limits);
    let user = json!({"userName": "ann@acme.example", "emails": emails(0..addresses)});
    let user = Document::user_from_create(&user, &mut Reading::default())?;
    let body = patch_body(json!(operations));
    let patch = PatchRequest::parse(&body, ResourceKind::User, &mut Reading::by(&dialect))?;
    patch
        .apply_to_user(&user, &mut Deviations::default())
        .map(drop)
}

#[test]
fn a_list_has_as_many_values_as_allowed() {
    let invalid = Some(ScimType::InvalidValue);
    let create = |count| {
        let dialect = Dialect::default()
            .within(SMALL)
            .keeping(["codes".to_owned()]);
        let codes: Vec<_> = (0..count).collect();
        let mail = json!({"userName": "a", "emails": emails(0..count)});
        let kept = json!({"userName": "a", "codes": {"all": codes}});
        [mail, kept].map(|user| {
            let mut reading = Reading::by(&dialect);
            Document::user_from_create(&user, &mut reading).map(drop)
        })
    };
    assert!(create(3).iter().all(Result::is_ok));
    for outcome in create(4) {
        refused(outcome, 400, invalid.clone(), "3 values");
    }
    let change = |op: &str, value| json!({"op": op, "path": "emails", "value": value});
    for (before, operation, is_fine) in [
        (0, change("add", emails(0..3)), true),
        (0, change("add", emails(0..4)), false),
        (3, change("add", emails(1..3)), true),
        (3, change("add", emails(3..4)), false),
        (3, change("replace", emails(3..7)), false),
        (3, change("remove", emails(0..2)), true),
        (5, change("remove", emails(0..1)), true),
        (5, change("add", emails(0..1)), true),
        (5, change("add", emails(5..6)), false),
    ] {
        let outcome = patched(before, SMALL, vec![operation.clone()]);
        match is_fine {
            true => outcome.unwrap(),
            false => refused(outcome, 400, invalid.clone(), "3 values"),
        }
    }
}

#[test]
fn a_patch_looks_at_no_more_than_a_hundred_full_lists() {
    let limits = Limits {
        list_elements: 100,
        ..Limits::DEFAULT
    };
    let add = json!({"op": "add", "path": "emails", "value": emails(0..100)});
    patched(100, limits, vec![add.clone(); 40]).unwrap();
    refused(
        patched(100, limits, vec![add; 101]),
        413,
        None,
        "several requests",
    );
    let terms = vec!["type eq \"home\""; 100].join(" or ");
    let remove = json!({"op": "remove", "path": format!("emails[{terms}]")});
    patched(100, limits, vec![remove.clone()]).unwrap();
    refused(
        patched(100, limits, vec![remove; 2]),
        413,
        None,
        "several requests",
    );
    // Without a value each is compared with each.
    let addresses = |from: usize| -> Value {
        let address = |at| json!({"locality": format!("{at}")});
        (from..from + 50).map(address).collect()
    };
    let add = |from| json!({"op": "add", "path": "addresses", "value": addresses(from)});
    patched(0, limits, vec![add(0), add(50)]).unwrap();
    let more = vec![add(0), add(50), add(0), add(50)];
    refused(patched(0, limits, more), 413, None, "several requests");
}

#[test]
fn names_of_attributes_are_as_many_as_anybody_needs() {
    let parse = |names: Vec<String>| {
        let names = names.join(",");
        Projection::parse(None, Some(&names), &mut Reading::default()).map(drop)?;
        Projection::parse(Some(&names), None, &mut Reading::default()).map(drop)
    };
    let names = |count: usize| (0..count).map(|at| format!("x{at}")).collect::<Vec<_>>();
    parse(names(1000)).unwrap();
    let invalid = Some(ScimType::InvalidValue);
    refused(parse(names(60_000)), 400, invalid.clone(), "1000 names");
    refused(
        parse(vec!["title".to_owned(); 1001]),
        400,
        invalid.clone(),
        "1000 names",
    );
    let brackets = vec!["emails[type eq \"a\" or type eq \"b\"]".to_owned(); 51];
    refused(parse(brackets), 400, invalid, "100 terms");
}
