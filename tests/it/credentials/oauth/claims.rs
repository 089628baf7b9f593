//! Access tokens that are signed with a key of the bridge, and wrong all the same.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use scim_bridge::store::{SigningKey, StoreError};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{base64url, bridge, client};
use crate::credentials::{Made, admin, as_bearer, make, opens, refused, tell};
use crate::harness::{Bridge, expect};

/// 2026-01-01T00:00:00Z in seconds: when the tests' time begins.
const BEGINNING: i64 = 1_767_225_600;
const BASE: &str = "https://scim.example.com";

/// A signing key of the bridge, of which the test has the private half.
struct Signer {
    id: &'static str,
    pair: EcdsaKeyPair,
}

impl Signer {
    fn new(id: &'static str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Self { id, pair }
    }

    fn jwk(&self) -> Value {
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id,
            "x": base64url(x), "y": base64url(y),
        })
    }

    /// Puts it among the keys of the bridge.
    async fn joins(&self, bridge: &Bridge) {
        let created = BEGINNING * 1_000_000;
        let key = SigningKey {
            id: self.id.to_owned(),
            created,
            signs_until: created,
            verifies_until: created + 48 * 60 * 60 * 1_000_000,
            public_key: self.jwk().to_string(),
            private_key: "nobody opens this".to_owned(),
        };
        let store = bridge.app.bridge().store();
        let write = store.write(move |tx| Box::pin(async move { tx.add_signing_key(&key).await }));
        let written: Result<(), StoreError> = write.await;
        written.unwrap();
    }

    fn signs(&self, header: &Value, claims: &Value) -> String {
        let message = format!(
            "{}.{}",
            base64url(header.to_string()),
            base64url(claims.to_string())
        );
        let signature = self.pair.sign(&SystemRandom::new(), message.as_bytes());
        format!("{message}.{}", base64url(signature.unwrap()))
    }

    fn header(&self) -> Value {
        json!({"typ": "at+jwt", "alg": "ES256", "kid": self.id})
    }
}

/// What the bridge puts into the tokens of a client, valid for an hour from the beginning.
fn claims(client: &Made) -> Value {
    json!({
        "iss": format!("{BASE}/oauth/acme"), "aud": format!("{BASE}/scim/acme/v2"),
        "sub": client.name, "client_id": client.name, "jti": "1",
        "iat": BEGINNING, "exp": BEGINNING + 3600, "credential": client.id,
    })
}

fn changed(part: &Value, changes: Value) -> Value {
    let mut part = part.clone();
    let all = part.as_object_mut().unwrap();
    for (key, value) in changes.as_object().unwrap() {
        if value.is_null() {
            all.remove(key).unwrap();
        } else {
            all.insert(key.clone(), value.clone());
        }
    }
    part
}

/// The reason that is on record for what was refused last. The bridge's time moves on by a second with each.
async fn reason(bridge: &Bridge) -> String {
    let told = expect(admin(bridge, Method::GET, "admissions?limit=1"), 200).await;
    told["admissions"][0]["reason"].as_str().unwrap().to_owned()
}

/// Asserts that a token opens nothing, looks like any wrong one, and is on record with its reason.
async fn is_refused(bridge: &Bridge, token: &str, why: &str) {
    refused(bridge, "acme", as_bearer, ("", token)).await;
    bridge.advance(std::time::Duration::from_secs(1));
    let request = bridge.http.get(bridge.url("/Users")).bearer_auth(token);
    expect(request, 401).await;
    let told = reason(bridge).await;
    assert!(told.contains(why), "{why}: {told}");
}

#[tokio::test]
async fn a_right_signature_opens_nothing_without_right_claims() {
    let bridge = bridge().await;
    let (made, signer) = (client(&bridge).await, Signer::new("spring"));
    let others = json!({"label": "x", "kind": "client"});
    let others = make(&bridge, "northwind", others).await;
    let token = Made::bearer(&bridge).await;
    signer.joins(&bridge).await;
    let signed = |changes: Value| signer.signs(&signer.header(), &changed(&claims(&made), changes));
    opens(&bridge, as_bearer, ("", &signed(json!({})))).await;

    for (changes, why) in [
        (
            json!({"aud": format!("{BASE}/scim/northwind/v2")}),
            "audience",
        ),
        (
            json!({"aud": "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"}),
            "audience",
        ),
        (json!({"aud": null}), "audience"),
        (json!({"nbf": BEGINNING + 600}), "not valid yet"),
        (json!({"nbf": "now"}), "not valid yet"),
        (json!({"exp": BEGINNING - 61}), "has expired"),
        (json!({"exp": null}), "has expired"),
        (json!({"iss": format!("{BASE}/oauth/northwind")}), "issuer"),
        (
            json!({"iss": format!("{BASE}/oauth/unheard"), "aud": format!("{BASE}/scim/unheard/v2")}),
            "issuer",
        ),
        (json!({"iss": null}), "issuer"),
        // Right in all, but for a client of another tenant, no client at all, or none that there is.
        (json!({"credential": others.id}), "revoked"),
        (json!({"credential": token.id}), "revoked"),
        (json!({"credential": "unheard"}), "revoked"),
        (json!({"credential": null}), "cannot be read"),
    ] {
        is_refused(&bridge, &signed(changes), why).await;
    }
    opens(&bridge, as_bearer, ("", &signed(json!({})))).await;
    tell(&bridge, "acme", &made.id, "revoke").await;
    is_refused(&bridge, &signed(json!({})), "revoked").await;
}

#[tokio::test]
async fn right_claims_open_nothing_without_the_right_signature() {
    let bridge = bridge().await;
    let (made, signer) = (client(&bridge).await, Signer::new("spring"));
    signer.joins(&bridge).await;
    let (header, claims) = (signer.header(), claims(&made));
    let right = signer.signs(&header, &claims);
    opens(&bridge, as_bearer, ("", &right)).await;

    let headed = |changes: Value| signer.signs(&changed(&header, changes), &claims);
    let none = headed(json!({"alg": "none"}));
    let unsigned = format!("{}.", none.rsplit_once('.').unwrap().0);
    let hmac = |secret: &[u8]| {
        let made_up = headed(json!({"alg": "HS256"}));
        let (message, _) = made_up.rsplit_once('.').unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
        mac.update(message.as_bytes());
        format!("{message}.{}", base64url(mac.finalize().into_bytes()))
    };
    let stranger = Signer::new("spring");
    for (token, why) in [
        (none, "cannot be read"),
        (unsigned, "cannot be read"),
        (hmac(signer.pair.public_key().as_ref()), "algorithm"),
        (hmac(signer.jwk().to_string().as_bytes()), "algorithm"),
        (headed(json!({"alg": "ES384"})), "algorithm"),
        (headed(json!({"kid": "unheard"})), "no such key"),
        (headed(json!({"kid": null})), "cannot be read"),
        (headed(json!({"crit": ["exp"]})), "cannot be read"),
        (stranger.signs(&header, &claims), "signature"),
        (right[..right.len() - 4].to_owned(), "signature"),
        (right[..right.len() - 90].to_owned(), "cannot be read"),
        (format!("{right}.x"), "cannot be read"),
    ] {
        is_refused(&bridge, &token, why).await;
    }
}
