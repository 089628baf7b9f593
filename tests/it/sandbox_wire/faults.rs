//! Faults: what goes wrong, with which calls, how often.

use std::time::{Duration, Instant};

use reqwest::Method;
use scim_bridge::sandbox::{Call, FaultAction, FaultRule, Faults};
use serde_json::json;
use tokio::sync::broadcast::Receiver;

use super::support::{Client, person, user, users};

const ANN: &str = "ann@acme.example";

fn status(code: u16) -> FaultAction {
    FaultAction::Status {
        code,
        retry_after: None,
        body: None,
    }
}

async fn with(rule: FaultRule) -> Client {
    let client = Client::demo().await;
    client.sandbox.set_faults(Faults::one(rule));
    client
}

/// The statuses of so many listings of users.
async fn statuses(client: &Client, calls: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..calls {
        statuses.push(client.get(&users()).await.status);
    }
    statuses
}

/// A create of Ann, not yet sent.
fn create(client: &Client) -> impl Future<Output = reqwest::Result<reqwest::Response>> + use<> {
    let request = client.http.post(client.address(&users()));
    request.bearer_auth(&client.token).json(&person(ANN)).send()
}

/// Ends when a call is in the journal.
async fn arrival(client: &Client) {
    while client.sandbox.calls().is_empty() {
        tokio::task::yield_now().await;
    }
}

async fn finished(calls: &mut Receiver<Call>) -> Call {
    tokio::time::timeout(Duration::from_secs(10), calls.recv())
        .await
        .expect("the call ends")
        .unwrap()
}

#[tokio::test]
async fn a_status_is_answered_with_its_header_and_body_and_nothing_happens() {
    let client = with(FaultRule::new(FaultAction::Status {
        code: 429,
        retry_after: Some(7),
        body: Some(json!({ "message": "slow down" })),
    }))
    .await;
    let reply = client.post(&users(), person(ANN)).await;
    assert_eq!(reply.status, 429);
    assert_eq!(reply.retry_after.as_deref(), Some("7"));
    assert_eq!(reply.json(), json!({ "message": "slow down" }));
    assert!(client.sandbox.snapshot().person(ANN).is_none());
}

#[tokio::test]
async fn a_text_body_is_sent_as_it_is() {
    let client = with(FaultRule::new(FaultAction::Status {
        code: 502,
        retry_after: None,
        body: Some(json!("<html>Bad gateway</html>")),
    }))
    .await;
    assert_eq!(client.get(&users()).await.text, "<html>Bad gateway</html>");
}

#[tokio::test]
async fn a_rule_skips_and_then_acts_so_many_times() {
    let client = with(FaultRule::new(status(503)).skip(1).times(2)).await;
    assert_eq!(statuses(&client, 5).await, [200, 503, 503, 200, 200]);
}

#[tokio::test]
async fn a_rule_acts_only_on_the_calls_it_matches() {
    let client = with(FaultRule::new(status(503)).on("post", "/USERS")).await;
    assert_eq!(client.get(&users()).await.status, 200);
    assert_eq!(client.post("/api/elsewhere", json!({})).await.status, 404);
    assert_eq!(client.post(&users(), person(ANN)).await.status, 503);
}

#[tokio::test]
async fn faults_reach_the_token_endpoint() {
    let client = with(FaultRule::new(status(500)).on_path("/connect/token")).await;
    assert_eq!(client.ask_token(&[], None).await.status, 500);
    assert_eq!(client.get(&users()).await.status, 200);
}

