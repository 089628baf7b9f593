//! What an answer carries besides the document: references both ways, locations, versions,
//! correlation ids.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Bridge, Setup, person};

#[tokio::test]
async fn users_show_their_groups_and_groups_their_members() {
    let bridge = Bridge::start().await;
    let ann = bridge.user("ann").await;
    let nameless = json!({"userName": "nameless@acme.example"});
    let nameless = bridge.post("/Users", nameless, 201).await;
    let nameless = nameless["id"].as_str().unwrap();
    let crew = bridge.group("Crew").await;
    bridge.group("Empty").await;
    bridge.join(&crew, &ann).await;
    bridge.join(&crew, nameless).await;
    let (user_path, group_path) = (format!("/Users/{ann}"), format!("/Groups/{crew}"));
    let in_crew = json!([{
        "value": crew, "$ref": bridge.url(&group_path), "display": "Crew", "type": "direct",
    }]);
    let user = bridge.get(&user_path, 200).await;
    assert_eq!(user["groups"], in_crew);
    assert_eq!(bridge.get("/Users", 200).await["Resources"][0], user);
    let members = json!([
        {"value": ann, "$ref": bridge.url(&user_path), "type": "User", "display": "ann Example"},
        {"value": nameless, "$ref": bridge.url(&format!("/Users/{nameless}")), "type": "User"},
    ]);
    let group = bridge.get(&group_path, 200).await;
    assert_eq!(group["members"], members);
    let list = bridge.get("/Groups", 200).await;
    assert_eq!(list["Resources"][0], group);
    assert_eq!(list["Resources"][1]["members"], json!([]));
    // New names show at once.
    let rename = |name: &str| json!([{"op": "replace", "path": "displayName", "value": name}]);
    bridge.patch(&user_path, rename("Ann Lind"), 200).await;
    bridge.patch(&group_path, rename("The Crew"), 204).await;
    assert_eq!(
        bridge.get(&group_path, 200).await["members"][0]["display"],
        "Ann Lind"
    );
    assert_eq!(
        bridge.get(&user_path, 200).await["groups"][0]["display"],
        "The Crew"
    );
}

#[tokio::test]
async fn locations_lead_to_the_resource_under_the_public_address() {
    let bridge = Bridge::with(Setup {
        server: "public_url = \"https://scim.example.com/bridge\"",
        ..Setup::default()
    })
    .await;
    for (endpoint, body) in [
        ("Users", person("ann")),
        ("Groups", json!({"displayName": "Crew"})),
    ] {
        let post = bridge
            .request(Method::POST, &format!("/{endpoint}"))
            .json(&body);
        let response = post.send().await.unwrap();
        let location = response.headers()["location"].to_str().unwrap().to_owned();
        let made: Value = response.json().await.unwrap();
        let id = made["id"].as_str().unwrap();
        let expected = format!("https://scim.example.com/bridge/scim/acme/v2/{endpoint}/{id}");
        assert_eq!(location, expected);
        assert_eq!(made["meta"]["location"], expected);
        let read = bridge.get(&format!("/{endpoint}/{id}"), 200).await;
        assert_eq!(read["meta"]["location"], expected);
    }
}

#[tokio::test]
async fn the_version_and_the_time_move_with_every_change_and_only_then() {
    let bridge = Bridge::start().await;
    let ann = bridge.user("ann").await;
    let crew = bridge.group("Crew").await;
    let (user, group) = (format!("/Users/{ann}"), format!("/Groups/{crew}"));
    let set = |name: &str, value: &str| json!([{"op": "replace", "path": name, "value": value}]);
    let add = json!([{"op": "add", "path": "members", "value": [{"value": ann}]}]);
    let remove = json!([{"op": "remove", "path": "members", "value": [{"value": ann}]}]);
    let mut versions = BTreeSet::new();
    for (path, operations, status, changes) in [
        (&user, set("title", "Lead"), 200, true),
        (&user, set("title", "Lead"), 200, false),
        (&user, json!([]), 200, false),
        (&user, set("title", "Chief"), 200, true),
        (&group, add.clone(), 204, true),
        (&group, add, 204, false),
        (&group, remove, 204, true),
        (&group, set("externalId", "g-1"), 204, true),
        (&group, set("displayName", "Crew"), 204, false),
    ] {
        let before = bridge.get(path, 200).await["meta"].clone();
        bridge.pass(Duration::from_secs(3600)).await;
        bridge.patch(path, operations.clone(), status).await;
        let after = bridge.get(path, 200).await["meta"].clone();
        assert_eq!(after["created"], before["created"], "{operations}");
        for field in ["version", "lastModified"] {
            let moved = before[field] != after[field];
            assert_eq!(moved, changes, "{field} after {operations}");
        }
        let version = after["version"].as_str().unwrap().to_owned();
        assert!(version.starts_with("W/\"") && version.ends_with('"'));
        versions.insert((path.clone(), version));
    }
    assert_eq!(versions.len(), 5, "one for each change, none twice");
    let user = bridge.get(&user, 200).await;
    assert_eq!(user["meta"]["created"], "2026-01-01T00:00:00Z");
    assert_eq!(user["meta"]["lastModified"], "2026-01-01T04:00:00Z");
}

