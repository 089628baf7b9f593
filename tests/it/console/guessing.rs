//! Guessing at the sign-in: slower and slower from one address, and nobody else's trouble.

use std::time::Duration;

use scim_bridge::auth;
use scim_bridge::domain::administrator::Role;
use serde_json::Value;

use super::visitor::{Answer, Visitor};
use super::{SESSION, bridge, setup};
use crate::harness::operator::{ADMIN_TOKEN, token_of};
use crate::harness::{Bridge, Setup};

const FEW: &str = "bad_credentials = 5";

/// The status, and the seconds to wait.
fn told(answer: &Answer) -> (u16, Option<u64>) {
    let wait = answer.headers.get("retry-after");
    let wait = wait.map(|wait| wait.to_str().unwrap().parse().unwrap());
    (answer.status, wait)
}

async fn guess(visitor: &Visitor) -> (u16, Option<u64>) {
    told(&visitor.sign_in("scimb_a-guess").await)
}

#[tokio::test]
async fn whoever_guesses_at_the_form_waits_longer_each_time_and_nobody_else_does() {
    let bridge = bridge(FEW).await;
    let guesser = Visitor::from(&bridge, 2);
    for _ in 0..5 {
        assert_eq!(guess(&guesser).await, (401, None));
    }
    for expected in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
        for _ in 0..3 {
            assert_eq!(guess(&guesser).await, (429, Some(expected)));
        }
        // A guess that hits tells nothing.
        let hit = guesser.sign_in(ADMIN_TOKEN).await;
        assert_eq!(told(&hit), (429, Some(expected)));
        assert_eq!(guesser.cookie(SESSION), None);
        bridge.advance(Duration::from_secs(expected));
        assert_eq!(guess(&guesser).await, (401, None));
    }
    let other = Visitor::from(&bridge, 3);
    assert_eq!(guess(&other).await, (401, None));
    assert_eq!(other.sign_in(ADMIN_TOKEN).await.status, 303);
}

#[tokio::test]
async fn whoever_has_to_wait_is_told_so_by_a_page() {
    let bridge = bridge("bad_credentials = 1").await;
    let visitor = Visitor::of(&bridge);
    assert_eq!(guess(&visitor).await.0, 401);
    for (words, wait) in [("in a second.", 1), ("in 2 seconds.", 2)] {
        let page = visitor.sign_in("scimb_a-guess").await;
        assert_eq!(told(&page), (429, Some(wait)));
        assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
        assert!(page.headers.contains_key("content-security-policy"));
        assert!(page.body.contains(words), "{}", page.body);
        assert!(page.body.contains("name=\"token\"") && !page.body.contains("a-guess"));
        bridge.advance(Duration::from_secs(wait));
        assert_eq!(guess(&visitor).await.0, 401);
    }
    // The pages themselves are there for everybody.
    assert_eq!(visitor.get("/admin/sign-in").await.status, 200);
}

#[tokio::test]
async fn right_tokens_from_the_same_address_come_in_meanwhile() {
    let token = auth::new_token().unwrap();
    let entry = format!(
        "[[admin.token]]\nsha256 = \"{}\"\nrole = \"viewer\"",
        auth::hex(&auth::digest(&token))
    );
    let server = format!("{}\n{entry}", setup(FEW).server);
    let bridge = Bridge::with(Setup {
        server: server.leak(),
        ..Setup::default()
    })
    .await;
    let visitor = Visitor::of(&bridge);
    let operator = token_of(Role::Operator);
    // The same token, shown at another door before.
    let url = format!("http://{}/admin/api/tenants", bridge.app.addr());
    let shown = bridge.http.get(url).bearer_auth(&operator).send().await;
    assert_eq!(shown.unwrap().status(), 200);
    for _ in 0..6 {
        guess(&visitor).await;
    }
    assert_eq!(guess(&visitor).await.0, 429);
    for (right, status) in [
        (&token, 303),
        (&operator, 303),
        (&token_of(Role::Viewer), 429),
    ] {
        let answer = Visitor::of(&bridge).sign_in(right).await;
        assert_eq!(answer.status, status, "{right}");
    }
    // A made-up one of that form is no guess, and is wrong.
    let made_up = auth::new_token().unwrap();
    assert_eq!(visitor.sign_in(&made_up).await.status, 401);
}

#[tokio::test]
async fn all_doors_count_together_and_each_answers_in_its_own_way() {
    let bridge = bridge(FEW).await;
    let visitor = Visitor::of(&bridge);
    let ask = async |path: &str| {
        let request = visitor.request(reqwest::Method::GET, path);
        visitor.send(request.bearer_auth("scimb_a-guess")).await
    };
    for _ in 0..2 {
        assert_eq!(guess(&visitor).await.0, 401);
        assert_eq!(ask("/admin/api/tenants").await.status, 401);
    }
    assert_eq!(ask("/scim/acme/v2/Users").await.status, 401);
    assert_eq!(guess(&visitor).await, (429, Some(1)));
    for (path, member) in [
        ("/admin/api/tenants", "error"),
        ("/scim/acme/v2/Users", "detail"),
    ] {
        let answer = ask(path).await;
        assert_eq!(told(&answer), (429, Some(1)), "{path}");
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        let words = body[member].as_str().unwrap();
        assert!(words.contains("without a valid credential"), "{words}");
    }
}

#[tokio::test]
async fn attempts_that_fail_are_slowed_whatever_they_show() {
    let bridge = bridge("refusals_per_second = 1").await;
    let visitor = Visitor::of(&bridge);
    for _ in 0..10 {
        let made_up = auth::new_token().unwrap();
        assert_eq!(visitor.sign_in(&made_up).await.status, 401);
    }
    let made_up = auth::new_token().unwrap();
    assert_eq!(told(&visitor.sign_in(&made_up).await), (429, Some(1)));
    assert_eq!(visitor.sign_in(ADMIN_TOKEN).await.status, 303);
}
