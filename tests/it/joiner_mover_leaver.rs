//! The main job: a joiner gets an account, a role and subscriptions; a leaver loses them.

use crate::harness::Bridge;

#[tokio::test]
async fn an_entra_joiner_gets_account_role_and_subscriptions_and_a_leaver_loses_them() {
    let bridge = Bridge::start().await;
    let finance = bridge.group("Cloudmore Finance").await;
    let ann = bridge.user("ann").await;
    assert_eq!(bridge.access("ann"), "role 7; ");
    bridge.join(&finance, &ann).await;
    assert_eq!(bridge.access("ann"), "role 6; Pro seats, Team plan");
    bridge.set_active(&ann, false, 200).await;
    assert_eq!(bridge.access("ann"), "nothing");
    bridge.set_active(&ann, true, 200).await;
    assert_eq!(bridge.access("ann"), "role 6; Pro seats, Team plan");
    bridge.delete(&format!("/Users/{ann}"), 204).await;
    assert_eq!(bridge.access("ann"), "nothing");
}
