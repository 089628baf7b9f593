//! The bridge is killed between any two steps, and started again on the same store: before a call reaches Cloudmore, and
//! after it had its effect. What was committed is carried out, unless the directory has said something else since.

use scim_bridge::sandbox::FaultAction::{DropBeforeEffect, Hold, HoldAfterEffect};
use scim_bridge::sandbox::Faults;

use super::cloudmore::{calls, fault, held, idle};
use super::story::Deed::{
    Create, Deactivate, Delete, Divorce, JoinFinance, LeaveFinance, Marry, Reactivate,
};
use super::story::{Deed, Story};
use crate::harness::Setup;

/// Kills the bridge at each call that the deed makes, and lets the directory say nothing more or each of `then`.
async fn survives(before: &[Deed], deed: Deed, then: &[Deed]) {
    let mut story = Story::begin(Setup::default(), before).await;
    story.does(deed).await;
    let calls = u32::try_from(calls(&story.bridge).len()).unwrap();
    let kills = [vec![Hold, DropBeforeEffect], vec![HoldAfterEffect]];
    let mut number = 0;
    for skip in 0..calls {
        for kill in &kills {
            for then in std::iter::once(None).chain(then.iter().copied().map(Some)) {
                println!("{deed:?}: killed in {kill:?} after {skip} calls, then {then:?}");
                number += 1;
                story.next(&format!("p{number}"), before).await;
                let rules = kill.iter().map(|action| fault(action.clone()).skip(skip));
                let rules = rules.collect();
                story.bridge.sandbox.set_faults(Faults { rules, seed: 0 });
                let answer = story.begins(deed);
                held(&story.bridge, 1).await;
                story = story
                    .crash(|sandbox| sandbox.set_faults(Faults::default()))
                    .await;
                assert_eq!(answer.await.unwrap(), None, "nobody got an answer");
                story.wish = story.wish.after(deed);
                if deed == Create {
                    assert!(story.look_up().await, "what was committed is there");
                }
                if let Some(then) = then {
                    story.does(then).await;
                }
                story.converges().await;
            }
        }
    }
}

#[tokio::test]
async fn a_create_survives_a_kill_at_any_point() {
    survives(&[], Create, &[Deactivate, Delete]).await;
}

#[tokio::test]
async fn a_joiner_of_a_group_survives_a_kill_at_any_point() {
    survives(&[Create], JoinFinance, &[LeaveFinance, Deactivate]).await;
}

#[tokio::test]
async fn who_leaves_a_group_survives_a_kill_at_any_point() {
    survives(&[Create, JoinFinance], LeaveFinance, &[JoinFinance, Delete]).await;
}

#[tokio::test]
async fn a_leaver_survives_a_kill_at_any_point() {
    survives(&[Create, JoinFinance], Deactivate, &[Reactivate, Delete]).await;
}

#[tokio::test]
async fn a_returner_survives_a_kill_at_any_point() {
    survives(
        &[Create, JoinFinance, Deactivate],
        Reactivate,
        &[Deactivate, LeaveFinance],
    )
    .await;
}

#[tokio::test]
async fn an_update_survives_a_kill_at_any_point() {
    survives(&[Create], Marry, &[Divorce]).await;
}

/// Kills the bridge while a call is under way that has its effect only after the bridge is back and was told otherwise.
async fn outlives(before: &[Deed], deed: Deed, then: Deed) {
    let mut story = Story::begin(Setup::default(), before).await;
    story.does(deed).await;
    let calls = u32::try_from(calls(&story.bridge).len()).unwrap();
    for skip in 0..calls {
        println!("{deed:?}: killed with a call under way after {skip} calls, then {then:?}");
        story.next(&format!("p{skip}"), before).await;
        let late = fault(Hold).skip(skip).times(1);
        story.bridge.faults([late]);
        let answer = story.begins(deed);
        held(&story.bridge, 1).await;
        story = story.crash(|_| {}).await;
        assert_eq!(answer.await.unwrap(), None);
        story.wish = story.wish.after(deed);
        assert!(story.look_up().await);
        story.does(then).await;
        story.bridge.work().await;
        story.bridge.faults([]);
        idle(&story.bridge).await;
        story.converges().await;
    }
}

#[tokio::test]
async fn a_call_that_is_still_under_way_after_a_kill_has_not_the_last_word() {
    outlives(&[], Create, Delete).await;
    outlives(&[Create], JoinFinance, LeaveFinance).await;
    outlives(&[Create, JoinFinance], LeaveFinance, JoinFinance).await;
    outlives(&[Create, JoinFinance], Deactivate, Reactivate).await;
    outlives(&[Create], Marry, Divorce).await;
}
