//! The headers and cookies of the console, against a table of what they must be.

use scim_bridge::domain::administrator::Role;

use super::visitor::Visitor;
use super::{SESSION, bridge};
use crate::harness::operator::token_of;

/// What every answer of the console has.
const ALWAYS: [(&str, &str); 8] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    ("x-frame-options", "DENY"),
    ("cache-control", "no-store"),
];

/// Addresses of the console, what is sent there, and the status for somebody who is signed in.
const ANSWERS: [(&str, &str, u16, &str); 9] = [
    ("GET", "/admin", 200, "text/html; charset=utf-8"),
    ("GET", "/admin/", 200, "text/html; charset=utf-8"),
    ("GET", "/admin/sign-in", 200, "text/html; charset=utf-8"),
    ("GET", "/admin/nothing", 404, "text/html; charset=utf-8"),
    ("GET", "/admin/sign-out", 405, "text/html; charset=utf-8"),
    ("POST", "/admin/sign-in", 401, "text/html; charset=utf-8"),
    ("POST", "/admin/sign-out", 403, "text/html; charset=utf-8"),
    (
        "GET",
        "/admin/assets/console.css",
        200,
        "text/css; charset=utf-8",
    ),
    ("GET", "/admin/assets/icon.svg", 200, "image/svg+xml"),
];

#[tokio::test]
async fn every_answer_of_the_console_has_the_headers_of_the_table() {
    for (server, hsts) in [
        ("", None),
        (
            "public_url = \"https://scim.example.com\"",
            Some("max-age=31536000"),
        ),
    ] {
        let bridge = bridge(server).await;
        let stranger = Visitor::of(&bridge);
        let known = Visitor::of(&bridge);
        assert_eq!(known.sign_in(&token_of(Role::Viewer)).await.status, 303);
        for (method, path, status, kind) in ANSWERS {
            let answer = match method {
                "GET" => known.get(path).await,
                _ => known.post(path, &[("token", "wrong")]).await,
            };
            assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
            assert_eq!(answer.headers["content-type"], kind, "{method} {path}");
            for answer in [answer, stranger.get(path).await] {
                for (name, value) in ALWAYS {
                    let header = answer
                        .headers
                        .get(name)
                        .unwrap_or_else(|| panic!("{path}: {name}"));
                    assert_eq!(header, value, "{method} {path}: {name}");
                }
                let found = answer.headers.get("strict-transport-security");
                assert_eq!(found.map(|value| value.to_str().unwrap()), hsts, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn cookies_are_out_of_reach_and_as_narrow_as_the_address_allows() {
    for (server, prefix, secure) in [
        ("", "", ""),
        ("public_url = \"http://localhost:8080\"", "", ""),
        (
            "public_url = \"https://scim.example.com\"",
            "__Host-",
            "; Secure",
        ),
        (
            "public_url = \"https://example.com/scim\"",
            "__Host-",
            "; Secure",
        ),
    ] {
        let bridge = bridge(server).await;
        let visitor = Visitor::of(&bridge);
        let answer = visitor.sign_in(&token_of(Role::Admin)).await;
        let id = visitor.cookie(SESSION).unwrap();
        let expected = format!("{prefix}scim-bridge={id}; Path=/; HttpOnly; SameSite=Lax{secure}");
        assert_eq!(answer.cookies(), [expected], "{server}");
        assert_eq!(id.len(), 64, "{id}");

        let form_token = visitor.get("/admin").await.field("form_token");
        let fields = [("form_token", form_token.as_str())];
        let answer = visitor.post("/admin/sign-out", &fields).await;
        let expected =
            format!("{prefix}scim-bridge=; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age=0");
        assert_eq!(answer.cookies(), [expected], "{server}");
        assert_eq!(visitor.cookie(SESSION), None);
    }
}

#[tokio::test]
async fn without_https_nobody_enters_a_token_from_elsewhere() {
    let bridge = bridge("public_url = \"http://scim.example.com\"").await;
    let visitor = Visitor::of(&bridge);
    let page = visitor.get("/admin/sign-in").await;
    assert!(page.body.contains("needs https"), "{}", page.body);
    assert!(!page.body.contains("name=\"token\""), "{}", page.body);
    let answer = visitor.sign_in(&token_of(Role::Admin)).await;
    assert_eq!((answer.status, answer.cookies()), (403, vec![]));
}
