//! Signing in with the accounts of an organization.

mod id_tokens;
mod log;
pub mod provider;
mod refusals;

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use scim_bridge::domain::administrator::Role;
use serde_json::{Value, json};

use super::SESSION;
use super::visitor::{Answer, Visitor};
use crate::harness::operator::{roles_section, token_of};
use crate::harness::{Bridge, SPARE_SECRET, Setup};
use provider::{CLIENT, Provider, Visit};

/// The cookie of a sign-in that was begun.
const LOGIN: &str = "scim-bridge-sign-in";
const BEGIN: &str = "/admin/sign-in/oidc";
/// Who may do what.
const ROLES: &str = "client_secret = { env = \"SPARE_SECRET\" }\n\
     roles = { viewer = [\"Bridge.Viewer\", \"Everybody\"], operator = \"Bridge.Operator\", admin = \"Bridge.Admin\" }";

fn setup(provider: &Provider, more: &str) -> Setup {
    let server = format!("{}\n{}", roles_section(), provider.section(more));
    Setup {
        server: server.leak(),
        ..Setup::default()
    }
}

/// A bridge whose administrators sign in at a provider.
pub async fn bridge(provider: &Provider) -> Bridge {
    Bridge::with(setup(provider, ROLES)).await
}

/// A browser that was sent to the provider.
async fn leave(visitor: &Visitor, from: &str) -> Visit {
    let answer = visitor.get(from).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    Visit::to(answer.location())
}

/// Signs somebody in of whom these claims are true.
async fn sign_in(provider: &Provider, visitor: &Visitor, claims: &Value) -> Answer {
    let visit = leave(visitor, BEGIN).await;
    visitor.get(&provider.lets_in(&visit, claims)).await
}

#[tokio::test]
async fn whoever_has_a_value_of_the_claim_signs_in_with_the_highest_role_that_it_gives() {
    let provider = Provider::start().await;
    let bridge = bridge(&provider).await;
    for (roles, role) in [
        (json!("Bridge.Viewer"), "viewer"),
        (json!(["Everybody"]), "viewer"),
        (json!(["Bridge.Operator"]), "operator"),
        (json!("Bridge.Admin"), "admin"),
        (
            json!(["Bridge.Viewer", "Bridge.Admin", "Something else", 7]),
            "admin",
        ),
    ] {
        let visitor = Visitor::of(&bridge);
        let answer = sign_in(&provider, &visitor, &json!({"roles": roles})).await;
        assert_eq!(
            (answer.status, answer.location()),
            (303, "/admin"),
            "{}",
            answer.body
        );
        assert_eq!(visitor.cookie(LOGIN), None, "it counts once");
        let page = visitor.get("/admin").await.body;
        assert!(page.contains("ann@acme.example"), "{page}");
        assert!(page.contains(&format!("({role})")), "{roles}: {page}");
    }
}

#[tokio::test]
async fn the_browser_takes_along_what_ties_the_answer_to_it_and_nothing_that_is_secret() {
    let provider = Provider::start().await;
    let bridge = bridge(&provider).await;
    let visitor = Visitor::of(&bridge);
    let answer = visitor.get(BEGIN).await;
    let cookie = visitor.cookie(LOGIN).unwrap();
    let expected = format!("{LOGIN}={cookie}; Path=/; HttpOnly; SameSite=Lax; Max-Age=600");
    assert_eq!(answer.cookies(), [expected]);

    let Visit { asked } = Visit::to(answer.location());
    let callback = format!("http://{}/admin/sign-in/oidc/callback", bridge.app.addr());
    for (name, value) in [
        ("tenant", "1"),
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", &callback),
        ("scope", "openid profile"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(asked[name], value, "{name}");
    }
    for name in ["state", "nonce", "code_challenge"] {
        assert_eq!(asked[name].len(), 43, "{name}");
        assert!(!cookie.contains(&asked[name]), "{name}");
    }
    assert!(asked["state"] != asked["nonce"] && asked["state"] != asked["code_challenge"]);
    let again = leave(&visitor, BEGIN).await.asked;
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(asked[name], again[name], "{name}");
    }
}

