//! A user's life at Entra's hands: update, rename, disable, enable, delete.

use serde_json::json;

use super::{hits, id, with_maja};
use crate::harness::person;
use crate::recorded::replay;

#[tokio::test]
async fn updates_arrive_in_both_forms() {
    // Sections 2.7 and 2.14
    let (bridge, maja) = with_maja().await;
    let nora = bridge.user("nora").await;
    let ids = [("maja", maja.as_str()), ("nora", nora.as_str())];
    replay(&bridge, "entra/update_user", &ids).await;
    replay(&bridge, "entra/update_user_flagged", &ids).await;
}

#[tokio::test]
async fn a_renamed_user_keeps_the_id_and_loses_the_old_name() {
    // Q049
    let (bridge, maja) = with_maja().await;
    replay(&bridge, "entra/rename_user", &[("maja", &maja)]).await;
    assert_eq!(
        hits(&bridge, "userName eq \"maja.ekholm@acme.example\"").await,
        0
    );
    assert_eq!(
        hits(&bridge, "userName eq \"MAJA.lind@acme.example\"").await,
        1
    );
}

#[tokio::test]
async fn a_taken_name_is_refused_and_nothing_changes() {
    // Q050
    let (bridge, maja) = with_maja().await;
    bridge.user("nora").await;
    bridge.calls();
    let path = format!("/Users/{maja}");
    let before = bridge.get(&path, 200).await;
    let take = json!([
        {"op": "Replace", "path": "title", "value": "Chief"},
        {"op": "Replace", "path": "userName", "value": "NORA@acme.example"},
    ]);
    let error = bridge.patch(&path, take, 409).await;
    assert_eq!(error["scimType"], "uniqueness");
    assert_eq!(bridge.get(&path, 200).await, before);
    assert_eq!(bridge.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn a_user_is_disabled_and_enabled_under_one_id_and_keeps_the_groups() {
    // Q074
    let (bridge, maja) = with_maja().await;
    let finance = id(&bridge, "entra/create_group").await;
    let ids = [("maja", maja.as_str()), ("finance", finance.as_str())];
    replay(&bridge, "entra/add_member", &ids).await;
    for shape in [
        "entra/disable_user",
        "entra/enable_user",
        "entra/disable_user_flagged",
        "entra/enable_user",
    ] {
        let user = replay(&bridge, shape, &ids).await;
        assert_eq!(user["groups"][0]["value"], finance.as_str(), "{shape}");
        let group = bridge.get(&format!("/Groups/{finance}"), 200).await;
        assert_eq!(group["members"][0]["value"], maja.as_str(), "{shape}");
    }
}

#[tokio::test]
async fn setting_the_state_that_a_user_has_calls_nobody() {
    // Q075
    let (bridge, maja) = with_maja().await;
    let ids = [("maja", maja.as_str())];
    bridge.calls();
    let before = bridge.get(&format!("/Users/{maja}"), 200).await;
    let after = replay(&bridge, "entra/enable_user", &ids).await;
    assert_eq!(after, before, "not even the version");
    assert_eq!(bridge.calls(), Vec::<String>::new());
    replay(&bridge, "entra/disable_user", &ids).await;
    bridge.calls();
    replay(&bridge, "entra/disable_user", &ids).await;
    assert_eq!(bridge.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn a_deleted_user_is_gone_for_every_request() {
    // Q070, Q071, Q072, Q073 and section 8, decision 6
    let (bridge, maja) = with_maja().await;
    let ids = [("maja", maja.as_str())];
    let path = format!("/Users/{maja}");
    replay(&bridge, "entra/delete_user", &ids).await;
    bridge.get(&path, 404).await;
    bridge.delete(&path, 404).await;
    let activate = json!([{"op": "Replace", "path": "active", "value": "True"}]);
    bridge.patch(&path, activate, 404).await;
    bridge.put(&path, person("maja.ekholm"), 404).await;
    for filter in [
        "userName eq \"maja.ekholm@acme.example\"".to_owned(),
        "externalId eq \"m.ekholm\"".to_owned(),
        format!("id eq \"{maja}\""),
        "active eq true".to_owned(),
    ] {
        assert_eq!(hits(&bridge, &filter).await, 0, "{filter}");
    }
    assert_eq!(bridge.get("/Users", 200).await["totalResults"], 0);
}

#[tokio::test]
async fn a_person_who_was_deleted_can_come_back_as_another_user() {
    let (bridge, maja) = with_maja().await;
    replay(&bridge, "entra/delete_user", &[("maja", &maja)]).await;
    let back = id(&bridge, "entra/create_user").await;
    assert_ne!(back, maja);
    let access = bridge.access("maja.ekholm");
    assert_eq!(access, "role 7; ", "a new account");
}

#[tokio::test]
async fn account_discovery_pages_without_gaps_or_duplicates() {
    // Q095 and the validation workflow's test 23
    let bridge = super::start().await;
    for number in 0..12 {
        bridge.user(&format!("user{number:02}")).await;
    }
    let middle = replay(&bridge, "entra/discover_accounts", &[]).await;
    assert_eq!(middle["Resources"][0]["userName"], "user05@acme.example");
    let mut names = Vec::new();
    for start in [1, 6, 11] {
        let path = format!("/Users?startIndex={start}&count=5&attributes=userName");
        let page = bridge.get(&path, 200).await;
        assert_eq!(page["startIndex"], start);
        assert_eq!(page["totalResults"], 12);
        let resources = page["Resources"].as_array().unwrap().clone();
        names.extend(resources.into_iter().map(|user| user["userName"].clone()));
    }
    let expected: Vec<_> = (0..12)
        .map(|at| json!(format!("user{at:02}@acme.example")))
        .collect();
    assert_eq!(names, expected);
}
