//! A change of the configuration that takes from many goes through the guard as everything does.

use super::{HOUR, bridge, guard, how_many, limited, mappings, members, staff, waiting};

const NOTHING: &str = "nothing";

#[tokio::test]
async fn a_mapping_that_is_removed_takes_from_no_more_than_the_limit() {
    let bridge = limited(3).await;
    members(&bridge, 8, "Sales").await;
    let all = mappings();
    let without = all.rsplit_once("[[tenant.mapping]]").map(|(_, last)| last);
    let bridge = bridge.mapping(&format!("[[tenant.mapping]]{}", without.unwrap()));
    bridge.reload().await;
    bridge.pass(HOUR).await;
    assert_eq!(how_many(&bridge, 8, "role 7; "), 3);
    assert_eq!(waiting(&bridge).await.len(), 5);
    // Whoever made the mistake puts it right, and nobody waits any more.
    let bridge = bridge.mapping(&all);
    bridge.reload().await;
    bridge.work().await;
    assert_eq!(waiting(&bridge).await, [""; 0]);
    assert_eq!(how_many(&bridge, 8, "role 7; Team plan"), 8);
}

#[tokio::test]
async fn accounts_that_were_kept_for_a_while_are_deleted_within_the_limit() {
    let keep = "deprovision = \"strip\"\nstrip_role = 8";
    let mut bridge = bridge(&format!("{keep}\n{}", guard(6))).await;
    for id in staff(&bridge, 6).await {
        bridge.set_active(&id, false, 200).await;
    }
    assert_eq!(how_many(&bridge, 6, "role 8; "), 6);
    bridge.pass(2 * HOUR).await;
    bridge.setup.tenant = guard(2).leak();
    bridge.reload().await;
    bridge.work().await;
    assert_eq!(how_many(&bridge, 6, NOTHING), 2);
    assert_eq!(waiting(&bridge).await.len(), 4);
}

#[tokio::test]
async fn another_role_for_leavers_takes_nothing_from_those_who_left() {
    let keep = "deprovision = \"strip\"\nstrip_role = 8";
    let mut bridge = bridge(&format!("{keep}\n{}", guard(1))).await;
    let staff = staff(&bridge, 1).await;
    bridge.set_active(&staff[0], false, 200).await;
    bridge.pass(2 * HOUR).await;
    bridge.setup.tenant = format!("deprovision = \"strip\"\nstrip_role = 6\n{}", guard(0)).leak();
    bridge.reload().await;
    bridge.work().await;
    assert_eq!(
        super::state(&bridge, &staff[0]).await,
        ("synced".into(), String::new())
    );
    assert_eq!(bridge.access("user00"), "role 6; ");
}
