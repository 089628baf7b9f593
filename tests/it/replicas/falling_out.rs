//! Replicas that do not agree, and a database that goes away.

use reqwest::Method;

use super::{ask, two};
use crate::harness::{expect, person, stores};

#[tokio::test]
async fn a_replica_with_older_mappings_leaves_the_work_to_those_with_newer_ones() {
    let (one, other) = two().await;
    let finance = one.group("Cloudmore Finance").await;
    let ann = one.user("ann").await;
    one.join(&finance, &ann).await;
    assert_eq!(one.access("ann"), "role 6; Pro seats, Team plan");

    let one = one.mapping("");
    one.reload().await;
    one.work().await;
    assert_eq!(one.access("ann"), "role 7; ");
    // The other still has the mappings of before. It takes the change, and does nothing that they say.
    let bob = person("bob");
    let made = ask(&one, &other, (Method::POST, "/Users"), Some(bob), 201).await;
    let bob = made["id"].as_str().unwrap();
    let add = serde_json::json!([{"op": "add", "path": "members", "value": [{"value": bob}]}]);
    let add = crate::harness::patch_body(add);
    let group = format!("/Groups/{finance}");
    ask(&one, &other, (Method::PATCH, &group), Some(add), 204).await;
    assert_eq!(other.work().await, 0);
    one.pass(std::time::Duration::from_secs(10)).await;
    assert_eq!(one.access("bob"), "role 7; ");
}

#[tokio::test]
async fn a_connection_that_the_server_ends_is_made_again() {
    let (one, _other) = two().await;
    one.user("ann").await;
    stores::end_connections(one.folder());
    // Whoever meets the broken connection is told to come again, once at most.
    let request = || one.request(Method::POST, "/Users").json(&person("bob"));
    let first = request().send().await.unwrap().status();
    assert!(first == 201 || first == 503, "{first}");
    if first == 503 {
        expect(request(), 201).await;
    }
    assert_eq!(one.access("bob"), "role 7; ");
}

#[tokio::test]
async fn a_replica_that_stops_in_the_middle_of_a_write_holds_up_the_others_for_seconds_only() {
    let (one, _other) = two().await;
    let _stopped = stores::stopped_writer(one.folder());
    let begun = std::time::Instant::now();
    one.user("ann").await;
    let waited = begun.elapsed().as_secs();
    assert!((3..30).contains(&waited), "{waited} s");
    assert_eq!(one.access("ann"), "role 7; ");
}