#[tokio::test]
async fn the_bridge_proves_who_it_is_as_the_provider_wants_it() {
    let basic = || json!({"token_endpoint_auth_methods_supported": ["client_secret_basic"]});
    let both = ["client_secret_basic", "client_secret_post"];
    let public = "roles = { admin = \"Bridge.Admin\" }";
    for (methods, more, in_form, in_header) in [
        (
            json!({"token_endpoint_auth_methods_supported": both}),
            ROLES,
            true,
            false,
        ),
        (basic(), ROLES, false, true),
        (
            json!({"token_endpoint_auth_methods_supported": []}),
            ROLES,
            false,
            true,
        ),
        (basic(), public, false, false),
    ] {
        let provider = Provider::start().await;
        provider.claim(methods.clone());
        let bridge = Bridge::with(setup(&provider, more)).await;
        let visitor = Visitor::of(&bridge);
        let answer = sign_in(&provider, &visitor, &json!({"roles": "Bridge.Admin"})).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let seen = provider.seen();
        let [(form, header)] = &seen[..] else {
            panic!("redeemed {} times", seen.len());
        };
        let secret = form.get("client_secret").map(String::as_str);
        assert_eq!(secret, in_form.then_some(SPARE_SECRET), "{methods}");
        let id = form.get("client_id").map(String::as_str);
        assert_eq!(id, (!in_header).then_some(CLIENT), "{methods}");
        let encoded = SPARE_SECRET.replace('~', "%7E");
        let pair = format!("scim-bridge+of+example.com:{encoded}");
        let pair = format!("Basic {}", BASE64_STANDARD.encode(pair));
        assert_eq!(header.as_ref(), in_header.then_some(&pair), "{methods}");
    }
}

#[tokio::test]
async fn the_way_goes_on_to_the_page_that_was_asked_for() {
    let provider = Provider::start().await;
    let bridge = bridge(&provider).await;
    for (asked, goes) in [
        ("/admin/people?q=a%26b&r=1", "/admin/people?q=a%26b&r=1"),
        ("/admin", "/admin"),
    ] {
        let visitor = Visitor::of(&bridge);
        let page = visitor.get(visitor.get(asked).await.location()).await.body;
        let link = page.split_once("class=\"button\" href=\"").unwrap().1;
        let link = link.split_once('"').unwrap().0.replace("&#38;", "&");
        let visit = leave(&visitor, &link).await;
        let back = provider.lets_in(&visit, &json!({"roles": "Bridge.Viewer"}));
        assert_eq!(visitor.get(&back).await.location(), goes);
    }
    for foreign in [
        "https://attacker.example/",
        "//attacker.example/admin",
        "/scim",
    ] {
        let visitor = Visitor::of(&bridge);
        let visit = leave(&visitor, &format!("{BEGIN}?to={foreign}")).await;
        let back = provider.lets_in(&visit, &json!({"roles": "Bridge.Viewer"}));
        assert_eq!(visitor.get(&back).await.location(), "/admin", "{foreign}");
    }
}

