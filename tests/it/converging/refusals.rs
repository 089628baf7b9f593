//! Cloudmore says no: to a user, to an assignment, to taking something away.

use scim_bridge::domain::model::{TenantId, UserId};
use scim_bridge::sandbox::Switches;
use scim_bridge::sandbox::switches::{Duplicate, PutName};
use serde_json::{Value, json};

use super::cloudmore::{calls, fault, only_touches, status};
use super::story::Deed::{Create, Deactivate, JoinFinance, LeaveFinance, LeaveSales};
use super::story::{Deed, HOUR, Story};
use crate::harness::{Bridge, Setup, person};

/// A user with another login name.
fn named(name: &str) -> Value {
    let mut user = person("kim");
    user["userName"] = json!(name);
    user
}

fn rename(name: &str) -> Value {
    json!([{"op": "Replace", "path": "userName", "value": name}])
}

async fn total(bridge: &Bridge, list: &str) -> Value {
    bridge.get(list, 200).await["totalResults"].clone()
}

/// Whether the user's row shows as failed, and the words that it shows.
pub async fn failed(bridge: &Bridge, id: &str) -> Option<String> {
    let (tenant, user) = (TenantId::new("acme"), UserId::new(id));
    let row = bridge
        .app
        .bridge()
        .store()
        .dirty(&tenant, &user)
        .await
        .unwrap()?;
    row.failed.then(|| row.last_error.unwrap())
}

#[tokio::test]
async fn a_user_whom_cloudmore_refuses_is_refused_and_leaves_no_trace() {
    let bridge = Bridge::start().await;
    let before = bridge.sandbox.snapshot();
    for (name, words) in [
        (
            "kim@other.example",
            "other.example is not a domain of this organization",
        ),
        ("kim", "Name: The Name field is not a valid e-mail address"),
    ] {
        let error = bridge.post("/Users", named(name), 400).await;
        assert_eq!(error["scimType"], "invalidValue");
        assert!(error["detail"].as_str().unwrap().contains(words), "{error}");
        assert_eq!(total(&bridge, "/Users").await, 0);
        bridge.pass(HOUR).await;
        only_touches(&bridge, &before, &[]);
    }
}

#[tokio::test]
async fn a_name_that_is_taken_is_a_conflict_in_whatever_form_cloudmore_says_so() {
    for duplicate in [
        Duplicate::ErrorList,
        Duplicate::FieldMap,
        Duplicate::Conflict,
        Duplicate::Empty,
    ] {
        println!("{duplicate:?}");
        let switches = Switches {
            duplicate,
            ..Switches::default()
        };
        let setup = Setup {
            switches,
            ..Setup::default()
        };
        let story = Story::begin(setup, &[Create]).await;
        let error = story
            .bridge
            .post("/Users", person("vera.reader"), 409)
            .await;
        assert_eq!(error["scimType"], "uniqueness");
        let detail = error["detail"].as_str().unwrap();
        assert!(detail.contains("vera.reader@acme.example"), "{detail}");
        assert_eq!(total(&story.bridge, "/Users").await, 1);
        let path = format!("/Users/{}", story.id);
        let error = story
            .bridge
            .patch(&path, rename("Vera.Reader@acme.example"), 409)
            .await;
        assert_eq!(error["scimType"], "uniqueness");
        assert_eq!(
            story.bridge.get(&path, 200).await["userName"],
            "ann@acme.example"
        );
        story.converges().await;
    }
}

#[tokio::test]
async fn an_update_that_cloudmore_refuses_is_undone() {
    let story = Story::begin(Setup::default(), &[Create, JoinFinance]).await;
    let path = format!("/Users/{}", story.id);
    let error = story
        .bridge
        .patch(&path, rename("ann@other.example"), 400)
        .await;
    assert_eq!(error["scimType"], "invalidValue");
    assert_eq!(
        story.bridge.get(&path, 200).await["userName"],
        "ann@acme.example"
    );
    story.converges().await;
}

#[tokio::test]
async fn a_rename_that_cloudmore_only_half_accepts_is_refused_and_written_back() {
    let switches = Switches {
        put_name: PutName::Keeps,
        ..Switches::default()
    };
    let setup = Setup {
        switches,
        ..Setup::default()
    };
    let story = Story::begin(setup, &[Create]).await;
    let path = format!("/Users/{}", story.id);
    let both = json!([
        {"op": "Replace", "path": "userName", "value": "anna@acme.example"},
        {"op": "Replace", "path": "displayName", "value": "Anna"},
    ]);
    let error = story.bridge.patch(&path, both, 400).await;
    assert_eq!(error["scimType"], "invalidValue");
    let user = story.bridge.get(&path, 200).await;
    assert_eq!(
        (&user["userName"], &user["displayName"]),
        (&json!("ann@acme.example"), &json!("ann Example"))
    );
    story.converges().await;
}

#[tokio::test]
async fn what_is_refused_after_it_was_queued_shows_as_failed_and_a_new_change_tries_again() {
    let bridge = Bridge::start().await;
    bridge.faults([fault(status(503))]);
    let made = bridge.post("/Users", named("kim@other.example"), 201).await;
    let id = made["id"].as_str().unwrap();
    bridge.faults([]);
    bridge.pass(HOUR).await;
    let words = failed(&bridge, id).await.unwrap();
    assert!(words.contains("other.example is not a domain"), "{words}");
    bridge.calls();
    bridge.pass(24 * HOUR).await;
    assert_eq!(
        calls(&bridge),
        [""; 0],
        "what is refused for good waits for a change"
    );
    bridge
        .patch(&format!("/Users/{id}"), rename("kim@acme.example"), 200)
        .await;
    assert_eq!(bridge.access("kim"), "role 7; ");
    assert_eq!(failed(&bridge, id).await, None);
}

/// Ann has a profile that Cloudmore refuses, which was found out only after it was queued.
async fn with_a_refused_profile(deeds: &[Deed]) -> Story {
    let story = Story::begin(Setup::default(), deeds).await;
    story.bridge.faults([fault(status(503))]);
    let path = format!("/Users/{}", story.id);
    story
        .bridge
        .patch(&path, rename("ann@other.example"), 200)
        .await;
    story.bridge.faults([]);
    story.bridge.pass(HOUR).await;
    assert!(failed(&story.bridge, &story.id).await.is_some());
    story
}

#[tokio::test]
async fn a_refused_profile_saves_neither_role_nor_seats_from_being_taken_away() {
    let mut story = with_a_refused_profile(&[Create, JoinFinance]).await;
    story.does(LeaveFinance).await;
    story.is_as_wanted();
    assert!(
        failed(&story.bridge, &story.id).await.is_some(),
        "the profile is still refused"
    );
    story.does(Deactivate).await;
    story.is_as_wanted();
    assert_eq!(failed(&story.bridge, &story.id).await, None);
}

#[tokio::test]
async fn a_refused_profile_is_no_error_for_who_leaves_a_group() {
    let mut story = with_a_refused_profile(&[Create, JoinFinance, Deed::JoinSales]).await;
    story.does(LeaveSales).await;
    story.does(LeaveFinance).await;
    story.is_as_wanted();
}
