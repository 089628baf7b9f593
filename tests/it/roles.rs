//! Roles that come from the SCIM attribute `roles`, such as Entra's app roles, and their list for Okta.

use scim_bridge::sandbox::seed;
use serde_json::json;

use crate::harness::{Bridge, Setup, person};

const ROLE: &str = "urn:okta:scim:schemas:core:1.0:Role";

/// Administrators by app role; the members of a group by that; everybody else reads.
fn mappings() -> String {
    format!(
        r#"
        [[tenant.mapping]]
        scim_role = "Billing admin"
        role = {admin}
        subscriptions = [ {{ service = "{office}", subscription = "{team}" }} ]
        [[tenant.mapping]]
        group = "Cloudmore Sales"
        role = {admin}
        [[tenant.mapping]]
        scim_role = "Bulk/Reader"
        role = {reader}
        "#,
        reader = seed::VIEW_ONLY,
        admin = seed::ORGANIZATION_ADMIN,
        office = seed::OFFICE_SUITE,
        team = seed::TEAM_PLAN,
    )
}

async fn bridge() -> Bridge {
    Bridge::with(Setup {
        mappings: Some(mappings()),
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn a_role_of_the_directory_gives_and_takes() {
    let bridge = bridge().await;
    let mut body = person("maja");
    body["roles"] = json!([{"value": "billing ADMIN", "primary": true}]);
    let user = bridge.post("/Users", body, 201).await;
    assert_eq!(bridge.access("maja"), "role 6; Team plan");
    let address = format!("/Users/{}", user["id"].as_str().unwrap());
    let none = json!([{"op": "remove", "path": "roles"}]);
    bridge.patch(&address, none, 200).await;
    assert_eq!(bridge.access("maja"), "role 7; ");
}

#[tokio::test]
async fn the_order_of_mappings_is_the_precedence_among_groups_and_roles() {
    let bridge = bridge().await;
    let mut body = person("maja");
    body["roles"] = json!([{"value": "Bulk/Reader"}]);
    let user = bridge.post("/Users", body, 201).await;
    assert_eq!(bridge.access("maja"), "role 8; ");
    let group = bridge.group("Cloudmore Sales").await;
    bridge.join(&group, user["id"].as_str().unwrap()).await;
    assert_eq!(bridge.access("maja"), "role 6; ");
}

#[tokio::test]
async fn q140_roles_are_listed_for_okta() {
    let bridge = bridge().await;
    let page = bridge.get("/Roles?count=1&startIndex=1", 200).await;
    assert_eq!(page["itemsPerPage"], 1);
    assert_eq!(page["totalResults"], 2);
    assert_eq!(
        page["schemas"],
        json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"])
    );
    let first = &page["Resources"][0];
    assert_eq!(first["schemas"], json!([ROLE]));
    assert_eq!(first["id"], "Billing admin");
    assert_eq!(first["displayName"], "Billing admin");
    let rest = bridge.get("/Roles?startIndex=2", 200).await;
    assert_eq!(rest["Resources"][0]["id"], "Bulk/Reader");
    assert_eq!(
        bridge.get("/Roles/Bulk%2FReader", 200).await,
        rest["Resources"][0]
    );
    let location = rest["Resources"][0]["meta"]["location"].as_str().unwrap();
    assert!(location.ends_with("/Roles/Bulk%2FReader"), "{location}");
    bridge.get("/Roles/nobody", 404).await;
}

#[tokio::test]
async fn roles_are_selected_sorted_and_shown_as_asked() {
    let bridge = bridge().await;
    for (query, expected) in [
        (
            "filter=displayName+eq+%22billing+ADMIN%22",
            vec!["Billing admin"],
        ),
        ("filter=id+eq+%22Bulk/Reader%22", vec!["Bulk/Reader"]),
        ("filter=not+(id+pr)", vec![]),
        ("filter=members+pr", vec![]),
        (
            "sortBy=displayName&sortOrder=descending",
            vec!["Bulk/Reader", "Billing admin"],
        ),
    ] {
        let page = bridge.get(&format!("/Roles?{query}"), 200).await;
        let found = page["Resources"].as_array().unwrap().iter();
        let found: Vec<_> = found.map(|role| role["id"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{query}");
        assert_eq!(page["totalResults"], expected.len(), "{query}");
    }
    for query in [
        "filter=colour+eq+1",
        "filter=",
        "sortBy=colour",
        "attributes=%5B",
    ] {
        bridge.get(&format!("/Roles?{query}"), 400).await;
    }
    let page = bridge.get("/Roles?attributes=displayName", 200).await;
    let bare = json!({"schemas": [ROLE], "id": "Billing admin", "displayName": "Billing admin"});
    assert_eq!(page["Resources"][0], bare);
    let one = bridge
        .get("/Roles/Billing%20admin?excludedAttributes=meta", 200)
        .await;
    assert_eq!(one, bare);
}

#[tokio::test]
async fn only_a_tenant_with_roles_announces_them() {
    let with = bridge().await;
    let types = with.get("/ResourceTypes", 200).await;
    assert_eq!(types["Resources"][2]["endpoint"], "/Roles");
    assert_eq!(types["Resources"][2]["schema"], ROLE);
    let schema = with.get(&format!("/Schemas/{ROLE}"), 200).await;
    assert_eq!(schema["attributes"][0]["name"], "displayName");
    with.get("/ResourceTypes/Role", 200).await;

    let without = Bridge::start().await;
    assert_eq!(without.get("/ResourceTypes", 200).await["totalResults"], 2);
    without.get(&format!("/Schemas/{ROLE}"), 404).await;
    without.get("/Roles", 404).await;
}
