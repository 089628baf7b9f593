//! Id tokens: which of them sign somebody in.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::super::visitor::Visitor;
use super::provider::{BEGINNING, CLIENT, Provider, Visit};
use super::refusals::{UNBELIEVABLE, refused, viewer};
use super::{BEGIN, bridge, leave, sign_in};
use crate::jwt::issuer::{AUTUMN, SPRING, base64url, message};

#[tokio::test]
async fn an_id_token_must_be_of_the_issuer_for_this_client_this_sign_in_and_now() {
    let provider = Provider::start().await;
    let bridge = bridge(&provider).await;
    for wrong in [
        json!({"iss": format!("{}/", provider.name())}),
        json!({"iss": null}),
        json!({"aud": "another client"}),
        json!({"aud": ["another client"]}),
        json!({"aud": null}),
        json!({"aud": [CLIENT, "another client"]}),
        json!({"aud": [CLIENT, "another client"], "azp": "another client"}),
        json!({"azp": "another client"}),
        json!({"nonce": "of-another-sign-in"}),
        json!({"nonce": null}),
        json!({"exp": BEGINNING - 60}),
        json!({"exp": null}),
        json!({"nbf": BEGINNING + 61}),
        json!({"iat": BEGINNING + 61}),
        json!({"iat": BEGINNING - 15 * 60 - 1}),
        json!({"iat": null}),
        json!({"iat": "now"}),
        json!({"sub": null}),
        json!({"sub": ""}),
        json!({"sub": "two\nlines"}),
    ] {
        let mut claims = viewer();
        claims
            .as_object_mut()
            .unwrap()
            .extend(wrong.as_object().unwrap().clone());
        let visitor = Visitor::of(&bridge);
        let page = sign_in(&provider, &visitor, &claims).await;
        refused(&visitor, &page, 502, UNBELIEVABLE);
    }
    for right in [
        json!({"roles": "Everybody", "aud": [CLIENT]}),
        json!({"roles": "Everybody", "aud": [CLIENT, "another client"], "azp": CLIENT}),
        json!({"roles": "Everybody", "nbf": null}),
    ] {
        let visitor = Visitor::of(&bridge);
        let answer = sign_in(&provider, &visitor, &right).await;
        assert_eq!(answer.status, 303, "{right}");
    }
}

#[tokio::test]
async fn an_id_token_must_be_signed_with_a_key_of_the_issuer() {
    let provider = Provider::start().await;
    let bridge = bridge(&provider).await;
    let headed = |algorithm: &str| json!({"alg": algorithm, "kid": SPRING.id});
    let unsigned = |visit: &Visit, header: Value| {
        let claims = provider.claims(visit, &viewer());
        format!("{}.", message(&header, &claims))
    };
    // With the public key as if it were a secret that both have.
    let by_public_key = |visit: &Visit| {
        let message = message(&headed("HS256"), &provider.claims(visit, &viewer()));
        let key = SPRING.jwk().to_string();
        let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        let mac = mac.chain_update(&message).finalize().into_bytes();
        format!("{message}.{}", base64url(&mac))
    };
    let by = |visit: &Visit, header: Value| {
        SPRING.jwt_headed(&header, &provider.claims(visit, &viewer()))
    };
    let tokens: [&dyn Fn(&Visit) -> String; 9] = [
        &|visit| unsigned(visit, headed("none")),
        &|visit| unsigned(visit, headed("RS256")),
        &by_public_key,
        &|visit| by(visit, headed("HS256")),
        &|visit| by(visit, headed("ES256")),
        &|visit| by(visit, json!({"alg": "RS256"})),
        &|visit| AUTUMN.jwt(&provider.claims(visit, &viewer())),
        &|visit| AUTUMN.jwt_headed(&headed("RS256"), &provider.claims(visit, &viewer())),
        &|_| "not a token".to_owned(),
    ];
    for (number, token) in tokens.into_iter().enumerate() {
        let visitor = Visitor::of(&bridge);
        let visit = leave(&visitor, BEGIN).await;
        let page = visitor
            .get(&provider.lets_in_by(&visit, token(&visit)))
            .await;
        assert_eq!(page.status, 502, "{number}");
        refused(&visitor, &page, 502, UNBELIEVABLE);
    }
    // A key that is new is fetched.
    provider.has([&SPRING, &AUTUMN]);
    bridge.advance(Duration::from_secs(30));
    let visitor = Visitor::of(&bridge);
    let visit = leave(&visitor, BEGIN).await;
    let token = AUTUMN.jwt(&provider.claims(&visit, &viewer()));
    let page = visitor.get(&provider.lets_in_by(&visit, token)).await;
    assert_eq!(page.status, 303, "{}", page.body);
}
