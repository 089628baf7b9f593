//! Groups at Entra's hands: created empty, filled by PATCH, read without members.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{id, with_maja};
use crate::harness::{Bridge, Setup};
use crate::recorded::replay;

/// The names of a group's members.
async fn members(bridge: &Bridge, group: &str) -> BTreeSet<String> {
    let group = bridge.get(&format!("/Groups/{group}"), 200).await;
    let members = group["members"].as_array().unwrap().iter();
    let display = members.map(|member| member["display"].as_str().unwrap());
    display
        .map(|name| name.split(' ').next().unwrap().to_lowercase())
        .collect()
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Maja, and the group Finance EMEA that she is in together with Nora.
async fn finance() -> (Bridge, [(&'static str, String); 3]) {
    let (bridge, maja) = with_maja().await;
    let nora = bridge.user("nora").await;
    let finance = id(&bridge, "entra/create_group").await;
    bridge.join(&finance, &maja).await;
    bridge.join(&finance, &nora).await;
    (
        bridge,
        [("maja", maja), ("nora", nora), ("finance", finance)],
    )
}

fn borrowed<'a>(ids: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    ids.iter().map(|(name, id)| (*name, id.as_str())).collect()
}

#[tokio::test]
async fn a_group_is_matched_and_read_without_members() {
    // Q076, Q078, Q079
    let (bridge, ids) = finance().await;
    replay(&bridge, "entra/match_group", &borrowed(&ids)).await;
    replay(&bridge, "entra/read_group", &borrowed(&ids)).await;
}

#[tokio::test]
async fn a_second_group_of_one_name_is_refused_in_any_case() {
    // Q077 and section 8, decision 11
    let bridge = super::start().await;
    bridge.group("Finance EMEA").await;
    let error = bridge
        .post("/Groups", json!({"displayName": "FINANCE emea"}), 409)
        .await;
    assert_eq!(error["scimType"], "uniqueness");
    assert_eq!(bridge.get("/Groups", 200).await["totalResults"], 1);
    let other = bridge.group("Sales").await;
    let rename = json!([{"op": "Replace", "path": "displayName", "value": "finance EMEA"}]);
    let error = bridge.patch(&format!("/Groups/{other}"), rename, 409).await;
    assert_eq!(error["scimType"], "uniqueness");
}

#[tokio::test]
async fn members_join_and_leave_by_both_forms_and_repetition_is_harmless() {
    // Q080, Q081, Q082, Q083
    let (bridge, ids) = finance().await;
    let group = &ids[2].1;
    for (shape, expected) in [
        ("entra/remove_member", &["nora"][..]),
        ("entra/remove_member", &["nora"]),
        ("entra/add_member", &["maja", "nora"]),
        ("entra/add_member", &["maja", "nora"]),
        ("entra/remove_member_flagged", &["nora"]),
        ("entra/remove_member_flagged", &["nora"]),
        ("entra/add_member_flagged", &["maja", "nora"]),
    ] {
        replay(&bridge, shape, &borrowed(&ids)).await;
        assert_eq!(members(&bridge, group).await, names(expected), "{shape}");
    }
}

#[tokio::test]
async fn every_form_of_a_membership_change_does_what_it_says() {
    // Q084, Q085, Q088, Q089, Q090, Q091
    let (bridge, ids) = finance().await;
    let (maja, nora, group) = (&ids[0].1, &ids[1].1, &ids[2].1);
    let path = format!("/Groups/{group}");
    let mut ten = Vec::new();
    for number in 0..10 {
        ten.push(json!({"value": bridge.user(&format!("u{number}")).await}));
    }
    let all = [
        "maja", "nora", "u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9",
    ];
    let two = ["maja", "nora"];
    for (operation, expected) in [
        (
            json!({"op": "Add", "path": "members", "value": ten}),
            &all[..],
        ),
        (json!({"op": "remove", "path": "members"}), &[]),
        (
            json!({"op": "add", "path": "members", "value": maja}),
            &["maja"],
        ),
        (
            json!({"op": "replace", "path": "members", "value": [{"value": nora}]}),
            &["nora"],
        ),
        (
            json!({"op": "add", "path": "members", "name": "addMember",
                "value": [{"displayName": "M. Ekholm", "value": maja}]}),
            &two,
        ),
        (
            json!({"op": "add", "path": "members", "value": [{"value": group}]}),
            &two,
        ),
        (
            json!({"op": "add", "path": "members", "value": [{"value": "nobody"}]}),
            &two,
        ),
    ] {
        bridge.patch(&path, json!([operation]), 204).await;
        assert_eq!(
            members(&bridge, group).await,
            names(expected),
            "{operation}"
        );
    }
}

#[tokio::test]
async fn parallel_changes_of_one_group_all_count() {
    // Q086
    let bridge = super::start().await;
    let group = bridge.group("Cloudmore Finance").await;
    let mut users = Vec::new();
    for name in ["ann", "ben", "cem"] {
        users.push(bridge.user(name).await);
    }
    let joins = users.iter().map(|user| bridge.join(&group, user));
    futures_util::future::join_all(joins).await;
    assert_eq!(
        members(&bridge, &group).await,
        names(&["ann", "ben", "cem"])
    );
}

#[tokio::test]
async fn members_who_are_disabled_or_gone_can_be_removed() {
    // Q087
    let (bridge, ids) = finance().await;
    let group = &ids[2].1;
    replay(&bridge, "entra/disable_user", &borrowed(&ids)).await;
    replay(&bridge, "entra/remove_member", &borrowed(&ids)).await;
    assert_eq!(members(&bridge, group).await, names(&["nora"]));
    replay(&bridge, "entra/delete_user", &borrowed(&ids)).await;
    replay(&bridge, "entra/remove_member", &borrowed(&ids)).await;
    replay(&bridge, "entra/remove_member_flagged", &borrowed(&ids)).await;
    assert_eq!(members(&bridge, group).await, names(&["nora"]));
}

#[tokio::test]
async fn a_change_of_the_document_leaves_the_members_alone() {
    // Q092, Q093
    let (bridge, ids) = finance().await;
    let group = &ids[2].1;
    replay(&bridge, "entra/change_external_id", &borrowed(&ids)).await;
    replay(&bridge, "entra/rename_group", &borrowed(&ids)).await;
    replay(&bridge, "entra/rename_group_flagged", &borrowed(&ids)).await;
    let read = bridge.get(&format!("/Groups/{group}"), 200).await;
    assert_eq!(read["externalId"], "g-88");
    assert_eq!(members(&bridge, group).await, names(&["maja", "nora"]));
    for (name, expected) in [("Finance EMEA", 0), ("FINANCE NORDICS", 1)] {
        let path = format!("/Groups?filter=displayName eq \"{name}\"");
        assert_eq!(
            bridge.get(&path, 200).await["totalResults"],
            expected,
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_deleted_group_leaves_its_members_behind() {
    // Q094
    let (bridge, ids) = finance().await;
    let group = &ids[2].1;
    replay(&bridge, "entra/delete_group", &borrowed(&ids)).await;
    bridge.get(&format!("/Groups/{group}"), 404).await;
    bridge.delete(&format!("/Groups/{group}"), 404).await;
    let maja = bridge.get(&format!("/Users/{}", ids[0].1), 200).await;
    assert_eq!(maja["groups"], Value::Null);
    assert_eq!(bridge.get("/Users", 200).await["totalResults"], 2);
}

#[tokio::test]
async fn a_filter_on_members_removes_those_whom_it_shows() {
    let bridge = Bridge::start().await;
    let group = bridge.group("Team").await;
    let (ann, ben) = (bridge.user("ann").await, bridge.user("ben").await);
    let path = format!("/Groups/{group}");
    for filter in [
        "display eq \"ann Example\"".to_owned(),
        format!("$ref eq \"{}\"", bridge.url(&format!("/Users/{ann}"))),
        "display sw \"Ann\" and type eq \"User\"".to_owned(),
        "not (display eq \"ben Example\")".to_owned(),
    ] {
        bridge.join(&group, &ann).await;
        bridge.join(&group, &ben).await;
        for nobody in ["not (display pr)", "display eq \"kim\"", "not ($ref pr)"] {
            let remove = json!([{"op": "remove", "path": format!("members[{nobody}]")}]);
            bridge.patch(&path, remove, 204).await;
        }
        assert_eq!(members(&bridge, &group).await, names(&["ann", "ben"]));
        let remove = json!([{"op": "remove", "path": format!("members[{filter}]")}]);
        bridge.patch(&path, remove, 204).await;
        assert_eq!(members(&bridge, &group).await, names(&["ben"]), "{filter}");
    }
}

#[tokio::test]
async fn a_filter_on_members_costs_no_more_than_a_list_may() {
    let bridge = Bridge::with(Setup {
        server: "[limits]\nlist_work = 1000\nfilter_length = 65536",
        ..Setup::default()
    })
    .await;
    let group = bridge.group("Team").await;
    for name in ["ann", "ben"] {
        bridge.join(&group, &bridge.user(name).await).await;
    }
    let path = format!("/Groups/{group}");
    let remove = |terms: usize| {
        let terms = vec!["display eq \"kim\""; terms].join(" or ");
        json!([{"op": "remove", "path": format!("members[{terms}]")}])
    };
    let error = bridge.patch(&path, remove(501), 400).await;
    assert_eq!(error["scimType"], "tooMany");
    bridge.patch(&path, remove(500), 204).await;
    assert_eq!(members(&bridge, &group).await, names(&["ann", "ben"]));
}
