//! Cloudmore down, throttling or slow: what the IdP is told, what is kept, and how often Cloudmore is asked again.

use std::time::Duration;

use scim_bridge::domain::policy::OnOutage;
use scim_bridge::sandbox::FaultAction::{self, DropAfterEffect, DropBeforeEffect, Hold};
use scim_bridge::sandbox::{FaultRule, Faults};
use serde_json::json;

use super::cloudmore::{api_calls, fault, has, held, idle, status};
use super::story::Deed::{
    Create, Deactivate, Delete, JoinFinance, JoinSales, LeaveFinance, Marry, Reactivate,
};
use super::story::{Deed, HOUR, Story};
use crate::harness::{Bridge, Setup};

const MINUTE: Duration = Duration::from_secs(60);

fn queue() -> Setup {
    Setup {
        tenant: "on_outage = \"queue\"",
        ..Setup::default()
    }
}

fn fail() -> Setup {
    Setup {
        tenant: "on_outage = \"fail\"",
        ..Setup::default()
    }
}

fn down() -> FaultRule {
    FaultRule::new(DropBeforeEffect)
}

#[tokio::test]
async fn queued_changes_are_answered_at_once_and_carried_out_in_order_after_the_outage() {
    let histories: [&[Deed]; 7] = [
        &[Create],
        &[Create, JoinFinance],
        &[Create, JoinFinance, JoinSales, LeaveFinance],
        &[Create, Marry, Deactivate],
        &[Create, JoinFinance, Deactivate, Reactivate, Marry],
        &[Create, JoinFinance, Delete],
        &[Create, Delete, Create, JoinSales],
    ];
    let mut story = Story::begin(queue(), &[]).await;
    story.bridge.faults([down()]);
    let mut people = Vec::new();
    for (number, history) in histories.into_iter().enumerate() {
        story.next(&format!("p{number}"), &[]).await;
        for deed in history {
            story.does(*deed).await;
        }
        assert_eq!(has(&story.bridge, &story.name), "nothing");
        people.push((story.name.clone(), story.wish.clone()));
    }
    story = story.restart().await;
    story.bridge.pass(10 * MINUTE).await;
    story.bridge.faults([]);
    story.converges().await;
    for (name, wish) in people {
        assert_eq!(has(&story.bridge, &name), wish.grants(&name));
    }
}

#[tokio::test]
async fn cloudmore_is_asked_less_and_less_while_it_is_down_and_never_given_up() {
    let mut story = Story::begin(queue(), &[]).await;
    story.bridge.faults([fault(DropBeforeEffect)]);
    story.does(Create).await;
    let mut asked = Vec::new();
    for _ in 0..24 {
        story.bridge.calls();
        for _ in 0..60 {
            story.bridge.pass(MINUTE).await;
        }
        asked.push(api_calls(&story.bridge).len());
    }
    // Chance may choose a short delay now and then, but none is longer than an hour.
    assert!((3..=15).contains(&asked[0]), "calls an hour: {asked:?}");
    let later = &asked[1..];
    assert!(
        later.iter().sum::<usize>() <= 100,
        "calls an hour: {asked:?}"
    );
    assert!(
        later
            .windows(2)
            .all(|hours| hours.iter().sum::<usize>() > 0),
        "calls an hour: {asked:?}"
    );
    story.bridge.faults([]);
    story.bridge.pass(HOUR).await;
    story.is_as_wanted();
}

#[tokio::test]
async fn a_leaver_is_out_two_minutes_after_a_long_outage() {
    let mut story = Story::begin(queue(), &[Create, JoinFinance]).await;
    story.bridge.faults([down()]);
    story.does(Deactivate).await;
    for _ in 0..24 {
        story.bridge.pass(HOUR).await;
    }
    story.bridge.faults([]);
    story.bridge.pass(2 * MINUTE).await;
    story.bridge.pass(MINUTE).await;
    story.is_as_wanted();
}

#[tokio::test]
async fn a_deferred_member_is_told_even_if_another_is_refused() {
    let bridge = Bridge::with(fail()).await;
    let (ann, bea) = (bridge.user("ann").await, bridge.user("bea").await);
    let finance = bridge.group("Cloudmore Finance").await;
    let world = bridge.sandbox.snapshot();
    let path = |name: &str| {
        let person = world.person(&format!("{name}@acme.example")).unwrap();
        format!("/Users/{}", person.id)
    };
    bridge.faults([
        FaultRule::new(status(400)).on("PUT", &path("ann")),
        FaultRule::new(status(502)).on("PUT", &path("bea")),
    ]);
    let both = json!([{"op": "add", "path": "members", "value": [{"value": ann}, {"value": bea}]}]);
    bridge.patch(&format!("/Groups/{finance}"), both, 503).await;
}

#[tokio::test]
async fn cloudmores_own_wish_when_to_come_again_is_honoured() {
    let mut story = Story::begin(queue(), &[Create]).await;
    let throttled = FaultAction::Status {
        code: 429,
        retry_after: Some(1800),
        body: None,
    };
    story.bridge.faults([fault(throttled).times(1)]);
    story.does(JoinFinance).await;
    story.bridge.calls();
    story.bridge.pass(Duration::from_secs(1799)).await;
    assert_eq!(story.bridge.calls(), [""; 0]);
    story.bridge.pass(Duration::from_secs(1)).await;
    story.is_as_wanted();
}

