//! Versions: what moves them, and that every answer carries them.

use reqwest::Method;
use scim_bridge::sandbox::{FaultAction, FaultRule};
use serde_json::{Value, json};

use super::tag;
use crate::harness::{Bridge, Setup, patch_body, person};

#[tokio::test]
async fn every_answer_with_a_resource_carries_its_version_as_a_weak_tag() {
    let bridge = Bridge::start().await;
    let mut path = "/Users".to_owned();
    for (method, title, expected) in [
        (Method::POST, "Clerk", "W/\"1\""),
        (Method::GET, "", "W/\"1\""),
        (Method::PUT, "Boss", "W/\"2\""),
        (Method::PATCH, "Chief", "W/\"3\""),
        (Method::GET, "", "W/\"3\""),
        (Method::PUT, "Boss", "W/\"4\""),
        (Method::PUT, "Boss", "W/\"4\""),
    ] {
        let mut body = person("ann");
        body["title"] = json!(title);
        if method == Method::PATCH {
            body = patch_body(json!([{ "op": "add", "path": "title", "value": title }]));
        }
        let request = bridge.request(method.clone(), &path).json(&body);
        let answer = request.send().await.unwrap();
        assert_eq!(tag(&answer), expected, "{method} {title}");
        let shown: Value = answer.json().await.unwrap();
        assert_eq!(shown["meta"]["version"], expected, "{method} {title}");
        path = format!("/Users/{}", shown["id"].as_str().unwrap());
    }
}

#[tokio::test]
async fn a_group_moves_its_version_with_its_document_and_its_members() {
    let bridge = Bridge::start().await;
    let (group, ann, eve) = (
        bridge.group("Guides").await,
        bridge.user("ann").await,
        bridge.user("eve").await,
    );
    let path = format!("/Groups/{group}");
    let version = async || bridge.get(&path, 200).await["meta"]["version"].clone();
    assert_eq!(version().await, "W/\"1\"");
    bridge.join(&group, &ann).await;
    bridge.join(&group, &eve).await;
    assert_eq!(version().await, "W/\"3\"");
    bridge.join(&group, &eve).await;
    assert_eq!(version().await, "W/\"3\"", "nothing happened");
    bridge.leave(&group, &ann).await;
    assert_eq!(version().await, "W/\"4\"");
    let rename = json!([{ "op": "replace", "path": "displayName", "value": "Leads" }]);
    bridge.patch(&path, rename, 204).await;
    assert_eq!(version().await, "W/\"5\"");
    bridge.delete(&format!("/Users/{eve}"), 204).await;
    assert_eq!(version().await, "W/\"6\"", "a member was deleted");
}

#[tokio::test]
async fn a_change_that_is_taken_back_moves_the_version_on_and_never_back() {
    let bridge = Bridge::with(Setup {
        tenant: "on_outage = \"fail\"",
        ..Setup::default()
    })
    .await;
    let (ann, group) = (
        bridge.user("ann").await,
        bridge.group("Cloudmore Finance").await,
    );
    bridge.faults([FaultRule::new(FaultAction::DropBeforeEffect)]);
    let group_path = format!("/Groups/{group}");
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": ann }] }]);
    bridge.patch(&group_path, add, 503).await;
    let user_path = format!("/Users/{ann}");
    let rename = json!([{ "op": "replace", "path": "displayName", "value": "Ann" }]);
    bridge.patch(&user_path, rename, 503).await;
    for path in [group_path, user_path] {
        let shown = bridge.get(&path, 200).await;
        assert_eq!(shown["meta"]["version"], "W/\"3\"", "{path}");
    }
}

#[tokio::test]
async fn what_becomes_of_the_account_does_not_move_the_version() {
    let bridge = Bridge::start().await;
    bridge.faults([FaultRule::new(FaultAction::DropBeforeEffect)]);
    let ann = bridge.user("ann").await;
    let path = format!("/Users/{ann}");
    let before = bridge.get(&path, 200).await;
    bridge.faults([]);
    bridge.pass(std::time::Duration::from_secs(3600)).await;
    assert_eq!(bridge.access("ann"), "role 7; ");
    let after = bridge.get(&path, 200).await;
    assert_eq!(after["meta"], before["meta"]);
    assert_eq!(after["meta"]["version"], "W/\"1\"");
}
