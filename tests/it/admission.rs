//! Who may come in: tokens and the header that shows them.

use std::collections::HashMap;

use scim_bridge::auth::{
    Credential, Credentials, Doors, Refusal, TOKEN_PREFIX, digest, hex, new_token,
};
use scim_bridge::domain::model::TenantId;

const ENTRA: &str = "scimb_entra-token-of-acme";
const OKTA: &str = "scimb_okta-token-of-acme";
const OTHER: &str = "scimb_token-of-globex";

fn credentials<const N: usize>(tokens: [(&str, &str); N]) -> Credentials {
    let token = |(token, label): (&str, &str)| Credential {
        sha256: digest(token),
        label: label.to_owned(),
    };
    Credentials {
        tokens: tokens.map(token).into(),
        trusts: Vec::new(),
    }
}

/// `acme` has two tokens, `globex` one, `closed` none.
fn doors() -> Doors {
    let doors = Doors::new(|| 0).unwrap();
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

async fn check(tenant: &str, header: Option<&str>, admitted: Option<&str>) {
    let label = doors().admit(&TenantId::new(tenant), header).await;
    let expected = admitted.map(str::to_owned).ok_or(Refusal::Unknown);
    assert_eq!(label, expected, "{header:?} at {tenant}");
}

#[tokio::test]
async fn each_token_opens_its_own_tenant_under_its_own_label() {
    check("acme", Some(&format!("Bearer {ENTRA}")), Some("Entra")).await;
    check("acme", Some(&format!("Bearer {OKTA}")), Some("Okta")).await;
    check("globex", Some(&format!("Bearer {OTHER}")), Some("Globex")).await;
    check("globex", Some(&format!("Bearer {ENTRA}")), None).await;
    check("acme", Some(&format!("Bearer {OTHER}")), None).await;
    check("closed", Some(&format!("Bearer {ENTRA}")), None).await;
    check("unknown", Some(&format!("Bearer {ENTRA}")), None).await;
    check("Acme", Some(&format!("Bearer {ENTRA}")), None).await;
}

#[tokio::test]
async fn the_scheme_may_be_in_any_case_and_may_be_missing() {
    check("acme", Some(&format!("bearer {ENTRA}")), Some("Entra")).await;
    check("acme", Some(&format!("BEARER  {ENTRA} ")), Some("Entra")).await;
    check("acme", Some(OKTA), Some("Okta")).await;
    check("acme", Some(&format!("Basic {ENTRA}")), None).await;
}

#[tokio::test]
async fn what_is_not_the_whole_token_opens_nothing() {
    check("acme", None, None).await;
    for wrong in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer scimb_",
        "Bearer scimb_entra-token-of-acm",
    ] {
        check("acme", Some(wrong), None).await;
    }
    check(
        "acme",
        Some(&format!("Bearer {}", ENTRA.to_uppercase())),
        None,
    )
    .await;
    check("acme", Some(&format!("Bearer {ENTRA}x")), None).await;
    check("acme", Some(&format!("Bearer {ENTRA} {OKTA}")), None).await;
    check(
        "acme",
        Some(&format!("Bearer {}", hex(&digest(ENTRA)))),
        None,
    )
    .await;
}

#[tokio::test]
async fn replaced_credentials_are_closed_at_once() {
    let doors = doors();
    let acme = TenantId::new("acme");
    doors.replace(HashMap::from([(
        acme.clone(),
        credentials([(OKTA, "Okta")]),
    )]));
    let globex = TenantId::new("globex");
    assert_eq!(doors.admit(&acme, Some(ENTRA)).await, Err(Refusal::Unknown));
    assert_eq!(doors.admit(&acme, Some(OKTA)).await.unwrap(), "Okta");
    assert_eq!(
        doors.admit(&globex, Some(OTHER)).await,
        Err(Refusal::Unknown)
    );
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