#[tokio::test]
async fn a_percentage_hits_the_same_calls_for_the_same_seed() {
    let mut runs = Vec::new();
    for seed in [1, 1, 2] {
        let client = Client::demo().await;
        client.sandbox.set_faults(Faults {
            rules: vec![FaultRule::new(status(503)).percent(30)],
            seed,
        });
        runs.push(statuses(&client, 60).await);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    let hit = runs[0].iter().filter(|code| **code == 503).count();
    assert!((8..=28).contains(&hit), "{hit} of 60");
}

#[tokio::test]
async fn nothing_is_hit_at_zero_percent() {
    let client = with(FaultRule::new(status(503)).percent(0)).await;
    assert_eq!(statuses(&client, 20).await, [200; 20]);
}

#[tokio::test]
async fn latency_delays_and_joins_other_faults() {
    let client = Client::demo().await;
    client.sandbox.set_faults(Faults {
        rules: vec![
            FaultRule::new(FaultAction::LatencyMs(60)),
            FaultRule::new(status(503)),
        ],
        seed: 0,
    });
    let begin = Instant::now();
    assert_eq!(statuses(&client, 1).await, [503]);
    assert!(begin.elapsed() >= Duration::from_millis(60));
}

#[tokio::test]
async fn a_client_that_stops_waiting_does_not_stop_the_effect() {
    let client = with(FaultRule::new(FaultAction::Hold)).await;
    let mut ends = client.sandbox.follow();
    let waiting = tokio::spawn(create(&client));
    arrival(&client).await;
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    client.sandbox.set_faults(Faults::default());
    assert_eq!(finished(&mut ends).await.status, Some(201));
    assert!(client.sandbox.snapshot().person(ANN).is_some());
}

#[tokio::test]
async fn a_dropped_connection_is_a_transport_error_with_or_without_the_effect() {
    for (action, effect) in [
        (FaultAction::DropBeforeEffect, false),
        (FaultAction::DropAfterEffect, true),
    ] {
        let client = with(FaultRule::new(action).times(1)).await;
        let sent = client
            .try_send(Method::POST, &users(), Some(person(ANN)))
            .await;
        let error = sent.unwrap_err();
        assert!(error.is_request(), "{error:?}");
        assert_eq!(client.sandbox.snapshot().person(ANN).is_some(), effect);
        let call = client.last_call();
        assert_eq!(call.status, None);
        assert_eq!(call.note.contains("creates user"), effect, "{}", call.note);
        assert_eq!(statuses(&client, 1).await, [200]);
    }
}

#[tokio::test]
async fn expired_tokens_stay_expired_after_the_fault() {
    let mut client = with(FaultRule::new(FaultAction::ExpireToken).times(1)).await;
    assert_eq!(statuses(&client, 2).await, [401, 401]);
    client.sign_in().await;
    assert_eq!(statuses(&client, 1).await, [200]);
}

/// Holds a create; tells whether its effect came before the rule was removed.
async fn check_hold(action: FaultAction, effect_while_held: bool) {
    let client = with(FaultRule::new(action).on("POST", "/users")).await;
    let mut ends = client.sandbox.follow();
    let held = tokio::spawn(create(&client));
    arrival(&client).await;
    while client.sandbox.snapshot().person(ANN).is_some() != effect_while_held {
        tokio::task::yield_now().await;
    }
    assert_eq!(client.sandbox.calls()[0].note, "under way");
    assert_eq!(client.get(&user("nobody")).await.status, 404);
    assert_eq!(finished(&mut ends).await.status, Some(404));
    assert_eq!(
        client.sandbox.snapshot().person(ANN).is_some(),
        effect_while_held
    );
    client.sandbox.set_faults(Faults::default());
    assert_eq!(held.await.unwrap().unwrap().status(), 201);
    assert_eq!(finished(&mut ends).await.status, Some(201));
    assert!(client.sandbox.snapshot().person(ANN).is_some());
}

#[tokio::test]
async fn a_held_call_waits_before_its_effect_until_the_rule_is_removed() {
    check_hold(FaultAction::Hold, false).await;
}

#[tokio::test]
async fn a_call_can_be_held_between_effect_and_answer() {
    check_hold(FaultAction::HoldAfterEffect, true).await;
}

#[tokio::test]
async fn stopping_drops_held_calls_and_ends() {
    let client = with(FaultRule::new(FaultAction::Hold)).await;
    let held = tokio::spawn(client.http.get(client.address(&users())).send());
    arrival(&client).await;
    let addr = client.sandbox.addr();
    tokio::time::timeout(Duration::from_secs(10), client.sandbox.stop())
        .await
        .expect("it stops");
    assert!(held.await.unwrap().is_err());
    assert!(tokio::net::TcpStream::connect(addr).await.is_err());
}
