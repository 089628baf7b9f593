//! Fields under other names than was guessed.

use scim_bridge::sandbox::seed::{
    HAND_MADE_ADMINISTRATOR, OFFICE_SUITE, OLGA, PETER, TEAM_PLAN, VERA,
};
use scim_bridge::sandbox::{FieldNames, Switches};
use serde_json::{Value, json};

use super::support::{
    Client, GOOD_PASSWORD, administrator, but, organization, person, reseller, seats, user, users,
};

/// A client of a sandbox with these names.
async fn named(names: Value) -> Client {
    let field_names: FieldNames = serde_json::from_value(names).unwrap();
    Client::with(Switches {
        field_names,
        ..Switches::default()
    })
    .await
}

#[tokio::test]
async fn a_renamed_field_is_written_read_and_complained_about_under_its_new_name_only() {
    let client = named(json!({ "user": { "firstName": "givenName", "roleId": "roleKey" } })).await;
    let olga = client.get(&user(OLGA)).await.json();
    assert_eq!(olga["givenName"], "olga");
    assert_eq!(olga["roleKey"], json!(6));
    assert!(olga.get("firstName").is_none() && olga.get("roleId").is_none());
    assert_eq!(client.get(&users()).await.json()[0]["givenName"], "olga");

    let refused = client.post(&users(), person("ann@acme.example")).await;
    assert_eq!(refused.status, 400);
    let map = refused.json();
    let named: Vec<&String> = map.as_object().unwrap().keys().collect();
    assert_eq!(named, ["GivenName", "RoleKey"]);
    assert_eq!(map["GivenName"][0], "The GivenName field is required.");

    let mut body = person("ann@acme.example");
    body["GIVENNAME"] = json!("Anna");
    body["roleKey"] = json!(7);
    let id = client.post(&users(), body).await.id();
    let ann = client.get(&user(&id)).await.json();
    assert_eq!(ann["givenName"], "Anna");
    assert!(ann.get("firstName").is_none());
    let stored = client.sandbox.snapshot();
    let stored = stored.person("ann@acme.example").unwrap();
    assert_eq!(stored.text("firstName"), "Anna");
}

#[tokio::test]
async fn the_names_of_users_and_administrators_are_their_own() {
    let client = named(json!({ "administrator": { "title": "jobTitle", "isActive": "enabled" } }));
    let client = client.await;
    let world = client.sandbox.snapshot();
    let hanna = &world.person(HAND_MADE_ADMINISTRATOR).unwrap().id;
    let hanna = client.get(&administrator(hanna)).await.json();
    assert_eq!(hanna["jobTitle"], "Owner");
    assert_eq!(hanna["enabled"], json!(true));
    assert_eq!(client.get(&user(OLGA)).await.json()["title"], "IT manager");
}

#[tokio::test]
async fn what_is_inside_a_person_has_names_too() {
    let names = json!({
        "user": { "address": "postalAddress" },
        "address": { "countryCode": "country" },
        "customProperty": { "value": "content" },
    });
    let client = named(names).await;
    let olga = client.get(&user(OLGA)).await.json();
    assert_eq!(olga["postalAddress"]["country"], "EE");
    assert_eq!(olga["customProperties"][0]["content"], "4711");
    let mut body = olga.clone();
    body["postalAddress"]["country"] = json!("FI");
    body["customProperties"][0]["content"] = json!("4712");
    assert_eq!(client.put(&user(OLGA), body).await.status, 204);
    let world = client.sandbox.snapshot();
    let olga = &world.person("olga.first@acme.example").unwrap().fields;
    assert_eq!(olga["address"]["countryCode"], "FI");
    assert_eq!(olga["customProperties"][0]["value"], "4712");
}

#[tokio::test]
async fn seats_roles_and_what_an_operator_picks_from_have_names_too() {
    let names = json!({
        "seat": { "userId": "organizationUserId" },
        "role": { "name": "title" },
        "service": { "id": "serviceKey" },
        "subscription": { "status": "state" },
        "organization": { "name": "company" },
    });
    let client = named(names).await;
    let path = seats(OFFICE_SUITE, TEAM_PLAN);
    let refused = client.post(&path, json!({ "userId": VERA })).await;
    assert_eq!(refused.status, 400);
    assert!(refused.json()["OrganizationUserId"].is_array());
    let body = json!({ "organizationUserId": PETER });
    assert_eq!(client.post(&path, body).await.status, 201);
    let rows = client.get(&path).await.json();
    assert_eq!(rows[1]["organizationUserId"], json!(PETER));
    for (path, field, value) in [
        ("OrganizationRoles", "title", "Organization Admin"),
        ("services", "serviceKey", OFFICE_SUITE),
        (
            &format!("services/{OFFICE_SUITE}/subscriptions"),
            "state",
            "Active",
        ),
    ] {
        let rows = client
            .get(&format!("{}/{path}", organization()))
            .await
            .json();
        assert_eq!(rows[0][field], value, "{path}");
    }
    let rows = client.get(&format!("{}/Organizations", reseller())).await;
    assert_eq!(rows.json()[0]["company"], "Acme");
}

#[tokio::test]
async fn a_renamed_password_stays_out_of_the_journal() {
    let client = named(json!({ "user": { "password": "initialSecret" } })).await;
    let body = but(person("ann@acme.example"), "password", Value::Null);
    let body = but(body, "initialSecret", json!(GOOD_PASSWORD));
    assert_eq!(client.post(&users(), body).await.status, 201);
    let written = serde_json::to_string(&client.sandbox.calls()).unwrap();
    assert!(!written.contains(GOOD_PASSWORD));
}

#[tokio::test]
async fn names_that_mean_nothing_or_two_things_are_refused() {
    let client = Client::demo().await;
    for (names, words) in [
        (json!({ "people": { "name": "x" } }), "no model `people`"),
        (
            json!({ "user": { "shoeSize": "x" } }),
            "no field `shoeSize`",
        ),
        (json!({ "user": { "name": "" } }), "needs a name"),
        (json!({ "user": { "name": "EMAIL" } }), "are both named"),
    ] {
        let reply = client
            .put("/sandbox/switches", json!({ "field_names": names }))
            .await;
        assert_eq!(reply.status, 422);
        assert!(reply.text.contains(words), "{}", reply.text);
    }
    let swapped = json!({ "user": { "firstName": "lastName", "lastName": "firstName" } });
    let reply = client
        .put("/sandbox/switches", json!({ "field_names": swapped }))
        .await;
    assert_eq!(reply.status, 204);
    assert_eq!(client.get(&user(OLGA)).await.json()["lastName"], "olga");
}

#[test]
fn names_can_be_given_one_by_one() {
    let names = FieldNames::default()
        .rename("seat", "userId", "user")
        .unwrap();
    assert_eq!(
        serde_json::to_value(&names).unwrap(),
        json!({ "seat": { "userId": "user" } })
    );
    let text = toml::to_string(&Switches {
        field_names: names.clone(),
        ..Switches::default()
    });
    let read: Switches = toml::from_str(&text.unwrap()).unwrap();
    assert_eq!(read.field_names, names);
    assert!(
        FieldNames::default()
            .rename("seat", "nothing", "x")
            .is_err()
    );
}
