//! The keys of an issuer: when they are fetched, what is not taken for them, and what happens without them.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::issuer::{AUTUMN, Answer, Issuer, SPRING};
use super::{bridge, changed, claims, refused, shown, status};
use crate::harness::Bridge;

/// How long the issuer is left alone after it was asked.
const PAUSE: Duration = Duration::from_secs(30);
/// How long keys are used without a look.
const LIFETIME: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// A JWT that is valid for days.
fn lasting(issuer: &Issuer) -> Value {
    changed(issuer, json!({"exp": super::BEGINNING + 1_000_000}))
}

/// Asserts that a JWT is neither let in nor refused for good.
async fn undecided(bridge: &Bridge, jwt: &str) {
    let (status, body, [challenge, retry_after]) = shown(bridge, "acme", jwt).await;
    assert_eq!(status, 503, "{body}");
    assert_eq!((challenge, retry_after.as_deref()), (None, Some("30")));
}

/// An issuer may change its keys at any time.
#[tokio::test]
async fn q100_an_unknown_key_is_looked_for_once_and_then_decided() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    let claims = claims(&issuer);
    assert_eq!(status(&bridge, &SPRING.jwt(&claims)).await, 200);
    assert_eq!(issuer.asked(), 1);

    issuer.has([&SPRING, &AUTUMN]);
    bridge.pass(PAUSE).await;
    assert_eq!(status(&bridge, &AUTUMN.jwt(&claims)).await, 200);
    assert_eq!(status(&bridge, &SPRING.jwt(&claims)).await, 200);
    assert_eq!(issuer.asked(), 2);

    // However many keys are made up, the issuer is asked once in a while.
    for made_up in ["one", "two", "three"] {
        let header = json!({"alg": "RS256", "kid": made_up});
        refused(&bridge, "acme", &SPRING.jwt_headed(&header, &claims)).await;
        assert_eq!(issuer.asked(), 2, "{made_up}");
    }
    bridge.pass(PAUSE).await;
    for made_up in ["one", "two"] {
        let header = json!({"alg": "RS256", "kid": made_up});
        refused(&bridge, "acme", &SPRING.jwt_headed(&header, &claims)).await;
        assert_eq!(issuer.asked(), 3, "{made_up}");
    }
}

#[tokio::test]
async fn all_who_wait_for_keys_share_one_fetch_and_a_reload_keeps_them() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    let jwt = SPRING.jwt(&claims(&issuer));
    let all = join_all((0..20).map(|_| status(&bridge, &jwt))).await;
    assert_eq!(all, [200; 20]);
    bridge.reload().await;
    assert_eq!(status(&bridge, &jwt).await, 200);
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test]
async fn a_key_that_was_withdrawn_counts_for_an_hour_at_most() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    let jwt = SPRING.jwt(&lasting(&issuer));
    assert_eq!(status(&bridge, &jwt).await, 200);
    issuer.has([&AUTUMN]);
    bridge.pass(LIFETIME - Duration::from_secs(1)).await;
    assert_eq!(status(&bridge, &jwt).await, 200);
    bridge.pass(Duration::from_secs(1)).await;
    refused(&bridge, "acme", &jwt).await;
    assert_eq!(issuer.asked(), 2);
}

#[tokio::test]
async fn keys_are_used_for_a_day_while_the_issuer_cannot_be_asked() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    let (known, unknown) = (SPRING.jwt(&lasting(&issuer)), AUTUMN.jwt(&lasting(&issuer)));
    assert_eq!(status(&bridge, &known).await, 200);
    issuer.answer(Answer::Status(500));
    bridge.pass(LIFETIME).await;
    assert_eq!(status(&bridge, &known).await, 200);
    // A key that the issuer may have by now is not refused for good.
    undecided(&bridge, &unknown).await;
    assert_eq!(issuer.asked(), 2, "the issuer is left alone for a while");

    bridge.pass(DAY - LIFETIME - Duration::from_secs(1)).await;
    assert_eq!(status(&bridge, &known).await, 200);
    bridge.pass(Duration::from_secs(1)).await;
    undecided(&bridge, &known).await;

    issuer.has([&SPRING]);
    bridge.pass(PAUSE).await;
    assert_eq!(status(&bridge, &known).await, 200);
    refused(&bridge, "acme", &unknown).await;
}

#[tokio::test]
async fn what_is_not_an_issuers_keys_is_not_taken_for_them() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    let jwt = SPRING.jwt(&lasting(&issuer));
    let padding = "x".repeat(300_000);
    let too_large = json!({"keys": [SPRING.jwk()], "padding": padding});
    let too_many = std::iter::repeat_with(|| SPRING.jwk()).take(65).collect();
    for answer in [
        Answer::Body(too_large.to_string()),
        Answer::Keys(too_many),
        Answer::Redirect,
        Answer::Endless,
        Answer::Status(404),
        Answer::Body("<html>".to_owned()),
        Answer::Body("[]".to_owned()),
    ] {
        issuer.answer(answer);
        undecided(&bridge, &jwt).await;
        bridge.pass(PAUSE).await;
    }
    issuer.has([&SPRING]);
    let asked = issuer.asked();
    let elsewhere = issuer.url("/keys").replace("127.0.0.1", "localhost");
    for metadata in [
        json!({"issuer": "https://issuer.example/"}),
        json!({"issuer": null}),
        json!({"jwks_uri": elsewhere}),
        json!({"jwks_uri": "https://issuer.example/keys"}),
        json!({"jwks_uri": "file:///etc/passwd"}),
    ] {
        issuer.claim(metadata);
        undecided(&bridge, &jwt).await;
        bridge.pass(PAUSE).await;
    }
    assert_eq!(issuer.asked(), asked);
    issuer.claim(json!({}));
    assert_eq!(status(&bridge, &jwt).await, 200);
}

