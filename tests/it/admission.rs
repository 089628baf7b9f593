//! Who may come in: tokens and the header that shows them.

use std::collections::HashMap;

use std::sync::Arc;

use scim_bridge::auth::{
    Attempt, Authority, Credentials, Doors, Refusal, TOKEN_PREFIX, digest, hex, new_token,
};
use scim_bridge::domain::credential::{Credential, Kind};
use scim_bridge::domain::model::TenantId;
use scim_bridge::store::Store;

use crate::harness::{evidence, stores};

const ENTRA: &str = "scimb_entra-token-of-acme";
const OKTA: &str = "scimb_okta-token-of-acme";
const OTHER: &str = "scimb_token-of-globex";

fn credentials<const N: usize>(tokens: [(&str, &str); N]) -> Credentials {
    let token = |(token, label): (&str, &str)| Credential {
        id: label.to_lowercase(),
        kind: Kind::Bearer,
        name: None,
        sha256: digest(token),
        label: label.to_owned(),
        authority: Authority::Full,
        expires_at: None,
        revoked_at: None,
    };
    Credentials {
        kept: tokens.map(token).into(),
        ..Credentials::default()
    }
}

/// `acme` has two tokens, `globex` one, `closed` none.
async fn doors() -> Doors {
    let folder = evidence::folder();
    let store = Store::open(&stores::url(folder.path()), None)
        .await
        .unwrap();
    let doors = Doors::new(Arc::new(store), || 0).unwrap();
    doors.replace(HashMap::from([
        (
            TenantId::new("acme"),
            credentials([(ENTRA, "Entra"), (OKTA, "Okta")]),
        ),
        (TenantId::new("globex"), credentials([(OTHER, "Globex")])),
        (TenantId::new("closed"), Credentials::default()),
    ]));
    doors
}

async fn admit(doors: &Doors, tenant: &str, header: Option<&str>) -> Result<String, Refusal> {
    let attempt = Attempt {
        tenant: &TenantId::new(tenant),
        authorization: header,
        certificate: None,
        address: [192, 0, 2, 1].into(),
        wants: Authority::Full,
        request: "",
    };
    doors.admit(&attempt).await
}

/// Asserts that one after the other is let in under its label, or not at all.
async fn check<const N: usize>(attempts: [(&str, &str, Result<&str, Refusal>); N]) {
    let doors = doors().await;
    for (tenant, header, expected) in attempts {
        let admitted = admit(&doors, tenant, Some(header)).await;
        assert_eq!(
            admitted,
            expected.map(str::to_owned),
            "{header:?} at {tenant}"
        );
    }
}

const NO: Result<&str, Refusal> = Err(Refusal::Unknown);
const ELSEWHERE: Result<&str, Refusal> = Err(Refusal::OtherTenant);
const NOTHING: Result<&str, Refusal> = Err(Refusal::Nothing);

#[tokio::test]
async fn each_token_opens_its_own_tenant_under_its_own_label() {
    let [entra, okta, other] = [ENTRA, OKTA, OTHER].map(|token| format!("Bearer {token}"));
    check([
        ("acme", &entra, Ok("Entra")),
        ("acme", &okta, Ok("Okta")),
        ("globex", &other, Ok("Globex")),
        ("globex", &entra, ELSEWHERE),
        ("acme", &other, ELSEWHERE),
        ("closed", &entra, ELSEWHERE),
        ("unknown", &entra, ELSEWHERE),
        ("Acme", &entra, ELSEWHERE),
        ("Acme", "Bearer scimb_nobody-knows", NO),
    ])
    .await;
}

#[tokio::test]
async fn the_scheme_may_be_in_any_case_and_may_be_missing() {
    check([
        ("acme", &format!("bearer {ENTRA}"), Ok("Entra")),
        ("acme", &format!("BEARER  {ENTRA} "), Ok("Entra")),
        ("acme", OKTA, Ok("Okta")),
        ("acme", &format!("Basic {ENTRA}"), NOTHING),
    ])
    .await;
}

#[tokio::test]
async fn what_is_not_the_whole_token_opens_nothing() {
    assert_eq!(
        admit(&doors().await, "acme", None).await,
        Err(Refusal::Nothing)
    );
    check([
        ("acme", "", NOTHING),
        ("acme", "Bearer", NO),
        ("acme", "Bearer ", NO),
        ("acme", "Bearer scimb_", NO),
        ("acme", "Bearer scimb_entra-token-of-acm", NO),
        ("acme", &format!("Bearer {}", ENTRA.to_uppercase()), NO),
        ("acme", &format!("Bearer {ENTRA}x"), NO),
        ("acme", &format!("Bearer {ENTRA} {OKTA}"), NO),
        ("acme", &format!("Bearer {}", hex(&digest(ENTRA))), NO),
    ])
    .await;
}

#[tokio::test]
async fn replaced_credentials_are_closed_at_once() {
    let doors = doors().await;
    doors.replace(HashMap::from([(
        TenantId::new("acme"),
        credentials([(OKTA, "Okta")]),
    )]));
    let unknown = Err(Refusal::Unknown);
    assert_eq!(admit(&doors, "acme", Some(ENTRA)).await, unknown);
    assert_eq!(admit(&doors, "acme", Some(OKTA)).await.unwrap(), "Okta");
    assert_eq!(admit(&doors, "globex", Some(OTHER)).await, unknown);
}

#[test]
fn a_made_token_has_256_random_bits_behind_the_prefix() {
    let token = new_token().unwrap();
    let bits = token.strip_prefix(TOKEN_PREFIX).unwrap();
    assert_eq!(bits.len(), 64);
    assert!(bits.chars().all(|letter| letter.is_ascii_hexdigit()));
    assert_ne!(token, new_token().unwrap());
}

#[test]
fn the_digest_is_sha_256() {
    // FIPS 180-4, the example "abc".
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hex(&digest("abc")), expected);
}
