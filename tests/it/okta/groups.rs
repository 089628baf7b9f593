//! Group Push of catalogue apps (PATCH) and wizard apps (PUT).

use std::collections::BTreeSet;

use serde_json::json;

use super::with_tom;
use crate::harness::Bridge;
use crate::recorded::replay;

/// Tom, Ida, and the group Field Ops, without members.
async fn field_ops() -> (Bridge, [(&'static str, String); 3]) {
    let (bridge, tom) = with_tom().await;
    let ida = replay(&bridge, "okta/create_user_as_plain_json", &[]).await;
    let ida = ida["id"].as_str().unwrap().to_owned();
    let ops = replay(&bridge, "okta/create_group", &[]).await;
    let ops = ops["id"].as_str().unwrap().to_owned();
    (bridge, [("tom", tom), ("ida", ida), ("ops", ops)])
}

/// Replays a shape and checks who is in the group afterwards.
async fn check(bridge: &Bridge, ids: &[(&'static str, String)], shape: &str, expected: &[&str]) {
    let borrowed: Vec<_> = ids.iter().map(|(name, id)| (*name, id.as_str())).collect();
    replay(bridge, shape, &borrowed).await;
    let group = bridge.get(&format!("/Groups/{}", ids[2].1), 200).await;
    let name_of = |id: &str| ids.iter().find(|(_, one)| one == id).unwrap().0;
    let members = group["members"].as_array().unwrap().iter();
    let members: BTreeSet<_> = members
        .map(|one| name_of(one["value"].as_str().unwrap()))
        .collect();
    assert_eq!(members, expected.iter().copied().collect(), "{shape}");
    assert_eq!(group["displayName"], "Field Ops", "{shape}");
}

#[tokio::test]
async fn memberships_follow_every_push_of_a_catalogue_app() {
    // Q122, Q123, Q124, Q125, Q126, Q127, Q128, Q130, Q135
    let (bridge, ids) = field_ops().await;
    for (shape, expected) in [
        ("okta/match_group", &[][..]),
        ("okta/push_now", &["tom"]),
        ("okta/rename_group", &["tom"]),
        ("okta/membership_delta", &["ida"]),
        ("okta/membership_delta", &["ida"]),
        ("okta/push_now", &["tom"]),
        ("okta/add_with_a_stranger", &["ida", "tom"]),
        ("okta/push_empty_group", &[]),
    ] {
        check(&bridge, &ids, shape, expected).await;
    }
}

#[tokio::test]
async fn memberships_follow_every_push_of_a_wizard_app() {
    // Q129, Q131
    let (bridge, ids) = field_ops().await;
    check(&bridge, &ids, "okta/push_now", &["tom"]).await;
    check(&bridge, &ids, "okta/replace_group", &["ida"]).await;
    check(&bridge, &ids, "okta/replace_group", &["ida"]).await;
    let path = format!("/Groups/{}", ids[2].1);
    let silent = json!({"displayName": "Field Ops", "id": "c41"});
    let read = bridge.put(&path, silent, 200).await;
    assert_eq!(
        read["members"][0]["value"],
        ids[1].1.as_str(),
        "not mentioned, not cleared"
    );
    let strange = json!({"displayName": "Field Ops",
        "members": [{"value": "00u-not-known-here"}, {"value": ids[0].1}]});
    let read = bridge.put(&path, strange, 200).await;
    assert_eq!(read["members"].as_array().unwrap().len(), 1);
    assert_eq!(read["members"][0]["value"], ids[0].1.as_str());
}

#[tokio::test]
async fn sending_back_a_group_as_read_changes_nothing() {
    // Q112 for groups
    let (bridge, ids) = field_ops().await;
    check(&bridge, &ids, "okta/push_now", &["tom"]).await;
    let path = format!("/Groups/{}", ids[2].1);
    let read = bridge.get(&path, 200).await;
    assert_eq!(bridge.put(&path, read.clone(), 200).await, read);
}

#[tokio::test]
async fn after_a_rename_the_old_name_is_free() {
    // Q132
    let (bridge, ids) = field_ops().await;
    let path = format!("/Groups/{}", ids[2].1);
    let rename =
        json!([{"op": "replace", "value": {"id": ids[2].1, "displayName": "Ops Nordics"}}]);
    bridge.patch(&path, rename, 204).await;
    let again = bridge.group("Field Ops").await;
    assert_ne!(again, ids[2].1);
}

#[tokio::test]
async fn a_deleted_group_leaves_the_users() {
    // Q133
    let (bridge, ids) = field_ops().await;
    check(&bridge, &ids, "okta/push_now", &["tom"]).await;
    let ops = [("ops", ids[2].1.as_str())];
    replay(&bridge, "okta/import_groups", &ops).await;
    replay(&bridge, "okta/delete_group", &ops).await;
    assert_eq!(bridge.get("/Groups", 200).await["totalResults"], 0);
    assert_eq!(bridge.get("/Users", 200).await["totalResults"], 2);
}

#[tokio::test]
async fn a_member_who_was_deactivated_first_can_be_removed() {
    // Q134
    let (bridge, ids) = field_ops().await;
    check(&bridge, &ids, "okta/push_now", &["tom"]).await;
    check(&bridge, &ids, "okta/deactivate_user", &["tom"]).await;
    check(&bridge, &ids, "okta/membership_delta", &["ida"]).await;
}
