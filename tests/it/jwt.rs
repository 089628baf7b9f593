//! JWTs as bearer tokens: who comes in, and everybody who does not.

mod fetching;
pub mod issuer;
mod log;
mod record;

use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use hmac::{Hmac, KeyInit, Mac};
use scim_bridge::domain::model::TenantId;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::harness::{Bridge, Setup, TOKEN, expect, mappings, person};
use issuer::{AUDIENCE, AUTUMN, Answer, Issuer, OTHER_TENANT, SPRING, TENANT, base64url, message};

/// 2026-01-01T00:00:00Z in seconds: when the tests' time begins.
const BEGINNING: i64 = 1_767_225_600;
const LABEL: &str = "Entra, secret left blank";

/// A bridge whose tenant `acme` trusts an issuer besides its token; `more` are further lines about it.
async fn bridge(issuer: &Issuer, more: &str) -> Bridge {
    let trust = format!(
        "[[tenant.jwt]]\nissuer = \"{}\"\naudience = \"{AUDIENCE}\"\nlabel = \"{LABEL}\"\n{more}\n",
        issuer.name()
    );
    let setup = Setup {
        mappings: Some(trust + &mappings()),
        ..Setup::default()
    };
    Bridge::with(setup).await
}

/// What Entra says in its JWTs, valid for an hour from the beginning.
fn claims(issuer: &Issuer) -> Value {
    json!({
        "iss": issuer.name(), "aud": AUDIENCE, "tid": TENANT, "appid": "00000014-0000-0000-c000-000000000000",
        "iat": BEGINNING, "nbf": BEGINNING, "exp": BEGINNING + 3600, "sub": "5e0f1a2b", "ver": "1.0",
    })
}

/// The same with some of them changed, or taken out by null.
fn changed(issuer: &Issuer, changes: Value) -> Value {
    let mut claims = claims(issuer);
    let all = claims.as_object_mut().unwrap();
    for (claim, value) in changes.as_object().unwrap() {
        if value.is_null() {
            all.remove(claim).unwrap();
        } else {
            all.insert(claim.clone(), value.clone());
        }
    }
    claims
}

/// What a tenant answers to a token: the status, the body, and the headers that go with a refusal.
async fn shown(bridge: &Bridge, tenant: &str, token: &str) -> (u16, String, [Option<String>; 2]) {
    let request = bridge.http.get(bridge.url_of(tenant, "/Users?count=0"));
    let response = request.bearer_auth(token).send().await.unwrap();
    let header = |name| {
        let value = response.headers().get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    let headers = [header("www-authenticate"), header("retry-after")];
    let status = response.status().as_u16();
    (status, response.text().await.unwrap(), headers)
}

async fn status(bridge: &Bridge, token: &str) -> u16 {
    shown(bridge, "acme", token).await.0
}

/// Asserts that a token is refused exactly as one that is simply wrong.
async fn refused(bridge: &Bridge, tenant: &str, token: &str) {
    let wrong = shown(bridge, "acme", "scimb_a-wrong-token").await;
    assert_eq!(wrong.0, 401);
    assert_eq!(
        shown(bridge, tenant, token).await,
        wrong,
        "{tenant}: {token}"
    );
}

#[tokio::test]
async fn a_jwt_of_a_trusted_issuer_comes_in_beside_the_tokens_under_its_label() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    let jwt = SPRING.jwt(&claims(&issuer));
    let create = bridge.http.post(bridge.url("/Users")).json(&person("ann"));
    expect(create.bearer_auth(&jwt), 201).await;
    bridge.user("bob").await;

    let store = bridge.app.bridge().store();
    let audit = store.audit_after(&TenantId::new("acme"), 0, 1000).await;
    let audit = audit.unwrap();
    let actors: Vec<_> = audit.iter().map(|entry| entry.actor.as_str()).collect();
    assert!(actors.contains(&LABEL), "{actors:?}");
    assert!(actors.contains(&"token 1 of acme"), "{actors:?}");
    assert_eq!(status(&bridge, TOKEN).await, 200);

    // Nothing but the scheme stands before it, as with tokens.
    let bare = bridge.http.get(bridge.url("/Users?count=0"));
    expect(bare.header("authorization", jwt), 200).await;
}

