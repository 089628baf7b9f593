//! Every way not to be signed in: by the browser, by the answer, by the role, by the provider itself.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::visitor::{Answer as Page, Visitor};
use super::provider::{Answer, Provider};
use super::{BEGIN, LOGIN, ROLES, SESSION, bridge, leave, setup, sign_in};
use crate::harness::{Bridge, Setup};

const OVER: &str = "is over, or was begun in another browser";
const USELESS: &str = "is of no use at the moment";
pub const UNBELIEVABLE: &str = "cannot be believed";

/// Asserts that a page says why nobody is signed in, and that nobody is.
pub fn refused(visitor: &Visitor, page: &Page, status: u16, words: &str) {
    assert_eq!(page.status, status, "{}", page.body);
    assert!(page.body.contains(words), "{words} is not in {}", page.body);
    assert_eq!(visitor.cookie(SESSION), None, "somebody is signed in");
    assert_eq!(visitor.cookie(LOGIN), None, "the sign-in goes on");
}

pub fn viewer() -> Value {
    json!({"roles": "Everybody"})
}

#[tokio::test]
async fn only_the_browser_that_went_away_comes_back_and_only_once() {
    let provider = Provider::start().await;
    let bridge = bridge(&provider).await;
    let visitor = Visitor::of(&bridge);
    let visit = leave(&visitor, BEGIN).await;
    let back = provider.lets_in(&visit, &viewer());

    let stranger = Visitor::of(&bridge);
    refused(&stranger, &stranger.get(&back).await, 400, OVER);
    // Somebody who has begun too, and is sent a link to sign in as somebody else.
    let victim = Visitor::of(&bridge);
    leave(&victim, BEGIN).await;
    refused(&victim, &victim.get(&back).await, 400, OVER);
    let state = &visit.asked["state"];
    let shorter = &state[1..];
    for (kept, other) in [
        (format!("state={state}"), String::new()),
        (format!("state={state}"), format!("state={shorter}")),
        (
            format!("state={state}"),
            format!("state={state}&state={state}"),
        ),
        (
            back.split_once("code=").unwrap().1.to_owned(),
            format!("x&state={state}&code=y"),
        ),
        (
            back.split_once('?').unwrap().1.to_owned(),
            format!("state={state}"),
        ),
    ] {
        let copy = visitor.copy();
        let changed = back.replace(&kept, &other);
        assert_ne!(changed, back);
        refused(&copy, &copy.get(&changed).await, 400, OVER);
    }
    assert!(
        provider.seen().is_empty(),
        "no code is worth asking for then"
    );

    let copy = visitor.copy();
    assert_eq!(visitor.get(&back).await.status, 303);
    // The browser has given the cookie up; whoever has a copy of it has a code that was used.
    let again = visitor.get(&back).await;
    assert_eq!(again.status, 400, "{}", again.body);
    refused(&copy, &copy.get(&back).await, 400, OVER);
}

#[tokio::test]
async fn a_sign_in_ends_after_ten_minutes_whatever_the_cookie_says() {
    let provider = Provider::start().await;
    let bridge = bridge(&provider).await;
    let late = Duration::from_mins(10) - Duration::from_secs(1);
    for (time, status) in [(late, 303), (Duration::from_mins(10), 400)] {
        let visitor = Visitor::of(&bridge);
        let visit = leave(&visitor, BEGIN).await;
        let begun = i64::try_from(bridge_time(&visitor)).unwrap();
        bridge.advance(time);
        let iat = begun / 1_000_000 + i64::try_from(time.as_secs()).unwrap();
        let times = json!({"roles": "Everybody", "iat": iat, "nbf": iat, "exp": iat + 60});
        let back = provider.lets_in(&visit, &times);
        let cookie = visitor.cookie(LOGIN).unwrap();
        let copy = visitor.copy();
        assert_eq!(visitor.get(&back).await.status, status, "{time:?}");
        if status == 400 {
            // Nobody makes it younger: another time makes another state.
            let (secret, rest) = cookie.split_once('.').unwrap();
            let (_, to) = rest.split_once('.').unwrap();
            copy.set_cookie(LOGIN, &format!("{secret}.{}.{to}", begun + 60_000_000));
            refused(&copy, &copy.get(&back).await, 400, OVER);
        }
    }
    for odd in ["", "x", "..", "0.0.0", &format!("{}.0.%", "a".repeat(64))] {
        let visitor = Visitor::of(&bridge);
        visitor.set_cookie(LOGIN, odd);
        let answer = visitor
            .get("/admin/sign-in/oidc/callback?code=1&state=2")
            .await;
        refused(&visitor, &answer, 400, OVER);
    }
}

