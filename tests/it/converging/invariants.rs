//! The numbered invariants of the design (section 8), black box. 1 is all of this module, 3 is in `foreign`, 7 has a
//! module of its own beside this one, 11 is in `binding`.

use reqwest::Method;
use scim_bridge::sandbox::FaultAction::{self, DropAfterEffect};
use scim_bridge::sandbox::FaultRule;
use serde_json::{Value, json};

use super::cloudmore::{calls, has, status};
use super::story::Deed::{
    Create, Deactivate, JoinFinance, JoinSales, LeaveFinance, LeaveSales, Marry,
};
use super::story::{HOUR, Story};
use crate::harness::{BROKER_TOKEN, Bridge, Setup, expect, person};

/// Invariant 2.
#[tokio::test]
async fn leaving_one_of_two_groups_that_grant_the_same_subscription_keeps_it() {
    for (first, second) in [(LeaveFinance, LeaveSales), (LeaveSales, LeaveFinance)] {
        let mut story = Story::begin(Setup::default(), &[Create, JoinFinance, JoinSales]).await;
        story.does(first).await;
        assert!(!calls(&story.bridge).contains(&"DELETE Team plan".to_owned()));
        story.is_as_wanted();
        story.does(second).await;
        story.is_as_wanted();
    }
}

/// Answers of lists that are not whole, or no lists.
fn incomplete_lists() -> Vec<FaultAction> {
    let answer = |body: Value| FaultAction::Status {
        code: 200,
        retry_after: None,
        body: Some(body),
    };
    vec![
        answer(json!({"items": [], "totalCount": 7})),
        answer(json!({"items": [], "nextPage": "/more"})),
        answer(json!("[{\"id\": \"1\", \"na")),
        answer(json!([{"something": "else"}])),
        answer(json!({"message": "maintenance"})),
        FaultAction::Status {
            code: 206,
            retry_after: None,
            body: Some(json!([])),
        },
        status(500),
        status(404),
    ]
}

/// Invariant 4: nobody is made twice because a list did not show the account.
#[tokio::test]
async fn an_incomplete_list_of_people_never_leads_to_a_second_create() {
    for list in incomplete_lists() {
        println!("{list:?}");
        let mut story = Story::begin(Setup::default(), &[]).await;
        let incomplete = FaultRule::new(list).on("GET", "/Users");
        let lost = FaultRule::new(DropAfterEffect).on("POST", "/Users");
        story.bridge.faults([incomplete, lost]);
        story.does(Create).await;
        for _ in 0..5 {
            story.bridge.pass(HOUR).await;
        }
        let creates = calls(&story.bridge);
        let creates = creates.iter().filter(|call| *call == "POST Users");
        assert_eq!(creates.count(), 1);
        story.bridge.faults([]);
        story.converges().await;
    }
}

/// Invariant 4: nothing counts as gone, and nobody is made again, because a list did not show it.
#[tokio::test]
async fn an_incomplete_list_never_makes_a_404_certain() {
    for list in incomplete_lists() {
        println!("{list:?}");
        let mut story = Story::begin(Setup::default(), &[Create, JoinFinance]).await;
        let one = |method| FaultRule::new(status(404)).on(method, "/Users/");
        let incomplete = FaultRule::new(list.clone()).on("GET", "/Users");
        story.bridge.faults([one("GET"), incomplete.clone()]);
        story.does(Marry).await;
        story.bridge.pass(HOUR).await;
        assert!(!calls(&story.bridge).contains(&"POST Users".to_owned()));
        story.bridge.faults([]);
        story.converges().await;

        let seat = FaultRule::new(status(404)).on("DELETE", "/subscriptions/");
        let seats = FaultRule::new(list).on("GET", "/subscriptions/");
        story
            .bridge
            .faults([one("DELETE"), incomplete, seat, seats]);
        story.does(Deactivate).await;
        story.bridge.pass(HOUR).await;
        assert_ne!(has(&story.bridge, "ann"), "nothing");
        story.bridge.faults([]);
        story.converges().await;
    }
}

