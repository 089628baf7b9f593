//! Invariant 3: what the bridge neither made nor adopted is never changed, the API account never.

use reqwest::Method;
use scim_bridge::sandbox::FaultAction::{DropAfterEffect, DropBeforeEffect, Hold, HoldAfterEffect};
use scim_bridge::sandbox::switches::{AssignTwice, DeleteAssigned};
use scim_bridge::sandbox::{FaultRule, Faults, Person, Switches, seed};
use serde_json::{Value, json};

use super::cloudmore::{calls, fault, has, held, only_touches};
use super::story::Deed::{
    Create, Deactivate, Delete, JoinFinance, JoinSales, LeaveFinance, LeaveSales, Marry, Reactivate,
};
use super::story::{HOUR, Story};
use crate::harness::{BROKER_TOKEN, Bridge, Setup, TOKEN, expect, patch_body, person};

fn link() -> Setup {
    Setup {
        tenant: "adopt = \"link\"",
        ..Setup::default()
    }
}

/// Somebody makes an account in Cloudmore's pages, with these assignments.
fn by_hand(bridge: &Bridge, name: &str, subscriptions: &[&str]) {
    bridge.sandbox.edit(|world| {
        let person = Person::new(&format!("{name}@acme.example"), seed::VIEW_ONLY);
        let id = world.add_user(seed::ACME, person).unwrap();
        for subscription in subscriptions {
            world.assign(subscription, &id).unwrap();
        }
    });
}

fn assign_by_hand(bridge: &Bridge, name: &str, subscription: &str) {
    bridge.sandbox.edit(|world| {
        let id = world
            .person(&format!("{name}@acme.example"))
            .unwrap()
            .id
            .clone();
        world.assign(subscription, &id).unwrap();
    });
}

fn delete_by_hand(bridge: &Bridge, name: &str) {
    bridge.sandbox.edit(|world| {
        let acme = world.organization_mut(seed::ACME).unwrap();
        let of_name = |person: &Person| person.name() == format!("{name}@acme.example");
        let id = acme
            .users
            .iter()
            .find(|person| of_name(person))
            .unwrap()
            .id
            .clone();
        acme.users.retain(|person| !of_name(person));
        for subscription in &mut acme.subscriptions {
            subscription.assignments.retain(|seat| seat.user_id != id);
        }
    });
}

#[tokio::test]
async fn an_account_made_by_hand_is_never_taken_over_unless_the_tenant_links() {
    let bridge = Bridge::start().await;
    by_hand(&bridge, "ann", &[seed::TEAM_PLAN]);
    let before = bridge.sandbox.snapshot();
    bridge.post("/Users", person("ann"), 409).await;
    // The refusal itself is lost, so that the bridge does not know whether it made an account.
    bridge.faults([fault(DropAfterEffect).times(1)]);
    let queued = bridge.post("/Users", person("ann"), 201).await;
    bridge.faults([]);
    bridge.pass(HOUR).await;
    bridge
        .delete(&format!("/Users/{}", queued["id"].as_str().unwrap()), 204)
        .await;
    bridge.pass(HOUR).await;
    only_touches(&bridge, &before, &[]);
}

#[tokio::test]
async fn a_linked_account_gets_its_role_keeps_what_it_had_by_hand_and_goes_with_the_leaver() {
    let mut story = Story::begin(link(), &[]).await;
    by_hand(&story.bridge, "ann", &[seed::PRO_SEATS]);
    story.does(Create).await;
    assert_eq!(has(&story.bridge, "ann"), "ann Example, role 7; Pro seats");
    story.does(JoinFinance).await;
    assert_eq!(
        has(&story.bridge, "ann"),
        "ann Example, role 6; Pro seats, Team plan"
    );
    story.does(Marry).await;
    story.does(LeaveFinance).await;
    assert_eq!(has(&story.bridge, "ann"), "ann Married, role 7; Pro seats");
    story.does(JoinFinance).await;
    story.does(Deactivate).await;
    story.is_as_wanted();
    story.does(Reactivate).await;
    story.converges().await;
}

