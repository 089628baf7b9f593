//! Cloudmore refuses an assignment: nobody fails for it, it is noted, and tried again.

use std::time::Duration;

use scim_bridge::domain::model::{Known, KnownSeat, TenantId, UserId};
use scim_bridge::sandbox::seed;
use serde_json::{Value, json};

use super::cloudmore::{calls, has, seats};
use super::story::Deed::{
    Create, Deactivate, Delete, JoinFinance, LeaveFinance, Marry, Reactivate,
};
use super::story::{HOUR, Story};
use crate::harness::{Bridge, Setup};

/// The words in which Cloudmore refused assignments of the user.
async fn refused_seats(bridge: &Bridge, id: &str) -> Vec<String> {
    let (tenant, user) = (TenantId::new("acme"), UserId::new(id));
    let person = bridge
        .app
        .bridge()
        .store()
        .person(&tenant, &user)
        .await
        .unwrap();
    let Known::Account(account) = person.known else {
        return Vec::new();
    };
    let words = account.seats.into_values().filter_map(|seat| match seat {
        KnownSeat::Refused { reason } => Some(reason),
        KnownSeat::Uncertain { .. } | KnownSeat::Held { .. } | KnownSeat::Absent => None,
    });
    words.collect()
}

#[tokio::test]
async fn seats_that_run_out_fail_nobody_and_are_tried_again_after_an_hour() {
    let mut story = Story::begin(Setup::default(), &[Create]).await;
    seats(&story.bridge, seed::PRO_SEATS, 1);
    story.does(JoinFinance).await;
    assert_eq!(has(&story.bridge, "ann"), "ann Example, role 6; Team plan");
    let words = refused_seats(&story.bridge, &story.id).await;
    assert!(words[0].contains("No licenses are left."), "{words:?}");
    seats(&story.bridge, seed::PRO_SEATS, 2);
    story.bridge.calls();
    story.bridge.pass(HOUR - Duration::from_secs(1)).await;
    assert_eq!(calls(&story.bridge), [""; 0]);
    story.bridge.pass(Duration::from_secs(1)).await;
    assert_eq!(calls(&story.bridge), ["GET Pro seats", "POST Pro seats"]);
    story.is_as_wanted();
    assert_eq!(refused_seats(&story.bridge, &story.id).await, [""; 0]);
}

/// `Cloudmore Finance` grants one subscription and nothing else.
fn granting(service: &str, subscription: &str) -> Setup {
    let mapping = format!(
        "[[tenant.mapping]]\ngroup = \"Cloudmore Finance\"\n\
         subscriptions = [ {{ service = \"{service}\", subscription = \"{subscription}\" }} ]"
    );
    Setup {
        mappings: Some(mapping),
        ..Setup::default()
    }
}

#[tokio::test]
async fn a_subscription_that_takes_nobody_fails_nobody() {
    for (service, subscription, expected) in [
        (seed::OFFICE_SUITE, seed::CANCELLED_PLAN, "cancelled"),
        (
            seed::BACKUP_VAULT,
            seed::COMPANY_BACKUP,
            "not user assigned",
        ),
        (
            seed::OFFICE_SUITE,
            "b2e1d3c4-dead-4f7a-8d22-4f6e8a0c4009",
            "404",
        ),
    ] {
        let mut story = Story::begin(granting(service, subscription), &[Create]).await;
        story.does(JoinFinance).await;
        assert_eq!(has(&story.bridge, "ann"), "ann Example, role 7; ");
        let words = refused_seats(&story.bridge, &story.id).await;
        assert!(words[0].contains(expected), "{words:?}");
        assert!(story.remembered().await.finance);
        story.does(LeaveFinance).await;
        story.does(Delete).await;
        story.is_as_wanted();
    }
}

#[tokio::test]
async fn a_seat_for_one_goes_to_the_next_once_it_is_free() {
    let contact = granting(seed::EXPERT_HOTLINE, seed::NAMED_CONTACT);
    let mut story = Story::begin(contact, &[]).await;
    story.does(Create).await;
    story.does(JoinFinance).await;
    let (ann, wish) = (story.id.clone(), story.wish.clone());
    story.next("bob", &[Create]).await;
    story.does(JoinFinance).await;
    assert_eq!(story.bridge.access("ann"), "role 7; Named contact");
    assert_eq!(story.bridge.access("bob"), "role 7; ");
    story.bridge.pass(HOUR).await;
    assert_eq!(story.bridge.access("bob"), "role 7; ");
    (story.name, story.id, story.wish) = ("ann".to_owned(), ann, wish);
    story.does(Deactivate).await;
    story.bridge.pass(HOUR).await;
    assert_eq!(story.bridge.access("bob"), "role 7; Named contact");
}

fn strict() -> Setup {
    Setup {
        tenant: "on_refused_assignment = \"fail\"",
        ..Setup::default()
    }
}

#[tokio::test]
async fn a_refused_assignment_can_be_an_error_for_a_single_member() {
    let story = Story::begin(strict(), &[Create]).await;
    seats(&story.bridge, seed::PRO_SEATS, 1);
    let add = |ids: &[&str]| {
        let members: Vec<Value> = ids.iter().map(|id| json!({"value": id})).collect();
        json!([{"op": "Add", "path": "members", "value": members}])
    };
    let group = format!("/Groups/{}", story.finance);
    let error = story.bridge.patch(&group, add(&[&story.id]), 400).await;
    assert!(
        error["detail"]
            .as_str()
            .unwrap()
            .contains("No licenses are left."),
        "{error}"
    );
    assert!(!story.remembered().await.finance);
    story.converges().await;

    let bob = story.bridge.user("bob").await;
    story
        .bridge
        .patch(&group, add(&[&story.id, &bob]), 204)
        .await;
    assert!(
        story.remembered().await.finance,
        "in a change to many each stands alone"
    );
    for name in ["ann", "bob"] {
        assert_eq!(story.bridge.access(name), "role 6; Team plan");
    }
}

#[tokio::test]
async fn a_refused_assignment_is_no_error_for_what_is_no_membership() {
    let mut story = Story::begin(strict(), &[Create, JoinFinance, Deactivate]).await;
    seats(&story.bridge, seed::PRO_SEATS, 1);
    story.does(Reactivate).await;
    assert_eq!(has(&story.bridge, "ann"), "ann Example, role 6; Team plan");
    story.does(Marry).await;
    story.does(LeaveFinance).await;
    story.is_as_wanted();
}
