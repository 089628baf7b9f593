//! From where a request comes, and where it may come from.

use reqwest::RequestBuilder;

use super::{bridge, from, seen, status};
use crate::harness::{Bridge, TOKEN};

const ALLOWED: &str = "allow_from = [\"192.0.2.0/24\", \"2001:db8::/32\", \"127.0.0.7\"]";
const PROXIES: &str = "trusted_proxies = [\"127.0.0.1\", \"10.0.0.0/8\"]";

fn list(bridge: &Bridge) -> RequestBuilder {
    bridge.request(reqwest::Method::GET, "/Users?count=0")
}

#[tokio::test]
async fn a_right_token_from_elsewhere_is_refused_like_a_wrong_one() {
    let bridge = bridge("", ALLOWED).await;
    let list = |number, token| {
        let request = from(number).get(bridge.url("/Users?count=0"));
        request.bearer_auth(token)
    };
    assert_eq!(status(list(7, TOKEN)).await, 200);
    let wrong = seen(list(1, "scimb_wrong")).await;
    assert_eq!(wrong.0, 401);
    assert_eq!(seen(list(1, TOKEN)).await, wrong);
    assert_eq!(seen(list(8, TOKEN)).await, wrong);
    assert_eq!(seen(list(7, "scimb_wrong")).await, wrong);
    // The other tenant may be reached from everywhere.
    let other = bridge
        .http
        .get(bridge.url_of("northwind", "/Users?count=0"));
    let other = other.bearer_auth(crate::harness::BROKER_TOKEN);
    assert_eq!(status(other).await, 200);
}

#[tokio::test]
async fn what_a_trusted_proxy_adds_counts_and_nothing_before_it() {
    let bridge = bridge(PROXIES, ALLOWED).await;
    for (forwarded, expected) in [
        ("192.0.2.9", 200),
        ("192.0.2.9:4711", 200),
        ("[2001:db8::1]:4711", 200),
        ("2001:db8::1", 200),
        ("::ffff:192.0.2.9", 200),
        ("198.51.100.1", 401),
        // Forged: the client wrote the first, the proxy the last.
        ("192.0.2.9, 198.51.100.1", 401),
        ("192.0.2.9,198.51.100.1", 401),
        // Through two proxies.
        ("198.51.100.1, 192.0.2.9, 10.1.2.3", 200),
        ("192.0.2.9, 198.51.100.1, 10.1.2.3", 401),
        // Nobody vouches for what is before something unreadable.
        ("192.0.2.9, unknown", 401),
        ("192.0.2.9, 10.1.2.3, ", 401),
        ("192.0.2.9, for=10.1.2.3", 401),
        ("", 401),
        ("192.0.2.9.example", 401),
    ] {
        let request = list(&bridge).header("X-Forwarded-For", forwarded);
        assert_eq!(status(request).await, expected, "{forwarded}");
    }
    let two_lines = list(&bridge).header("X-Forwarded-For", "192.0.2.9");
    let two_lines = two_lines.header("X-Forwarded-For", "198.51.100.1");
    assert_eq!(status(two_lines).await, 401);
    // The other header is the client's own.
    let other = list(&bridge).header("Forwarded", "for=192.0.2.9");
    assert_eq!(status(other).await, 401);
    let other = other_and_true(&bridge);
    assert_eq!(status(other).await, 401);
}

fn other_and_true(bridge: &Bridge) -> RequestBuilder {
    let request = list(bridge).header("X-Forwarded-For", "198.51.100.1");
    request.header("X-Real-IP", "192.0.2.9")
}

#[tokio::test]
async fn forwarded_headers_of_strangers_are_ignored() {
    for server in ["", "trusted_proxies = [\"10.0.0.0/8\"]"] {
        let bridge = bridge(server, ALLOWED).await;
        for header in ["X-Forwarded-For", "Forwarded", "X-Real-IP"] {
            for forged in ["192.0.2.9", "for=192.0.2.9", "192.0.2.9, 10.0.0.1"] {
                let request = list(&bridge).header(header, forged);
                assert_eq!(status(request).await, 401, "{header}: {forged}");
            }
        }
    }
}

#[tokio::test]
async fn the_standard_header_is_read_if_it_is_the_one() {
    let server = format!("{PROXIES}\nclient_address_header = \"forwarded\"");
    let bridge = bridge(server, ALLOWED).await;
    for (forwarded, expected) in [
        ("for=192.0.2.9", 200),
        ("proto=https; For=\"192.0.2.9:80\" ;by=10.0.0.1", 200),
        ("for=\"[2001:db8::1]:80\"", 200),
        ("for=192.0.2.9, for=198.51.100.1", 401),
        ("for=192.0.2.9, for=10.0.0.1", 200),
        ("for=192.0.2.9, for=_hidden", 401),
        ("for=192.0.2.9;host=\"a, proto=https", 401),
        ("proto=https", 401),
    ] {
        let request = list(&bridge).header("Forwarded", forwarded);
        assert_eq!(status(request).await, expected, "{forwarded}");
    }
    let other = list(&bridge).header("X-Forwarded-For", "192.0.2.9");
    assert_eq!(status(other).await, 401);
}

#[tokio::test]
async fn a_location_is_never_what_a_header_says() {
    let server = format!("public_url = \"https://scim.example.com\"\n{PROXIES}");
    let bridge = bridge(server, "").await;
    let id = bridge.user("ann").await;
    let request = bridge.request(reqwest::Method::GET, &format!("/Users/{id}"));
    let request = request
        .header("Host", "evil.example")
        .header("X-Forwarded-Host", "evil.example")
        .header("X-Forwarded-Proto", "http")
        .header("Forwarded", "for=192.0.2.9;host=evil.example;proto=http");
    let (code, headers, body) = seen(request).await;
    assert_eq!(code, 200);
    assert!(body.contains("https://scim.example.com/scim/acme/v2/Users/"));
    assert!(!body.contains("evil") && !format!("{headers:?}").contains("evil"));
}
