//! A tenant's dialect at work: what is counted, what strict refuses, and that a reload brings another one.

use std::collections::BTreeMap;

use scim_bridge::domain::model::TenantId;
use serde_json::{Value, json};

use crate::harness::{Bridge, Setup, person};

const STRICT: &str = "scim = { strict = true }";

async fn with(tenant: &'static str) -> Bridge {
    Bridge::with(Setup {
        tenant,
        ..Setup::default()
    })
    .await
}

/// What was counted for a tenant.
fn counts(bridge: &Bridge, tenant: &str) -> BTreeMap<&'static str, u64> {
    bridge.app.bridge().deviations(&TenantId::new(tenant))
}

fn counted<const N: usize>(expected: [(&'static str, u64); N]) -> BTreeMap<&'static str, u64> {
    expected.into()
}

/// A user as the standard has it.
fn plain(name: &str) -> Value {
    let mut body = person(name);
    body["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:User"]);
    body
}

#[tokio::test]
async fn every_deviation_that_was_taken_is_counted_for_its_tenant() {
    let bridge = with("").await;
    let made = bridge.post("/Users", plain("ann"), 201).await;
    assert_eq!(counts(&bridge, "acme"), counted([]));
    let path = format!("/Users/{}", made["id"].as_str().unwrap());
    let off = json!([{"op": "Replace", "path": "active", "value": "False"}]);
    bridge.patch(&path, off.clone(), 200).await;
    bridge.patch(&path, off, 200).await;
    bridge.get("/Users?filter=userName+eq+ann", 200).await;
    let home =
        json!([{"op": "add", "path": "emails[type eq \"home\"].value", "value": "a@example.com"}]);
    bridge.patch(&path, home.clone(), 200).await;
    bridge.patch(&path, home, 200).await;
    let expected = counted([
        ("boolean_as_string", 2),
        ("operation_in_capitals", 2),
        ("bare_word", 1),
        ("missing_element", 1),
    ]);
    assert_eq!(counts(&bridge, "acme"), expected);
    assert_eq!(counts(&bridge, "northwind"), counted([]));
}

#[tokio::test]
async fn a_request_that_is_refused_counts_nothing() {
    let bridge = with("").await;
    let user = bridge.user("ann").await;
    let before = counts(&bridge, "acme");
    let bad = json!([
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "Replace", "path": "active", "value": "disabled"},
    ]);
    bridge.patch(&format!("/Users/{user}"), bad, 400).await;
    assert_eq!(counts(&bridge, "acme"), before);
}

#[tokio::test]
async fn members_that_cannot_be_are_skipped_and_counted_or_refused() {
    // Q088, Q130; section 8, decision 4
    for (tenant, status) in [("", 204), (STRICT, 400)] {
        let bridge = with(tenant).await;
        let schemas = json!(["urn:ietf:params:scim:schemas:core:2.0:Group"]);
        let mut groups = Vec::new();
        for name in ["Team", "Inner"] {
            let body = json!({"schemas": schemas, "displayName": name});
            let made = bridge.post("/Groups", body, 201).await;
            groups.push(made["id"].as_str().unwrap().to_owned());
        }
        let made = bridge.post("/Users", plain("ann"), 201).await;
        let ann = made["id"].as_str().unwrap();
        let path = format!("/Groups/{}", groups[0]);
        let add = |id: &str| json!([{"op": "add", "path": "members", "value": [{"value": ann}, {"value": id}]}]);
        bridge.patch(&path, add(&groups[1]), status).await;
        bridge.patch(&path, add("nobody"), status).await;
        let inner = json!([{"op": "add", "path": "members", "value": [{"value": groups[1], "type": "Group"}]}]);
        bridge.patch(&path, inner, status).await;
        let members = bridge.get(&path, 200).await["members"].clone();
        let taken = status == 204;
        assert_eq!(members.as_array().unwrap().len(), usize::from(taken));
        let expected = if taken {
            counted([("nested_group", 2), ("unknown_member", 1)])
        } else {
            counted([])
        };
        assert_eq!(counts(&bridge, "acme"), expected);
        let put =
            json!({"schemas": schemas, "displayName": "Team", "members": [{"value": groups[1]}]});
        bridge
            .put(&path, put.clone(), if taken { 200 } else { 400 })
            .await;
        for member in [
            json!({"value": groups[1]}),
            json!({"value": groups[1], "type": "Group"}),
        ] {
            let post = json!({"schemas": schemas, "displayName": "New", "members": [member]});
            let error = bridge.post("/Groups", post, 400).await;
            assert_eq!(error["scimType"], "invalidValue");
            let detail = error["detail"].as_str().unwrap();
            assert!(
                detail.contains("group cannot be a member of a group"),
                "{detail}"
            );
        }
    }
}

#[tokio::test]
async fn a_create_takes_up_who_was_deactivated_or_is_refused() {
    // Q110; section 8, decision 3
    for (tenant, status) in [("", 201), (STRICT, 409)] {
        let bridge = with(tenant).await;
        let made = bridge.post("/Users", plain("ann"), 201).await;
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        let off = json!([{"op": "replace", "path": "active", "value": false}]);
        bridge.patch(&path, off, 200).await;
        bridge.post("/Users", plain("ann"), status).await;
        let expected = if status == 201 {
            counted([("create_reactivates", 1)])
        } else {
            counted([])
        };
        assert_eq!(counts(&bridge, "acme"), expected);
    }
}

#[tokio::test]
async fn an_external_id_in_another_case_finds_the_one_who_can_be_meant_or_nobody() {
    // Section 8, decision 2
    for (tenant, hits) in [("", 1), (STRICT, 0)] {
        let bridge = with(tenant).await;
        bridge.post("/Users", plain("ann"), 201).await;
        let found = bridge
            .get("/Users?filter=externalId+eq+%22ANN%22", 200)
            .await;
        assert_eq!(found["totalResults"], hits, "{tenant}");
        let found = bridge
            .get("/Users?filter=externalId+eq+%22ann%22", 200)
            .await;
        assert_eq!(found["totalResults"], 1, "{tenant}");
        let counts = counts(&bridge, "acme");
        assert_eq!(counts.get("external_id_case").copied().unwrap_or(0), hits);
    }
}

#[tokio::test]
async fn a_strict_tenant_refuses_what_a_generic_one_takes() {
    let bridge = with(STRICT).await;
    let made = bridge.post("/Users", plain("ann"), 201).await;
    let path = format!("/Users/{}", made["id"].as_str().unwrap());
    let mut unknown = plain("ben");
    unknown["favouriteColour"] = json!("red");
    let error = bridge.post("/Users", unknown, 400).await;
    assert_eq!(error["scimType"], "invalidValue");
    assert!(
        error["detail"]
            .as_str()
            .unwrap()
            .contains("favouriteColour")
    );
    for (operations, scim_type) in [
        (json!([]), "invalidSyntax"),
        (
            json!([{"op": "Replace", "path": "title", "value": "X"}]),
            "invalidSyntax",
        ),
        (
            json!([{"op": "replace", "path": "active", "value": "False"}]),
            "invalidValue",
        ),
        (
            json!([{"op": "replace", "path": "phoneNumbers[type eq \"fax\"].value", "value": "1"}]),
            "noTarget",
        ),
        (
            json!([{"op": "replace", "path": "groups", "value": []}]),
            "mutability",
        ),
    ] {
        let error = bridge.patch(&path, operations, 400).await;
        assert_eq!(error["scimType"], scim_type);
    }
    bridge.get("/Users?filter=userName+eq+ann", 400).await;
    bridge.get("/Users?filter=manager+eq+%22x%22", 400).await;
    assert_eq!(bridge.get(&path, 200).await, made);
    assert_eq!(counts(&bridge, "acme"), counted([]));
}

#[tokio::test]
async fn a_reload_changes_the_dialect() {
    let mut bridge = with("").await;
    let user = bridge.user("ann").await;
    let path = format!("/Users/{user}");
    let shout = json!([{"op": "REPLACE", "path": "title", "value": "X"}]);
    bridge.patch(&path, shout.clone(), 200).await;
    bridge.setup.tenant = STRICT;
    bridge.reload().await;
    bridge.patch(&path, shout.clone(), 400).await;
    bridge.setup.tenant = "scim = { profile = \"entra\" }";
    bridge.reload().await;
    bridge.patch(&path, shout, 200).await;
    assert_eq!(counts(&bridge, "acme")["operation_in_capitals"], 2);
}

#[tokio::test]
async fn members_that_are_null_are_not_said_or_none_as_everywhere_in_the_dialect() {
    let group = |members: Value| {
        let schemas = json!(["urn:ietf:params:scim:schemas:core:2.0:Group"]);
        json!({"schemas": schemas, "displayName": "Team", "members": members})
    };
    let profiles = [
        "scim = { profile = \"entra\" }",
        "scim = { profile = \"okta\" }",
    ];
    for (tenant, left) in [(profiles[0], 1), (profiles[1], 1), ("", 1), (STRICT, 0)] {
        let bridge = with(tenant).await;
        let made = bridge.post("/Groups", group(Value::Null), 201).await;
        let path = format!("/Groups/{}", made["id"].as_str().unwrap());
        let ann = bridge.post("/Users", plain("ann"), 201).await;
        let one = json!([{"value": ann["id"]}]);
        bridge.put(&path, group(one.clone()), 200).await;
        let count = |group: &Value| group["members"].as_array().map_or(0, Vec::len);
        assert_eq!(
            count(&bridge.put(&path, group(Value::Null), 200).await),
            left
        );
        bridge.put(&path, group(one), 200).await;
        let replace = json!([{"op": "replace", "value": {"members": null}}]);
        bridge.patch(&path, replace, 204).await;
        assert_eq!(count(&bridge.get(&path, 200).await), left, "{tenant}");
    }
}