/// When the sign-in of a browser was begun, as its cookie says.
fn bridge_time(visitor: &Visitor) -> u64 {
    let cookie = visitor.cookie(LOGIN).unwrap();
    cookie.split('.').nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn whoever_has_no_role_is_told_what_is_missing() {
    let provider = Provider::start().await;
    let bridge = bridge(&provider).await;
    for claims in [
        json!({}),
        json!({"roles": []}),
        json!({"roles": ["bridge.admin", "Bridge.Admin ", {"Bridge.Admin": true}]}),
        json!({"roles": {"Bridge.Admin": true}}),
        json!({"groups": ["Bridge.Admin"]}),
    ] {
        let visitor = Visitor::of(&bridge);
        let page = sign_in(&provider, &visitor, &claims).await;
        let words = "the claim &#34;roles&#34; of your account has one of: Bridge.Viewer, Everybody, \
                     Bridge.Operator, Bridge.Admin.";
        refused(&visitor, &page, 403, words);
    }
    let groups = format!("{ROLES}\nrole_claim = \"groups\"\nscopes = [\"openid\", \"groups\"]");
    let bridge = Bridge::with(setup(&provider, &groups)).await;
    let visitor = Visitor::of(&bridge);
    let visit = leave(&visitor, BEGIN).await;
    assert_eq!(visit.asked["scope"], "openid groups");
    let back = provider.lets_in(&visit, &json!({"groups": ["Bridge.Admin"]}));
    assert_eq!(visitor.get(&back).await.status, 303);
}

#[tokio::test]
async fn an_error_of_the_provider_is_told_in_words_of_our_own() {
    let provider = Provider::start().await;
    let bridge = bridge(&provider).await;
    let markup = "<script>alert(1)</script>";
    for (error, status, words) in [
        ("access_denied", 403, "did not let you sign in"),
        ("interaction_required", 403, "did not let you sign in"),
        ("server_error", 502, USELESS),
        ("invalid_scope", 502, USELESS),
        (markup, 502, USELESS),
    ] {
        let visitor = Visitor::of(&bridge);
        let visit = leave(&visitor, BEGIN).await;
        let back = visit.back(&[("error", error), ("error_description", markup)]);
        let page = visitor.get(&back).await;
        assert!(!page.body.contains("script"), "{}", page.body);
        refused(&visitor, &page, status, words);
    }
    let visitor = Visitor::of(&bridge);
    let answer = visitor
        .get("/admin/sign-in/oidc/callback?error=access_denied")
        .await;
    refused(&visitor, &answer, 400, OVER);
    assert!(provider.seen().is_empty());
}

#[tokio::test]
async fn an_answer_that_names_another_issuer_is_not_taken() {
    let provider = Provider::start().await;
    let bridge = bridge(&provider).await;
    let name = provider.name();
    let named = async |issuer: Option<&str>| {
        let visitor = Visitor::of(&bridge);
        let visit = leave(&visitor, BEGIN).await;
        let back = provider.lets_in(&visit, &viewer());
        let iss = issuer.map(|issuer| format!("&iss={issuer}"));
        let page = visitor
            .get(&format!("{back}{}", iss.unwrap_or_default()))
            .await;
        (visitor, page)
    };
    let (visitor, page) = named(Some("https://other.example")).await;
    refused(&visitor, &page, 502, UNBELIEVABLE);
    assert!(provider.seen().is_empty(), "the code went to the wrong one");
    for issuer in [Some(name.as_str()), None] {
        assert_eq!(named(issuer).await.1.status, 303);
    }
    // Where the issuer says that it always names itself, silence is another one's.
    provider.claim(json!({"authorization_response_iss_parameter_supported": true}));
    bridge.advance(Duration::from_hours(1));
    let begun = async || leave(&Visitor::of(&bridge), BEGIN).await;
    begun().await;
    let (visitor, page) = named(None).await;
    refused(&visitor, &page, 502, UNBELIEVABLE);
}

#[tokio::test]
async fn a_provider_that_fails_is_waited_for_and_read_within_bounds() {
    let provider = Provider::start().await;
    let bridge = bridge(&provider).await;
    let id_token = json!({"id_token": 7});
    for (answer, status, words) in [
        (Answer::Status(500, json!({})), 502, USELESS),
        (
            Answer::Status(401, json!({"error": "invalid_client"})),
            502,
            USELESS,
        ),
        (
            Answer::Status(400, json!({"error": "invalid_grant"})),
            400,
            OVER,
        ),
        (Answer::Status(307, json!({})), 502, USELESS),
        (
            Answer::Status(200, json!({"access_token": "x"})),
            502,
            USELESS,
        ),
        (Answer::Status(200, id_token), 502, USELESS),
        (Answer::Endless, 502, USELESS),
        (Answer::Silence, 502, USELESS),
    ] {
        provider.answer(answer);
        let visitor = Visitor::of(&bridge);
        let page = sign_in(&provider, &visitor, &viewer()).await;
        refused(&visitor, &page, status, words);
    }
    provider.answer(Answer::Right);
    let visitor = Visitor::of(&bridge);
    assert_eq!(sign_in(&provider, &visitor, &viewer()).await.status, 303);
}

#[tokio::test]
async fn the_provider_is_believed_about_its_own_addresses_alone() {
    for wrong in [
        json!({"issuer": "https://other.example"}),
        json!({"authorization_endpoint": "http://other.example/authorize"}),
        json!({"authorization_endpoint": "javascript:alert(1)"}),
        json!({"token_endpoint": "https://other.example/token"}),
        json!({"token_endpoint": null}),
    ] {
        let provider = Provider::start().await;
        provider.claim(wrong.clone());
        let bridge = bridge(&provider).await;
        let visitor = Visitor::of(&bridge);
        refused(&visitor, &visitor.get(BEGIN).await, 502, USELESS);
    }
    // What was wrong is asked for again after a while, and not before.
    let provider = Provider::start().await;
    provider.claim(json!({"token_endpoint": null}));
    let bridge = bridge(&provider).await;
    let visitor = Visitor::of(&bridge);
    assert_eq!(visitor.get(BEGIN).await.status, 502);
    provider.claim(json!({"token_endpoint": provider.name()}));
    assert_eq!(visitor.get(BEGIN).await.status, 502);
    bridge.advance(Duration::from_secs(5));
    assert_eq!(visitor.get(BEGIN).await.status, 303);
}

/// A bridge that is out of patience after ten refusals.
async fn slowed(provider: &Provider) -> Bridge {
    let server = format!("refusals_per_second = 1\n{}", setup(provider, ROLES).server);
    Bridge::with(Setup {
        server: server.leak(),
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn answers_that_nobody_asked_for_are_slowed_and_right_ones_are_not() {
    let provider = Provider::start().await;
    let bridge = slowed(&provider).await;
    let visitor = Visitor::of(&bridge);
    for _ in 0..10 {
        let page = visitor
            .get("/admin/sign-in/oidc/callback?code=1&state=2")
            .await;
        refused(&visitor, &page, 400, OVER);
    }
    let page = visitor
        .get("/admin/sign-in/oidc/callback?code=1&state=2")
        .await;
    refused(&visitor, &page, 429, "Try again in a second.");
    assert_eq!(page.headers["retry-after"], "1");
    assert_eq!(sign_in(&provider, &visitor, &viewer()).await.status, 303);
}

#[tokio::test]
async fn without_https_nobody_goes_there() {
    let provider = Provider::start().await;
    let server = setup(&provider, ROLES).server;
    let server = format!("public_url = \"http://scim.example.com\"\n{server}").leak();
    let bridge = Bridge::with(Setup {
        server,
        ..Setup::default()
    })
    .await;
    let visitor = Visitor::of(&bridge);
    refused(&visitor, &visitor.get(BEGIN).await, 403, "needs https");
}

#[tokio::test]
async fn the_provider_is_asked_once_for_each_sign_in_and_no_oftener_than_an_address_may_be_refused()
{
    let provider = Provider::start().await;
    let bridge = slowed(&provider).await;
    let visitor = Visitor::of(&bridge);
    let visit = leave(&visitor, BEGIN).await;
    let cookie = visitor.cookie(LOGIN).unwrap();
    for code in ["1", "2", "3"] {
        visitor.set_cookie(LOGIN, &cookie);
        let page = visitor.get(&visit.back(&[("code", code)])).await;
        refused(&visitor, &page, 400, OVER);
    }
    assert_eq!(provider.seen().len(), 1);
    for _ in 0..7 {
        let visit = leave(&visitor, BEGIN).await;
        visitor.get(&visit.back(&[("code", "made up")])).await;
    }
    let visit = leave(&visitor, BEGIN).await;
    let page = visitor.get(&visit.back(&[("code", "made up")])).await;
    refused(&visitor, &page, 429, "Try again in a second.");
    assert_eq!(provider.seen().len(), 7);
}
