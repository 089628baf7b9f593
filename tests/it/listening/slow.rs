//! Slow-loris: requests that begin and do not end.

use std::time::Duration;

use futures_util::future::join_all;
use scim_bridge::sandbox::{FaultAction, FaultRule};
use serde_json::json;

use super::wire::{Wire, head};
use super::{bridge, serves_others};
use crate::harness::{Bridge, Setup, expect, person};

fn timeouts(which: &str) -> String {
    format!("[server.connections]\n{which} = \"300ms\"\nmax_per_address = 2000")
}

#[tokio::test]
async fn whoever_does_not_come_to_the_end_of_a_head_is_cut_off_and_others_are_served() {
    let bridge = bridge(timeouts("header_timeout")).await;
    let address = bridge.app.addr();
    let attack = |begin: &'static str, drips: Option<u8>| async move {
        let mut wire = Wire::to(address).await;
        wire.write(begin).await;
        match drips {
            Some(byte) => wire.drip(byte).await,
            None => assert_eq!(wire.rest().await, b""),
        }
    };
    let attacks = (0..100).map(|number| match number % 5 {
        0 => attack("", None),
        1 => attack("GET /scim/acme/v2/Users HTTP/1.1\r\nHost: x\r\n", None),
        2 => attack("GET /scim/acme/v2/Users HTTP/1.1\r\nX: ", Some(b'x')),
        3 => attack("GET /", Some(b'a')),
        _ => attack("PRI", None),
    });
    let attacks = tokio::spawn(join_all(attacks));
    let mut served = 0;
    while !attacks.is_finished() {
        serves_others(&bridge).await;
        served += 1;
    }
    attacks.await.unwrap();
    assert!(served > 0);
}

#[tokio::test]
async fn a_head_after_an_answer_has_as_long_as_the_first() {
    let bridge = bridge(timeouts("header_timeout")).await;
    let mut wire = Wire::to(bridge.app.addr()).await;
    let get = head("GET", "/scim/acme/v2/Users?count=0", "");
    for _ in 0..3 {
        wire.write(&get).await;
        assert_eq!(wire.answer().await.status, 200);
    }
    wire.write(&get[..get.len() - 4]).await;
    assert_eq!(wire.rest().await, b"");
}

#[tokio::test]
async fn a_body_that_stalls_or_drips_is_answered_with_408_and_the_connection_is_closed() {
    let bridge = bridge(timeouts("body_timeout")).await;
    let lines = "Content-Type: application/scim+json\r\nContent-Length: 100000\r\n";
    let chunked = "Content-Type: application/scim+json\r\nTransfer-Encoding: chunked\r\n";
    for (method, target) in [
        ("POST", "/scim/acme/v2/Users"),
        ("POST", "/scim/acme/v2/Bulk"),
        ("PUT", "/scim/acme/v2/Users/nobody"),
    ] {
        for (lines, begin) in [(lines, "{\"userName\": \""), (chunked, "1\r\n{\r\n")] {
            let mut wire = Wire::to(bridge.app.addr()).await;
            wire.write(head(method, target, lines)).await;
            wire.write(begin).await;
            let answer = wire.answer().await;
            answer.is_refused_with(408);
            assert!(answer.head.contains("connection: close"), "{}", answer.head);
            assert_eq!(wire.rest().await, b"");
        }
    }
    let mut wire = Wire::to(bridge.app.addr()).await;
    wire.write(head("POST", "/scim/acme/v2/Users", lines)).await;
    wire.drip(b' ').await;
    serves_others(&bridge).await;
    let users = bridge.get("/Users", 200).await;
    assert_eq!(users["totalResults"], 0);
}

#[tokio::test]
async fn a_body_that_comes_steadily_may_take_longer_than_the_timeout() {
    let bridge = bridge(timeouts("body_timeout")).await;
    let body = person("ann").to_string();
    let padding = 128 * 1024;
    let lines = format!(
        "Content-Type: application/scim+json\r\nContent-Length: {}\r\n",
        padding + body.len()
    );
    let mut wire = Wire::to(bridge.app.addr()).await;
    wire.write(head("POST", "/scim/acme/v2/Users", &lines))
        .await;
    // Four pieces in at least 450 ms.
    let mut pause = tokio::time::interval(Duration::from_millis(150));
    for _ in 0..4 {
        pause.tick().await;
        wire.write(vec![b' '; padding / 4]).await;
    }
    wire.write(body).await;
    assert_eq!(wire.answer().await.status, 201);
}

#[tokio::test]
async fn a_body_that_nobody_wants_to_read_holds_nothing_up() {
    let bridge = bridge(timeouts("header_timeout")).await;
    let mut wire = Wire::to(bridge.app.addr()).await;
    wire.write(
        "POST /scim/acme/v2/Users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Content-Length: 1000000\r\n\r\n{",
    )
    .await;
    wire.answer().await.is_refused_with(401);
    wire.drip(b' ').await;
}

#[tokio::test]
async fn a_request_that_takes_long_to_serve_is_no_slow_client() {
    let bridge = Bridge::with(Setup {
        server: "[server.connections]\nheader_timeout = \"100ms\"\nidle_timeout = \"100ms\"\nbody_timeout = \"100ms\"",
        tenant: "settle_timeout = \"1s\"",
        ..Setup::default()
    })
    .await;
    bridge.faults([FaultRule::new(FaultAction::Hold).on_path("/api/")]);
    let create = bridge.request(reqwest::Method::POST, "/Users");
    let made = expect(create.json(&person("ann")), 201).await;
    assert_eq!(made["userName"], json!("ann@acme.example"));
}