#[tokio::test]
async fn every_answer_has_a_correlation_id_of_its_own() {
    let bridge = Bridge::start().await;
    let ann = format!("/Users/{}", bridge.user("ann").await);
    let mut seen = BTreeSet::new();
    let requests = [
        bridge.request(Method::GET, "/Users"),
        bridge.request(Method::GET, "/Users"),
        bridge.request(Method::HEAD, "/Users"),
        bridge.request(Method::GET, &ann),
        bridge.request(Method::GET, "/Users/nobody"),
        bridge.request(Method::GET, "/Unheard"),
        bridge.request(Method::PUT, "/Users"),
        bridge.request(Method::POST, "/Users").body("{"),
        bridge.request(Method::POST, "/Users").json(&person("ben")),
        bridge.request(Method::DELETE, &ann),
        bridge.http.get(bridge.url("/Users")),
        bridge
            .http
            .get(format!("http://{}/elsewhere", bridge.app.addr())),
    ];
    let count = requests.len();
    for request in requests {
        let response = request.send().await.unwrap();
        let id = response.headers()["x-correlation-id"].to_str().unwrap();
        assert!(id.len() > 20, "{id}");
        seen.insert(id.to_owned());
    }
    assert_eq!(seen.len(), count);
}

#[tokio::test]
async fn a_head_request_has_the_headers_of_a_get_and_no_body() {
    let bridge = Bridge::start().await;
    let ann = format!("/Users/{}", bridge.user("ann").await);
    for (path, status) in [(ann.as_str(), 200), ("/Users", 200), ("/Users/nobody", 404)] {
        let response = bridge.request(Method::HEAD, path).send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(response.headers()["content-type"], "application/scim+json");
        assert_eq!(response.text().await.unwrap(), "");
    }
}

#[tokio::test]
async fn whatever_the_client_says_it_accepts_it_gets_scim_json() {
    // Q001 and section 0.1, rule 10
    let bridge = Bridge::start().await;
    for accept in [
        "application/scim+json",
        "application/json",
        "text/html",
        "*/*",
        "image/png;q=0.1",
        "",
    ] {
        let request = bridge
            .request(Method::GET, "/Users")
            .header("Accept", accept);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{accept}");
        assert_eq!(
            response.headers()["content-type"],
            "application/scim+json",
            "{accept}"
        );
    }
}

#[tokio::test]
async fn a_manager_who_is_a_user_is_shown_with_address_and_name() {
    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let bridge = Bridge::start().await;
    let boss = bridge.user("boss").await;
    let address = bridge.url(&format!("/Users/{boss}"));
    let shown = json!({"value": boss, "$ref": address, "displayName": "boss Example"});
    let mut body = person("ann");
    body[ENTERPRISE] = json!({"manager": {"$ref": format!("../Users/{boss}")}});
    let ann = bridge.post("/Users", body, 201).await;
    assert_eq!(ann[ENTERPRISE]["manager"], shown);
    let path = format!("/Users/{}", ann["id"].as_str().unwrap());
    assert_eq!(bridge.put(&path, ann.clone(), 200).await, ann);
    let found = bridge
        .get(
            "/Users?filter=manager.displayName+eq+%22Boss+example%22",
            200,
        )
        .await;
    assert_eq!(found["Resources"], json!([ann]));
    let replace = |value: Value| json!([{"op": "replace", "path": "manager", "value": value}]);
    let elsewhere = bridge.patch(&path, replace(json!("77")), 200).await;
    assert_eq!(elsewhere[ENTERPRISE]["manager"], json!({"value": "77"}));
    let again = bridge
        .patch(&path, replace(json!({"$ref": address})), 200)
        .await;
    assert_eq!(again[ENTERPRISE]["manager"], shown);
    let cleared = json!({"$ref": address, "value": null});
    let nobody = bridge.patch(&path, replace(cleared), 200).await;
    assert_eq!(
        nobody.pointer(&format!("/{ENTERPRISE}/manager/value")),
        None
    );
}
