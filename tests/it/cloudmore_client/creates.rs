//! People created: what is sent, and where the new id is found.

use std::collections::BTreeSet;

use scim_bridge::cloudmore::CONTRACT;
use scim_bridge::domain::model::{Detail, Profile};
use serde_json::{Value, json};

use super::script::{Cloudmore, Reply, Seen};
use super::{ROLE, ada, user};

async fn created(reply: Reply, expected: Option<&str>) {
    let cloudmore = Cloudmore::new([reply]).await;
    let id = cloudmore.organization().create(&ada(), ROLE).await.unwrap();
    assert_eq!(id, expected.map(user));
    assert_eq!(
        cloudmore.lines(),
        ["POST /api/resellers/res/organizations/org/Users"]
    );
}

#[tokio::test]
async fn the_new_id_is_taken_from_wherever_cloudmore_puts_it() {
    let elsewhere = "https://other.invalid/api/resellers/res/organizations/org/users/u-1";
    let located = |location: &str| Reply::text(201, "").with("Location", location);
    created(located(elsewhere), Some("u-1")).await;
    created(located(&format!("{elsewhere}/?v=1#top")), Some("u-1")).await;
    created(located("u-1"), Some("u-1")).await;
    created(located("/api/resellers/res/organizations/org/users/"), None).await;
    created(
        Reply::json(201, json!({ "id": "u-2" })).with("Location", elsewhere),
        Some("u-1"),
    )
    .await;
    created(Reply::json(201, json!("u-1")), Some("u-1")).await;
    created(Reply::json(201, json!(12)), Some("12")).await;
    created(Reply::json(200, json!({ "id": "u-1" })), Some("u-1")).await;
    created(Reply::json(200, json!({ "Id": 12 })), Some("12")).await;
    created(Reply::json(200, json!({ "userId": "u-1" })), Some("u-1")).await;
    created(Reply::json(200, json!({ "name": "ada" })), None).await;
    created(Reply::text(204, ""), None).await;
}

#[tokio::test]
async fn a_create_whose_success_has_an_unreadable_body_is_a_success() {
    created(Reply::text(201, "<html>made</html>"), None).await;
    created(Reply::Cut(201, "{\"id\":".to_owned()), None).await;
}

#[tokio::test]
async fn a_create_sends_the_directory_fields_and_the_role_as_number() {
    let cloudmore = Cloudmore::new([Reply::text(201, ""), Reply::text(201, "")]).await;
    let titled = Profile {
        details: [(Detail::Title, "Analyst".to_owned())].into(),
        ..ada()
    };
    cloudmore.organization().create(&ada(), ROLE).await.unwrap();
    cloudmore.broker().create(&titled, ROLE).await.unwrap();
    let body = |seen: &Seen| {
        let mut body = seen.json();
        body.as_object_mut().unwrap().remove("password").unwrap();
        body
    };
    let bodies: Vec<Value> = cloudmore.seen().iter().map(body).collect();
    let mut expected = json!({
        "name": "ada@acme.example", "firstName": "Ada", "lastName": "Byron", "displayName": "Ada Byron",
        "email": "ada.byron@acme.example", "roleId": 7
    });
    assert_eq!(bodies[0], expected);
    expected["title"] = json!("Analyst");
    assert_eq!(bodies[1], expected);
    assert_eq!(
        cloudmore.lines()[1],
        "POST /api/resellers/res/ResellerAdministrators"
    );
}

#[tokio::test]
async fn each_create_has_a_password_of_its_own_that_fits_the_policy() {
    let cloudmore = Cloudmore::new((0..100).map(|_| Reply::text(201, ""))).await;
    for _ in 0..100 {
        cloudmore.organization().create(&ada(), ROLE).await.unwrap();
    }
    let passwords: BTreeSet<String> = cloudmore
        .seen()
        .iter()
        .map(|seen| seen.json()["password"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(passwords.len(), 100);
    // An underscore is a word character, so it does not do for the last.
    let classes: [fn(char) -> bool; 4] = [
        |letter| letter.is_ascii_uppercase(),
        |letter| letter.is_ascii_lowercase(),
        |letter| letter.is_ascii_digit(),
        |letter| letter.is_ascii_punctuation() && letter != '_',
    ];
    for password in passwords {
        assert!(password.len() >= 24);
        assert!(
            classes.iter().all(|class| password.chars().any(class)),
            "{password}"
        );
        assert!(!password.to_lowercase().contains("ada"), "{password}");
    }
}

#[tokio::test]
async fn every_field_that_is_written_stands_in_the_table_of_models() {
    let cloudmore = Cloudmore::new([Reply::text(201, "")]).await;
    cloudmore.organization().create(&ada(), ROLE).await.unwrap();
    let schema = CONTRACT
        .iter()
        .find(|schema| schema.name == "UserCreateViewModel")
        .unwrap();
    for field in cloudmore.seen()[0].json().as_object().unwrap().keys() {
        let mut known = schema.fields.iter();
        assert!(known.any(|known| known.name() == field), "{field}");
    }
}
