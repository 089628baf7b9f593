//! Access tokens of the bridge: how long they count, how long a key signs, and what the keys are sealed with.

use std::time::Duration;

use secrecy::ExposeSecret;

use super::{check, check_each_edit, edited, load};

const HEX: &str = "b64c8f0d1e2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4";
const BASE64: &str = "tkyPDR4qO0xdbn+AkaKzxNXm9wgZKjtMXW5/gJGis8Q=";

/// With further lines in front, and with an encryption key in a variable.
fn sealed(front: &str) -> String {
    let key = "url = \"sqlite://bridge.db\"\nencryption_key = { env = \"KEY\" }";
    edited(&[
        ("url = \"sqlite://bridge.db\"", key),
        ("[store]", &format!("{front}[store]")),
    ])
}

#[test]
fn times_are_read_within_their_ranges_and_have_defaults() {
    let times = |front: &str| {
        let oauth = load(&sealed(front), &[("KEY", HEX)]).unwrap().oauth;
        [oauth.token_lifetime, oauth.key_rotation]
    };
    let hours = Duration::from_hours;
    assert_eq!(times(""), [hours(1), hours(24 * 30)]);
    assert_eq!(times("[oauth]\n"), [hours(1), hours(24 * 30)]);
    assert_eq!(
        times("[oauth]\ntoken_lifetime = \"5m\"\nkey_rotation = \"1d\"\n"),
        [Duration::from_mins(5), hours(24)]
    );
    assert_eq!(
        times("[oauth]\ntoken_lifetime = \"24h\"\nkey_rotation = \"366d\"\n"),
        [hours(24), hours(24 * 366)]
    );
}

#[test]
fn times_beyond_their_ranges_are_mistakes_at_their_place() {
    check_each_edit(
        r#"
        [store] => [oauth]⏎token_lifetime = "299s"⏎[store] => 2:18: oauth.token_lifetime: must be from 300s to 86400s
        [store] => [oauth]⏎token_lifetime = "25h"⏎[store] => 2:18: oauth.token_lifetime: must be from 300s to 86400s
        [store] => [oauth]⏎token_lifetime = 60⏎[store] => 2:18: oauth.token_lifetime: 
        [store] => [oauth]⏎key_rotation = "23h"⏎[store] => 2:16: oauth.key_rotation: 
        [store] => [oauth]⏎key_rotation = "367d"⏎[store] => 2:16: oauth.key_rotation: 
        [store] => [oauth]⏎token_lifetime = "1s"⏎key_rotation = "1s"⏎[store] => 2:18: oauth.token_lifetime: && 3:16: oauth.key_rotation: 
        [store] => [oauth]⏎token_life = "1h"⏎[store] => 2:1: oauth.token_life: is not a known key; here go: token_lifetime, key_rotation
        "#,
    );
}

#[test]
fn the_encryption_key_is_32_bytes_in_either_form() {
    let key = |value: &str| {
        let config = load(&sealed(""), &[("KEY", value)]).unwrap();
        let key = config.store.encryption_key.unwrap();
        key.expose_secret().to_vec()
    };
    assert_eq!(key(HEX).len(), 32);
    assert_eq!(key(HEX), key(BASE64));
    assert_eq!(key(HEX), key(&HEX.to_uppercase()));
    assert!(
        load(&edited(&[]), &[])
            .unwrap()
            .store
            .encryption_key
            .is_none()
    );
}

#[test]
fn any_other_encryption_key_is_a_mistake_that_says_how_to_make_one_and_does_not_quote_it() {
    let says = "3:18: store.encryption_key: must be 32 random bytes, … openssl rand -hex 32";
    for wrong in [
        &HEX[2..],
        &format!("{HEX}00"),
        &BASE64[4..],
        "not-a-key-at-all-but-something-secret",
        &HEX.replace('b', "x"),
    ] {
        check(&sealed(""), &[("KEY", wrong)], &[says]);
        let mistakes = load(&sealed(""), &[("KEY", wrong)]).unwrap_err();
        assert!(!mistakes.to_string().contains(wrong));
    }
    check(
        &sealed(""),
        &[],
        &["3:26: store.encryption_key.env: the environment variable KEY is not set"],
    );
    check(
        &sealed("").replace("{ env = \"KEY\" }", &format!("\"{HEX}\"")),
        &[],
        &["3:18: store.encryption_key: a secret must not stand in this file"],
    );
}

#[test]
fn a_client_without_an_encryption_key_is_a_mistake_that_names_it() {
    let client =
        "[[tenant.client]]\nid = \"entra\"\nsecret = { env = \"CLIENT\" }\n[[tenant.token]]";
    let with_client = |text: String| text.replacen("[[tenant.token]]", client, 1);
    let secret = ("CLIENT", "a-client-secret-of-some-length");
    load(&with_client(sealed("")), &[secret, ("KEY", HEX)]).unwrap();
    check(
        &with_client(edited(&[])),
        &[secret],
        &["17:1: tenant[0].client[0]: needs `[store]` with `encryption_key"],
    );
}
