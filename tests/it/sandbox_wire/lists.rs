//! The read-only lists that an operator picks ids from, and the traps among the addresses.

use reqwest::Method;
use scim_bridge::sandbox::seed::{ACME, CANCELLED_PLAN, KEY_CUSTOMERS, OFFICE_SUITE, TEAM_PLAN};
use serde_json::{Value, json};

use super::support::{Client, administrators, organization, reseller, users};

/// Checks one field of every row of a list.
async fn check(path: &str, field: &str, expected: Value) {
    let client = Client::demo().await;
    let reply = client.get(path).await;
    assert_eq!(reply.status, 200, "{path}");
    let rows = reply.json();
    let found: Value = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row[field].clone())
        .collect();
    assert_eq!(found, expected, "{path}");
}

#[tokio::test]
async fn the_lists_show_what_the_seed_holds() {
    let roles = json!([1, 24, 2, 25, 3, 14, 26, 17, 18]);
    check(&format!("{}/ResellerRoles", reseller()), "id", roles).await;
    check(
        &format!("{}/OrganizationRoles", organization()),
        "id",
        json!([6, 7, 8]),
    )
    .await;
    let services = json!([
        "Office Suite",
        "Design Studio",
        "Expert Hotline",
        "Backup Vault"
    ]);
    check(
        &format!("{}/services", reseller()),
        "name",
        services.clone(),
    )
    .await;
    check(&format!("{}/services", organization()), "name", services).await;
    check(
        &format!("{}/Organizations", reseller()),
        "name",
        json!(["Acme"]),
    )
    .await;
    let properties = format!("{}/settings/CustomProperties", reseller());
    let names = json!(["Cost centre", "Department", "Employee number"]);
    check(&properties, "name", names).await;
    let groups = format!("{}/OrganizationGroups", reseller());
    check(&groups, "name", json!(["Key customers"])).await;
    let members = format!("{groups}/{KEY_CUSTOMERS}/Members");
    check(&members, "id", json!([ACME])).await;
    let everywhere = format!("{}/services/{OFFICE_SUITE}/subscriptions", reseller());
    check(&everywhere, "organizationName", json!(["Acme", "Acme"])).await;
    let names = json!(["scim@northwind.example", "hanna.boss@northwind.example"]);
    check(&administrators(), "name", names).await;
}

#[tokio::test]
async fn cancelled_subscriptions_are_listed_with_their_status() {
    let path = format!("{}/services/{OFFICE_SUITE}/subscriptions", organization());
    check(&path, "id", json!([TEAM_PLAN, CANCELLED_PLAN])).await;
    check(&path, "status", json!(["Active", "Cancelled"])).await;
}

#[tokio::test]
async fn single_things_can_be_read() {
    let client = Client::demo().await;
    let subscriptions = format!("{}/services/{OFFICE_SUITE}/subscriptions", organization());
    for (path, field, value) in [
        ("/api/healthcheck".to_owned(), "", json!("Healthy")),
        (organization(), "name", json!("Acme")),
        (
            format!("{}/services/{OFFICE_SUITE}", organization()),
            "userAssigned",
            json!(true),
        ),
        (
            format!("{subscriptions}/{TEAM_PLAN}"),
            "quantity",
            json!(10),
        ),
    ] {
        let read = client.get(&path).await.json();
        assert_eq!(
            if field.is_empty() {
                &read
            } else {
                &read[field]
            },
            &value
        );
    }
}

#[tokio::test]
async fn a_list_row_is_shorter_than_the_detail() {
    let client = Client::demo().await;
    let row = client.get(&users()).await.json()[0].clone();
    let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "id",
            "name",
            "firstName",
            "lastName",
            "displayName",
            "email",
            "roleId",
            "roleName",
            "lastAccessedDate"
        ]
    );
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_and_what_is_not_offered_not_allowed() {
    let client = Client::demo().await;
    let subscriptions = format!("{}/services/{OFFICE_SUITE}/subscriptions", organization());
    for (method, path, status) in [
        (Method::GET, format!("{}/nothing", organization()), 404),
        (
            Method::GET,
            format!("{}/services/nothing", organization()),
            404,
        ),
        (
            Method::GET,
            format!("{}/services/nothing/subscriptions", organization()),
            404,
        ),
        (Method::GET, "/elsewhere".to_owned(), 404),
        (Method::POST, subscriptions, 405),
        (Method::DELETE, organization(), 405),
        (Method::GET, "/connect/token".to_owned(), 405),
    ] {
        let reply = client.try_send(method, &path, None).await.unwrap();
        assert_eq!(reply.status, status, "{path}");
    }
}

#[tokio::test]
async fn traps_answer_and_are_noted_with_or_without_a_token() {
    let mut client = Client::demo().await;
    let token = std::mem::take(&mut client.token);
    for token in [token, String::new()] {
        let expected = if token.is_empty() {
            [401; 3]
        } else {
            [200, 201, 204]
        };
        client.token = token;
        for path in [
            format!("{}/services/csp/users", organization()),
            format!("{}/services/Azure/Users/17", organization()),
            "/api/sellers/17/SellerAdministrators".to_owned(),
        ] {
            let methods = [Method::GET, Method::POST, Method::DELETE];
            for (method, status) in methods.into_iter().zip(expected) {
                let reply = client.try_send(method, &path, None).await.unwrap();
                assert_eq!(reply.status, status, "{path}");
                let note = client.last_call().note;
                assert!(note.starts_with("TRAP"), "{note}");
            }
        }
    }
    client.get(&users()).await;
    assert!(!client.last_call().note.starts_with("TRAP"));
}