#[tokio::test]
async fn a_token_server_that_is_down_loses_nothing() {
    let mut story = Story::begin(queue(), &[Create, JoinFinance]).await;
    story.bridge.sandbox.expire_tokens();
    story
        .bridge
        .faults([FaultRule::new(status(503)).on_path("/connect/token")]);
    story.does(Deactivate).await;
    story.bridge.pass(10 * MINUTE).await;
    story.bridge.faults([]);
    story.converges().await;
}

/// Each deed during an outage is answered with 503; what gives access is undone, what takes it away is kept.
async fn fails(before: &[Deed], deed: Deed, kept: bool) {
    let mut story = Story::begin(fail(), &[]).await;
    let mut number = 0;
    for action in [
        DropBeforeEffect,
        DropAfterEffect,
        status(503),
        status(429),
        status(500),
    ] {
        for skip in 0..4 {
            number += 1;
            story.next(&format!("p{number}"), before).await;
            println!("{deed:?}: {action:?} after {skip} calls");
            story.bridge.faults([fault(action.clone()).skip(skip)]);
            let (answer, retry_after) = story.tries(deed).await;
            if answer < 300 {
                // It was done before the fault could begin.
                story.look_up().await;
                story.wish = story.wish.after(deed);
            } else {
                assert_eq!(answer, 503);
                assert!(retry_after.is_some_and(|seconds| seconds >= 1));
                if kept {
                    story.wish = story.wish.after(deed);
                }
            }
            assert_eq!(
                story.remembered().await,
                story.wish,
                "what the directory says"
            );
            story.bridge.faults([]);
            story.converges().await;
            assert_eq!(
                story.remembered().await,
                story.wish,
                "what the directory says afterwards"
            );
        }
    }
}

#[tokio::test]
async fn a_failed_change_that_gives_access_is_undone_and_leaves_nothing_in_cloudmore() {
    fails(&[], Create, false).await;
    fails(&[Create], JoinFinance, false).await;
    fails(&[Create], Marry, false).await;
    fails(&[Create, JoinFinance, Deactivate], Reactivate, false).await;
}

#[tokio::test]
async fn a_failed_change_that_takes_access_away_is_kept_and_carried_out() {
    fails(&[Create, JoinFinance], LeaveFinance, true).await;
    fails(&[Create, JoinFinance], Deactivate, true).await;
    fails(&[Create, JoinFinance], Delete, true).await;
}

#[tokio::test]
async fn an_idp_that_comes_again_after_503_gets_what_it_wanted() {
    for (before, deed) in [
        (&[][..], Create),
        (&[Create], JoinFinance),
        (&[Create, JoinFinance], LeaveFinance),
        (&[Create, JoinFinance], Deactivate),
        (&[Create, JoinFinance], Delete),
    ] {
        let mut story = Story::begin(fail(), before).await;
        story.bridge.faults([fault(DropAfterEffect)]);
        assert_eq!(story.tries(deed).await.0, 503, "{deed:?}");
        story.bridge.faults([]);
        let mut answer = 503;
        for _ in 0..10 {
            if answer == 503 {
                story.bridge.pass(MINUTE).await;
                answer = story.tries(deed).await.0;
            }
        }
        // Who deletes twice is told that there is nothing any more.
        assert!(
            answer < 300 || (deed == Delete && answer == 404),
            "{deed:?}: {answer}"
        );
        story.look_up().await;
        story.wish = story.wish.after(deed);
        story.converges().await;
    }
}

/// Cloudmore does not answer within `settle_timeout`; what it does later is what the directory says by then.
async fn slow(on_outage: OnOutage, before: &[Deed], deed: Deed, expected: u16, stands: bool) {
    let mut story = Story::begin(Setup::default(), before).await;
    // Only from here on is the bridge in a hurry: what was before takes what it takes.
    let mut config = story.bridge.config();
    config.tenants[0].policy.settle_timeout = Duration::from_millis(100);
    config.tenants[0].policy.on_outage = on_outage;
    story.bridge.app.configure(config).await.unwrap();
    story.bridge.faults([fault(Hold)]);
    assert_eq!(story.tries(deed).await.0, expected, "{deed:?}");
    held(&story.bridge, 1).await;
    if stands {
        story.wish = story.wish.after(deed);
    }
    assert_eq!(story.remembered().await, story.wish);
    story.bridge.sandbox.set_faults(Faults::default());
    idle(&story.bridge).await;
    story.converges().await;
}

#[tokio::test]
async fn a_slow_cloudmore_delays_nobody_and_loses_nothing() {
    slow(OnOutage::Queue, &[], Create, 201, true).await;
    slow(OnOutage::Queue, &[Create], JoinFinance, 204, true).await;
    slow(
        OnOutage::Queue,
        &[Create, JoinFinance],
        Deactivate,
        200,
        true,
    )
    .await;
    slow(OnOutage::Fail, &[], Create, 503, false).await;
    slow(OnOutage::Fail, &[Create], JoinFinance, 503, false).await;
    slow(
        OnOutage::Fail,
        &[Create, JoinFinance],
        Deactivate,
        503,
        true,
    )
    .await;
}
