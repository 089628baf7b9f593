//! Failures: what each status, each error body and each broken connection means.

use std::time::Duration;

use scim_bridge::cloudmore::{ApiError, Client, Failure, FailureKind, Scope, Settings};
use serde_json::json;
use tokio::net::TcpListener;

use super::script::{Cloudmore, Reply, settings};
use super::{ROLE, ada, mail, unavailable, user};

async fn create(reply: Reply) -> Failure {
    Cloudmore::new([reply])
        .await
        .organization()
        .create(&ada(), ROLE, None)
        .await
        .unwrap_err()
}

async fn read(reply: Reply) -> Failure {
    Cloudmore::new([reply])
        .await
        .organization()
        .people()
        .await
        .unwrap_err()
}

#[tokio::test]
async fn each_status_says_what_can_be_done_and_whether_it_may_have_worked() {
    let throttled = FailureKind::Throttled { retry_after: None };
    let unavailable = FailureKind::Unavailable { retry_after: None };
    // status, kind, ambiguous for a write, retryable, outage
    for (status, kind, ambiguous, retryable, outage) in [
        (400, FailureKind::Refused, false, false, false),
        (402, FailureKind::Refused, false, false, false),
        (403, FailureKind::Credentials, false, true, false),
        (404, FailureKind::NotFound, false, false, false),
        (405, FailureKind::Refused, false, false, false),
        (408, unavailable, false, true, true),
        (409, FailureKind::Refused, false, false, false),
        (410, FailureKind::NotFound, false, false, false),
        (422, FailureKind::Refused, false, false, false),
        (429, throttled, false, true, true),
        (302, unavailable, true, true, true),
        (500, unavailable, true, true, false),
        (502, unavailable, true, true, true),
        (503, unavailable, true, true, true),
        (504, unavailable, true, true, true),
    ] {
        let failure = create(Reply::text(status, "")).await;
        assert_eq!(failure.kind, kind, "{status}");
        assert_eq!(failure.ambiguous, ambiguous, "{status}");
        assert_eq!(failure.retryable(), retryable, "{status}");
        assert_eq!(failure.is_outage(), outage, "{status}");
        assert_eq!(failure.status, Some(status));
        assert!(failure.words.contains(&status.to_string()), "{failure}");
        assert!(
            !read(Reply::text(status, "")).await.ambiguous,
            "a read has no effect: {status}"
        );
    }
}

#[tokio::test]
async fn retry_after_is_believed_up_to_an_hour() {
    // The client's clock stands at 1970-01-01T00:00:00Z.
    for (value, seconds) in [
        ("120", Some(120)),
        ("999999", Some(3600)),
        ("Thu, 01 Jan 1970 00:02:00 GMT", Some(120)),
        ("Wed, 31 Dec 1969 23:00:00 GMT", Some(0)),
        ("soon", None),
    ] {
        let wait = seconds.map(Duration::from_secs);
        let failure = read(Reply::text(429, "").with("Retry-After", value)).await;
        assert_eq!(failure.kind, FailureKind::Throttled { retry_after: wait });
        assert_eq!(failure.retry_after(), wait);
        let busy = create(Reply::text(503, "").with("Retry-After", value)).await;
        assert_eq!(
            matches!(busy.kind, FailureKind::Throttled { .. }),
            wait.is_some()
        );
        assert!(busy.ambiguous);
    }
}

async fn says(body: &str, words: &str) -> Vec<ApiError> {
    let failure = create(Reply::text(400, body)).await;
    assert_eq!(failure.words, words);
    failure.errors
}

#[tokio::test]
async fn both_documented_error_shapes_are_understood() {
    let list = json!([{ "errorCode": 5, "errorName": "InvalidValue", "errorMessage": "Invalid domain" }, { "ErrorMessage": "And more" }]);
    let errors = says(
        &list.to_string(),
        "Invalid domain (InvalidValue, code 5); And more",
    )
    .await;
    let first = ApiError {
        code: Some("5".to_owned()),
        name: Some("InvalidValue".to_owned()),
        field: None,
        message: "Invalid domain".to_owned(),
    };
    assert_eq!(errors[0], first);

    let map =
        json!({ "Contact.Phone": ["not valid", "too long"], "Contact.PhonePrefix": ["not valid"] });
    let failure = create(Reply::json(400, map)).await;
    assert_eq!(
        failure.words,
        "Contact.Phone: not valid; Contact.Phone: too long; Contact.PhonePrefix: not valid"
    );
    let fields: Vec<_> = failure.fields().collect();
    assert_eq!(
        fields,
        ["Contact.Phone", "Contact.Phone", "Contact.PhonePrefix"]
    );
}