#[tokio::test]
async fn a_jwt_is_taken_within_its_time_and_a_minute_around_it() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    for (nbf, exp, status_expected) in [
        (json!(-3600), json!(-59), 200),
        (json!(-3600), json!(-60), 401),
        (json!(60), json!(3600), 200),
        (json!(61), json!(3600), 401),
        (Value::Null, json!(3600), 200),
        (json!(0), Value::Null, 401),
    ] {
        let from_now = |seconds: &Value| seconds.as_i64().map(|seconds| BEGINNING + seconds);
        let times = json!({"nbf": from_now(&nbf), "exp": from_now(&exp)});
        let jwt = SPRING.jwt(&changed(&issuer, times));
        assert_eq!(status(&bridge, &jwt).await, status_expected, "{nbf} {exp}");
    }
    for odd in [json!({"exp": "2999"}), json!({"nbf": "0"})] {
        refused(&bridge, "acme", &SPRING.jwt(&changed(&issuer, odd))).await;
    }

    // One that was right is refused when its time is over.
    let jwt = SPRING.jwt(&claims(&issuer));
    assert_eq!(status(&bridge, &jwt).await, 200);
    bridge.pass(Duration::from_secs(3600 + 60)).await;
    refused(&bridge, "acme", &jwt).await;
}

#[tokio::test]
async fn issuer_and_audience_must_be_the_ones_that_are_trusted() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    let name = issuer.name();
    for wrong in [
        json!({"iss": name.trim_end_matches('/')}),
        json!({"iss": name.to_uppercase()}),
        json!({"iss": "https://issuer.example/"}),
        json!({"iss": [name]}),
        json!({"iss": null}),
        json!({"aud": "00000002-0000-0000-c000-000000000000"}),
        json!({"aud": [AUDIENCE.to_uppercase()]}),
        json!({"aud": []}),
        json!({"aud": {AUDIENCE: true}}),
        json!({"aud": null}),
    ] {
        refused(&bridge, "acme", &SPRING.jwt(&changed(&issuer, wrong))).await;
    }
    assert_eq!(
        issuer.asked(),
        0,
        "keys were fetched for what was refused anyway"
    );
    let several = changed(&issuer, json!({"aud": ["something else", AUDIENCE]}));
    assert_eq!(status(&bridge, &SPRING.jwt(&several)).await, 200);
}

#[tokio::test]
async fn required_claims_must_be_there_and_say_what_they_should() {
    let issuer = Issuer::start().await;
    let required = format!(
        "required_claims = {{ tid = \"{TENANT}\", appid = \"00000014-0000-0000-c000-000000000000\" }}"
    );
    let bridge = bridge(&issuer, &required).await;
    for wrong in [
        json!({"appid": "11111114-0000-0000-c000-000000000000"}),
        json!({"tid": OTHER_TENANT}),
        json!({"tid": null}),
        json!({"tid": [TENANT]}),
    ] {
        refused(&bridge, "acme", &SPRING.jwt(&changed(&issuer, wrong))).await;
    }
    assert_eq!(status(&bridge, &SPRING.jwt(&claims(&issuer))).await, 200);
}

/// Whoever has an Entra tenant gets a JWT with the same audience, signed with the same keys.
#[tokio::test]
async fn q101_a_jwt_of_another_entra_tenant_is_refused() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    let foreign = json!({"iss": issuer.name_of(OTHER_TENANT), "tid": OTHER_TENANT});
    refused(&bridge, "acme", &SPRING.jwt(&changed(&issuer, foreign))).await;
    assert_eq!(status(&bridge, &SPRING.jwt(&claims(&issuer))).await, 200);
}

