//! The open questions about roles: the other answers, and the role that is renamed.

use scim_bridge::sandbox::seed::{HAND_MADE_ADMINISTRATOR, OLGA, VERA};
use serde_json::{Value, json};

use super::support::{Client, administrator, administrators, both, but, person, user, users};

#[tokio::test]
async fn a_put_without_a_role_may_keep_it() {
    let client = Client::set("role_on_put", "optional").await;
    for (path, body) in both() {
        let role = body["roleId"].clone();
        let path = format!("{path}/{}", client.post(&path, body).await.id());
        for absent in [json!({ "title": "Clerk" }), json!({ "roleId": null })] {
            assert_eq!(client.put(&path, absent).await.status, 204);
            assert_eq!(client.get(&path).await.json()["roleId"], role);
        }
    }
}

#[tokio::test]
async fn a_role_id_may_have_to_be_a_number() {
    let client = Client::set("role_ids_taken", "number_only").await;
    for (path, body) in both() {
        let text = json!(body["roleId"].to_string());
        let reply = client.post(&path, but(body.clone(), "roleId", text)).await;
        assert_eq!(reply.status, 400);
        assert!(reply.json()["RoleId"].is_array());
        assert_eq!(client.post(&path, body).await.status, 201);
    }
}

#[tokio::test]
async fn a_role_is_shown_in_one_of_three_forms() {
    let client = Client::set("role_shown", "id_only").await;
    let olga = client.get(&user(OLGA)).await.json();
    assert_eq!((&olga["roleId"], olga.get("roleName")), (&json!(6), None));

    let client = Client::set("role_shown", "object").await;
    let olga = client.get(&user(OLGA)).await.json();
    assert_eq!(
        olga["role"],
        json!({ "id": 6, "name": "Organization Admin" })
    );
    assert!(olga.get("roleId").is_none() && olga.get("roleName").is_none());
    assert_eq!(
        client.get(&administrators()).await.json()[0]["role"]["name"],
        "Global Admin"
    );
    assert_eq!(
        client
            .put(&user(OLGA), but(olga, "roleId", json!(7)))
            .await
            .status,
        204
    );
    assert_eq!(client.get(&user(OLGA)).await.json()["role"]["id"], json!(7));
}

#[tokio::test]
async fn making_a_super_admin_is_refused_unless_the_switch_allows_it() {
    let super_admin = but(person("ann@northwind.example"), "roleId", json!(1));
    let client = Client::demo().await;
    assert_eq!(
        client
            .post(&administrators(), super_admin.clone())
            .await
            .status,
        403
    );
    let admin = but(super_admin.clone(), "roleId", json!(24));
    let id = client.post(&administrators(), admin).await.id();
    let reply = client
        .put(&administrator(&id), json!({ "roleId": 1 }))
        .await;
    assert_eq!(reply.status, 403);
    assert_eq!(reply.json()[0]["errorName"], "InvalidValue");
    let hanna = client.sandbox.snapshot();
    let hanna = administrator(&hanna.person(HAND_MADE_ADMINISTRATOR).unwrap().id);
    let detail = client.get(&hanna).await.json();
    assert_eq!(client.put(&hanna, detail).await.status, 204);

    let client = Client::set("super_admin_grant", "allowed").await;
    assert_eq!(
        client.post(&administrators(), super_admin).await.status,
        201
    );
}

#[tokio::test]
async fn a_put_may_refuse_what_only_cloudmore_writes_and_passwords() {
    let client = Client::set("put_extra", "refuses").await;
    let vera = client.get(&user(VERA)).await.json();
    let reply = client.put(&user(VERA), vera.clone()).await;
    assert_eq!(reply.status, 400);
    let map = reply.json();
    let named: Vec<&String> = map.as_object().unwrap().keys().collect();
    assert_eq!(named, ["Id", "RoleName"]);
    let own = ["id", "roleName", "lastAccessedDate"];
    let clean = own
        .iter()
        .fold(vera, |body, field| but(body, field, Value::Null));
    assert_eq!(client.put(&user(VERA), clean.clone()).await.status, 204);
    let with_password = but(clean, "password", json!("Qz7!vKp2#Lw9"));
    assert_eq!(client.put(&user(VERA), with_password).await.status, 400);
}

#[tokio::test]
async fn a_role_can_be_renamed_while_the_sandbox_runs() {
    let client = Client::demo().await;
    assert!(client.sandbox.rename_role(7, "Organization Service Admin"));
    assert!(!client.sandbox.rename_role(99, "Nothing"));
    let id = client.create("ann@acme.example").await;
    let ann = client.get(&user(&id)).await.json();
    assert_eq!(ann["roleName"], "Organization Service Admin");
    let renamed = client.put("/sandbox/roles/24", json!("Chief")).await;
    assert_eq!(renamed.status, 204);
    let rows = client.get(&administrators()).await.json();
    assert_eq!(rows[0]["roleName"], "Chief");
    assert_eq!(
        client
            .put("/sandbox/roles/99", json!("Nothing"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_sign_in_can_be_noted_while_the_sandbox_runs() {
    let client = Client::demo().await;
    let vera = "vera.reader@acme.example";
    let date = "2026-01-02T03:04:05Z";
    assert!(client.sandbox.set_last_accessed(vera, Some(date)));
    assert!(
        !client
            .sandbox
            .set_last_accessed("nobody@acme.example", None)
    );
    assert_eq!(
        client.get(&user(VERA)).await.json()["lastAccessedDate"],
        date
    );
    let path = format!("/sandbox/lastAccessed/{vera}");
    assert_eq!(client.put(&path, Value::Null).await.status, 204);
    assert_eq!(
        client.get(&user(VERA)).await.json()["lastAccessedDate"],
        Value::Null
    );
    assert_eq!(
        client
            .put("/sandbox/lastAccessed/nobody", Value::Null)
            .await
            .status,
        404
    );
    assert_eq!(
        client.get(&users()).await.json().as_array().unwrap().len(),
        3
    );
}
