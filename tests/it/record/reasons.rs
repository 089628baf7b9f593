//! Why somebody was refused, for each reason; and nothing of what was shown.

use reqwest::Client;
use scim_bridge::auth::{self, basic};
use serde_json::{Value, json};

use super::{bridge, look, told};
use crate::harness::operator::{ADMIN_TOKEN, admin_section};
use crate::harness::{BROKER_TOKEN, Bridge, SPARE_SECRET, Setup, TOKEN, expect, mappings};

fn as_basic(name: &str, password: &str) -> String {
    use base64::Engine;
    let pair = base64::prelude::BASE64_STANDARD.encode(format!("{name}:{password}"));
    assert!(basic(&pair).is_some());
    format!("Basic {pair}")
}

async fn make(bridge: &Bridge, tenant: &str, body: Value) -> (String, String) {
    let url = format!(
        "http://{}/admin/api/tenants/{tenant}/credentials",
        bridge.app.addr()
    );
    let made = expect(
        bridge.http.post(url).bearer_auth(ADMIN_TOKEN).json(&body),
        200,
    )
    .await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&made["credential"]["id"]), text(&made["secret"]))
}

/// Asserts that the last decision was a refusal for this reason, and that nothing secret is kept of it.
async fn last(
    bridge: &Bridge,
    reason: &str,
    [kind, label, tenant]: [&str; 3],
    secret: &str,
) -> Value {
    let told = told(bridge, "limit=1").await;
    let one = &told[0];
    let text = |key: &str| one[key].as_str().unwrap_or_default();
    assert!(text("reason").contains(reason), "{reason}: {one}");
    assert_eq!(
        [text("kind"), text("label"), text("tenant")],
        [kind, label, tenant],
        "{one}"
    );
    assert!(text("advice").ends_with('.'), "{one}");
    assert_eq!(one["admitted"], false);
    for part in secret.as_bytes().chunks(8).filter(|part| part.len() == 8) {
        let part = std::str::from_utf8(part).unwrap();
        assert!(!one.to_string().contains(part), "{part} in {one}");
    }
    // Each refusal is the latest by a second.
    bridge.advance(std::time::Duration::from_secs(1));
    one.clone()
}

const BASIC: &str = "[[tenant.basic]]\nusername = \"okta\"\npassword = { env = \"SPARE_SECRET\" }\nlabel = \"Okta\"\n";

#[tokio::test]
async fn each_credential_that_is_refused_is_told_with_its_reason() {
    let bridge = bridge("", BASIC).await;
    let made_up = auth::new_token().unwrap();
    for (tenant, shown, reason, [kind, label], secret) in [
        (
            "acme",
            "Bearer some-wrong-token",
            "nothing that is known",
            ["bearer", ""],
            "some-wrong-token",
        ),
        (
            "acme",
            &format!("Bearer {made_up}"),
            "nothing that is known",
            ["bearer", ""],
            &made_up[6..],
        ),
        ("acme", "Basic ???", "no credential was shown", ["", ""], ""),
        (
            "acme",
            &as_basic("okta", "the-wrong-one"),
            "the secret that was shown with it is wrong",
            ["basic", "Okta"],
            "the-wrong-one",
        ),
        (
            "acme",
            &as_basic("ann", SPARE_SECRET),
            "nothing that is known",
            ["basic", ""],
            SPARE_SECRET,
        ),
        (
            "acme",
            &format!("Bearer {SPARE_SECRET}"),
            "to be shown in another way",
            ["basic", "Okta"],
            SPARE_SECRET,
        ),
        (
            "acme",
            &format!("Bearer {BROKER_TOKEN}"),
            "a credential of another tenant",
            ["bearer", "token 1 of northwind"],
            &BROKER_TOKEN[16..],
        ),
        (
            "acme",
            "Bearer eyJhIjoxfQ.e30.c2lnbmF0dXJl",
            "cannot be read as a JWT",
            ["jwt", ""],
            "eyJhIjoxfQ.e30.c2lnbmF0dXJl",
        ),
        (
            "unheard",
            "Bearer some-wrong-token",
            "no tenant of this name",
            ["bearer", ""],
            "some-wrong-token",
        ),
        (
            "unheard",
            &format!("Bearer {TOKEN}"),
            "no tenant of this name",
            ["bearer", "token 1 of acme"],
            &TOKEN[11..],
        ),
    ] {
        look(&bridge, tenant, shown, 401).await;
        let one = last(&bridge, reason, [kind, label, tenant], secret).await;
        assert_eq!(one["exists"], tenant == "acme", "{one}");
    }
    let nothing = bridge.http.get(bridge.url("/Users"));
    expect(nothing, 401).await;
    last(&bridge, "no credential was shown", ["", "", "acme"], "").await;
}

