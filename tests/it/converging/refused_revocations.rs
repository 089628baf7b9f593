//! Cloudmore refuses to take something away: the IdP is told, the change stands, and it is tried for ever.

use scim_bridge::sandbox::{FaultRule, seed};

use super::cloudmore::{has, status};
use super::refusals::failed;
use super::story::Deed::{Create, Deactivate, Delete, JoinFinance, LeaveFinance};
use super::story::{Deed, HOUR, Story};
use crate::harness::Setup;

/// Cloudmore refuses a call that takes access away; the IdP is told, the change stands, and it is tried until it works.
async fn insists(before: &[Deed], deed: Deed, method: &str, path: &str) {
    let mut story = Story::begin(Setup::default(), before).await;
    let no = FaultRule::new(status(400)).on(method, path);
    story.bridge.faults([no]);
    assert_eq!(story.tries(deed).await.0, 500, "{deed:?}");
    story.wish = story.wish.after(deed);
    assert_eq!(story.remembered().await, story.wish, "the change stands");
    for _ in 0..100 {
        story.bridge.pass(HOUR).await;
    }
    assert_ne!(has(&story.bridge, "ann"), story.wish.grants("ann"));
    assert_eq!(
        failed(&story.bridge, &story.id).await,
        None,
        "never given up"
    );
    story.bridge.faults([]);
    story.bridge.pass(HOUR).await;
    story.is_as_wanted();
}

#[tokio::test]
async fn a_refused_revocation_is_told_kept_and_tried_until_it_works() {
    insists(
        &[Create, JoinFinance],
        LeaveFinance,
        "DELETE",
        seed::PRO_SEATS,
    )
    .await;
    insists(&[Create, JoinFinance], Deactivate, "DELETE", "/Users/").await;
    insists(&[Create, JoinFinance], Delete, "DELETE", "/Users/").await;
    // A lower role takes access away as well.
    insists(&[Create, JoinFinance], LeaveFinance, "PUT", "/Users/").await;
}

#[tokio::test]
async fn an_account_that_takes_its_seats_along_makes_up_for_refused_unassigns() {
    let mut story = Story::begin(Setup::default(), &[Create, JoinFinance]).await;
    story
        .bridge
        .faults([FaultRule::new(status(400)).on("DELETE", "/subscriptions/")]);
    story.does(Deactivate).await;
    story.is_as_wanted();
}