#[tokio::test]
async fn the_page_offers_it_where_it_is_and_the_form_as_ever() {
    let provider = Provider::start().await;
    let with = bridge(&provider).await;
    let without = super::bridge("").await;
    for (bridge, offers) in [(&with, true), (&without, false)] {
        let page = Visitor::of(bridge).get("/admin/sign-in").await.body;
        assert_eq!(page.contains("Sign in with your organization"), offers);
        let visitor = Visitor::of(bridge);
        assert_eq!(visitor.sign_in(&token_of(Role::Viewer)).await.status, 303);
    }
    for path in [BEGIN, "/admin/sign-in/oidc/callback?code=1&state=2"] {
        assert_eq!(Visitor::of(&without).get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_session_has_a_new_id_and_the_same_end_as_others() {
    let provider = Provider::start().await;
    let bridge = bridge(&provider).await;
    let visitor = Visitor::of(&bridge);
    let planted = "0".repeat(64);
    visitor.set_cookie(SESSION, &planted);
    sign_in(&provider, &visitor, &json!({"roles": "Bridge.Admin"})).await;
    assert_ne!(visitor.cookie(SESSION).unwrap(), planted);
    let before = visitor.copy();
    sign_in(&provider, &visitor, &json!({"roles": "Bridge.Viewer"})).await;
    assert_eq!(before.get("/admin").await.status, 303, "in place of it");
    bridge.advance(Duration::from_secs(30 * 60 - 1));
    assert_eq!(visitor.get("/admin").await.status, 200);
    bridge.advance(Duration::from_secs(30 * 60));
    assert_eq!(visitor.get("/admin").await.status, 303);
}

#[tokio::test]
async fn a_role_that_the_configuration_gives_no_more_is_gone_at_once() {
    let provider = Provider::start().await;
    let mut bridge = bridge(&provider).await;
    let (ann, bob) = (Visitor::of(&bridge), Visitor::of(&bridge));
    sign_in(
        &provider,
        &ann,
        &json!({"roles": ["Bridge.Admin", "Everybody"]}),
    )
    .await;
    sign_in(
        &provider,
        &bob,
        &json!({"roles": "Bridge.Operator", "sub": "bob"}),
    )
    .await;

    bridge.setup = setup(&provider, "roles = { viewer = \"Everybody\" }");
    bridge.reload().await;
    assert!(ann.get("/admin").await.body.contains("(viewer)"));
    assert_eq!(bob.get("/admin").await.status, 303);

    // Another issuer's word counts for nothing here.
    let other = Provider::start().await;
    bridge.setup = setup(&other, ROLES);
    bridge.reload().await;
    assert_eq!(ann.get("/admin").await.status, 303);
}

#[tokio::test]
async fn signing_out_everywhere_ends_all_sessions_of_the_same_person() {
    let provider = Provider::start().await;
    let bridge = bridge(&provider).await;
    let [one, two, bob] = std::array::from_fn(|_| Visitor::of(&bridge));
    for (visitor, sub) in [(&one, "ann"), (&two, "ann"), (&bob, "bob")] {
        sign_in(
            &provider,
            visitor,
            &json!({"roles": "Everybody", "sub": sub}),
        )
        .await;
    }
    let form_token = one.get("/admin").await.field("form_token");
    let fields = [("form_token", form_token.as_str()), ("everywhere", "1")];
    assert_eq!(one.post("/admin/sign-out", &fields).await.status, 303);
    for (visitor, status) in [(&one, 303), (&two, 303), (&bob, 200)] {
        assert_eq!(visitor.get("/admin").await.status, status);
    }
}

#[tokio::test]
async fn a_name_is_shown_as_text_and_in_its_order() {
    let provider = Provider::start().await;
    let bridge = bridge(&provider).await;
    for (claims, shown) in [
        (
            json!({"preferred_username": "<script>alert(1)</script>"}),
            "&#60;script&#62;",
        ),
        (
            json!({"preferred_username": "an\u{202e}n\r\n"}),
            "<span>ann ",
        ),
        (json!({"preferred_username": null}), "<span>Ann Example "),
        (
            json!({"preferred_username": null, "name": null}),
            "<span>5e0f1a2b ",
        ),
        (
            json!({"preferred_username": "x".repeat(5000)}),
            &format!("<span>{} ", "x".repeat(200)),
        ),
    ] {
        let visitor = Visitor::of(&bridge);
        let mut claims = claims;
        claims["roles"] = json!("Everybody");
        let answer = sign_in(&provider, &visitor, &claims).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let page = visitor.get("/admin").await.body;
        assert!(page.contains(shown) && !page.contains("<script"), "{page}");
    }
}
