//! Whose JWTs open a tenant: what is read, and what would open it to others.

use scim_bridge::config::Jwt;

use super::{SMALLEST, check, edited, load};

const TOKEN: &str = "[[tenant.token]]\ntoken = { env = \"ACME_TOKEN\" }\n";
const ENTRA: &str = "https://sts.windows.net/3f1c9a52-7d7e-4a7b-9d0e-5a2b8c4d6e10/";

/// [`SMALLEST`] with a JWT instead of the token.
fn with(jwt: &str) -> String {
    edited(&[(TOKEN, &format!("[[tenant.jwt]]\n{jwt}\n"))])
}

fn read(jwt: &str) -> Jwt {
    let config = load(&with(jwt), &[]).unwrap();
    config.tenants[0].jwts[0].clone()
}

#[test]
fn issuer_and_audience_are_enough() {
    let jwt = read("issuer = \"https://issuer.example\"\naudience = \"bridge\"");
    assert_eq!(jwt.issuer, "https://issuer.example");
    assert_eq!(jwt.audience, ["bridge"]);
    assert_eq!(format!("{:?}", jwt.algorithms), "[RS256]");
    assert!(jwt.required_claims.is_empty() && jwt.key_hosts.is_empty());
    assert_eq!((jwt.keys, jwt.label), (None, None));

    let jwt = read(&format!(
        r#"issuer = "{ENTRA}"
        audience = ["api://bridge", "api://bridge/.default"]
        algorithms = ["PS256", "EdDSA"]
        required_claims = {{ tid = "t", AppId = "a" }}
        keys = "https://keys.example/keys?appid=1"
        label = "Entra""#
    ));
    assert_eq!(jwt.issuer, ENTRA);
    assert_eq!(jwt.audience, ["api://bridge", "api://bridge/.default"]);
    assert_eq!(format!("{:?}", jwt.algorithms), "[PS256, EdDSA]");
    let claims: Vec<_> = jwt.required_claims.iter().collect();
    let said = |claim: &str, text: &str| (claim.to_owned(), text.to_owned());
    let expected = [said("AppId", "a"), said("tid", "t")];
    assert!(
        claims
            .into_iter()
            .eq(expected.iter().map(|(claim, text)| (claim, text)))
    );
    assert_eq!(
        jwt.keys.as_deref(),
        Some("https://keys.example/keys?appid=1")
    );
    assert_eq!(
        jwt.key_hosts,
        ["login.microsoftonline.com", "login.windows.net"]
    );
    assert_eq!(jwt.label.as_deref(), Some("Entra"));
}

#[test]
fn a_tenant_may_have_tokens_and_jwts_but_not_neither() {
    let jwt = "[[tenant.jwt]]\nissuer = \"https://issuer.example\"\naudience = \"bridge\"\n";
    let config = load(&(SMALLEST.to_owned() + jwt), &[]).unwrap();
    let tenant = &config.tenants[0];
    assert_eq!((tenant.credentials.len(), tenant.jwts.len()), (1, 1));
    check(
        &edited(&[(TOKEN, "")]),
        &[],
        &["12:1: tenant[0].token: is missing: … or a `[[tenant.jwt]]`; or add `[admin]`"],
    );
}