/// The bridge is killed at any point of giving a linked account what it has by hand already, or gets no answer.
#[tokio::test]
async fn what_a_linked_account_had_by_hand_survives_kills_and_lost_answers() {
    let mut story = Story::begin(link(), &[]).await;
    let faults = [
        vec![Hold, DropBeforeEffect],
        vec![HoldAfterEffect],
        vec![DropAfterEffect],
    ];
    for (number, actions) in faults.into_iter().enumerate() {
        for skip in 0..5 {
            let name = format!("p{number}{skip}");
            story.next(&name, &[]).await;
            by_hand(&story.bridge, &name, &[seed::PRO_SEATS]);
            story.does(Create).await;
            let rules = actions
                .iter()
                .map(|action| fault(action.clone()).skip(skip));
            let rules = rules.collect();
            story.bridge.sandbox.set_faults(Faults { rules, seed: 0 });
            if actions[0] == DropAfterEffect {
                story.does(JoinFinance).await;
                story.bridge.faults([]);
            } else {
                let answer = story.begins(JoinFinance);
                held(&story.bridge, 1).await;
                story = story
                    .crash(|sandbox| sandbox.set_faults(Faults::default()))
                    .await;
                assert_eq!(answer.await.unwrap(), None);
            }
            story.bridge.pass(HOUR).await;
            story.bridge.pass(HOUR).await;
            let all = format!("{name} Example, role 6; Pro seats, Team plan");
            assert_eq!(
                has(&story.bridge, &name),
                all,
                "{actions:?} after {skip} calls"
            );
            story.does(LeaveFinance).await;
            let rest = format!("{name} Example, role 7; Pro seats");
            assert_eq!(
                has(&story.bridge, &name),
                rest,
                "{actions:?} after {skip} calls"
            );
        }
    }
}

#[tokio::test]
async fn an_assignment_made_by_hand_on_our_account_survives_leaving_the_group() {
    for assign_twice in [AssignTwice::BadRequest, AssignTwice::Conflict] {
        let switches = Switches {
            assign_twice,
            ..Switches::default()
        };
        let setup = Setup {
            switches,
            ..Setup::default()
        };
        let mut story = Story::begin(setup, &[Create]).await;
        assign_by_hand(&story.bridge, "ann", seed::TEAM_PLAN);
        story.does(JoinSales).await;
        story.does(LeaveSales).await;
        assert_eq!(has(&story.bridge, "ann"), "ann Example, role 7; Team plan");
        story.does(JoinFinance).await;
        story.does(LeaveFinance).await;
        assert_eq!(has(&story.bridge, "ann"), "ann Example, role 7; Team plan");
        story.does(Deactivate).await;
        story.is_as_wanted();
    }
}

#[tokio::test]
async fn an_assignment_made_by_hand_that_keeps_a_leavers_account_alive_is_told_until_it_is_gone() {
    let switches = Switches {
        delete_assigned: DeleteAssigned::Refuses,
        ..Switches::default()
    };
    let setup = Setup {
        switches,
        ..Setup::default()
    };
    let mut story = Story::begin(setup, &[Create, JoinFinance]).await;
    assign_by_hand(&story.bridge, "ann", seed::NAMED_CONTACT);
    let error = story.answered(Deactivate, 500).await;
    assert!(
        error["detail"]
            .as_str()
            .unwrap()
            .contains("is assigned to 1 subscription"),
        "{error}"
    );
    assert_eq!(
        has(&story.bridge, "ann"),
        "ann Example, role 6; Named contact",
        "ours is gone"
    );
    story.bridge.sandbox.edit(|world| {
        world
            .subscription_mut(seed::NAMED_CONTACT)
            .unwrap()
            .assignments
            .clear();
    });
    story.wish = story.wish.after(Deactivate);
    story.converges().await;
}

#[tokio::test]
async fn an_account_deleted_by_hand_is_made_again_on_the_next_change() {
    for change in [JoinSales, JoinFinance, Marry] {
        let mut story = Story::begin(Setup::default(), &[Create]).await;
        delete_by_hand(&story.bridge, "ann");
        story.does(change).await;
        story.converges().await;
    }
    for change in [Deactivate, Delete] {
        let mut story = Story::begin(Setup::default(), &[Create, JoinFinance]).await;
        delete_by_hand(&story.bridge, "ann");
        story.does(change).await;
        story.converges().await;
    }
}

