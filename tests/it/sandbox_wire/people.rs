//! Users and administrators: create, read, list, replace, delete.

use scim_bridge::sandbox::seed::{
    HAND_MADE_ADMINISTRATOR, OLGA, ORGANIZATION_ADMIN, PETER, PRO_SEATS, VERA,
};
use serde_json::{Value, json};

use super::support::{Client, administrator, administrators, but, person, user, users};

#[tokio::test]
async fn a_created_user_can_be_read_and_is_shown_without_a_password() {
    let client = Client::demo().await;
    let id = client.create("ann@acme.example").await;
    let read = client.get(&user(&id)).await.json();
    assert_eq!(
        read,
        json!({
            "id": id,
            "name": "ann@acme.example",
            "firstName": "Ann",
            "lastName": "Jones",
            "displayName": "Ann Jones",
            "email": "ann@acme.example",
            "roleId": 7,
            "roleName": "Organization User",
            "isActive": true,
            "lastAccessedDate": null,
        })
    );
}

#[tokio::test]
async fn an_administrator_has_the_same_life_as_a_user() {
    let client = Client::demo().await;
    let body = but(person("ann@northwind.example"), "roleId", json!(24));
    let created = client.post(&administrators(), body).await;
    assert_eq!(created.status, 201);
    let path = format!("{}/{}", administrators(), created.id());
    assert_eq!(client.get(&path).await.json()["roleName"], "Global Admin");
    let replaced = client.put(&path, json!({ "roleId": 18, "title": "Agent" }));
    assert_eq!(replaced.await.status, 204);
    let read = client.get(&path).await.json();
    assert_eq!(read["title"], "Agent");
    assert_eq!(read["roleName"], "Sales Agent");
    assert_eq!(client.delete(&path).await.status, 204);
    assert_eq!(client.get(&path).await.status, 404);
}

#[tokio::test]
async fn a_put_clears_what_it_leaves_out_and_keeps_what_only_cloudmore_writes() {
    let client = Client::demo().await;
    let before = client.get(&user(OLGA)).await.json();
    let body = json!({ "name": before["name"], "roleId": 7, "firstName": "Olga" });
    assert_eq!(client.put(&user(OLGA), body).await.status, 204);
    let after = client.get(&user(OLGA)).await.json();
    for gone in ["title", "cellPhone", "address", "customProperties", "email"] {
        assert!(
            before.get(gone).is_some() && after.get(gone).is_none(),
            "{gone}"
        );
    }
    assert_eq!(after["firstName"], "Olga");
    assert_eq!(after["lastAccessedDate"], before["lastAccessedDate"]);
    assert_eq!(after["id"], json!(OLGA));
}

#[tokio::test]
async fn fields_cloudmore_does_not_know_survive_a_put_that_sends_them_back() {
    let client = Client::demo().await;
    client.sandbox.edit(|world| {
        let olga = &mut world.resellers[0].organizations[0].users[0];
        olga.fields
            .insert("costCentre".to_owned(), json!({ "Code": 7 }));
    });
    let before = client.get(&user(OLGA)).await.json();
    let body = but(before.clone(), "title", json!("Director"));
    client.put(&user(OLGA), body.clone()).await;
    let after = client.get(&user(OLGA)).await.json();
    assert_eq!(after["title"], "Director");
    assert_eq!(after["costCentre"], json!({ "code": 7 }));
    assert_eq!(after["address"], before["address"]);
}

#[tokio::test]
async fn a_put_renames_the_account() {
    let client = Client::demo().await;
    let before = client.get(&user(VERA)).await.json();
    let body = but(before, "name", json!("vera.new@acme.example"));
    assert_eq!(client.put(&user(VERA), body).await.status, 204);
    let after = client.get(&user(VERA)).await.json();
    assert_eq!(after["name"], "vera.new@acme.example");
}

#[tokio::test]
async fn keys_and_paths_are_read_without_regard_to_case() {
    let client = Client::demo().await;
    let mut body = json!({});
    for (key, value) in person("ann@acme.example").as_object().unwrap() {
        body[key.to_uppercase()] = value.clone();
    }
    let created = client.post(&users().to_uppercase(), body).await;
    assert_eq!(created.status, 201, "{created:?}");
    let read = client.get(&user(&created.id()).to_lowercase()).await;
    assert_eq!(read.json()["firstName"], "Ann");
}

#[tokio::test]
async fn the_role_may_be_sent_as_text_and_is_shown_as_a_number() {
    let client = Client::demo().await;
    let body = but(person("ann@acme.example"), "roleId", json!("6"));
    let created = client.post(&users(), body).await;
    let read = client.get(&user(&created.id())).await.json();
    assert_eq!(read["roleId"], json!(ORGANIZATION_ADMIN));
}

#[tokio::test]
async fn deleting_a_user_drops_the_assignments_and_a_second_create_has_another_id() {
    let client = Client::demo().await;
    assert_eq!(client.delete(&user(PETER)).await.status, 204);
    assert_eq!(client.get(&user(PETER)).await.status, 404);
    assert_eq!(client.delete(&user(PETER)).await.status, 404);
    let snapshot = client.sandbox.snapshot();
    assert!(!snapshot.subscription(PRO_SEATS).unwrap().has(PETER));
    assert_eq!(
        client.sandbox.calls()[0].note,
        "deletes user peter.craft@acme.example and 1 assignment(s)"
    );
    assert_ne!(client.create("peter.craft@acme.example").await, PETER);
}

#[tokio::test]
async fn a_user_is_found_only_below_the_own_organization() {
    let client = Client::demo().await;
    let administrator = client.sandbox.snapshot();
    let administrator = &administrator.person(HAND_MADE_ADMINISTRATOR).unwrap().id;
    assert_eq!(client.get(&user(administrator)).await.status, 404);
    let path = format!("{}/{OLGA}", administrators());
    assert_eq!(client.get(&path).await.status, 404);
}

#[tokio::test]
async fn there_is_no_patch() {
    let client = Client::demo().await;
    let reply = client
        .try_send(reqwest::Method::PATCH, &user(OLGA), Some(json!({})))
        .await;
    assert_eq!(reply.unwrap().status, 405);
}

#[tokio::test]
async fn a_put_with_null_clears_the_field() {
    let client = Client::demo().await;
    let before = client.get(&user(OLGA)).await.json();
    let mut body = before;
    body["title"] = Value::Null;
    client.put(&user(OLGA), body).await;
    assert!(client.get(&user(OLGA)).await.json().get("title").is_none());
}

#[tokio::test]
async fn people_of_both_populations_have_address_phone_and_custom_properties_and_keep_them() {
    let client = Client::demo().await;
    let world = client.sandbox.snapshot();
    let hanna = world.person(HAND_MADE_ADMINISTRATOR).unwrap().id.clone();
    for path in [user(OLGA), administrator(&hanna)] {
        let detail = client.get(&path).await.json();
        assert!(detail["address"]["countryCode"].is_string());
        assert!(detail["cellPhone"].is_string() && detail["cellPhonePrefix"].is_string());
        assert!(detail["customProperties"][0]["value"].is_string());
        assert!(detail["lastAccessedDate"].is_string());
        assert_eq!(client.put(&path, detail.clone()).await.status, 204);
        assert_eq!(client.get(&path).await.json(), detail);
    }
}
