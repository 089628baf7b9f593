//! What an administrator reads of JWTs that were refused.

use serde_json::{Value, json};

use super::issuer::{AUDIENCE, AUTUMN, Issuer, SPRING};
use super::{BEGINNING, LABEL, changed, status};
use crate::harness::operator::{ADMIN_TOKEN, admin_section};
use crate::harness::{Bridge, Setup, expect, mappings};

async fn last(bridge: &Bridge) -> Value {
    let url = format!("http://{}/admin/api/admissions?limit=1", bridge.app.addr());
    let told = expect(bridge.http.get(url).bearer_auth(ADMIN_TOKEN), 200).await;
    told["admissions"][0].clone()
}

#[tokio::test]
async fn the_record_says_why_a_jwt_was_refused_and_what_to_change() {
    let issuer = Issuer::start().await;
    let name = issuer.name();
    let trust = format!(
        "[[tenant.jwt]]\nissuer = \"{name}\"\naudience = \"{AUDIENCE}\"\nlabel = \"{LABEL}\"\n\
         required_claims = {{ appid = \"00000014-0000-0000-c000-000000000000\" }}\n"
    );
    let bridge = Bridge::with(Setup {
        server: admin_section().leak(),
        mappings: Some(trust + &mappings()),
        ..Setup::default()
    })
    .await;
    let of = |changes: Value| changed(&issuer, changes);
    let signature = SPRING.jwt(&of(json!({})));
    let (message, _) = signature.rsplit_once('.').unwrap();
    let twisted = format!("{message}.{}", "A".repeat(86));
    for (jwt, reason, advice, said) in [
        (
            SPRING.jwt(&of(
                json!({"exp": BEGINNING - 3600, "nbf": BEGINNING - 7200}),
            )),
            "has expired",
            "clocks",
            json!({"ended": "3600 s ago"}),
        ),
        (
            SPRING.jwt(&of(json!({"nbf": BEGINNING + 600}))),
            "not valid yet",
            "clocks",
            json!({"begins": "in 599 s"}),
        ),
        (
            SPRING.jwt(&of(json!({"aud": ["a", "b\u{1b}"]}))),
            "its audience",
            "`audience`",
            json!({"audience": "[\"a\",\"b\\u001b\"]"}),
        ),
        (
            SPRING.jwt(&of(json!({"iss": "https://issuer.example/"}))),
            "does not trust its issuer",
            "`issuer`",
            json!({"issuer": "https://issuer.example/"}),
        ),
        (
            SPRING.jwt(&of(json!({"appid": "another"}))),
            "its claim `appid`",
            "`required_claims`",
            json!({}),
        ),
        (
            AUTUMN.jwt(&of(json!({}))),
            "no such key",
            "changed its keys",
            json!({"keyId": "autumn"}),
        ),
        (
            twisted,
            "signature is wrong",
            "made by somebody else",
            json!({}),
        ),
    ] {
        assert_eq!(status(&bridge, &jwt).await, 401);
        bridge.advance(std::time::Duration::from_secs(1));
        let one = last(&bridge).await;
        let text = |key: &str| one[key].as_str().unwrap();
        assert!(text("reason").contains(reason), "{reason}: {one}");
        assert!(text("advice").contains(advice), "{one}");
        assert_eq!(text("kind"), "jwt");
        let mut expected =
            json!({"issuer": name, "audience": AUDIENCE, "keyId": "spring", "algorithm": "RS256"});
        for (key, value) in said.as_object().unwrap() {
            expected[key] = value.clone();
        }
        assert_eq!(one["said"], expected);
        let kept = one.to_string();
        for part in jwt.split('.') {
            assert!(!kept.contains(part), "{kept}");
        }
        assert!(!kept.contains("5e0f1a2b"), "who it is about: {kept}");
    }
}