/// Invariant 4: an assignment is neither made twice nor given up because a list did not show it.
#[tokio::test]
async fn an_incomplete_list_of_seats_never_leads_to_a_second_assign() {
    for list in incomplete_lists() {
        println!("{list:?}");
        let mut story = Story::begin(Setup::default(), &[Create]).await;
        // The look before the assign is whole; those after it are not.
        let incomplete = FaultRule::new(list).on("GET", "/subscriptions/").skip(1);
        let lost = FaultRule::new(DropAfterEffect).on("POST", "/subscriptions/");
        story.bridge.faults([incomplete, lost]);
        story.does(JoinSales).await;
        story.bridge.pass(HOUR).await;
        let assigns = calls(&story.bridge);
        let assigns = assigns.iter().filter(|call| *call == "POST Team plan");
        assert_eq!(assigns.count(), 1);
        // What is taken away does not wait for the list, though that it is gone cannot be proven by it.
        story.does(LeaveSales).await;
        assert_eq!(has(&story.bridge, "ann"), "ann Example, role 7; ");
        story.bridge.faults([]);
        story.converges().await;
    }
}

/// Invariant 5.
#[tokio::test]
async fn a_filter_that_cannot_be_evaluated_is_an_error_and_never_everything() {
    let story = Story::begin(Setup::default(), &[Create]).await;
    for filter in [
        "shoeSize eq \"44\"",
        "userName eq",
        "userName = \"ann\"",
        "()",
        " ",
    ] {
        for list in ["/Users", "/Groups"] {
            let request = story.bridge.request(Method::GET, list);
            let error = expect(request.query(&[("filter", filter)]), 400).await;
            assert_eq!(error["scimType"], "invalidFilter", "{filter}");
            assert!(error["Resources"].is_null());
        }
    }
}

/// Invariant 6, in the forms that clients send.
#[tokio::test]
async fn removing_members_by_value_removes_those_and_never_all() {
    let mut story = Story::begin(Setup::default(), &[Create, JoinFinance]).await;
    let bob = story.bridge.user("bob").await;
    let group = format!("/Groups/{}", story.finance);
    let removals = [
        json!([{"op": "Remove", "path": "members", "value": [{"value": bob}]}]),
        json!([{"op": "remove", "path": format!("members[value eq \"{bob}\"]")}]),
        json!([{"op": "remove", "path": "members", "value": [{"value": "nobody"}]}]),
        json!([{"op": "remove", "path": "members[value eq \"nobody\"]"}]),
        json!([{"op": "remove", "path": "members", "value": []}]),
    ];
    for (number, removal) in removals.into_iter().enumerate() {
        story.bridge.join(&story.finance, &bob).await;
        story.bridge.patch(&group, removal.clone(), 204).await;
        let left = if number < 2 {
            "role 7; "
        } else {
            "role 6; Pro seats, Team plan"
        };
        assert_eq!(story.bridge.access("bob"), left, "{removal}");
        assert_eq!(
            story.bridge.access("ann"),
            "role 6; Pro seats, Team plan",
            "{removal}"
        );
    }
    story.does(LeaveFinance).await;
    assert_eq!(story.bridge.access("ann"), "role 7; ");
}

/// Invariant 7 as far as Cloudmore is concerned: a member of another tenant's directory gets nothing by being named.
#[tokio::test]
async fn a_user_of_another_tenant_is_no_member_here() {
    let bridge = Bridge::start().await;
    let finance = bridge.group("Cloudmore Finance").await;
    let there = bridge.http.post(bridge.url_of("northwind", "/Users"));
    let ada = expect(there.bearer_auth(BROKER_TOKEN).json(&person("ada")), 201).await;
    let ada = ada["id"].as_str().unwrap();
    bridge.calls();
    bridge.join(&finance, ada).await;
    assert_eq!(calls(&bridge), [""; 0]);
    bridge.delete(&format!("/Users/{ada}"), 404).await;
    bridge.set_active(ada, false, 404).await;
    bridge.pass(HOUR).await;
    assert_eq!(bridge.access("ada"), "role 3; ");
}
