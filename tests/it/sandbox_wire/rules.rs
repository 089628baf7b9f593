//! What Cloudmore refuses, and the shape of the refusal.

use scim_bridge::sandbox::seed::{HAND_MADE_ADMINISTRATOR, OLGA, PETER};
use serde_json::{Value, json};

use super::support::{Client, GOOD_PASSWORD, administrators, but, person, user, users};

/// Checks that the body is refused by model validation, with messages for these fields and no others.
async fn check_fields(body: Value, fields: &[&str]) {
    let client = Client::demo().await;
    let before = client.sandbox.snapshot();
    let reply = client.post(&users(), body).await;
    assert_eq!(reply.status, 400, "{fields:?}");
    let map = reply.json();
    let named: Vec<&str> = map
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(named, fields);
    assert!(map[fields[0]][0].is_string());
    assert_eq!(client.sandbox.snapshot(), before);
}

/// Checks that the body is refused by a business rule whose message has these words.
async fn check_rule(body: Value, words: &str) {
    let client = Client::demo().await;
    let before = client.sandbox.snapshot();
    let reply = client.post(&users(), body).await;
    assert_eq!(reply.status, 400, "{words}");
    let error = &reply.json()[0];
    assert_eq!(error["errorCode"], json!(5));
    assert_eq!(error["errorName"], "InvalidValue");
    let message = error["errorMessage"].as_str().unwrap();
    assert!(message.contains(words), "{message}");
    assert_eq!(client.sandbox.snapshot(), before);
}

fn ann() -> Value {
    person("ann@acme.example")
}

#[tokio::test]
async fn each_required_field_is_asked_for() {
    for (field, model_name) in [
        ("name", "Name"),
        ("firstName", "FirstName"),
        ("lastName", "LastName"),
        ("displayName", "DisplayName"),
        ("email", "Email"),
        ("password", "Password"),
        ("roleId", "RoleId"),
    ] {
        check_fields(but(ann(), field, Value::Null), &[model_name]).await;
    }
    check_fields(but(ann(), "firstName", json!("")), &["FirstName"]).await;
}

#[tokio::test]
async fn all_mistakes_of_the_model_come_at_once() {
    let body = json!({ "name": "ann@acme.example", "email": "ann", "roleId": "many" });
    let fields = [
        "FirstName",
        "LastName",
        "DisplayName",
        "Password",
        "RoleId",
        "Email",
    ];
    check_fields(body, &fields).await;
    check_fields(json!([]), &[""]).await;
}

#[tokio::test]
async fn a_put_without_a_role_is_refused() {
    let client = Client::demo().await;
    let body = json!({ "name": "olga.first@acme.example", "firstName": "Olga" });
    let reply = client.put(&user(OLGA), body).await;
    assert_eq!(reply.status, 400);
    assert!(reply.json()["RoleId"].is_array());
}

#[tokio::test]
async fn a_phone_is_digits_with_a_prefix_without_plus() {
    let phone = |prefix: Value, number: Value| {
        but(but(ann(), "cellPhonePrefix", prefix), "cellPhone", number)
    };
    check_fields(phone(json!("+372"), json!("5550101")), &["CellPhonePrefix"]).await;
    check_fields(phone(json!("372"), json!("555 0101")), &["CellPhone"]).await;
    check_fields(phone(Value::Null, json!("5550101")), &["CellPhonePrefix"]).await;
    check_fields(phone(json!("372"), json!(5_550_101)), &["CellPhone"]).await;
    let client = Client::demo().await;
    for body in [
        phone(json!("372"), json!("5550101")),
        but(ann(), "name", json!("bo@acme.example")),
    ] {
        assert_eq!(client.post(&users(), body).await.status, 201);
    }
}

#[tokio::test]
async fn the_domain_must_be_one_of_the_organizations() {
    check_rule(person("ann@elsewhere.example"), "elsewhere.example").await;
    let client = Client::demo().await;
    client.sandbox.edit(|world| {
        world.resellers[0].organizations[0].domains.clear();
    });
    let reply = client.post(&users(), person("ann@elsewhere.example")).await;
    assert_eq!(reply.status, 201);
}

#[tokio::test]
async fn the_role_must_be_one_of_the_list() {
    check_rule(but(ann(), "roleId", json!(24)), "role").await;
}

#[tokio::test]
async fn the_password_must_meet_the_policy() {
    for weak in [
        "Sh0rt!",
        "nouppercase1!",
        "NOLOWERCASE1!",
        "NoDigits!!",
        "NoOther123",
        "With_Under1",
    ] {
        check_rule(but(ann(), "password", json!(weak)), "at least 8").await;
    }
    for part in ["Xx1!Jones99", "Xx1!jONES99", "Xx1!ann-22"] {
        check_rule(
            but(ann(), "password", json!(part)),
            "parts of the account name",
        )
        .await;
    }
}

#[tokio::test]
async fn a_name_is_unique_among_everybody_without_regard_to_case() {
    let client = Client::demo().await;
    for taken in ["olga.first@acme.example", "OLGA.First@Acme.example"] {
        let reply = client.post(&users(), person(taken)).await;
        assert_eq!(reply.status, 400);
        assert_eq!(reply.json()[0]["errorName"], "InvalidValue");
    }
    let admin = but(person("olga.first@acme.example"), "roleId", json!(24));
    assert_eq!(client.post(&administrators(), admin).await.status, 400);
    client.sandbox.edit(|world| {
        world.resellers[0].organizations[0].domains.clear();
    });
    let reply = client.post(&users(), person(HAND_MADE_ADMINISTRATOR)).await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn renaming_to_a_name_that_is_taken_is_refused_and_to_the_own_is_not() {
    let client = Client::demo().await;
    let peter = client.get(&user(PETER)).await.json();
    let taken = but(peter.clone(), "name", json!("olga.first@acme.example"));
    assert_eq!(client.put(&user(PETER), taken).await.status, 400);
    let own = but(peter, "name", json!("PETER.craft@acme.example"));
    assert_eq!(client.put(&user(PETER), own).await.status, 204);
}

#[tokio::test]
async fn an_email_need_not_be_unique() {
    let client = Client::demo().await;
    let body = but(ann(), "email", json!("olga.first@acme.example"));
    assert_eq!(client.post(&users(), body).await.status, 201);
}

#[tokio::test]
async fn a_password_in_a_put_is_checked_and_not_shown() {
    let client = Client::demo().await;
    let peter = client.get(&user(PETER)).await.json();
    let weak = but(peter.clone(), "password", json!("weak"));
    assert_eq!(client.put(&user(PETER), weak).await.status, 400);
    let good = but(peter.clone(), "password", json!(GOOD_PASSWORD));
    assert_eq!(client.put(&user(PETER), good).await.status, 204);
    assert_eq!(client.get(&user(PETER)).await.json(), peter);
}
