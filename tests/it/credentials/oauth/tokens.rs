//! Access tokens: what they open, until when, and those that were made up.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{HOUR, base64url, bridge, client, granted, part, setup, token};
use crate::credentials::{as_bearer, make, opens, refused, tell};
use crate::harness::{Bridge, Process, SPARE_SECRET, Setup, expect};

#[tokio::test]
async fn a_token_ends_with_its_time_and_with_its_client() {
    let bridge = bridge().await;
    let made = client(&bridge).await;
    let pair = (made.name.as_str(), made.secret.as_str());
    let first = token(&bridge, pair).await;
    bridge.advance(Duration::from_secs(HOUR + 59));
    opens(&bridge, as_bearer, ("", &first)).await;
    bridge.advance(Duration::from_secs(1));
    refused(&bridge, "acme", as_bearer, ("", &first)).await;

    let second = token(&bridge, pair).await;
    opens(&bridge, as_bearer, ("", &second)).await;
    tell(&bridge, "acme", &made.id, "revoke").await;
    refused(&bridge, "acme", as_bearer, ("", &second)).await;

    // One that ends soon gives no token for longer.
    let short = json!({"label": "x", "kind": "client", "lifetime": 600, "authority": "read"});
    let short = make(&bridge, "acme", short).await;
    let granted = granted(&bridge, (&short.name, &short.secret)).await;
    assert_eq!(
        (&granted["expires_in"], &granted["scope"]),
        (&json!(600), &json!("read"))
    );
    let token = granted["access_token"].as_str().unwrap();
    let change = bridge.http.post(bridge.url("/Users")).bearer_auth(token);
    expect(change.json(&json!({"userName": "eve"})), 403).await;
    bridge.advance(Duration::from_secs(600));
    refused(&bridge, "acme", as_bearer, ("", token)).await;
}

#[tokio::test]
async fn a_token_that_was_made_up_or_changed_is_refused() {
    let bridge = bridge().await;
    let token = token(&bridge, ("entra", SPARE_SECRET)).await;
    opens(&bridge, as_bearer, ("", &token)).await;
    let keys = format!("http://{}/oauth/acme/jwks.json", bridge.app.addr());
    let keys = expect(bridge.http.get(keys), 200).await;
    let (header, claims) = (part(&token, 0), part(&token, 1));
    assert_eq!(keys["keys"][0]["kid"], header["kid"]);
    assert!(keys["keys"][0].get("d").is_none());
    let signature = token.rsplit_once('.').unwrap().1;
    let with = |part: &Value, changes: Value| {
        let mut part = part.clone();
        for (key, value) in changes.as_object().unwrap() {
            part[key] = value.clone();
        }
        base64url(part.to_string())
    };
    let (same_header, same_claims) = (with(&header, json!({})), with(&claims, json!({})));
    let mut forged = vec![
        format!("{}.{same_claims}.", with(&header, json!({"alg": "none"}))),
        format!(
            "{}.{same_claims}.{signature}",
            with(&header, json!({"kid": "unheard"}))
        ),
        format!(
            "{}.{same_claims}.{signature}",
            with(&header, json!({"alg": "ES384"}))
        ),
        token[..token.len() - 1].to_owned(),
        token[..token.len() / 2].to_owned(),
    ];
    for changed in [
        json!({"exp": claims["exp"].as_i64().unwrap() + 1}),
        json!({"credential": "another"}),
        json!({"iss": "https://scim.example.com/oauth/northwind"}),
        json!({"aud": "https://scim.example.com/scim/northwind/v2"}),
        json!({"nbf": claims["exp"]}),
    ] {
        forged.push(format!(
            "{same_header}.{}.{signature}",
            with(&claims, changed)
        ));
    }
    // Everything that is published of the key, taken for a shared secret.
    let jwk = &keys["keys"][0];
    let x = jwk["x"].as_str().unwrap();
    for secret in [x.as_bytes(), jwk.to_string().as_bytes()] {
        let message = format!("{}.{same_claims}", with(&header, json!({"alg": "HS256"})));
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
        mac.update(message.as_bytes());
        forged.push(format!(
            "{message}.{}",
            base64url(mac.finalize().into_bytes())
        ));
    }
    for forged in &forged {
        refused(&bridge, "acme", as_bearer, ("", forged)).await;
    }
}

#[tokio::test]
async fn keys_follow_one_another_and_old_tokens_count_until_their_end() {
    let bridge = bridge().await;
    let pair = ("entra", SPARE_SECRET);
    let before = token(&bridge, pair).await;
    let again = token(&bridge, pair).await;
    assert_eq!(part(&before, 0)["kid"], part(&again, 0)["kid"]);
    bridge.advance(Duration::from_secs(30 * 24 * HOUR - 60));
    let last = token(&bridge, pair).await;
    bridge.advance(Duration::from_secs(60));
    let next = token(&bridge, pair).await;
    assert_eq!(part(&before, 0)["kid"], part(&last, 0)["kid"]);
    assert_ne!(part(&last, 0)["kid"], part(&next, 0)["kid"]);
    for token in [&last, &next] {
        opens(&bridge, as_bearer, ("", token)).await;
    }
    // A restart changes neither the key nor what its tokens open.
    let bridge = bridge.restart().await;
    opens(&bridge, as_bearer, ("", &last)).await;
    assert_eq!(
        part(&token(&bridge, pair).await, 0)["kid"],
        part(&next, 0)["kid"]
    );
    bridge.advance(Duration::from_secs(32 * 24 * HOUR));
    token(&bridge, pair).await;
    let keys = format!("http://{}/oauth/anything/jwks.json", bridge.app.addr());
    let keys = expect(bridge.http.get(keys), 200).await;
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn replicas_take_one_anothers_tokens_until_one_of_them_revokes_the_client() {
    let one = Bridge::with(Setup {
        postgres: true,
        ..setup()
    })
    .await;
    let other = one.replica().await;
    let status = async |replica: &Process, token: &str| {
        let url = format!("http://{}/scim/acme/v2/Users?count=0", replica.addr());
        one.http
            .get(url)
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    let made = client(&one).await;
    let token = token(&one, (&made.name, &made.secret)).await;
    assert_eq!(status(&other, &token).await, 200);
    tell(&one, "acme", &made.id, "revoke").await;
    assert_eq!(status(&other, &token).await, 401);
}