#[tokio::test]
async fn undocumented_error_shapes_are_understood_as_well() {
    says(
        r#"{"errorCode":9,"errorName":"Taken","errorMessage":"Name is taken"}"#,
        "Name is taken (Taken, code 9)",
    )
    .await;
    says(r#"{"errorName":"Taken"}"#, "Taken (Taken)").await;
    says(
        r#"{"title":"One or more","status":400,"errors":{"roleId":["is required"]}}"#,
        "roleId: is required",
    )
    .await;
    says(
        r#"{"type":"about:blank","title":"Bad Request","detail":"No such role","status":400}"#,
        "No such role",
    )
    .await;
    says(r#"{"errors":[{"errorMessage":"one"},"two"]}"#, "one; two").await;
    says(r#"{"message":"Not so"}"#, "Not so").await;
    says(
        r#"{"error":{"code":"X1","message":"Not so"}}"#,
        "Not so (code X1)",
    )
    .await;
    says(
        r#"{"error":"invalid","error_description":"Not so"}"#,
        "Not so (invalid)",
    )
    .await;
    says(r#"{"Name":"is taken"}"#, "Name: is taken").await;
    says(r#""just words""#, "just words").await;
    says("plain\r\n\u{1b}[31mwords ", "plain [31mwords").await;
    says(
        "<!doctype html><title>Bad  gateway</title>\n<h1>Sorry</h1>",
        "Bad gateway Sorry",
    )
    .await;
    let silent = "Cloudmore answered 400 Bad Request without saying why";
    for body in ["", "null", "{}", "[]", "[{}]", "[null, 3]"] {
        assert!(says(body, silent).await.is_empty());
    }
}

#[tokio::test]
async fn endless_error_bodies_are_cut_short() {
    let failure = create(Reply::json(400, json!(vec!["é".repeat(5000); 500]))).await;
    assert_eq!(failure.errors.len(), 20);
    assert!(failure.words.chars().count() < 20 * 310);
    let failure = create(Reply::text(400, "x".repeat(5000))).await;
    assert!(failure.words.ends_with("...") && failure.words.len() < 310);
}

#[tokio::test]
async fn a_refusal_whose_body_breaks_off_is_still_a_refusal() {
    let failure = create(Reply::Cut(400, "{\"mess".to_owned())).await;
    assert_eq!(failure.kind, FailureKind::Refused);
    assert!(!failure.ambiguous);
}

#[tokio::test]
async fn a_dropped_answer_to_a_write_is_ambiguous_and_the_write_is_not_repeated() {
    // The second request travels on a connection that was in use before, where clients like to retry by themselves.
    let cloudmore = Cloudmore::new([super::rows(&[]), Reply::Drop, Reply::text(201, "")]).await;
    let target = cloudmore.organization();
    target.people().await.unwrap();
    let failure = target
        .assign(&mail(), &user("u-1"), None)
        .await
        .unwrap_err();
    assert!(
        unavailable(&failure) && failure.ambiguous && failure.is_outage(),
        "{failure}"
    );
    assert_eq!(failure.status, None);
    assert_eq!(cloudmore.lines().len(), 2);
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_ambiguous_for_a_write_only() {
    let short = |settings: &mut Settings| settings.call_timeout = Duration::from_millis(400);
    let cloudmore = Cloudmore::with([Reply::Silence, Reply::Silence], [], short).await;
    let written = cloudmore
        .organization()
        .delete(&user("u-1"))
        .await
        .unwrap_err();
    let read = cloudmore.organization().people().await.unwrap_err();
    assert!(unavailable(&written) && written.ambiguous);
    assert!(unavailable(&read) && !read.ambiguous);
}

#[tokio::test]
async fn a_token_that_does_not_come_in_time_is_not_ambiguous() {
    let short = |settings: &mut Settings| settings.call_timeout = Duration::from_millis(200);
    let cloudmore = Cloudmore::with([], [Reply::Silence], short).await;
    let failure = cloudmore
        .organization()
        .delete(&user("u-1"))
        .await
        .unwrap_err();
    assert!(unavailable(&failure) && !failure.ambiguous);
    assert!(cloudmore.lines().is_empty());
}

#[tokio::test]
async fn a_refused_connection_is_not_ambiguous() {
    // A port that was free a moment ago and that nobody listens on.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::new(settings(&address), || 0).unwrap();
    let target = client.target(Scope::Broker);
    let failure = target.create(&ada(), ROLE, None).await.unwrap_err();
    assert!(unavailable(&failure) && !failure.ambiguous && failure.is_outage());
    assert!(failure.words.contains("could not be reached"), "{failure}");
}

#[tokio::test]
async fn a_connection_refused_after_the_token_came_is_not_ambiguous() {
    let cloudmore = Cloudmore::closing_after_the_token().await;
    let failure = cloudmore
        .organization()
        .create(&ada(), ROLE, None)
        .await
        .unwrap_err();
    assert!(unavailable(&failure) && !failure.ambiguous, "{failure}");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let cloudmore = Cloudmore::new([Reply::text(302, "").with("Location", "/elsewhere")]).await;
    let failure = cloudmore.organization().people().await.unwrap_err();
    assert!(failure.words.contains("base_url"), "{failure}");
    assert_eq!(cloudmore.lines().len(), 1);
}
