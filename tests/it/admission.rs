//! Who may come in: tokens and the header that shows them.

use std::collections::HashMap;

use scim_bridge::auth::{Credential, Doors, TOKEN_PREFIX, digest, hex, new_token};
use scim_bridge::domain::model::TenantId;

const ENTRA: &str = "scimb_entra-token-of-acme";
const OKTA: &str = "scimb_okta-token-of-acme";
const OTHER: &str = "scimb_token-of-globex";

fn credential(token: &str, label: &str) -> Credential {
    Credential {
        sha256: digest(token),
        label: label.to_owned(),
    }
}

/// `acme` has two tokens, `globex` one, `closed` none.
fn doors() -> Doors {
    let doors = Doors::default();
    doors.replace(HashMap::from([
        (
            TenantId::new("acme"),
            vec![credential(ENTRA, "Entra"), credential(OKTA, "Okta")],
        ),
        (TenantId::new("globex"), vec![credential(OTHER, "Globex")]),
        (TenantId::new("closed"), Vec::new()),
    ]));
    doors
}

fn check(tenant: &str, header: Option<&str>, admitted: Option<&str>) {
    let label = doors().admit(&TenantId::new(tenant), header);
    assert_eq!(label.as_deref(), admitted, "{header:?} at {tenant}");
}

#[test]
fn each_token_opens_its_own_tenant_under_its_own_label() {
    check("acme", Some(&format!("Bearer {ENTRA}")), Some("Entra"));
    check("acme", Some(&format!("Bearer {OKTA}")), Some("Okta"));
    check("globex", Some(&format!("Bearer {OTHER}")), Some("Globex"));
    check("globex", Some(&format!("Bearer {ENTRA}")), None);
    check("acme", Some(&format!("Bearer {OTHER}")), None);
    check("closed", Some(&format!("Bearer {ENTRA}")), None);
    check("unknown", Some(&format!("Bearer {ENTRA}")), None);
    check("Acme", Some(&format!("Bearer {ENTRA}")), None);
}

#[test]
fn the_scheme_may_be_in_any_case_and_may_be_missing() {
    check("acme", Some(&format!("bearer {ENTRA}")), Some("Entra"));
    check("acme", Some(&format!("BEARER  {ENTRA} ")), Some("Entra"));
    check("acme", Some(OKTA), Some("Okta"));
    check("acme", Some(&format!("Basic {ENTRA}")), None);
}

#[test]
fn what_is_not_the_whole_token_opens_nothing() {
    check("acme", None, None);
    for wrong in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer scimb_",
        "Bearer scimb_entra-token-of-acm",
    ] {
        check("acme", Some(wrong), None);
    }
    check(
        "acme",
        Some(&format!("Bearer {}", ENTRA.to_uppercase())),
        None,
    );
    check("acme", Some(&format!("Bearer {ENTRA}x")), None);
    check("acme", Some(&format!("Bearer {ENTRA} {OKTA}")), None);
    check(
        "acme",
        Some(&format!("Bearer {}", hex(&digest(ENTRA)))),
        None,
    );
}

#[test]
fn replaced_credentials_are_closed_at_once() {
    let doors = doors();
    let acme = TenantId::new("acme");
    doors.replace(HashMap::from([(
        acme.clone(),
        vec![credential(OKTA, "Okta")],
    )]));
    assert_eq!(doors.admit(&acme, Some(ENTRA)), None);
    assert_eq!(doors.admit(&acme, Some(OKTA)).as_deref(), Some("Okta"));
    assert_eq!(doors.admit(&TenantId::new("globex"), Some(OTHER)), None);
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
