//! Passwords of HTTP Basic and the patience with wrong ones: those that we made are no guesses, chosen ones may be.

use reqwest::Client;
use serde_json::json;

use super::{from, status};
use crate::harness::operator::{ADMIN_TOKEN, admin_section};
use crate::harness::{Bridge, SPARE_SECRET, Setup, expect, mappings};

const CHOSEN: &str =
    "[[tenant.basic]]\nusername = \"okta\"\npassword = { env = \"SPARE_SECRET\" }\n";

#[tokio::test]
async fn a_password_of_ours_is_heard_whatever_was_guessed_and_is_no_guess_itself() {
    let bridge = Bridge::with(Setup {
        server: format!("bad_credentials = 3\n{}", admin_section()).leak(),
        mappings: Some(CHOSEN.to_owned() + &mappings()),
        ..Setup::default()
    })
    .await;
    let url = format!(
        "http://{}/admin/api/tenants/acme/credentials",
        bridge.app.addr()
    );
    let make = bridge.http.post(url).bearer_auth(ADMIN_TOKEN);
    let made = expect(make.json(&json!({"label": "Okta", "kind": "basic"})), 200).await;
    let (name, password) = (
        made["credential"]["name"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    );
    let shows = async |client: &Client, name: &str, password: &str| {
        let request = client.get(bridge.url("/Users?count=0"));
        status(request.basic_auth(name, Some(password))).await
    };

    // As often as anybody likes: 256 random bits are not guessed.
    let client = from(2);
    for _ in 0..6 {
        let made_up = scim_bridge::auth::new_token().unwrap();
        assert_eq!(shows(&client, name, &made_up).await, 401);
    }
    for number in 0..3 {
        let guess = format!("guess {number}");
        assert_eq!(shows(&client, "okta", &guess).await, 401);
    }
    assert_eq!(shows(&client, "okta", "guess").await, 429);
    assert_eq!(shows(&client, name, password).await, 200);
    // A password that people chose may be a guess that hits.
    assert_eq!(shows(&client, "okta", SPARE_SECRET).await, 429);
    assert_eq!(shows(&from(3), "okta", SPARE_SECRET).await, 200);
}

#[tokio::test]
async fn the_secret_of_a_client_is_not_guessed_faster_in_the_form_than_in_the_header() {
    let chosen = "[[tenant.client]]\nid = \"entra\"\nsecret = { env = \"SPARE_SECRET\" }\n";
    let bridge = Bridge::with(Setup {
        server: "bad_credentials = 3\npublic_url = \"https://scim.example.com\"",
        store: "encryption_key = { env = \"ENCRYPTION_KEY\" }",
        mappings: Some(chosen.to_owned() + &mappings()),
        ..Setup::default()
    })
    .await;
    let url = format!("http://{}/oauth/acme/token", bridge.app.addr());
    let shows = async |client: &Client, secret: &str| {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "entra"),
            ("client_secret", secret),
        ];
        status(client.post(&url).form(&form)).await
    };
    let client = from(2);
    for number in 0..3 {
        assert_eq!(shows(&client, &format!("guess {number}")).await, 401);
    }
    assert_eq!(shows(&client, "another guess").await, 429);
    // It may be a guess that hits.
    assert_eq!(shows(&client, SPARE_SECRET).await, 429);
    assert_eq!(shows(&from(3), SPARE_SECRET).await, 200);
    let request = client
        .post(&url)
        .form(&[("grant_type", "client_credentials")]);
    let answer = request
        .basic_auth("entra", Some("guess"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["content-type"], "application/json");
    let body: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(body["error"], "temporarily_unavailable");
}
