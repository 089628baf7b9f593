//! The switches as a whole: every position can be enumerated, written to a file and used.

use std::collections::BTreeSet;

use scim_bridge::sandbox::Switches;
use serde_json::{Value, json};

use super::support::{Client, both, but};

#[test]
fn every_switch_is_enumerated_at_every_position_but_its_default_one_at_a_time() {
    let default = serde_json::to_value(Switches::default()).unwrap();
    let positions = Switches::every_position();
    let names: BTreeSet<&String> = positions.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), positions.len());
    assert!(names.contains(&"created_id=neither".to_owned()));
    for (name, switches) in &positions {
        let (switch, position) = name.split_once('=').unwrap();
        let set = serde_json::to_value(switches).unwrap();
        let differing: Vec<&String> = default
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| set[*key] != default[*key])
            .collect();
        assert_eq!(differing, [switch]);
        let word = set[switch]
            .as_str()
            .map_or_else(|| set[switch].to_string(), str::to_owned);
        assert_eq!(word, position);
    }
}

#[test]
fn the_table_of_switches_has_every_switch_and_every_position() {
    let table = Switches::table();
    let default = serde_json::to_value(Switches::default()).unwrap();
    let keys: Vec<&str> = table.iter().map(|(switch, _)| *switch).collect();
    let fields: Vec<&String> = default.as_object().unwrap().keys().collect();
    assert_eq!(keys, fields);
    for (name, _) in Switches::every_position() {
        let (switch, position) = name.split_once('=').unwrap();
        let (_, positions) = table.iter().find(|(each, _)| *each == switch).unwrap();
        let counts = default[switch].is_u64() || default[switch].is_null();
        assert!(counts || positions[1..].iter().any(|each| each == position));
    }
}

#[test]
fn every_position_survives_json_and_toml() {
    for (name, switches) in Switches::every_position() {
        let text = toml::to_string(&switches).unwrap();
        assert_eq!(
            toml::from_str::<Switches>(&text).unwrap(),
            switches,
            "{name}"
        );
        let text = serde_json::to_string(&switches).unwrap();
        assert_eq!(
            serde_json::from_str::<Switches>(&text).unwrap(),
            switches,
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_complete_body_creates_a_person_at_every_position() {
    for (name, switches) in Switches::every_position() {
        // This client sends its secret in the form.
        if name == "client_auth=basic" {
            continue;
        }
        let mut client = Client::with(switches).await;
        for (path, body) in both() {
            client.sign_in().await;
            let body = but(body, "title", json!("Clerk"));
            let body = but(body, "cellPhone", json!("5550103"));
            let body = but(body, "cellPhonePrefix", json!("372"));
            let body = but(body, "address", json!({ "city": "Tartu" }));
            let reply = client.post(&path, body).await;
            assert!([200, 201].contains(&reply.status), "{name}: {reply:?}");
            let listed = client.get(&path).await;
            assert_eq!(listed.status, 200, "{name}");
            let rows: Value = listed.json();
            assert!(rows.is_array() || rows.is_object(), "{name}");
        }
    }
}
