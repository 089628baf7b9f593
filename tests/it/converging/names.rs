//! Login names that change hands while an account may bear another than the bridge knows: whoever gets such a name waits
//! for it, and is not refused.

use scim_bridge::sandbox::FaultAction::DropAfterEffect;
use scim_bridge::sandbox::FaultRule;
use serde_json::{Value, json};

use super::story::HOUR;
use crate::harness::{Bridge, person};

#[tokio::test]
async fn a_name_that_a_lost_rename_may_have_given_to_another_can_be_a_joiners() {
    let bridge = Bridge::start().await;
    let bea = named_ann_for_a_moment(&bridge).await;
    let ann = bridge.post("/Users", person("ann"), 201).await;
    bridge.faults([]);
    // Whoever waits for the name may be tried while the other gives it up, and then comes again.
    bridge.pass(HOUR).await;
    bridge.pass(HOUR).await;
    bear_their_names(&bridge, &[(&bea, "bea"), (id(&ann), "ann")]).await;
}

#[tokio::test]
async fn a_name_that_a_lost_rename_may_have_given_to_another_can_be_a_movers() {
    let bridge = Bridge::start().await;
    let carl = bridge.user("carl").await;
    let bea = named_ann_for_a_moment(&bridge).await;
    rename(&bridge, &carl, "ann").await;
    bridge.faults([]);
    // Whoever waits for the name may be tried while the other gives it up, and then comes again.
    bridge.pass(HOUR).await;
    bridge.pass(HOUR).await;
    bear_their_names(&bridge, &[(&bea, "bea"), (&carl, "ann")]).await;
    assert_eq!(bridge.access("carl"), "nothing");
}

/// Bea is renamed to ann, which Cloudmore does without an answer, and back again, which has to wait until the first is
/// certain to be over.
async fn named_ann_for_a_moment(bridge: &Bridge) -> String {
    let bea = bridge.user("bea").await;
    let lost = FaultRule::new(DropAfterEffect).on("PUT", "/Users");
    bridge.faults([lost.times(1)]);
    rename(bridge, &bea, "ann").await;
    assert_eq!(bridge.access("ann"), "role 7; ", "Cloudmore has done it");
    rename(bridge, &bea, "bea").await;
    assert_eq!(bridge.access("ann"), "role 7; ", "and keeps it for now");
    bea
}

async fn rename(bridge: &Bridge, user: &str, name: &str) {
    let user_name = format!("{name}@acme.example");
    let operations = json!([{"op": "Replace", "path": "userName", "value": user_name}]);
    bridge
        .patch(&format!("/Users/{user}"), operations, 200)
        .await;
}

async fn bear_their_names(bridge: &Bridge, people: &[(&str, &str)]) {
    for (user, name) in people {
        let user = bridge.get(&format!("/Users/{user}"), 200).await;
        assert_eq!(user["userName"], format!("{name}@acme.example"));
        assert_eq!(bridge.access(name), "role 7; ", "{name}");
    }
    assert_eq!(bridge.work().await, 0, "nothing is left to do");
}

fn id(user: &Value) -> &str {
    user["id"].as_str().unwrap()
}
