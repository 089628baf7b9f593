//! OAuth clients: the token endpoint, and the access tokens that it gives.

mod claims;
mod rekeyed;
mod tokens;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Made, admin, as_basic, as_bearer, make, opens, refused, seen, tell};
use crate::harness::operator::admin_section;
use crate::harness::{Bridge, SPARE_SECRET, Setup, expect, mappings};

const HOUR: u64 = 60 * 60;
const OURS: &str = "[[tenant.client]]\nid = \"entra\"\nsecret = { env = \"SPARE_SECRET\" }\n";

fn setup() -> Setup {
    let server = format!(
        "public_url = \"https://scim.example.com\"\n{}",
        admin_section()
    );
    Setup {
        server: server.leak(),
        store: "encryption_key = { env = \"ENCRYPTION_KEY\" }",
        mappings: Some(OURS.to_owned() + &mappings()),
        ..Setup::default()
    }
}

async fn bridge() -> Bridge {
    Bridge::with(setup()).await
}

async fn client(bridge: &Bridge) -> Made {
    make(bridge, "acme", json!({"label": "Entra", "kind": "client"})).await
}

fn endpoint(bridge: &Bridge, tenant: &str) -> RequestBuilder {
    let address = bridge.app.addr();
    bridge
        .http
        .post(format!("http://{address}/oauth/{tenant}/token"))
}

const GRANT: [(&str, &str); 1] = [("grant_type", "client_credentials")];

/// What a client gets for its id and secret in the header.
async fn granted(bridge: &Bridge, (id, secret): (&str, &str)) -> Value {
    let request = endpoint(bridge, "acme").form(&GRANT);
    expect(request.basic_auth(id, Some(secret)), 200).await
}

async fn token(bridge: &Bridge, pair: (&str, &str)) -> String {
    let granted = granted(bridge, pair).await;
    granted["access_token"].as_str().unwrap().to_owned()
}

/// A part of a JWT.
fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[tokio::test]
async fn a_client_gets_a_token_for_an_hour_that_opens_its_tenant() {
    let bridge = bridge().await;
    let made = client(&bridge).await;
    for pair in [
        (made.name.as_str(), made.secret.as_str()),
        ("entra", SPARE_SECRET),
    ] {
        let response = endpoint(&bridge, "acme")
            .form(&GRANT)
            .basic_auth(pair.0, Some(pair.1));
        let response = response.send().await.unwrap();
        assert_eq!(response.headers()["cache-control"], "no-store");
        let granted: Value = response.json().await.unwrap();
        assert_eq!(
            (&granted["token_type"], &granted["expires_in"]),
            (&json!("Bearer"), &json!(3600))
        );
        let token = granted["access_token"].as_str().unwrap();
        let (header, claims) = (part(token, 0), part(token, 1));
        assert_eq!(
            (&header["alg"], &claims["sub"]),
            (&json!("ES256"), &json!(pair.0))
        );
        assert_eq!(claims["iss"], "https://scim.example.com/oauth/acme");
        opens(&bridge, as_bearer, ("", token)).await;
        for tenant in ["northwind", "unheard"] {
            refused(&bridge, tenant, as_bearer, ("", token)).await;
        }
        // The id and the secret open nothing by themselves.
        refused(&bridge, "acme", as_basic, pair).await;
        refused(&bridge, "acme", as_bearer, ("", pair.1)).await;
    }
}

#[tokio::test]
async fn id_and_secret_may_be_in_the_form_and_in_both_places() {
    let bridge = bridge().await;
    let made = client(&bridge).await;
    let (id, secret) = (made.name.as_str(), made.secret.as_str());
    let whole = [
        GRANT[0],
        ("client_id", id),
        ("client_secret", secret),
        ("scope", "anything"),
    ];
    expect(endpoint(&bridge, "acme").form(&whole), 200).await;
    expect(
        endpoint(&bridge, "acme")
            .form(&whole)
            .basic_auth(id, Some(secret)),
        200,
    )
    .await;
    let id_only = [GRANT[0], ("client_id", id)];
    expect(
        endpoint(&bridge, "acme")
            .form(&id_only)
            .basic_auth(id, Some(secret)),
        200,
    )
    .await;
    let other = endpoint(&bridge, "acme")
        .form(&whole)
        .basic_auth("entra", Some(SPARE_SECRET));
    assert_eq!(expect(other, 400).await["error"], "invalid_request");
}

