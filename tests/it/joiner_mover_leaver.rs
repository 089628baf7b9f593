//! The main job: a joiner gets an account, a role and subscriptions; a mover loses and gains the difference; a leaver
//! loses them all.

use serde_json::json;

use crate::harness::{Bridge, person};

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

#[tokio::test]
async fn a_mover_keeps_what_both_groups_grant_and_loses_the_rest() {
    let bridge = Bridge::start().await;
    let finance = bridge.group("Cloudmore Finance").await;
    let sales = bridge.group("Cloudmore Sales").await;
    let ann = bridge.user("ann").await;
    bridge.join(&finance, &ann).await;
    bridge.join(&sales, &ann).await;
    assert_eq!(bridge.access("ann"), "role 6; Pro seats, Team plan");
    bridge.leave(&finance, &ann).await;
    assert_eq!(bridge.access("ann"), "role 7; Team plan");
    bridge.leave(&sales, &ann).await;
    assert_eq!(bridge.access("ann"), "role 7; ");
}

#[tokio::test]
async fn a_leaver_who_comes_back_in_okta_is_the_same_user() {
    let bridge = Bridge::start().await;
    let sales = bridge.group("Cloudmore Sales").await;
    let ann = bridge.user("ann").await;
    bridge.join(&sales, &ann).await;
    let path = format!("/Users/{ann}");
    let mut leaver = bridge.get(&path, 200).await;
    leaver["active"] = json!(false);
    bridge.put(&path, leaver, 200).await;
    assert_eq!(bridge.access("ann"), "nothing");
    let back = bridge.post("/Users", person("ann"), 201).await;
    assert_eq!(back["id"], json!(ann));
    assert_eq!(bridge.access("ann"), "role 7; Team plan");
}
