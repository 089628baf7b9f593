//! Which group a mapping belongs to: the first that bears its name, for as long as there is that group (invariant 11,
//! design section 7).

use serde_json::{Value, json};

use super::cloudmore::calls;
use super::story::Deed::{Create, JoinFinance, LeaveFinance};
use super::story::Story;
use crate::harness::{Bridge, Setup, mappings};

fn named(name: &str) -> Value {
    json!([{"op": "Replace", "path": "displayName", "value": name}])
}

async fn rename(bridge: &Bridge, group: &str, name: &str) {
    bridge
        .patch(&format!("/Groups/{group}"), named(name), 204)
        .await;
}

const ALL: &str = "role 6; Pro seats, Team plan";
const NONE: &str = "role 7; ";

#[tokio::test]
async fn a_rename_neither_grants_nor_revokes_and_who_takes_the_name_gets_nothing() {
    let mut story = Story::begin(Setup::default(), &[Create, JoinFinance]).await;
    rename(&story.bridge, &story.finance, "Money").await;
    assert_eq!(calls(&story.bridge), [""; 0]);
    let usurpers = story.bridge.group("Cloudmore Finance").await;
    let walkers = story.bridge.group("Walkers").await;
    let eve = story.bridge.user("eve").await;
    story.bridge.join(&usurpers, &eve).await;
    assert_eq!(story.bridge.access("eve"), NONE);
    story.bridge.join(&story.finance, &eve).await;
    assert_eq!(
        story.bridge.access("eve"),
        ALL,
        "the mapping stayed with its group"
    );
    story.bridge.leave(&story.finance, &eve).await;
    rename(&story.bridge, &usurpers, "Usurpers").await;
    rename(&story.bridge, &walkers, "Cloudmore Finance").await;
    story.bridge.join(&walkers, &eve).await;
    let bridge = story.bridge.restart().await;
    bridge.work().await;
    assert_eq!(bridge.access("eve"), NONE);
    assert_eq!(bridge.access("ann"), ALL);
    bridge.leave(&story.finance, &story.id).await;
    assert_eq!(
        bridge.access("ann"),
        NONE,
        "who leaves the renamed group loses what it gave"
    );
    story.bridge = bridge;
    story.wish = story.wish.after(LeaveFinance);
    assert_eq!(story.remembered().await, story.wish);
}

#[tokio::test]
async fn a_group_that_is_renamed_to_a_mapped_name_gets_nothing_not_even_after_a_restart() {
    let bridge = Bridge::start().await;
    let walkers = bridge.group("Walkers").await;
    let eve = bridge.user("eve").await;
    bridge.join(&walkers, &eve).await;
    rename(&bridge, &walkers, "Cloudmore Finance").await;
    let bridge = bridge.restart().await;
    bridge.work().await;
    bridge.reload().await;
    bridge.work().await;
    assert_eq!(bridge.access("eve"), NONE);
}

#[tokio::test]
async fn a_deleted_group_takes_its_grants_along_and_frees_the_mapping_for_the_next_of_the_name() {
    let mut story = Story::begin(Setup::default(), &[Create, JoinFinance]).await;
    story
        .bridge
        .delete(&format!("/Groups/{}", story.finance), 204)
        .await;
    assert_eq!(story.bridge.access("ann"), NONE);
    story.finance = story.bridge.group("cloudmore finance").await;
    story.wish = story.wish.after(LeaveFinance);
    story.does(JoinFinance).await;
    story.is_as_wanted();
}

#[tokio::test]
async fn a_mapping_that_is_new_at_the_start_or_on_reload_binds_and_reaches_the_members() {
    let setup = Setup {
        mappings: Some(String::new()),
        ..Setup::default()
    };
    let bridge = Bridge::with(setup).await;
    let finance = bridge.group("Cloudmore Finance").await;
    let sales = bridge.group("Cloudmore Sales").await;
    let (ann, bob) = (bridge.user("ann").await, bridge.user("bob").await);
    bridge.join(&finance, &ann).await;
    bridge.join(&sales, &bob).await;
    assert_eq!(bridge.access("ann"), NONE);
    let bridge = bridge.mapping(&mappings()).restart().await;
    bridge.work().await;
    assert_eq!(bridge.access("ann"), ALL);
    assert_eq!(bridge.access("bob"), "role 7; Team plan");
    let bridge = bridge.mapping("").restart().await;
    bridge.work().await;
    assert_eq!(bridge.access("ann"), NONE);
    assert_eq!(bridge.access("bob"), NONE);
    let bridge = bridge.mapping(&mappings());
    bridge.reload().await;
    bridge.work().await;
    assert_eq!(
        bridge.access("ann"),
        ALL,
        "a mapping that comes back binds again"
    );
    bridge.calls();
    bridge.reload().await;
    assert_eq!(
        bridge.work().await,
        0,
        "nothing changed, so nobody is looked at"
    );
}

#[tokio::test]
async fn a_mapping_that_comes_back_belongs_to_the_group_that_bears_the_name_by_then() {
    let bridge = Bridge::start().await;
    let first = bridge.group("Cloudmore Finance").await;
    let bridge = bridge.mapping("").restart().await;
    rename(&bridge, &first, "Money").await;
    let second = bridge.group("Cloudmore Finance").await;
    let (ann, bob) = (bridge.user("ann").await, bridge.user("bob").await);
    bridge.join(&first, &ann).await;
    bridge.join(&second, &bob).await;
    let bridge = bridge.mapping(&mappings()).restart().await;
    bridge.work().await;
    assert_eq!(bridge.access("ann"), NONE);
    assert_eq!(bridge.access("bob"), ALL);
}

#[tokio::test]
async fn a_reload_reaches_those_who_are_being_worked_on() {
    use scim_bridge::sandbox::FaultAction::Hold;
    use scim_bridge::sandbox::Faults;

    use super::cloudmore::{fault, held, idle};

    let story = Story::begin(Setup::default(), &[Create]).await;
    story.bridge.faults([fault(Hold)]);
    let answer = story.begins(JoinFinance);
    held(&story.bridge, 1).await;
    let bridge = story.bridge.mapping("");
    bridge.reload().await;
    bridge.sandbox.set_faults(Faults::default());
    assert_eq!(answer.await.unwrap(), Some(204));
    idle(&bridge).await;
    bridge.work().await;
    assert_eq!(bridge.access("ann"), NONE, "the mapping is no more");
}