#[tokio::test]
async fn a_key_that_is_not_understood_does_not_hide_the_others() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    let mut encrypts = SPRING.jwk();
    encrypts["use"] = json!("enc");
    encrypts["kid"] = json!("encrypts");
    let mut pss = SPRING.jwk();
    pss["alg"] = json!("PS256");
    pss["kid"] = json!("pss");
    issuer.answer(Answer::Keys(vec![
        json!(5),
        json!({"kty": "EC", "crv": "secp256k1", "kid": "spring", "x": "AA", "y": "AA"}),
        json!({"kty": "oct", "kid": "spring", "k": "c2VjcmV0"}),
        json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
        encrypts,
        pss,
        SPRING.jwk(),
    ]));
    let claims = claims(&issuer);
    assert_eq!(status(&bridge, &SPRING.jwt(&claims)).await, 200);
    for not_for_this in ["encrypts", "pss"] {
        let header = json!({"alg": "RS256", "kid": not_for_this});
        refused(&bridge, "acme", &SPRING.jwt_headed(&header, &claims)).await;
    }
}

#[tokio::test]
async fn keys_may_be_at_a_fixed_address_or_at_a_host_that_is_listed() {
    let issuer = Issuer::start().await;
    issuer.claim(json!({"issuer": "the metadata is of no use"}));
    let fixed = format!("keys = \"{}\"", issuer.url("/moved?appid=1"));
    let bridge_with_address = bridge(&issuer, &fixed).await;
    let jwt = SPRING.jwt(&claims(&issuer));
    assert_eq!(status(&bridge_with_address, &jwt).await, 200);
    assert_eq!(issuer.asked(), 0);

    let elsewhere = issuer.url("/keys").replace("127.0.0.1", "localhost");
    issuer.claim(json!({"jwks_uri": elsewhere}));
    let bridge_with_host = bridge(&issuer, "key_hosts = [\"localhost\"]").await;
    assert_eq!(status(&bridge_with_host, &jwt).await, 200);
}

#[tokio::test]
async fn a_slow_issuer_holds_up_only_those_whose_key_is_unknown_and_not_for_long() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    let (known, unknown) = (SPRING.jwt(&claims(&issuer)), AUTUMN.jwt(&claims(&issuer)));
    assert_eq!(status(&bridge, &known).await, 200);
    issuer.until_asked().await;
    issuer.answer(Answer::Silence);
    bridge.pass(PAUSE).await;
    let waiting = undecided(&bridge, &unknown);
    tokio::pin!(waiting);
    tokio::select! {
        () = &mut waiting => panic!("decided before the issuer was asked"),
        () = issuer.until_asked() => {}
    }
    tokio::select! {
        () = &mut waiting => panic!("the known key waited as well"),
        status = status(&bridge, &known) => assert_eq!(status, 200),
    }
    waiting.await;
}

#[tokio::test]
async fn a_flood_of_made_up_keys_is_one_fetch() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    let claims = claims(&issuer);
    let made_up = |number: usize| {
        let header = json!({"alg": "RS256", "kid": format!("made up {number}")});
        SPRING.jwt_headed(&header, &claims)
    };
    for round in 0..3 {
        let jwts: Vec<_> = (0..100).map(made_up).collect();
        let all = join_all(jwts.iter().map(|jwt| status(&bridge, jwt))).await;
        assert_eq!(all, [401; 100]);
        assert_eq!(issuer.asked(), round + 1);
        assert_eq!(status(&bridge, &SPRING.jwt(&claims)).await, 200);
        bridge.advance(PAUSE);
    }
}

#[tokio::test]
async fn metadata_that_has_moved_is_not_followed() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    issuer.moves();
    undecided(&bridge, &SPRING.jwt(&claims(&issuer))).await;
    assert_eq!(issuer.asked(), 0);
}

/// Neither what is answered nor whether the issuer is asked tells which tenant trusts it, or which there are.
#[tokio::test]
async fn keys_that_cannot_be_had_tell_nothing_of_the_tenants() {
    let issuer = Issuer::start().await;
    let bridge = bridge(&issuer, "").await;
    issuer.answer(Answer::Status(500));
    let jwt = SPRING.jwt(&claims(&issuer));
    let there = shown(&bridge, "acme", &jwt).await;
    assert_eq!(there.0, 503);
    for tenant in ["northwind", "nobody"] {
        assert_eq!(shown(&bridge, tenant, &jwt).await, there, "{tenant}");
    }
    bridge.pass(PAUSE).await;
    let asked = issuer.asked();
    assert_eq!(shown(&bridge, "nobody", &jwt).await, there);
    assert_eq!(issuer.asked(), asked + 1);
}
