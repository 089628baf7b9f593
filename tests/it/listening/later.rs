//! Bodies that come after their heads, or do not come because nobody wants them.

use super::bridge;
use super::wire::{Wire, head};

const SEARCH: &str = "/scim/acme/v2/.search";

fn lines(body: &str, more: &str) -> String {
    let length = body.len();
    format!("Content-Type: application/json\r\nContent-Length: {length}\r\n{more}")
}

#[tokio::test]
async fn whoever_is_answered_before_the_body_came_is_told_that_the_connection_ends() {
    let bridge = bridge("bad_credentials = 1".to_owned()).await;
    let form = "grant_type=client_credentials";
    let lines = format!(
        "Host: x\r\nAuthorization: Bearer wrong\r\n{}",
        lines(form, "")
    );
    let asked = format!("POST {SEARCH} HTTP/1.1\r\n{lines}\r\n");
    for status in [401, 429, 429] {
        let mut wire = Wire::to(bridge.app.addr()).await;
        wire.write(&asked).await;
        let answer = wire.answer().await;
        answer.is_refused_with(status);
        assert!(answer.head.contains("connection: close"), "{}", answer.head);
        assert_eq!(wire.rest().await, b"");
    }
    let long = format!("{SEARCH}?filter={}", "x".repeat(20_000));
    let mut wire = Wire::to(bridge.app.addr()).await;
    wire.write(format!("POST {long} HTTP/1.1\r\n{lines}\r\n"))
        .await;
    let answer = wire.answer().await;
    answer.is_refused_with(414);
    assert!(answer.head.contains("connection: close"), "{}", answer.head);
}

#[tokio::test]
async fn whoever_is_answered_after_the_body_came_keeps_the_connection() {
    let bridge = bridge(String::new()).await;
    let mut wire = Wire::to(bridge.app.addr()).await;
    let (right, wrong) = (search("userName"), "{".to_owned());
    for (body, status) in [(&right, 200), (&wrong, 400), (&right, 200)] {
        wire.write(head("POST", SEARCH, &lines(body, ""))).await;
        wire.write(body).await;
        let answer = wire.answer().await;
        assert_eq!(answer.status, status, "{}", answer.head);
        assert!(
            !answer.head.contains("connection: close"),
            "{}",
            answer.head
        );
    }
}

#[tokio::test]
async fn a_body_that_is_waited_for_is_read_as_it_was_sent() {
    let bridge = bridge(String::new()).await;
    let mut wire = Wire::to(bridge.app.addr()).await;
    // Were it looked at as the beginning of a request, this would be an address with a query and quotation marks.
    let body = format!(" {}", search("?b"));
    for _ in 0..2 {
        let lines = lines(&body, "Expect: 100-continue\r\n");
        wire.write(head("POST", SEARCH, &lines)).await;
        assert_eq!(wire.answer().await.status, 100);
        wire.write(&body).await;
        let answer = wire.answer().await;
        answer.is_refused_with(400);
        let words = answer.body["detail"].as_str().unwrap();
        assert!(words.starts_with("'?b' does not name"), "{words}");
        // The next request is looked at again.
        let quotes = "/scim/acme/v2/Users?filter=userName%20eq%20\"ann\"";
        wire.write(head("GET", quotes, "")).await;
        let answer = wire.answer().await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

fn search(attribute: &str) -> String {
    format!(
        r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"attributes":["{attribute}"],"count":1}}"#
    )
}