#[test]
fn what_would_let_others_in_is_refused() {
    for (line, wrong, expected) in [
        (
            18,
            "issuer = \"http://issuer.example\"",
            "issuer: must begin with https://",
        ),
        (
            18,
            "issuer = \"issuer.example\"",
            "issuer: must be a web address",
        ),
        (
            18,
            "issuer = \"https://sts.windows.net/common/\"",
            "issuer: must contain the id of your Entra tenant",
        ),
        (
            18,
            "issuer = \"https://sts.windows.net/\"",
            "issuer: must contain the id",
        ),
        (
            18,
            "issuer = \"https://STS.windows.net/acme.example/\"",
            "issuer: must contain the id",
        ),
        (
            18,
            "issuer = \"https://login.microsoftonline.com/organizations/v2.0\"",
            "issuer: must contain the id",
        ),
        (
            18,
            "issuer = \"https://login.microsoftonline.com/3F1C9A52-7D7E-4A7B-9D0E-5A2B8C4D6E10/v2.0\"",
            "issuer: must contain the id",
        ),
        (
            18,
            "issuer = \"https://login.microsoftonline.com/v2.0/3f1c9a52-7d7e-4a7b-9d0e-5a2b8c4d6e10\"",
            "issuer: must contain the id",
        ),
        (
            20,
            "algorithms = [\"none\"]",
            "algorithms[0]: must be \"RS256\" or",
        ),
        (
            20,
            "algorithms = [\"RS256\", \"HS256\"]",
            "algorithms[1]: must be \"RS256\" or",
        ),
        (
            20,
            "algorithms = []",
            "algorithms: must have at least one entry",
        ),
        (
            20,
            "keys = \"http://issuer.example/keys\"",
            "keys: must begin with https://",
        ),
        (
            20,
            "key_hosts = [\"https://keys.example\"]",
            "key_hosts[0]: must be the name of a host",
        ),
        (
            20,
            "key_hosts = [\"keys.example/x\"]",
            "key_hosts[0]: must be the name of a host",
        ),
        (
            20,
            "required_claims = \"tid\"",
            "required_claims: must be a table",
        ),
        (
            20,
            "required_claims = { tid = 5 }",
            "required_claims.tid: must be text",
        ),
        (
            19,
            "audience = []",
            "audience: must have at least one entry",
        ),
        (19, "audience = \"\"", "audience: must not be empty"),
    ] {
        let given = |key: &str, usual: &str| {
            if wrong.starts_with(key) {
                wrong.to_owned()
            } else {
                usual.to_owned()
            }
        };
        let issuer = given("issuer", "issuer = \"https://issuer.example\"");
        let audience = given("audience", "audience = \"bridge\"");
        let mut jwt = format!("{issuer}\n{audience}");
        if line == 20 {
            jwt = format!("{jwt}\n{wrong}");
        }
        let mistakes = load(&with(&jwt), &[]).expect_err(wrong).to_string();
        let (place, says) = expected.split_once(": ").unwrap();
        assert!(
            mistakes.starts_with(&format!("bridge.toml:{line}:")),
            "{mistakes}"
        );
        assert!(
            mistakes.contains(&format!("tenant[0].jwt[0].{place}: {says}")),
            "{mistakes}"
        );
        assert_eq!(mistakes.lines().count(), 1, "{mistakes}");
    }
    check(
        &with("label = \"x\""),
        &[],
        &[
            "17:1: tenant[0].jwt[0].issuer: is missing: … `issuer = ",
            "17:1: tenant[0].jwt[0].audience: is missing: … `audience = ",
        ],
    );
}

#[test]
fn http_is_for_this_machine_alone() {
    for host in ["localhost:9000", "127.0.0.1:9000", "[::1]:9000"] {
        let issuer = format!("http://{host}/issuer");
        assert_eq!(
            read(&format!("issuer = \"{issuer}\"\naudience = \"a\"")).issuer,
            issuer
        );
    }
}

#[test]
fn no_jwt_opens_two_tenants() {
    let both = |acme: &str, staff: &str| {
        let staff = format!(
            "[[tenant]]\nid = \"staff\"\nbroker = \"northwind\"\ntarget = \"broker\"\ndefault_role = 3\n\
             [[tenant.jwt]]\n{staff}\n"
        );
        load(&(with(acme) + &staff), &[])
    };
    let entra = |more: &str| format!("issuer = \"{ENTRA}\"\n{more}");
    let one = entra("audience = \"a\"");
    let mistakes = both(&one, &one).unwrap_err().to_string();
    assert!(
        mistakes.contains("one JWT would open both \"acme\" and \"staff\""),
        "{mistakes}"
    );
    for (staff, is_taken) in [
        (entra("audience = [\"b\", \"a\"]"), false),
        (
            entra("audience = \"a\"\nrequired_claims = { appid = \"1\" }"),
            false,
        ),
        (entra("audience = \"b\""), true),
        (
            "issuer = \"https://issuer.example\"\naudience = \"a\"".to_owned(),
            true,
        ),
    ] {
        assert_eq!(both(&one, &staff).is_ok(), is_taken, "{staff}");
    }
    let claiming = |app: &str| {
        entra(&format!(
            "audience = \"a\"\nrequired_claims = {{ appid = \"{app}\" }}"
        ))
    };
    assert!(both(&claiming("1"), &claiming("2")).is_ok());
    assert!(both(&claiming("1"), &claiming("1")).is_err());
}

#[test]
fn variables_give_jwts_as_well() {
    let variables = [
        (
            "SCIM_BRIDGE__TENANT__0__JWT__0__ISSUER",
            "https://issuer.example",
        ),
        ("SCIM_BRIDGE__TENANT__0__JWT__0__AUDIENCE", "bridge"),
        ("SCIM_BRIDGE__TENANT__0__JWT__0__ALGORITHMS__0", "ES256"),
        ("SCIM_BRIDGE__TENANT__0__JWT__0__REQUIRED_CLAIMS__TID", "t"),
    ];
    let config = load(SMALLEST, &variables).unwrap();
    let jwt = &config.tenants[0].jwts[0];
    assert_eq!(jwt.audience, ["bridge"]);
    assert_eq!(format!("{:?}", jwt.algorithms), "[ES256]");
    assert_eq!(jwt.required_claims["tid"], "t");
}
