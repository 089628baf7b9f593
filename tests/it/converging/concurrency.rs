//! Requests that come at the same time.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use scim_bridge::sandbox::FaultAction::{DropAfterEffect, Hold, HoldAfterEffect};
use scim_bridge::sandbox::FaultRule;
use serde_json::json;

use super::cloudmore::{fault, has, held, only_touches, plenty_of_seats, status};
use super::story::Deed::{Create, Deactivate, Delete, JoinFinance, LeaveFinance, Reactivate};
use super::story::{HOUR, Story};
use crate::harness::{Bridge, Setup, person};

#[tokio::test]
async fn thirty_changes_of_one_group_at_once_are_all_carried_out() {
    let bridge = Bridge::with(Setup {
        tenant: "guard = { max_removals = 30 }",
        ..Setup::default()
    })
    .await;
    plenty_of_seats(&bridge);
    let before = bridge.sandbox.snapshot();
    let finance = bridge.group("Cloudmore Finance").await;
    let names: Vec<String> = (0..30).map(|number| format!("p{number}")).collect();
    let ids = join_all(names.iter().map(|name| bridge.user(name))).await;
    join_all(ids.iter().map(|id| bridge.join(&finance, id))).await;
    for name in &names {
        assert_eq!(
            bridge.access(name),
            "role 6; Pro seats, Team plan",
            "{name}"
        );
    }
    let group = bridge.get(&format!("/Groups/{finance}"), 200).await;
    assert_eq!(group["members"].as_array().unwrap().len(), 30);
    join_all(ids.iter().map(|id| bridge.leave(&finance, id))).await;
    for name in &names {
        assert_eq!(bridge.access(name), "role 7; ", "{name}");
    }
    let people: Vec<&str> = names.iter().map(String::as_str).collect();
    only_touches(&bridge, &before, &people);
    assert_eq!(bridge.work().await, 0, "nothing is left to do");
}

#[tokio::test]
async fn changes_of_the_same_person_that_race_end_as_the_directory_ends() {
    let mut story = Story::begin(Setup::default(), &[]).await;
    for number in 0..15 {
        story.next(&format!("p{number}"), &[Create]).await;
        let deeds = [
            JoinFinance,
            LeaveFinance,
            Deactivate,
            JoinFinance,
            Reactivate,
            LeaveFinance,
        ];
        let answers = join_all(deeds.map(|deed| story.begins(deed))).await;
        assert!(
            answers
                .into_iter()
                .all(|answer| answer.unwrap().unwrap() < 300)
        );
        let remembered = story.remembered().await;
        assert_eq!(
            has(&story.bridge, &story.name),
            remembered.grants(&story.name)
        );
        story.wish = remembered;
        story.is_as_wanted();
    }
}

#[tokio::test]
async fn of_many_creates_of_one_name_exactly_one_succeeds() {
    let bridge = Bridge::start().await;
    let before = bridge.sandbox.snapshot();
    let mut shouted = person("ann");
    shouted["userName"] = json!("ANN@acme.example");
    let bodies = (0..10).map(|number| {
        if number % 2 == 0 {
            person("ann")
        } else {
            shouted.clone()
        }
    });
    let send = |body| bridge.request(Method::POST, "/Users").json(&body).send();
    let answers = join_all(bodies.map(send)).await;
    let mut statuses: Vec<u16> = answers
        .into_iter()
        .map(|answer| answer.unwrap().status().as_u16())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [&[201][..], &[409; 9]].concat());
    assert_eq!(bridge.get("/Users", 200).await["totalResults"], 1);
    bridge.pass(HOUR).await;
    let mut ours = vec!["ann"];
    ours.push("ANN");
    only_touches(&bridge, &before, &ours);
}

#[tokio::test]
async fn of_many_creates_of_one_group_exactly_one_succeeds_and_is_bound() {
    let bridge = Bridge::start().await;
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Cloudmore Sales",
    });
    let send = |_| bridge.request(Method::POST, "/Groups").json(&body).send();
    let answers = join_all((0..10).map(send)).await;
    let made = answers
        .into_iter()
        .filter(|answer| answer.as_ref().unwrap().status() == 201);
    let made: Vec<_> = made.collect();
    assert_eq!(made.len(), 1);
    let group = bridge.get("/Groups", 200).await["Resources"][0]["id"].clone();
    let ann = bridge.user("ann").await;
    bridge.join(group.as_str().unwrap(), &ann).await;
    assert_eq!(bridge.access("ann"), "role 7; Team plan");
}

/// Ann was made without an answer, deleted and made again, also without an answer, all of it while Cloudmore was down.
#[tokio::test]
async fn an_account_that_two_users_find_at_once_belongs_to_one_of_them() {
    let mut story = Story::begin(Setup::default(), &[]).await;
    story.bridge.faults([fault(DropAfterEffect)]);
    story.does(Create).await;
    story.bridge.faults([fault(status(503))]);
    story.does(Delete).await;
    story.does(Create).await;
    story.bridge.faults([fault(Hold)]);
    let both_look = async {
        held(&story.bridge, 2).await;
        story.bridge.faults([]);
    };
    tokio::join!(story.bridge.pass(HOUR), both_look);
    story.converges().await;
}

#[tokio::test]
async fn a_name_that_comes_free_just_when_cloudmore_refuses_it_is_given_all_the_same() {
    let mut story = Story::begin(Setup::default(), &[Create]).await;
    story.bridge.faults([fault(status(503))]);
    story.does(Delete).await;
    let refused = FaultRule::new(HoldAfterEffect).on("POST", "/Users");
    story.bridge.faults([refused.times(1)]);
    let answer = story.begins(Create);
    held(&story.bridge, 1).await;
    story.bridge.pass(Duration::from_secs(2)).await;
    assert_eq!(
        has(&story.bridge, "ann"),
        "nothing",
        "she who had the name is gone"
    );
    story.bridge.faults([]);
    assert_eq!(answer.await.unwrap(), Some(201));
    story.wish = story.wish.after(Create);
    story.converges().await;
}
