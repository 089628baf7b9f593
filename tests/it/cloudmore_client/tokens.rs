//! The access token: one request for all, renewed in time, never asked for in a loop.

use std::time::Duration;

use futures_util::future::join_all;
use scim_bridge::cloudmore::{ClientAuth, FailureKind};
use serde_json::json;

use super::rows;
use super::script::{API_ACCOUNT, CLIENT_SECRET, Cloudmore, PASSWORD, Reply};

fn unauthorized() -> Reply {
    Reply::text(401, "")
}

fn form(body: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("http://127.0.0.1/?{body}")).unwrap();
    url.query_pairs().into_owned().collect()
}

#[tokio::test]
async fn the_password_grant_carries_the_secret_in_the_form_with_every_value_escaped() {
    let cloudmore = Cloudmore::new([rows(&[])]).await;
    cloudmore.organization().people().await.unwrap();
    let asked = &cloudmore.tokens_seen()[0];
    assert_eq!(
        asked.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(asked.header("authorization"), None);
    let expected = [
        ("grant_type", "password"),
        ("username", API_ACCOUNT),
        ("password", PASSWORD),
        ("scope", "api"),
        ("client_id", "ro.customer.client"),
        ("client_secret", CLIENT_SECRET),
    ];
    assert_eq!(
        form(&asked.body),
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(
        cloudmore.seen()[0].header("authorization"),
        Some("Bearer token-1")
    );
}

#[tokio::test]
async fn the_password_grant_can_carry_the_secret_as_basic_header() {
    let cloudmore = Cloudmore::with([rows(&[])], [], |settings| {
        settings.client_auth = ClientAuth::Basic
    })
    .await;
    cloudmore.organization().people().await.unwrap();
    let asked = &cloudmore.tokens_seen()[0];
    assert_eq!(
        asked.header("authorization"),
        Some("Basic cm8uY3VzdG9tZXIuY2xpZW50OmNsMTNudCZzZWNyZXQ=")
    );
    assert!(
        form(&asked.body)
            .iter()
            .all(|(name, _)| name != "client_id" && name != "client_secret")
    );
}

#[tokio::test]
async fn many_calls_at_once_ask_for_one_token() {
    let cloudmore = Cloudmore::new((0..20).map(|_| rows(&[]))).await;
    let target = cloudmore.organization();
    for outcome in join_all((0..20).map(|_| target.people())).await {
        outcome.unwrap();
    }
    assert_eq!(cloudmore.tokens_seen().len(), 1);
}

#[tokio::test]
async fn a_token_is_kept_until_shortly_before_it_expires() {
    let cloudmore = Cloudmore::new((0..3).map(|_| rows(&[]))).await;
    let target = cloudmore.organization();
    target.people().await.unwrap();
    cloudmore.pass(Duration::from_secs(86_400 - 301));
    target.people().await.unwrap();
    assert_eq!(cloudmore.tokens_seen().len(), 1);
    cloudmore.pass(Duration::from_secs(2));
    target.people().await.unwrap();
    assert_eq!(cloudmore.tokens_seen().len(), 2);
    assert_eq!(
        cloudmore.seen()[2].header("authorization"),
        Some("Bearer token-2")
    );
}

#[tokio::test]
async fn a_401_renews_the_token_once_and_repeats_the_call() {
    let cloudmore = Cloudmore::new([unauthorized(), rows(&["u-1"])]).await;
    assert_eq!(cloudmore.organization().people().await.unwrap().len(), 1);
    let bearers: Vec<_> = cloudmore
        .seen()
        .iter()
        .map(|seen| seen.header("authorization").unwrap().to_owned())
        .collect();
    assert_eq!(bearers, ["Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn calls_refused_together_share_one_renewal() {
    let cloudmore = Cloudmore::new((0..20).map(|_| Reply::OnlyTo("token-2"))).await;
    let target = cloudmore.organization();
    for outcome in join_all((0..10).map(|_| target.people())).await {
        outcome.unwrap();
    }
    assert!(cloudmore.seen().len() > 10, "somebody used the first token");
    assert_eq!(cloudmore.tokens_seen().len(), 2);
}

#[tokio::test]
async fn a_second_401_is_a_matter_of_credentials() {
    let cloudmore = Cloudmore::new([unauthorized(), unauthorized()]).await;
    let failure = cloudmore.organization().people().await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Credentials);
    assert!(failure.is_outage() && failure.retryable() && !failure.ambiguous);
    assert_eq!(cloudmore.lines().len(), 2);
    assert_eq!(cloudmore.tokens_seen().len(), 2);
}

#[tokio::test]
async fn a_refused_account_is_left_alone_for_a_while() {
    for (status, error) in [
        (400, "invalid_grant"),
        (401, "invalid_client"),
        (403, "access_denied"),
    ] {
        let refusal = Reply::json(
            status,
            json!({ "error": error, "error_description": "no such account" }),
        );
        let cloudmore = Cloudmore::with([rows(&[])], [refusal], |_| {}).await;
        let target = cloudmore.organization();
        // Over and over again, whether the circuit is open or lets one call through to find out.
        for call in 0..3 {
            let failure = target.people().await.unwrap_err();
            if call == 0 {
                assert_eq!(failure.kind, FailureKind::Credentials);
            }
            assert!(failure.is_outage() && !failure.ambiguous);
            assert!(
                failure.words.contains(error) && failure.words.contains("no such account"),
                "{failure}"
            );
        }
        cloudmore.pass(Duration::from_secs(599));
        target.people().await.unwrap_err();
        assert_eq!(cloudmore.tokens_seen().len(), 1);
        assert!(cloudmore.lines().is_empty());
        cloudmore.pass(Duration::from_secs(60));
        target.people().await.unwrap();
        assert_eq!(cloudmore.tokens_seen().len(), 2);
    }
}

#[tokio::test]
async fn a_refusal_is_remembered_even_when_nobody_waited_for_it() {
    let refusal = Reply::json(400, json!({ "error": "invalid_grant" }));
    let cloudmore = Cloudmore::with([], [refusal], |_| {}).await;
    let target = cloudmore.organization();
    {
        let call = target.people();
        tokio::pin!(call);
        // Given up as soon as the token server has been asked.
        while cloudmore.tokens_seen().is_empty() {
            let waited = futures_util::future::poll_immediate(&mut call).await;
            assert!(waited.is_none());
            tokio::task::yield_now().await;
        }
    }
    let failure = target.people().await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Credentials);
    assert_eq!(cloudmore.tokens_seen().len(), 1);
}

#[tokio::test]
async fn trouble_at_the_token_server_is_unavailability_and_asked_again() {
    for trouble in [
        Reply::text(500, "down"),
        Reply::text(429, ""),
        Reply::text(302, "").with("Location", "http://other.invalid/"),
        Reply::text(200, "<html></html>"),
        Reply::json(200, json!({ "expires_in": 60 })),
        Reply::Drop,
    ] {
        let cloudmore = Cloudmore::with([rows(&[])], [trouble], |_| {}).await;
        let failure = cloudmore
            .organization()
            .delete(&super::user("u-1"))
            .await
            .unwrap_err();
        assert!(
            failure.is_outage() && failure.retryable() && !failure.ambiguous,
            "{failure}"
        );
        assert!(cloudmore.lines().is_empty());
        cloudmore.pass(Duration::from_secs(1));
        cloudmore.organization().people().await.unwrap();
    }
}

#[tokio::test]
async fn a_client_verifies_itself_with_a_token_and_one_read() {
    let cloudmore = Cloudmore::new([
        Reply::json(200, json!([])),
        Reply::json(200, json!([{ "id": "o", "name": "Acme" }])),
    ])
    .await;
    cloudmore.client.verify().await.unwrap();
    assert_eq!(cloudmore.client.organizations().await.unwrap().len(), 1);
    assert_eq!(
        cloudmore.lines(),
        [
            "GET /api/resellers/res/ResellerRoles",
            "GET /api/resellers/res/Organizations"
        ]
    );
}
