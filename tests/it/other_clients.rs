//! The bridge as smaller clients meet it. Row numbers are those of `reference/idp-behaviour.md`,
//! section 6.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Bridge, expect, patch_body, person};

#[tokio::test]
async fn onelogin_leaves_loose_ends_in_its_addresses() {
    // Q141, Q142
    let bridge = Bridge::start().await;
    let ann = bridge.user("ann").await;
    let filter = "/Users?filter=userName+eq+%22ann%40acme.example%22&";
    assert_eq!(bridge.get(filter, 200).await["totalResults"], 1);
    let mut user = person("ann");
    user["schemas"] = json!(["urn:scim:schemas:core:2.0"]);
    user["title"] = json!("Lead");
    let put = bridge
        .request(Method::PUT, &format!("/Users/{ann}?"))
        .header("User-Agent", "");
    assert_eq!(expect(put.json(&user), 200).await["title"], "Lead");
}

#[tokio::test]
async fn jumpcloud_creates_and_deletes_on_activation() {
    // Q143
    let bridge = Bridge::start().await;
    let user = bridge.user("jumpcloud-test").await;
    bridge.delete(&format!("/Users/{user}"), 204).await;
    let group = bridge.group("JumpCloud test").await;
    bridge.delete(&format!("/Groups/{group}"), 204).await;
    assert_eq!(bridge.access("jumpcloud-test"), "nothing");
}

#[tokio::test]
async fn ping_writes_operators_in_capitals_and_names_what_is_no_attribute() {
    // Q144, Q145
    let bridge = Bridge::start().await;
    bridge.user("ann").await;
    let filter = "/Users?filter=userName Eq \"ann@acme.example\"";
    assert_eq!(bridge.get(filter, 200).await["totalResults"], 1);
    let error = bridge.get("/Users?filter=email Co \"ann\"", 400).await;
    assert_eq!(error["scimType"], "invalidFilter");
}

#[tokio::test]
async fn authentik_adopts_after_a_conflict_and_pushes_groups_with_their_envelope() {
    // Q147, Q148, Q149, Q150
    let bridge = Bridge::start().await;
    let ann = bridge.user("ann").await;
    bridge.post("/Users", person("ann"), 409).await;
    let found = bridge
        .get("/Users?filter=userName eq \"ann@acme.example\"", 200)
        .await;
    assert_eq!(found["Resources"][0]["id"], ann.as_str());

    let group = bridge.group("Crew").await;
    let path = format!("/Groups/{group}");
    bridge.join(&group, &ann).await;
    let push = json!([{"op": "replace", "value": {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "externalId": "a-1", "displayName": "The Crew", "id": "something else",
    }}]);
    bridge.patch(&path, push, 204).await;
    let read = bridge.get(&path, 200).await;
    assert_eq!(read["id"], group.as_str());
    assert_eq!(read["externalId"], "a-1");
    assert_eq!(read["members"][0]["value"], ann.as_str());

    let mut adds = Vec::new();
    for number in 0..40 {
        let user = bridge.user(&format!("u{number}")).await;
        adds.push(json!({"op": "add", "path": "members", "value": [{"value": user}]}));
    }
    bridge.patch(&path, Value::from(adds), 204).await;
    assert_eq!(
        bridge.get(&path, 200).await["members"]
            .as_array()
            .unwrap()
            .len(),
        41
    );

    let page = bridge.get("/Groups?startIndex=51", 200).await;
    assert_eq!(page["totalResults"], 1);
    assert_eq!(page["itemsPerPage"], 0);
}

#[tokio::test]
async fn a_locale_is_kept_as_sent() {
    // Q151
    let bridge = Bridge::start().await;
    let ann = bridge.user("ann").await;
    let mut user = person("ann");
    user["locale"] = json!("en_us");
    let user = bridge.put(&format!("/Users/{ann}"), user, 200).await;
    assert_eq!(user["locale"], "en_us");
}

#[tokio::test]
async fn what_this_version_does_not_offer_is_a_scim_404() {
    // Q153
    let bridge = Bridge::start().await;
    for (method, path) in [
        (Method::GET, "/Roles"),
        (Method::GET, ""),
        (Method::GET, "/"),
    ] {
        let request = bridge.request(method.clone(), path).json(&json!({}));
        let error = expect(request, 404).await;
        assert_eq!(error["status"], "404", "{method} {path}");
    }
}

#[tokio::test]
async fn plain_json_is_taken_for_a_patch() {
    // Q154
    let bridge = Bridge::start().await;
    let ann = bridge.user("ann").await;
    let body = patch_body(json!([{"op": "replace", "path": "title", "value": "Lead"}]));
    for content_type in [
        "application/json",
        "application/scim+json",
        "APPLICATION/JSON;charset=UTF-8",
        "text/json",
    ] {
        let patch = bridge.request(Method::PATCH, &format!("/Users/{ann}"));
        let patch = patch
            .header("Content-Type", content_type)
            .body(body.to_string());
        assert_eq!(expect(patch, 200).await["title"], "Lead", "{content_type}");
    }
}
