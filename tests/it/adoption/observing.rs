//! A tenant that only observes: the directory is kept, Cloudmore is left alone, and nothing is lost.

use super::{HOUR, ask, bridge, create, state};

#[tokio::test]
async fn while_a_tenant_only_observes_changes_are_kept_and_afterwards_all_of_them_are_made() {
    let mut bridge = bridge("on_outage = \"fail\"").await;
    let leaver = create(&bridge, "lea").await;
    let deleted = create(&bridge, "del").await;
    bridge.setup.tenant = "observe = true\non_outage = \"fail\"";
    bridge.reload().await;
    let before = bridge.sandbox.snapshot();
    bridge.calls();

    let ann = create(&bridge, "ann").await;
    let group = bridge.group("Cloudmore Finance").await;
    bridge.join(&group, &ann).await;
    bridge.set_active(&leaver, false, 200).await;
    bridge.delete(&format!("/Users/{deleted}"), 204).await;
    assert_eq!(state(&bridge, &ann).await.0, "pending");
    assert_eq!(bridge.pass(HOUR).await, 0);
    let bridge = bridge.restart().await;
    assert_eq!(bridge.pass(HOUR).await, 0);
    assert_eq!(bridge.sandbox.snapshot(), before);
    assert_eq!(bridge.calls(), [""; 0]);
    let plan = ask(&bridge, "plan").await;
    assert_eq!(plan["observes"], true);
    assert_eq!(plan["users"].as_array().unwrap().len(), 3, "{plan}");

    let mut bridge = bridge;
    bridge.setup.tenant = "";
    bridge.reload().await;
    bridge.work().await;
    assert_eq!(bridge.access("ann"), "role 6; Pro seats, Team plan");
    assert_eq!(bridge.access("lea"), "nothing");
    assert_eq!(bridge.access("del"), "nothing");
    assert_eq!(state(&bridge, &ann).await.0, "synced");
    assert_eq!(ask(&bridge, "plan").await["users"], serde_json::json!([]));
}
