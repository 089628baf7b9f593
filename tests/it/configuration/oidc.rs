//! Signing in with the accounts of an organization: what its section may say.

use scim_bridge::config::Oidc;
use scim_bridge::domain::administrator::Role;
use secrecy::ExposeSecret;

use super::{check, edited, load};

const DIGEST: &str = "5f0c7a5e5d2f4c1b9a3e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a";

/// The smallest configuration with a section about signing in, whose first line is the fourth of the file.
fn with(section: &str) -> String {
    let admin = format!("[admin]\nsha256 = \"{DIGEST}\"\n[admin.oidc]\n{section}\n[store]");
    edited(&[("[store]", &admin)])
}

fn loaded(section: &str) -> Oidc {
    let config = load(&with(section), &[("OIDC_SECRET", "a~secret")]).unwrap();
    config.admin.unwrap().oidc.unwrap()
}

const ISSUER: &str =
    "issuer = \"https://example.okta.example/oauth2/default\"\nclient_id = \"0oa1\"\n";

#[test]
fn what_is_left_out_is_the_usual() {
    let oidc = loaded(&format!("{ISSUER}roles = {{ admin = \"Owners\" }}"));
    assert_eq!(oidc.issuer, "https://example.okta.example/oauth2/default");
    assert_eq!(oidc.client_id, "0oa1");
    assert!(oidc.client_secret.is_none());
    assert_eq!(oidc.scopes, ["openid", "profile"]);
    assert_eq!(oidc.role_claim, "roles");
    assert_eq!(oidc.roles, [("Owners".to_owned(), Role::Admin)]);
}

#[test]
fn a_role_is_given_by_one_value_or_by_several() {
    let oidc = loaded(&format!(
        "{ISSUER}client_secret = {{ env = \"OIDC_SECRET\" }}\nscopes = [\"openid\", \"groups\"]\nrole_claim = \"groups\"\n\
         [admin.oidc.roles]\nviewer = [\"Everybody\", \"Guests\"]\noperator = \"Support\""
    ));
    let secret = oidc.client_secret.as_ref().unwrap();
    assert_eq!(secret.expose_secret(), "a~secret");
    assert_eq!(
        (oidc.scopes[1].as_str(), oidc.role_claim.as_str()),
        ("groups", "groups")
    );
    let roles: Vec<_> = oidc
        .roles
        .iter()
        .map(|(value, role)| (value.as_str(), *role))
        .collect();
    assert_eq!(
        roles,
        [
            ("Everybody", Role::Viewer),
            ("Guests", Role::Viewer),
            ("Support", Role::Operator)
        ]
    );
    assert!(!format!("{oidc:?}").contains("a~secret"));
}

#[test]
fn an_issuer_must_be_protected_and_of_one_organization() {
    let entra = "https://login.microsoftonline.com";
    let id = "3f1c9a52-7d7e-4a7b-9d0e-5a2b8c4d6e10";
    for (issuer, mistake) in [
        (format!("{entra}/{id}/v2.0"), None),
        ("https://example.okta.example".to_owned(), None),
        ("https://example.okta.example/".to_owned(), None),
        ("http://127.0.0.1:9000".to_owned(), None),
        (
            "http://idp.example.com".to_owned(),
            Some("must begin with https://"),
        ),
        (
            "https://idp.example.com?x=1".to_owned(),
            Some("must not contain `?`"),
        ),
        ("idp.example.com".to_owned(), Some("must be a web address")),
        (
            format!("{entra}/common/v2.0"),
            Some("must have the id of your Entra tenant"),
        ),
        (
            format!("{entra}/organizations/v2.0"),
            Some("must have the id of your Entra tenant"),
        ),
        (
            format!("{entra}/{id}"),
            Some("must have the id of your Entra tenant and end with /v2.0"),
        ),
    ] {
        let section =
            format!("issuer = \"{issuer}\"\nclient_id = \"1\"\nroles = {{ admin = \"A\" }}");
        match mistake {
            None => assert!(load(&with(&section), &[]).is_ok(), "{issuer}"),
            Some(says) => {
                let expected = format!("4:10: admin.oidc.issuer: {says}");
                check(&with(&section), &[], &[&expected]);
            }
        }
    }
}

#[test]
fn mistakes_are_told_at_their_places() {
    for (lines, says) in [
        ("", "3:1: admin.oidc.roles: is missing"),
        (
            "roles = {}",
            "6:9: admin.oidc.roles: must say for one role at least",
        ),
        (
            "roles = \"admin\"",
            "6:9: admin.oidc.roles: must be a table",
        ),
        (
            "roles = { admin = [] }",
            "6:19: admin.oidc.roles.admin: must have at least one entry",
        ),
        (
            "roles = { root = \"A\", admin = \"B\" }",
            "6:11: admin.oidc.roles.root: is not a known key",
        ),
        (
            "roles = { viewer = \"A\", admin = \"A\" }",
            "6:33: admin.oidc.roles.admin: is the same value of the claim as admin.oidc.roles.viewer",
        ),
        (
            "roles = { admin = \"A\" }\nscopes = [\"profile\"]",
            "7:10: admin.oidc.scopes: must have \"openid\" among its entries",
        ),
        (
            "roles = { admin = \"A\" }\nscopes = [\"openid profile\"]",
            "7:11: admin.oidc.scopes[0]: must be one scope",
        ),
        (
            "roles = { admin = \"A\" }\nclient_secret = \"hunter2\"",
            "7:17: admin.oidc.client_secret: a secret must not stand in this file",
        ),
    ] {
        check(&with(&format!("{ISSUER}{lines}")), &[], &[says]);
    }
    let missing = [
        "3:1: admin.oidc.issuer: is missing",
        "3:1: admin.oidc.client_id: is missing",
    ];
    check(&with("roles = { admin = \"A\" }"), &[], &missing);
}

#[test]
fn variables_can_say_all_of_it() {
    let key = |name: &str| format!("SCIM_BRIDGE__ADMIN__OIDC__{name}");
    let variables = [
        (key("ISSUER"), "https://idp.example.com"),
        (key("CLIENT_ID"), "bridge"),
        (key("CLIENT_SECRET"), "hunter2"),
        (key("SCOPES__0"), "openid"),
        (key("ROLES__ADMIN"), "Owners"),
        (key("ROLES__VIEWER__0"), "Everybody"),
    ];
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    let admin = format!("[admin]\nsha256 = \"{DIGEST}\"\n[store]");
    let config = load(&edited(&[("[store]", &admin)]), &variables).unwrap();
    let oidc = config.admin.unwrap().oidc.unwrap();
    assert_eq!((oidc.roles.len(), oidc.scopes.len()), (2, 1));
    assert_eq!(oidc.client_secret.unwrap().expose_secret(), "hunter2");
}