#[tokio::test]
async fn a_jwt_opens_the_tenant_that_trusts_its_issuer_and_no_other() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    let jwt = SPRING.jwt(&claims(&issuer));
    assert_eq!(status(&bridge, &jwt).await, 200);
    for tenant in ["northwind", "unknown", "ACME"] {
        refused(&bridge, tenant, &jwt).await;
    }
}

#[tokio::test]
async fn only_signatures_that_are_allowed_count() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    let claims = claims(&issuer);
    let headed = |algorithm: &str| json!({"alg": algorithm, "typ": "JWT", "kid": SPRING.id});
    for unsigned in ["none", "None", "NONE", "RS256"] {
        refused(
            &bridge,
            "acme",
            &(message(&headed(unsigned), &claims) + "."),
        )
        .await;
    }
    // What everybody knows of the key, taken for a shared secret.
    let jwk = SPRING.jwk();
    let modulus = jwk["n"].as_str().unwrap().as_bytes();
    let public = SPRING.pair.public_key().as_ref();
    for secret in [modulus, public, jwk.to_string().as_bytes(), b""] {
        let message = message(&headed("HS256"), &claims);
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
        mac.update(message.as_bytes());
        let signature = base64url(&mac.finalize().into_bytes());
        refused(&bridge, "acme", &format!("{message}.{signature}")).await;
    }
    // Signed by the right key, but said to be signed in other ways, or by nobody.
    for algorithm in ["RS512", "PS256", "ES256", "HS256"] {
        refused(
            &bridge,
            "acme",
            &SPRING.jwt_headed(&headed(algorithm), &claims),
        )
        .await;
    }
    refused(
        &bridge,
        "acme",
        &SPRING.jwt_headed(&json!({"alg": "RS256"}), &claims),
    )
    .await;
    let critical = json!({"alg": "RS256", "kid": SPRING.id, "crit": ["b64"], "b64": false});
    refused(&bridge, "acme", &SPRING.jwt_headed(&critical, &claims)).await;
    // Another key under the right one's name.
    refused(
        &bridge,
        "acme",
        &AUTUMN.jwt_headed(&headed("RS256"), &claims),
    )
    .await;
    assert_eq!(status(&bridge, &SPRING.jwt(&claims)).await, 200);
}

#[tokio::test]
async fn what_is_cut_off_or_changed_is_refused() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    let jwt = SPRING.jwt(&claims(&issuer));
    assert_eq!(status(&bridge, &jwt).await, 200);
    let dots: Vec<_> = jwt.match_indices('.').map(|(at, _)| at).collect();
    for end in [
        3,
        dots[0],
        dots[0] + 1,
        dots[1] - 1,
        dots[1],
        dots[1] + 1,
        jwt.len() - 1,
    ] {
        refused(&bridge, "acme", &jwt[..end]).await;
    }
    let later = changed(&issuer, json!({"exp": BEGINNING + 999_999}));
    let (other, signature) = (SPRING.jwt(&later), &jwt[dots[1]..]);
    let (message, _) = other.rsplit_once('.').unwrap();
    refused(&bridge, "acme", &format!("{message}{signature}")).await;
    refused(&bridge, "acme", &format!("{jwt}.{jwt}")).await;
    refused(&bridge, "acme", &format!("eyJ{}", "x".repeat(20_000))).await;
}

#[tokio::test]
async fn a_tenant_may_ask_for_another_way_of_signing() {
    let issuer = Issuer::start().await;
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let jwk = json!({"kty": "EC", "crv": "P-256", "kid": "curve", "alg": "ES256", "x": base64url(x), "y": base64url(y)});
    issuer.answer(Answer::Keys(vec![SPRING.jwk(), jwk]));
    let bridge = bridge(&issuer, "algorithms = [\"ES256\"]").await;
    let message = message(&json!({"alg": "ES256", "kid": "curve"}), &claims(&issuer));
    let signature = pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    let jwt = format!("{message}.{}", base64url(signature.as_ref()));
    assert_eq!(status(&bridge, &jwt).await, 200);
    refused(&bridge, "acme", &SPRING.jwt(&claims(&issuer))).await;
}