#[tokio::test]
async fn credentials_of_the_store_are_told_with_their_label() {
    let bridge = bridge("", "").await;
    let (id, secret) = make(&bridge, "acme", json!({"label": "Entra"})).await;
    let (_, short) = make(&bridge, "acme", json!({"label": "short", "lifetime": 1})).await;
    let (_, reader) = make(
        &bridge,
        "acme",
        json!({"label": "auditor", "authority": "read"}),
    )
    .await;
    let (_, others) = make(&bridge, "northwind", json!({"label": "others"})).await;
    bridge.advance(std::time::Duration::from_secs(1));
    let shown = |secret: &str| format!("Bearer {secret}");
    look(&bridge, "acme", &shown(&secret), 200).await;
    let revoke = format!(
        "http://{}/admin/api/tenants/acme/credentials/{id}/revoke",
        bridge.app.addr()
    );
    expect(bridge.http.post(revoke).bearer_auth(ADMIN_TOKEN), 200).await;
    look(&bridge, "acme", &shown(&secret), 401).await;
    let one = last(
        &bridge,
        "it was revoked",
        ["bearer", "Entra", "acme"],
        &secret[6..],
    )
    .await;
    assert_eq!(one["credential"], id);
    look(&bridge, "acme", &shown(&short), 401).await;
    last(
        &bridge,
        "it has expired",
        ["bearer", "short", "acme"],
        &short[6..],
    )
    .await;
    look(&bridge, "acme", &shown(&others), 401).await;
    let one = last(
        &bridge,
        "another tenant",
        ["bearer", "others", "acme"],
        &others[6..],
    )
    .await;
    assert_eq!(one["said"], json!({"tenant": "northwind"}));
    let change = bridge.http.post(bridge.url("/Users")).bearer_auth(&reader);
    expect(change.json(&json!({"userName": "eve"})), 403).await;
    last(
        &bridge,
        "for reading only",
        ["bearer", "auditor", "acme"],
        &reader[6..],
    )
    .await;
}

#[tokio::test]
async fn what_stands_before_the_door_is_told_too() {
    let server = "bad_credentials = 2";
    let bridge = super::bridge(server, "").await;
    let guesser = Client::builder().local_address(Some([127, 0, 0, 9].into()));
    let guesser = guesser.build().unwrap();
    for (number, status) in [(0, 401), (1, 401), (2, 429)] {
        let guess = guesser
            .get(bridge.url("/Users"))
            .bearer_auth(format!("guess-{number}"));
        expect(guess, status).await;
        bridge.advance(std::time::Duration::from_millis(1));
    }
    let one = last(
        &bridge,
        "too many wrong credentials",
        ["", "", "acme"],
        "guess-2x",
    )
    .await;
    assert_eq!(one["address"], "127.0.0.9");
    // What is no tenant's door is nobody's refusal.
    let admin = format!("http://{}/admin/api/tenants", bridge.app.addr());
    expect(guesser.get(admin).bearer_auth("guess"), 401).await;
    assert_eq!(told(&bridge, "").await.len(), 2);
}

#[tokio::test]
async fn networks_and_rates_are_told_with_the_credential_that_was_right() {
    let gate = "allow_from = [\"127.0.0.1\"]\nrequests_per_second = 1\nburst = 1\n";
    let reader = format!(
        "[[tenant.token]]\nsha256 = \"{}\"\nlabel = \"auditor\"\nread_only = true\n",
        auth::hex(&auth::digest(SPARE_SECRET))
    );
    let bridge = Bridge::with(Setup {
        server: admin_section().leak(),
        tenant: gate,
        mappings: Some(reader + &mappings()),
        ..Setup::default()
    })
    .await;
    let stranger = Client::builder().local_address(Some([127, 0, 0, 9].into()));
    let stranger = stranger.build().unwrap();
    let request = stranger.get(bridge.url("/Users")).bearer_auth(TOKEN);
    expect(request, 401).await;
    let label = "token 1 of acme";
    last(
        &bridge,
        "`allow_from`",
        ["bearer", label, "acme"],
        &TOKEN[11..],
    )
    .await;
    // Not even that it is for reading only is told to whoever has it elsewhere.
    let change = stranger
        .post(bridge.url("/Users"))
        .bearer_auth(SPARE_SECRET);
    expect(change.json(&json!({"userName": "eve"})), 401).await;
    last(
        &bridge,
        "`allow_from`",
        ["bearer", "auditor", "acme"],
        SPARE_SECRET,
    )
    .await;
    look(&bridge, "acme", &format!("Bearer {TOKEN}"), 200).await;
    look(&bridge, "acme", &format!("Bearer {TOKEN}"), 429).await;
    last(
        &bridge,
        "`requests_per_second`",
        ["bearer", label, "acme"],
        &TOKEN[11..],
    )
    .await;
}

#[tokio::test]
async fn a_secret_in_the_address_is_not_kept() {
    let bridge = bridge("", "").await;
    let long = "x".repeat(65);
    let shown = as_basic("a\0b", "c");
    for name in [TOKEN, &long, "eyJhIjoxfQ.e30.c2ln"] {
        look(&bridge, name, &shown, 401).await;
    }
    // Neither terminals nor databases take what is no text.
    look(&bridge, "a%1B%5B2Jb", &shown, 401).await;
    let told = told(&bridge, "").await;
    let mut names: Vec<_> = told
        .iter()
        .map(|one| one["tenant"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["(no name of a tenant)", "a\u{fffd}[2Jb"]);
}
