//! How often a tenant may be asked.

use std::time::Duration;

use super::{bridge, status};
use crate::harness::{BROKER_TOKEN, Bridge, expect};

async fn asked(bridge: &Bridge) -> u16 {
    status(bridge.request(reqwest::Method::GET, "/Users?count=0")).await
}

#[tokio::test]
async fn a_tenant_that_asks_too_often_is_told_when_to_come_again_and_others_are_not_slowed() {
    let bridge = bridge("", "requests_per_second = 2\nburst = 3").await;
    for _ in 0..3 {
        assert_eq!(asked(&bridge).await, 200);
    }
    let list = bridge.request(reqwest::Method::GET, "/Users?count=0");
    let response = list.try_clone().unwrap().send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "1");
    let refused = expect(list, 429).await;
    assert!(
        refused["detail"]
            .as_str()
            .unwrap()
            .contains("requests_per_second")
    );
    assert_eq!(
        refused["schemas"][0],
        "urn:ietf:params:scim:api:messages:2.0:Error"
    );

    // Nobody without the right token costs the tenant anything.
    bridge.advance(Duration::from_millis(500));
    for _ in 0..5 {
        let wrong = bridge
            .http
            .get(bridge.url("/Users"))
            .bearer_auth("scimb_wrong");
        assert_eq!(status(wrong).await, 401);
    }
    assert_eq!(asked(&bridge).await, 200);
    assert_eq!(asked(&bridge).await, 429);
    let other = bridge
        .http
        .get(bridge.url_of("northwind", "/Users?count=0"));
    assert_eq!(status(other.bearer_auth(BROKER_TOKEN)).await, 200);

    bridge.advance(Duration::from_hours(1));
    for expected in [200, 200, 200, 429] {
        assert_eq!(asked(&bridge).await, expected);
    }
    // Who is refused does not wait the longer for it.
    for _ in 0..10 {
        assert_eq!(asked(&bridge).await, 429);
    }
    bridge.advance(Duration::from_millis(500));
    assert_eq!(asked(&bridge).await, 200);
}

#[tokio::test]
async fn without_a_rate_nobody_is_slowed() {
    let bridge = Bridge::start().await;
    for _ in 0..200 {
        assert_eq!(asked(&bridge).await, 200);
    }
}
