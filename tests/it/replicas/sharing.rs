//! What one replica is told, all know; what one works on, no other begins.

use std::time::Duration;

use reqwest::Method;
use scim_bridge::domain::model::{Known, TenantId, UserId};
use scim_bridge::sandbox::FaultAction::{Hold, HoldAfterEffect};

use super::{active, ask, two, user_at};
use crate::converging::cloudmore::{api_calls, fault, held, status, until};
use crate::harness::person;

/// Longer than a claim lasts.
const CLAIM: Duration = Duration::from_secs(61);

#[tokio::test]
async fn what_one_replica_is_told_another_answers() {
    let (one, other) = two().await;
    let ann = user_at(&one, &other, "ann").await;
    let read = one.get(&format!("/Users/{ann}"), 200).await;
    assert_eq!(read["userName"], "ann@acme.example");
    one.post("/Users", person("ann"), 409).await;
}

#[tokio::test]
async fn what_a_replica_keeps_in_memory_is_forgotten_when_another_changes_it() {
    let (one, other) = two().await;
    let ann = one.user("ann").await;
    let path = format!("/Users/{ann}");
    for value in [false, true, false] {
        assert_eq!(one.get(&path, 200).await["active"], !value);
        ask(
            &one,
            &other,
            (Method::PATCH, &path),
            Some(active(value)),
            200,
        )
        .await;
        // The message travels; it is there long before the time to live of what is kept.
        let begun = std::time::Instant::now();
        while one.get(&path, 200).await["active"] != value {
            assert!(begun.elapsed() < Duration::from_secs(4), "it is not told");
        }
    }
}

#[tokio::test]
async fn a_user_whom_one_replica_works_on_is_left_alone_by_the_other() {
    let (one, other) = two().await;
    one.sandbox.clear_calls();
    one.faults([fault(Hold).times(1)]);
    let begun = tokio::spawn(
        one.request(Method::POST, "/Users")
            .json(&person("ann"))
            .send(),
    );
    held(&one, 1).await;
    assert_eq!(other.work().await, 0, "there is nothing for the other");
    one.faults([]);
    assert_eq!(begun.await.unwrap().unwrap().status(), 201);
    let creates = api_calls(&one);
    let creates = creates.iter().filter(|call| call.method == "POST").count();
    assert_eq!(creates, 1);
    assert_eq!(one.access("ann"), "role 7; ");
}

#[tokio::test]
async fn what_a_dead_replica_had_begun_another_ends_after_the_claim() {
    let (one, other) = two().await;
    one.faults([fault(Hold).times(1)]);
    let url = format!("http://{}/scim/acme/v2/Users", other.addr());
    let request = one.http.post(url).bearer_auth(crate::harness::TOKEN);
    let begun = tokio::spawn(request.json(&person("ann")).send());
    held(&one, 1).await;
    other.kill().await;
    one.faults([]);
    begun.await.unwrap().unwrap_err();
    assert_eq!(one.work().await, 0, "the call may be under way still");
    one.pass(CLAIM).await;
    assert_eq!(one.access("ann"), "role 7; ");
    let people = one.sandbox.snapshot();
    let anns = people
        .people()
        .filter(|person| format!("{:?}", person.fields).contains("ann@acme.example"));
    assert_eq!(anns.count(), 1);
}

#[tokio::test]
async fn rows_are_shared_and_each_is_worked_on_once() {
    const USERS: usize = 40;
    let (one, other) = two().await;
    one.faults([fault(status(503))]);
    for number in 0..USERS {
        one.user(&format!("user{number}")).await;
    }
    one.faults([]);
    one.sandbox.clear_calls();
    let (here, there) = tokio::join!(one.pass(CLAIM), other.work());
    let mut worked = here + there;
    worked += one.work().await + other.work().await;
    assert!(worked >= USERS, "{worked}");
    let calls = api_calls(&one);
    let creates = calls.iter().filter(|call| call.method == "POST").count();
    assert_eq!(creates, USERS);
}

#[tokio::test]
async fn what_a_replica_says_after_its_claim_was_taken_over_counts_no_more() {
    let (one, other) = two().await;
    one.faults([fault(HoldAfterEffect).times(1)]);
    let post = one.request(Method::POST, "/Users").json(&person("ann"));
    let begun = tokio::spawn(post.send());
    held(&one, 1).await;
    // It says nothing for so long that another one takes over, and sees Ann come and go.
    one.advance(CLAIM);
    other.work().await;
    assert_eq!(one.access("ann"), "role 7; ");
    let filter = "/Users?filter=userName%20eq%20%22ann@acme.example%22";
    let found = ask(&one, &other, (Method::GET, filter), None, 200).await;
    let ann = found["Resources"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/Users/{ann}");
    ask(&one, &other, (Method::DELETE, &path), None, 204).await;
    assert_eq!(one.access("ann"), "nothing");

    one.faults([]);
    begun.await.unwrap().unwrap();
    until(|| one.app.bridge().settling() == 0).await;
    let store = one.app.bridge().store();
    let person = store
        .person(&TenantId::new("acme"), &UserId::new(ann))
        .await;
    assert_eq!(person.unwrap().known, Known::Nothing);
}