#[tokio::test]
async fn an_assignment_taken_away_by_hand_comes_back_when_its_external_id_changes() {
    let story = Story::begin(Setup::default(), &[Create, JoinSales]).await;
    story.bridge.sandbox.edit(|world| {
        let plan = world.subscription_mut(seed::TEAM_PLAN).unwrap();
        plan.assignments
            .retain(|seat| seat.external_user_id.as_deref() == Some("hand-made"));
    });
    let rename = json!([{"op": "Replace", "path": "userName", "value": "anna@acme.example"}]);
    story
        .bridge
        .patch(&format!("/Users/{}", story.id), rename, 200)
        .await;
    assert_eq!(story.bridge.access("anna"), "role 7; Team plan");
    let world = story.bridge.sandbox.snapshot();
    let anna = &world.person("anna@acme.example").unwrap().id;
    let plan = world.subscription(seed::TEAM_PLAN).unwrap();
    let seat = plan
        .assignments
        .iter()
        .find(|seat| seat.user_id == *anna)
        .unwrap();
    assert_eq!(seat.external_user_id.as_deref(), Some("anna@acme.example"));
}

/// A user with the login name of the API account, in whatever case and by whichever way.
fn api_account(name: &str) -> Value {
    let mut user = person("scim");
    user["userName"] = json!(name);
    user
}

#[tokio::test]
async fn the_api_account_is_never_touched() {
    for setup in [Setup::default(), link()] {
        let bridge = Bridge::with(setup).await;
        let before = bridge.sandbox.snapshot();
        for (tenant, token) in [("acme", TOKEN), ("northwind", BROKER_TOKEN)] {
            for name in [seed::API_USERNAME, "SCIM@Northwind.Example"] {
                let create = bridge.http.post(bridge.url_of(tenant, "/Users"));
                let error = expect(create.bearer_auth(token).json(&api_account(name)), 409).await;
                assert_eq!(error["scimType"], "uniqueness");
            }
        }
        assert_eq!(calls(&bridge), [""; 0], "Cloudmore is not even asked");
        let user = bridge.user("ann").await;
        let rename = json!([{"op": "Replace", "path": "userName", "value": seed::API_USERNAME}]);
        bridge.patch(&format!("/Users/{user}"), rename, 409).await;
        bridge.pass(HOUR).await;
        only_touches(&bridge, &before, &["ann"]);
        assert_eq!(bridge.access("ann"), "role 7; ");
    }
}

#[tokio::test]
async fn a_brokers_administrators_come_and_go_and_those_made_by_hand_stay() {
    let bridge = Bridge::start().await;
    let before = bridge.sandbox.snapshot();
    let ask = |method: Method, path: &str, body: Value| {
        let request = bridge
            .http
            .request(method, bridge.url_of("northwind", path));
        request.bearer_auth(BROKER_TOKEN).json(&body)
    };
    let role = || {
        let world = bridge.sandbox.snapshot();
        world.person("ada@acme.example").and_then(Person::role_id)
    };
    let mut hand_made = person("ada");
    hand_made["userName"] = json!(seed::HAND_MADE_ADMINISTRATOR);
    expect(ask(Method::POST, "/Users", hand_made), 409).await;
    let ada = expect(ask(Method::POST, "/Users", person("ada")), 201).await;
    let path = format!("/Users/{}", ada["id"].as_str().unwrap());
    assert_eq!(role(), Some(3));
    for (active, expected) in [("False", None), ("True", Some(3))] {
        let patch = patch_body(json!([{"op": "Replace", "path": "active", "value": active}]));
        expect(ask(Method::PATCH, &path, patch), 200).await;
        assert_eq!(role(), expected);
    }
    bridge.faults([FaultRule::new(DropAfterEffect).on("DELETE", "/api/")]);
    expect(ask(Method::DELETE, &path, Value::Null), 204).await;
    bridge.faults([]);
    bridge.pass(HOUR).await;
    only_touches(&bridge, &before, &[]);
}
