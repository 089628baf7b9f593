//! What the log of the program says of people.

use reqwest::Client;
use scim_bridge::sandbox::{Options, Sandbox};
use serde_json::json;

use crate::harness::{evidence, expect, patch_body, person};
use crate::serving::{Served, program, write_configuration};

const TOKEN: &str = "scimb_a-token-for-tests-only";
/// One that nobody knows.
const MISPLACED: &str = "scimb_00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// The whole log, in full, of a bridge that was asked to create somebody who has an account already, and the id of a user
/// that it has made.
async fn log(more: &[&str]) -> (String, String) {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let dir = evidence::folder();
    let file = dir.path().join("bridge.toml");
    write_configuration(&file, &sandbox.url(), &[TOKEN]);
    let mut command = program();
    command.args(["serve", "--config"]).arg(&file).args(more);
    let mut served = Served::start_as(command.env("RUST_LOG", "trace"));
    let users = format!("http://{}/scim/acme/v2/Users", served.address());
    let create = |name: &str| {
        let request = Client::new().post(&users).bearer_auth(TOKEN);
        request.json(&person(name))
    };
    let made = expect(create("ann"), 201).await;
    expect(create("olga.first"), 409).await;
    let one = format!("{users}/{}", made["id"].as_str().unwrap());
    let renamed = json!([{"op": "replace", "path": "userName", "value": "ann.b@acme.example"}]);
    let rename = Client::new().patch(one).bearer_auth(TOKEN);
    expect(rename.json(&patch_body(renamed)), 200).await;
    // Somebody enters the token in the wrong place.
    let misplaced = users.replace("/acme/", &format!("/{MISPLACED}/"));
    expect(Client::new().get(misplaced), 401).await;
    (
        served.stop_and_tell(),
        made["id"].as_str().unwrap().to_owned(),
    )
}

#[tokio::test]
async fn people_are_named_by_their_ids_alone() {
    let (log, id) = log(&[]).await;
    assert!(log.contains(&id), "{log}");
    for personal in ["ann@", "olga", "Example", "@acme.example"] {
        let line = log.lines().find(|line| line.contains(personal));
        assert_eq!(line, None, "{personal}");
    }
}

#[tokio::test]
async fn addresses_are_there_for_whoever_asks_for_them_and_secrets_for_nobody() {
    let (log, _) = log(&["--log-personal-data"]).await;
    assert!(log.contains("olga.first@acme.example"), "{log}");
    assert!(log.contains("/scim/[secret]/v2/Users"), "{log}");
    assert!(!log.contains(MISPLACED), "{log}");
}
