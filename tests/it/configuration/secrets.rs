//! Secrets come by reference and never come out again.

use std::fs;

use proptest::prelude::*;
use scim_bridge::config::{Config, Environment};
use scim_bridge::domain::administrator::Role;
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use super::{SECRETS, SMALLEST, check, check_each_edit, edited, load};

#[test]
fn a_secret_is_read_from_a_variable_or_a_file_without_its_last_newline() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secret"), "from a file\r\n").unwrap();
    let absolute = folder.path().join("secret").display().to_string();
    for (reference, expected) in [
        (
            "{ env = \"PASSWORD\" }".to_owned(),
            "a password, blanks and all",
        ),
        (
            "{ env = \"WITH_NEWLINE\" }".to_owned(),
            "line one\nline two",
        ),
        ("{ file = \"secret\" }".to_owned(), "from a file"),
        (format!("{{ file = '{absolute}' }}"), "from a file"),
    ] {
        let file = folder.path().join("bridge.toml");
        fs::write(&file, edited(&[("{ env = \"PASSWORD\" }", &reference)])).unwrap();
        let environment = SECRETS
            .into_iter()
            .chain([("WITH_NEWLINE", "line one\nline two\n")])
            .collect();
        let config = Config::load(&file, &environment).unwrap();
        assert_eq!(
            config.brokers[0].password.expose_secret(),
            expected,
            "{reference}"
        );
    }
}

#[test]
fn a_token_is_kept_as_its_digest() {
    let config = load(SMALLEST, &[]).unwrap();
    let digest: [u8; 32] = Sha256::digest("acme-token-of-some-length").into();
    assert_eq!(config.tenants[0].credentials[0].sha256, digest);
}

#[test]
fn the_token_of_the_admin_api_is_kept_as_its_digest_and_is_no_other_token() {
    let admin = |written: &str| edited(&[("[store]", &format!("[admin]\n{written}\n[store]"))]);
    let variables = [("ADMIN_TOKEN", "admin-token-of-some-length")];
    let config = load(&admin("token = { env = \"ADMIN_TOKEN\" }"), &variables).unwrap();
    let digest: [u8; 32] = Sha256::digest("admin-token-of-some-length").into();
    let [only] = &config.admin.unwrap().tokens[..] else {
        panic!("there is one token");
    };
    assert_eq!((only.token.sha256, only.role), (digest, Role::Admin));
    for (written, says) in [
        (
            "token = \"hunter2\"",
            "2:9: admin.token: a secret must not stand in this file",
        ),
        (
            "token = { env = \"SHORT\" }",
            "2:9: admin.token: must be at least 16 characters",
        ),
        ("label = \"x\"", "1:1: admin: must say which token"),
    ] {
        check(&admin(written), &[("SHORT", "short")], &[says]);
    }
    let shared = admin("token = { env = \"ACME_TOKEN\" }");
    check(
        &shared,
        &[],
        &["2:9: admin.token: is the same token as tenant[0].token[0].token"],
    );
}

#[test]
fn a_secret_in_the_file_is_a_mistake_that_says_how_to_write_it() {
    check_each_edit(
        r#"
        { env = "PASSWORD" } => "hunter2" => 9:12: broker[0].password: a secret must not stand in this file: write `password = { env = "NAME" }` or `password = { file = "PATH" }`
        { env = "PASSWORD" } => 42 => 9:12: broker[0].password: a secret must not
        { env = "PASSWORD" } => ["hunter2"] => 9:12: broker[0].password: a secret must not
        { env = "PASSWORD" } => true => 9:12: broker[0].password: a secret must not
        { env = "ACME_TOKEN" } => "hunter2" => 18:9: tenant[0].token[0].token: … write `token = { env = "NAME" }`
        "#,
    );
}

#[test]
fn a_variable_does_not_excuse_a_secret_in_the_file() {
    let text = edited(&[("{ env = \"PASSWORD\" }", "\"hunter2\"")]);
    for suffix in ["", "__ENV"] {
        let variable = format!("SCIM_BRIDGE__BROKER__0__PASSWORD{suffix}");
        let expected = "9:12: broker[0].password: a secret must not stand in this file";
        check(&text, &[(&variable, "API_SECRET")], &[expected]);
    }
}

#[test]
fn a_reference_that_leads_nowhere_is_a_mistake() {
    check_each_edit(
        r#"
        { env = "PASSWORD" } => { env = "ABSENT" } => 9:20: broker[0].password.env: the environment variable ABSENT is not set
        { env = "PASSWORD" } => { env = "hunter2" } => 9:20: broker[0].password.env: … not the secret itself
        { env = "PASSWORD" } => { file = "absent" } => 9:21: broker[0].password.file: … a relative path starts at the folder `/etc/bridge`
        { env = "PASSWORD" } => { env = "PASSWORD", file = "x" } => 9:12: broker[0].password: has both `env` and `file`
        { env = "PASSWORD" } => { } => 9:12: broker[0].password: must say where the secret is
        { env = "PASSWORD" } => { env = "PASSWORD", files = "x" } => 9:32: broker[0].password.files: … did you mean `file`?
        "#,
    );
    check(
        SMALLEST,
        &[("PASSWORD", "\n")],
        &["9:12: broker[0].password: the secret is empty"],
    );
}

#[test]
fn a_token_must_be_fit_for_a_header_and_hard_to_guess() {
    for token in [
        "short",
        "with blanks in its middle",
        "nönäscii-in-the-token",
        "line\nbreak-in-the-token",
    ] {
        let expected =
            "18:9: tenant[0].token[0].token: must be at least 16 characters, visible ASCII";
        check(SMALLEST, &[("ACME_TOKEN", token)], &[expected]);
    }
}

#[test]
fn secrets_do_not_print() {
    let config = load(SMALLEST, &[]).unwrap();
    let printed = format!("{config:?} {config:#?}");
    for (_, secret) in SECRETS {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(printed.contains("northwind"), "the rest does print");
}

proptest! {
    #[test]
    fn no_mistake_quotes_a_value(line in 0..17_usize, other in 0..17_usize, key in "[a-z_]{1,9}") {
        // Two values of the file are replaced by a secret that someone put in the wrong place, and an unknown key has it too.
        let mut lines: Vec<_> = SMALLEST.lines().map(str::to_owned).collect();
        for number in [line, other] {
            if let Some((key, _)) = lines[number].clone().split_once(" = ") {
                lines[number] = format!("{key} = \"Hunter2 \\u0007\"");
            }
        }
        lines.push(format!("x{key} = {{ y = 'Hunter2' }}"));
        let environment = Environment::from_iter([("SCIM_BRIDGE__SERVER__LISTEN", "Hunter2")]);
        let mistakes = Config::parse(&lines.join("\n"), "bridge.toml", &environment, "/etc".as_ref()).unwrap_err();
        prop_assert!(!format!("{mistakes} {mistakes:?}").contains("Hunter2"), "{}", mistakes);
    }

    #[test]
    fn any_text_is_answered(text in r#"([\[\]{}=,."'\n# a-z0-9_é-]|\[\[tenant\]\]\n|id = |token = \{ ){0,80}"#) {
        let lines = text.lines().count().max(1) + 1;
        for mistake in &load(&text, &[]).unwrap_err() {
            let line: usize = mistake.place.split(':').nth(1).unwrap().parse().unwrap();
            prop_assert!((1..=lines).contains(&line), "{mistake}");
        }
    }
}
