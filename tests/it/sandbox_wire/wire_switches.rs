//! The open questions about the shapes of answers: the other answers.

use scim_bridge::sandbox::Switches;
use scim_bridge::sandbox::seed::{OFFICE_SUITE, OLGA, PETER, TEAM_PLAN};
use serde_json::{Value, json};

use super::support::{
    Client, administrator, credentials, organization, person, seats, user, users,
};

#[tokio::test]
async fn a_location_may_be_relative_or_end_with_a_slash() {
    for (position, start, end) in [
        ("relative", "/api/", ""),
        (
            "trailing_slash",
            "https://elsewhere.cloudmore.example/api/",
            "/",
        ),
    ] {
        let client = Client::set("location_form", position).await;
        let reply = client.post(&users(), person("ann@acme.example")).await;
        let world = client.sandbox.snapshot();
        let id = &world.person("ann@acme.example").unwrap().id;
        let location = reply.location.unwrap();
        assert!(location.starts_with(start), "{location}");
        assert!(location.ends_with(&format!("/{id}{end}")), "{location}");
    }
}

#[tokio::test]
async fn creates_and_deletes_may_be_answered_with_200() {
    let client = Client::set("create_status", "ok").await;
    let seat = seats(OFFICE_SUITE, TEAM_PLAN);
    assert_eq!(
        client
            .post(&users(), person("ann@acme.example"))
            .await
            .status,
        200
    );
    assert_eq!(
        client.post(&seat, json!({ "userId": PETER })).await.status,
        200
    );
    let client = Client::set("delete_reply", "ok").await;
    assert_eq!(client.delete(&format!("{seat}/{OLGA}")).await.status, 200);
    assert_eq!(client.delete(&user(PETER)).await.status, 200);
}

#[tokio::test]
async fn a_list_may_count_its_rows_and_stop_before_the_end() {
    let client = Client::with(Switches {
        page_size: Some(2),
        ..serde_json::from_value(json!({ "lists": "counted" })).unwrap()
    })
    .await;
    let page = client.get(&users()).await.json();
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    assert_eq!(page["totalCount"], json!(3));
}

#[tokio::test]
async fn who_does_not_exist_is_answered_for_in_three_ways() {
    for (position, read, write) in [
        ("not_found", 404, 404),
        ("bad_request", 400, 400),
        ("null", 200, 404),
    ] {
        let client = Client::set("missing_is", position).await;
        for path in [user("nobody"), administrator("nobody")] {
            let reply = client.get(&path).await;
            assert_eq!(reply.status, read, "{position}");
            assert_eq!(reply.text == "null", position == "null");
            assert_eq!(
                client.put(&path, json!({ "roleId": 7 })).await.status,
                write
            );
            assert_eq!(client.delete(&path).await.status, write);
        }
        // A path that does not exist is another matter.
        assert_eq!(client.get("/api/nothing").await.status, 404);
    }
}

#[tokio::test]
async fn a_refusal_has_one_of_six_forms() {
    let unfit = json!({ "name": "ann@acme.example" });
    for (position, pointer, field_pointer) in [
        ("as_documented", "/0/errorMessage", "/FirstName/0"),
        ("single_error", "/errorMessage", "/errorMessage"),
        ("problem", "/title", "/errors/FirstName/0"),
        ("message", "/message", "/message"),
    ] {
        let client = Client::set("refusals", position).await;
        let rule = client.post(&users(), person("ann@elsewhere.example")).await;
        assert_eq!(rule.status, 400);
        let message = rule.json();
        let message = message.pointer(pointer).and_then(Value::as_str).unwrap();
        assert!(message.contains("elsewhere.example"), "{message}");
        let fields = client.post(&users(), unfit.clone()).await;
        assert_eq!(fields.status, 400);
        let message = fields.json();
        let message = message
            .pointer(field_pointer)
            .and_then(Value::as_str)
            .unwrap();
        assert!(message.contains("FirstName"), "{message}");
    }
    let client = Client::set("refusals", "text").await;
    let refused = client.post(&users(), unfit.clone()).await;
    assert!(
        refused.text.starts_with("The FirstName field"),
        "{}",
        refused.text
    );
    let client = Client::set("refusals", "empty").await;
    let refused = client.post(&users(), unfit).await;
    assert_eq!((refused.status, refused.text.as_str()), (400, ""));
}

#[tokio::test]
async fn the_casing_of_paths_may_matter() {
    let client = Client::set("paths", "exact_case").await;
    assert_eq!(client.get(&users()).await.status, 200);
    assert_eq!(client.get(&user(&OLGA.to_uppercase())).await.status, 200);
    let lower = format!("{}/users", organization());
    assert_eq!(client.get(&lower).await.status, 404);
    let upper = seats(OFFICE_SUITE, TEAM_PLAN).replace("/users", "/Users");
    assert_eq!(client.get(&upper).await.status, 404);
}

#[tokio::test]
async fn the_health_check_may_need_no_token() {
    for (position, status) in [("with_token", 401), ("open", 200)] {
        let mut client = Client::set("health", position).await;
        client.token.clear();
        assert_eq!(client.get("/api/healthcheck").await.status, status);
        assert_eq!(client.get(&users()).await.status, 401);
    }
}

#[tokio::test]
async fn a_token_may_say_less_or_nothing() {
    for (position, dots) in [("with_parent", 2), ("without_parent", 2), ("opaque", 0)] {
        let client = Client::set("token_form", position).await;
        let reply = client.ask_token(&credentials(), None).await.json();
        let token = reply["access_token"].as_str().unwrap();
        assert_eq!(token.matches('.').count(), dots, "{position}");
        assert_eq!(client.get(&users()).await.status, 200);
    }
    let mut lengths = Vec::new();
    for position in ["with_parent", "without_parent"] {
        lengths.push(Client::set("token_form", position).await.token.len());
    }
    assert!(lengths[0] > lengths[1]);
}
