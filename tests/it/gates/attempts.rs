//! Wrong credentials: whoever shows many has to wait, and whoever has a right one never does.

use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use scim_bridge::auth;

use super::{bridge, bridge_that_takes, from, status, token_section};
use crate::harness::operator::{ADMIN_TOKEN, admin_section};
use crate::harness::{Bridge, Setup, TOKEN};

const FEW: &str = "bad_credentials = 5";

fn shows(client: &Client, bridge: &Bridge, token: &str) -> RequestBuilder {
    client.get(bridge.url("/Users?count=0")).bearer_auth(token)
}

/// The status, and the seconds to wait.
async fn guess(client: &Client, bridge: &Bridge, number: usize) -> (u16, Option<u64>) {
    let guess = shows(client, bridge, &format!("scimb_guess-number-{number}"));
    let answer = guess.send().await.unwrap();
    let wait = answer.headers().get("retry-after");
    let wait = wait.map(|wait| wait.to_str().unwrap().parse().unwrap());
    (answer.status().as_u16(), wait)
}

#[tokio::test]
async fn whoever_guesses_waits_longer_each_time_and_is_forgotten_after_a_while() {
    let bridge = bridge(FEW, "").await;
    let guesser = from(2);
    for number in 0..5 {
        assert_eq!(guess(&guesser, &bridge, number).await, (401, None));
    }
    for expected in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
        // It is not looked at however often it comes, and does not wait the longer for it.
        for number in 0..3 {
            let refused = guess(&guesser, &bridge, number).await;
            assert_eq!(refused, (429, Some(expected)));
        }
        bridge.advance(Duration::from_secs(expected));
        assert_eq!(guess(&guesser, &bridge, 0).await, (401, None));
    }
    assert_eq!(
        guess(&from(3), &bridge, 0).await,
        (401, None),
        "another address"
    );
    bridge.advance(Duration::from_mins(15));
    for number in 0..5 {
        assert_eq!(guess(&guesser, &bridge, number).await, (401, None));
    }
    assert_eq!(guess(&guesser, &bridge, 0).await, (429, Some(1)));
}

#[tokio::test]
async fn right_credentials_from_the_same_address_are_never_locked_out() {
    let (long, short) = (auth::new_token().unwrap(), "a-token-that-people-chose");
    let bridge =
        bridge_that_takes(FEW.to_owned(), token_section(&long) + &token_section(short)).await;
    let client = from(2);
    // This one was there before.
    assert_eq!(status(shows(&client, &bridge, TOKEN)).await, 200);
    for number in 0..6 {
        guess(&client, &bridge, number).await;
    }
    assert_eq!(guess(&client, &bridge, 0).await.0, 429);
    assert_eq!(status(shows(&client, &bridge, TOKEN)).await, 200);
    // From elsewhere it may be a guess that hits.
    for number in 0..6 {
        guess(&from(3), &bridge, number).await;
    }
    assert_eq!(status(shows(&from(3), &bridge, TOKEN)).await, 429);
    // This one was not, but cannot be a guess.
    assert_eq!(status(shows(&client, &bridge, &long)).await, 200);
    // This one may be a guess for all anybody knows, until the wait is over.
    assert_eq!(status(shows(&client, &bridge, short)).await, 429);
    bridge.advance(Duration::from_secs(2));
    assert_eq!(status(shows(&client, &bridge, short)).await, 200);
    // Right ones do not make wrong ones forgotten.
    guess(&client, &bridge, 0).await;
    assert_eq!(guess(&client, &bridge, 0).await.0, 429);
    // Not even a right one is right for another tenant.
    let elsewhere = client.get(bridge.url_of("northwind", "/Users"));
    assert_eq!(status(elsewhere.bearer_auth(TOKEN)).await, 401);
}

#[tokio::test]
async fn requests_without_a_right_credential_are_slowed_by_address_and_right_ones_are_not() {
    let bridge = bridge("refusals_per_second = 2", "").await;
    let client = from(2);
    let bare = || client.get(bridge.url("/Users?count=0"));
    for _ in 0..20 {
        assert_eq!(status(bare()).await, 401);
    }
    assert_eq!(status(bare()).await, 429);
    let made_up = auth::new_token().unwrap();
    assert_eq!(status(shows(&client, &bridge, &made_up)).await, 429);
    assert_eq!(status(shows(&client, &bridge, TOKEN)).await, 200);
    let other = from(3).get(bridge.url("/Users?count=0"));
    assert_eq!(status(other).await, 401);
    bridge.advance(Duration::from_secs(1));
    for expected in [401, 401, 429] {
        assert_eq!(status(bare()).await, expected);
    }
}

#[tokio::test]
async fn a_forged_address_is_no_fresh_start() {
    let bridge = bridge(FEW, "").await;
    let client = from(2);
    for number in 0..6 {
        let guess = shows(&client, &bridge, "scimb_guess");
        let guess = guess.header("X-Forwarded-For", format!("192.0.2.{number}"));
        assert_eq!(status(guess).await, if number < 5 { 401 } else { 429 });
    }
}

#[tokio::test]
async fn the_admin_api_is_guarded_alike() {
    let bridge = Bridge::with(Setup {
        server: format!("{FEW}\n{}", admin_section()).leak(),
        ..Setup::default()
    })
    .await;
    let client = from(2);
    let url = format!("http://{}/admin/api/tenants", bridge.app.addr());
    let shows = |token: &str| client.get(&url).bearer_auth(token);
    assert_eq!(status(shows(ADMIN_TOKEN)).await, 200);
    for number in 0..5 {
        assert_eq!(status(shows(&format!("guess {number}"))).await, 401);
    }
    assert_eq!(status(shows("guess")).await, 429);
    assert_eq!(status(shows(ADMIN_TOKEN)).await, 200);
}