#[tokio::test]
async fn a_wrong_client_and_an_unknown_tenant_are_one_answer() {
    let bridge = bridge().await;
    let made = client(&bridge).await;
    let (id, secret) = (made.name.as_str(), made.secret.as_str());
    let bearer = Made::bearer(&bridge).await;
    let others = make(
        &bridge,
        "northwind",
        json!({"label": "x", "kind": "client"}),
    )
    .await;
    let ask = |tenant: &str, id: &str, secret: &str| {
        seen(
            endpoint(&bridge, tenant)
                .form(&GRANT)
                .basic_auth(id, Some(secret)),
        )
    };
    let unknown: (u16, HeaderMap, String) = ask("acme", "nobody", "wrong").await;
    assert_eq!(unknown.0, 401);
    assert!(
        unknown.1["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with("Basic")
    );
    assert_eq!(
        serde_json::from_str::<Value>(&unknown.2).unwrap()["error"],
        "invalid_client"
    );
    for (tenant, id, secret) in [
        ("acme", id, "wrong"),
        ("acme", id, SPARE_SECRET),
        ("acme", "entra", secret),
        ("acme", "", secret),
        ("acme", "", &bearer.secret),
        ("acme", &others.name, &others.secret),
        ("northwind", id, secret),
        ("unheard", id, secret),
        ("%ff", id, secret),
    ] {
        assert_eq!(ask(tenant, id, secret).await, unknown, "{id} at {tenant}");
    }
    assert_eq!(seen(endpoint(&bridge, "acme").form(&GRANT)).await, unknown);
    assert_eq!(
        seen(endpoint(&bridge, "unheard").form(&GRANT)).await,
        unknown
    );
    let odd = endpoint(&bridge, "acme")
        .form(&GRANT)
        .bearer_auth(&bearer.secret);
    assert_eq!(seen(odd).await, unknown);
    tell(&bridge, "acme", &made.id, "revoke").await;
    assert_eq!(ask("acme", id, secret).await, unknown);
}

#[tokio::test]
async fn what_is_no_such_request_is_said_as_the_standard_has_it() {
    let bridge = bridge().await;
    let form = |body: &'static str| {
        let request = endpoint(&bridge, "acme").basic_auth("entra", Some(SPARE_SECRET));
        request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    };
    for (request, error) in [
        (form(""), "invalid_request"),
        (
            form("grant_type=password&username=a&password=b"),
            "unsupported_grant_type",
        ),
        (
            form("grant_type=client_credentials&grant_type=client_credentials"),
            "invalid_request",
        ),
        (
            endpoint(&bridge, "acme").json(&json!({"grant_type": "client_credentials"})),
            "invalid_request",
        ),
    ] {
        assert_eq!(expect(request, 400).await["error"], error);
    }
    expect(form("grant_type=client_credentials"), 200).await;
    let url = format!("http://{}/oauth/acme/token", bridge.app.addr());
    expect(bridge.http.get(&url), 405).await;
    expect(bridge.http.post(&url).body("x".repeat(20_000)), 413).await;
}

#[tokio::test]
async fn without_an_encryption_key_there_is_no_token_endpoint() {
    let bridge = super::bridge("").await;
    let nowhere = bridge
        .http
        .post(format!("http://{}/nowhere", bridge.app.addr()));
    let nowhere = seen(nowhere).await;
    let request = endpoint(&bridge, "acme")
        .form(&GRANT)
        .basic_auth("entra", Some(SPARE_SECRET));
    assert_eq!(seen(request).await, nowhere);
    let made = admin(&bridge, Method::POST, "tenants/acme/credentials");
    let answer = expect(made.json(&json!({"label": "x", "kind": "client"})), 409).await;
    assert!(answer["error"].as_str().unwrap().contains("encryption_key"));
}
