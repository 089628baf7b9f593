//! A flood of requests in front of a Cloudmore that hangs: memory stays bounded, nobody is told anything but success or to
//! come again, and all is well soon after. `SCIM_BRIDGE_TEST_FLOOD_SECONDS=60` makes it last longer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::{Client, Method};
use scim_bridge::sandbox::{FaultAction, FaultRule};
use serde_json::{Value, json};

use crate::harness::{Bridge, Setup, TOKEN, patch_body, person};

const CONNECTIONS: usize = 64;
/// Fewer than there are connections, so that some are sent away.
const PLACES: usize = 48;
const MIB: usize = 1024 * 1024;

fn seconds() -> u64 {
    let given = std::env::var("SCIM_BRIDGE_TEST_FLOOD_SECONDS").ok();
    given.map_or(5, |text| text.parse().unwrap())
}

/// Bytes of this process that are in memory.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages = statm.split_whitespace().nth(1).unwrap();
    pages.parse::<usize>().unwrap() * 4096
}

#[derive(Default)]
struct Seen {
    well: AtomicUsize,
    sent_away: AtomicUsize,
    most_settling: AtomicUsize,
    slowest: AtomicUsize,
    stop: AtomicBool,
}

/// One connection of an IdP that sends whatever comes next as soon as it has an answer.
async fn pours(http: Client, number: usize, address: String, seen: Arc<Seen>) {
    let mut id = String::new();
    let mut made = 0;
    while !seen.stop.load(Ordering::SeqCst) {
        let (method, path, body) = if id.is_empty() {
            made += 1;
            (
                Method::POST,
                "/Users".to_owned(),
                person(&format!("c{number}n{made}")),
            )
        } else {
            let gone = json!([{ "op": "Replace", "path": "active", "value": false }]);
            (Method::PATCH, format!("/Users/{id}"), patch_body(gone))
        };
        let begun = Instant::now();
        let request = http
            .request(method.clone(), format!("{address}{path}"))
            .bearer_auth(TOKEN);
        let answer = request.json(&body).send().await.unwrap();
        let took = usize::try_from(begun.elapsed().as_millis()).unwrap();
        seen.slowest.fetch_max(took, Ordering::SeqCst);
        match answer.status().as_u16() {
            200 | 201 => {
                seen.well.fetch_add(1, Ordering::SeqCst);
                let body: Value = answer.json().await.unwrap();
                id = match method {
                    Method::POST => body["id"].as_str().unwrap().to_owned(),
                    _ => String::new(),
                };
            }
            429 | 503 => {
                seen.sent_away.fetch_add(1, Ordering::SeqCst);
                assert!(answer.headers().contains_key("retry-after"));
                let body: Value = answer.json().await.unwrap();
                assert_eq!(
                    body["schemas"][0],
                    "urn:ietf:params:scim:api:messages:2.0:Error"
                );
                // As a client that was told to wait would, though not for as long.
                let mut pause = tokio::time::interval(Duration::from_millis(20));
                pause.tick().await;
                pause.tick().await;
            }
            other => panic!("answered with {other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_before_a_cloudmore_that_hangs_is_bounded_and_drains_in_seconds() {
    let bridge = Bridge::with(Setup {
        tenant: "settle_timeout = \"300ms\"",
        server: "max_requests = 48",
        ..Setup::default()
    })
    .await;
    assert_eq!(PLACES, 48);
    bridge.user("first").await;
    bridge.faults([FaultRule::new(FaultAction::Hold).on_path("/api/")]);
    let seen = Arc::new(Seen::default());
    let flood = (0..CONNECTIONS)
        .map(|number| {
            tokio::spawn(pours(
                bridge.http.clone(),
                number,
                bridge.url(""),
                Arc::clone(&seen),
            ))
        })
        .collect::<Vec<_>>();
    let mut look = tokio::time::interval(Duration::from_millis(50));
    let (begun, whole) = (Instant::now(), Duration::from_secs(seconds()));
    // What a bridge that is used holds anyway is there after the first second.
    let mut before = None;
    let mut most = 0;
    while begun.elapsed() < whole {
        look.tick().await;
        let settling = bridge.app.bridge().settling();
        seen.most_settling.fetch_max(settling, Ordering::SeqCst);
        if begun.elapsed() > Duration::from_secs(1) {
            before.get_or_insert_with(resident);
            most = most.max(resident());
        }
    }
    seen.stop.store(true, Ordering::SeqCst);
    for connection in join_all(flood).await {
        connection.unwrap();
    }
    let count = |what: &AtomicUsize| what.load(Ordering::SeqCst);
    let grown = most.saturating_sub(before.unwrap());
    println!(
        "{} well, {} sent away, {} settling at most, {} ms at most, {grown} bytes more",
        count(&seen.well),
        count(&seen.sent_away),
        count(&seen.most_settling),
        count(&seen.slowest)
    );
    assert!(count(&seen.well) > 100 && count(&seen.sent_away) > 0);
    assert!((PLACES..=256).contains(&count(&seen.most_settling)));
    assert!(
        count(&seen.slowest) < 3000,
        "an answer took {} ms",
        count(&seen.slowest)
    );
    assert!(
        grown < 128 * MIB,
        "{} MiB more than at the beginning",
        grown / MIB
    );

    bridge.faults([]);
    let released = Instant::now();
    bridge.user("next").await;
    assert!(
        released.elapsed() < Duration::from_secs(5),
        "{:?}",
        released.elapsed()
    );
    while bridge.app.bridge().settling() > 0 {
        look.tick().await;
    }
    assert!(
        released.elapsed() < Duration::from_secs(20),
        "{:?}",
        released.elapsed()
    );
}
