//! Secrets: never in what the client prints, whatever the server repeats.

use serde_json::json;

use super::script::{CLIENT_SECRET, Cloudmore, PASSWORD, Reply, settings};
use super::{ROLE, ada};

#[tokio::test]
async fn settings_and_clients_print_without_secrets() {
    let cloudmore = Cloudmore::new([super::rows(&[])]).await;
    cloudmore.organization().people().await.unwrap();
    let printed = format!(
        "{:?} {:?} {:?}",
        settings("http://127.0.0.1"),
        cloudmore.client,
        cloudmore.organization()
    );
    for secret in [PASSWORD, CLIENT_SECRET, "token-1"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(printed.contains("res"));
}

#[tokio::test]
async fn a_server_that_repeats_password_and_token_does_not_get_them_printed() {
    let cloudmore = Cloudmore::new([Reply::Echo(400)]).await;
    let failure = cloudmore
        .organization()
        .create(&ada(), ROLE, None)
        .await
        .unwrap_err();
    let body = cloudmore.seen()[0].json();
    let printed = format!("{failure} {failure:?}");
    assert!(printed.contains("Bearer [secret]"), "{printed}");
    assert!(printed.contains("Byron"));
    assert!(
        !printed.contains(body["password"].as_str().unwrap()),
        "{printed}"
    );
    assert!(!printed.contains("token-1"), "{printed}");
}

#[tokio::test]
async fn a_token_server_that_repeats_the_credentials_does_not_get_them_printed() {
    let words = format!("password {PASSWORD} of client {CLIENT_SECRET} is wrong");
    let refusal = Reply::json(
        400,
        json!({ "error": "invalid_grant", "error_description": words }),
    );
    let cloudmore = Cloudmore::with([], [refusal], |_| {}).await;
    let failure = cloudmore.organization().people().await.unwrap_err();
    let printed = format!("{failure} {failure:?}");
    assert!(
        printed.contains("password [secret] of client [secret] is wrong"),
        "{printed}"
    );
    assert!(
        !printed.contains(PASSWORD) && !printed.contains(CLIENT_SECRET),
        "{printed}"
    );
}
