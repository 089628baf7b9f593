//! What the bridge really calls is what its table of addresses says, and what `contract` advises is enough to live with.

use std::collections::BTreeSet;

use reqwest::Method;
use scim_bridge::cli::check::examine;
use scim_bridge::cloudmore::{ENDPOINTS, Wire};
use scim_bridge::config::Target;
use scim_bridge::sandbox::{Call, Switches, seed};
use serde_json::json;

use super::{compared, published};
use crate::harness::{BROKER_TOKEN, Bridge, Setup, expect, patch_body, person};

/// Maja comes, joins, is renamed and goes, in the organization and among the administrators.
async fn live(bridge: &Bridge) {
    let group = bridge.group("Cloudmore Finance").await;
    let id = bridge.user("maja").await;
    bridge.join(&group, &id).await;
    let rename = json!([{"op": "replace", "value": {"userName": "maja.king@acme.example", "title": "Analyst"}}]);
    bridge.patch(&format!("/Users/{id}"), rename, 200).await;
    let world = bridge.sandbox.snapshot();
    let maja = world.person("maja.king@acme.example").unwrap();
    assert_eq!(maja.text("title"), "Analyst");
    assert_eq!(maja.role_id(), Some(6));
    let team = world.subscription(seed::TEAM_PLAN).unwrap();
    let seat = team.assignments.iter().find(|seat| seat.user_id == maja.id);
    assert_eq!(
        seat.unwrap().external_user_id.as_deref(),
        Some("maja.king@acme.example")
    );
    bridge.delete(&format!("/Users/{id}"), 204).await;
    assert_eq!(bridge.access("maja.king"), "nothing");

    let mut body = person("maja");
    body["userName"] = json!("maja@northwind.example");
    let of_broker = |method, path: &str| {
        let request = bridge
            .http
            .request(method, bridge.url_of("northwind", path));
        request.bearer_auth(BROKER_TOKEN)
    };
    let made = expect(of_broker(Method::POST, "/Users").json(&body), 201).await;
    let path = format!("/Users/{}", made["id"].as_str().unwrap());
    let title = patch_body(json!([{"op": "replace", "path": "title", "value": "Analyst"}]));
    expect(of_broker(Method::PATCH, &path).json(&title), 200).await;
    let world = bridge.sandbox.snapshot();
    let maja = world.person("maja@northwind.example").unwrap();
    assert_eq!(maja.text("title"), "Analyst");
    expect(of_broker(Method::DELETE, &path), 204).await;
    assert!(
        bridge
            .sandbox
            .snapshot()
            .person("maja@northwind.example")
            .is_none()
    );
}

/// The address of the table that a call went to.
fn address(call: &Call) -> Option<String> {
    let asked: Vec<_> = call.path.split('/').collect();
    let is_it = |path: &str| {
        let parts: Vec<_> = path.split('/').collect();
        parts.len() == asked.len()
            && parts
                .iter()
                .zip(&asked)
                .all(|(part, asked)| part.starts_with('{') || part == asked)
    };
    let mut endpoints = ENDPOINTS.iter();
    let found = endpoints.find(|each| each.method == call.method && is_it(each.path));
    found.map(|each| format!("{} {}", each.method, each.path))
}

#[tokio::test]
async fn the_table_of_addresses_is_what_is_really_called() {
    let bridge = Bridge::start().await;
    live(&bridge).await;
    // Somebody who exists already is looked for.
    let mut olga = person("olga.first");
    olga["externalId"] = json!("olga");
    bridge.post("/Users", olga, 409).await;
    let mut hanna = person("hanna");
    hanna["userName"] = json!(seed::HAND_MADE_ADMINISTRATOR);
    let request = bridge.http.post(bridge.url_of("northwind", "/Users"));
    expect(request.bearer_auth(BROKER_TOKEN).json(&hanna), 409).await;
    let mut config = bridge.config();
    examine(&config, &mut |_| {}).await;
    // The organizations are only asked for when there is no such one.
    config.tenants[0].target = Target::Organization("none".to_owned());
    examine(&config, &mut |_| {}).await;

    let calls = bridge.sandbox.calls().into_iter();
    let calls: Vec<_> = calls.filter(|call| call.path != "/connect/token").collect();
    for call in &calls {
        assert!(
            address(call).is_some(),
            "{} {} is not in the table",
            call.method,
            call.path
        );
    }
    let called: BTreeSet<_> = calls.iter().filter_map(address).collect();
    let table = ENDPOINTS
        .iter()
        .map(|each| format!("{} {}", each.method, each.path));
    assert_eq!(called, table.collect());
}

const OTHER_NAMES: &str = r#"
[field_names.user]
firstName = "givenName"
email = "emailAddress"
roleId = "organizationRoleId"
title = "jobTitle"
cellPhone = "cellPhoneNumber"
[field_names.administrator]
name = "loginName"
lastName = "familyName"
[field_names.address]
postalCode = "postCode"
[field_names.seat]
userId = "organizationUserId"
externalUserId = "externalId"
"#;

#[tokio::test]
async fn what_it_advises_is_all_that_a_bridge_needs() {
    let switches: Switches = toml::from_str(OTHER_NAMES).unwrap();
    let told = compared(&published(switches.clone()).await, &Wire::default());
    let mends = told.iter().filter_map(|each| each.mend.as_ref());
    let mends: BTreeSet<_> = mends.map(ToString::to_string).collect();
    assert_eq!(mends.len(), 10, "{told:#?}");
    let bridge = Bridge::with(Setup {
        switches,
        broker: mends.into_iter().collect::<Vec<_>>().join("\n"),
        ..Setup::default()
    })
    .await;
    live(&bridge).await;
}
