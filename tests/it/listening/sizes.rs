//! What is too large to be looked at: addresses, headers, packed bodies, deep ones.

use reqwest::Method;

use super::wire::{Wire, head};
use super::{bridge, serves_others};
use crate::harness::{Bridge, expect};

const USERS: &str = "/scim/acme/v2/Users";

#[tokio::test]
async fn an_address_that_is_too_long_is_refused_with_a_sentence_and_then_without() {
    let bridge = Bridge::start().await;
    for (length, has_body) in [(17_000, true), (50_000, true), (200_000, false)] {
        let mut wire = Wire::to(bridge.app.addr()).await;
        let target = format!("{USERS}?filter={}", "x".repeat(length));
        wire.write(head("GET", &target, "")).await;
        let answer = wire.answer().await;
        if has_body {
            answer.is_refused_with(414);
        } else {
            assert!([414, 431].contains(&answer.status), "{}", answer.head);
        }
        serves_others(&bridge).await;
    }
    let filter = "x".repeat(16_000);
    bridge.get(&format!("/Users?filter={filter}"), 400).await;
}

#[tokio::test]
async fn headers_that_are_too_large_are_refused_with_a_sentence_and_then_without() {
    let bridge = Bridge::start().await;
    for (size, has_body) in [(33_000, true), (200_000, false), (4_000_000, false)] {
        let mut wire = Wire::to(bridge.app.addr()).await;
        let line = format!("X-Large: {}\r\n", "x".repeat(size));
        wire.write(&head("GET", USERS, &line)[..size.min(150_000)])
            .await;
        wire.write("\r\n\r\n").await;
        let answer = wire.answer().await;
        if has_body {
            answer.is_refused_with(431);
        } else {
            assert_eq!(answer.status, 431);
        }
        serves_others(&bridge).await;
    }
    let many = "X: y\r\n".repeat(1000);
    let mut wire = Wire::to(bridge.app.addr()).await;
    wire.write(head("GET", USERS, &many)).await;
    assert_eq!(wire.answer().await.status, 431);
    let large = "x".repeat(16_000);
    let request = bridge
        .request(Method::GET, "/Users")
        .header("X-Large", large);
    expect(request, 200).await;
}

#[tokio::test]
async fn limits_of_headers_and_addresses_are_what_is_configured() {
    let limits = "[server.connections]\nmax_header_bytes = 4096\nmax_target_bytes = 1024";
    let bridge = bridge(limits.to_owned()).await;
    let header = |size| {
        bridge
            .request(Method::GET, "/Users")
            .header("X", "x".repeat(size))
    };
    expect(header(3_000), 200).await;
    expect(header(5_000), 431).await;
    let target = |size| bridge.request(Method::GET, &format!("/Users?x={}", "x".repeat(size)));
    expect(target(900), 200).await;
    expect(target(1_100), 414).await;
}

#[tokio::test]
async fn a_packed_body_is_refused_and_never_unpacked() {
    let bridge = Bridge::start().await;
    // The beginning of a gzip file. What follows does not matter: nobody looks.
    let packed = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff".repeat(1000);
    for encoding in ["gzip", "deflate", "br", "zstd", "identity, gzip", "unheard"] {
        let request = bridge.request(Method::POST, "/Users").body(packed.clone());
        let request = request.header("Content-Type", "application/scim+json");
        let answer = expect(request.header("Content-Encoding", encoding), 415).await;
        let detail = answer["detail"].as_str().unwrap();
        assert!(detail.contains("Content-Encoding"), "{detail}");
        serves_others(&bridge).await;
    }
    let plain = bridge.request(Method::POST, "/Users");
    let plain = plain.json(&crate::harness::person("ann"));
    expect(plain.header("Content-Encoding", "identity"), 201).await;
}

#[tokio::test]
async fn a_deep_body_is_refused_and_others_are_served() {
    let bridge = Bridge::start().await;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let depth = 200_000;
        let body = format!("{}1{}", open.repeat(depth), close.repeat(depth));
        for (method, path) in [
            (Method::POST, "/Users"),
            (Method::POST, "/Bulk"),
            (Method::PATCH, "/Users/nobody"),
        ] {
            let request = bridge.request(method, path).body(body.clone());
            let answer = expect(request.header("Content-Type", "application/json"), 400).await;
            assert_eq!(answer["scimType"], "invalidSyntax");
            serves_others(&bridge).await;
        }
    }
}
