//! `scim-bridge doctor`, run as people run it: against our bridge, against a poor server, against nothing.

mod poor_server;

use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tokio::task::spawn_blocking;

use crate::harness::{BROKER_TOKEN, Bridge, TOKEN};
use poor_server::PoorServer;

/// What the poor server does wrong: the check that finds it, and what it finds.
const MISTAKES: [(&str, &str); 13] = [
    ("a wrong token is refused", "status 200"),
    (
        "the resource types are listed, with Users and Groups",
        "status 404",
    ),
    (
        "the user is found whatever the case of the name",
        "totalResults = 0",
    ),
    ("the user is found by the work address", "totalResults = 2"),
    (
        "values change one by one, with the operation capitalized",
        "name.familyName = \"Doctor\"",
    ),
    ("the user is deactivated by a text", "active = \"False\""),
    ("what was read is put back with a change", "status 501"),
    (
        "a member who is there already is added again",
        "the members 1, 1",
    ),
    ("Entra removes one member by a value list", "no members"),
    ("Okta changes both ways in one PATCH", "the members 1, 2, 2"),
    ("a user has an entity tag", "none"),
    (
        "a user who does not exist is not found",
        "status 404 with not found",
    ),
    ("the group is gone", "status 200"),
];

fn doctor(base: &str, token: &str, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scim-bridge"));
    command
        .args(["doctor", "--url", base])
        .env("SCIM_BRIDGE_DOCTOR_TOKEN", token)
        .env("NO_PROXY", "127.0.0.1")
        .args(more);
    command
}

/// Runs to the end. Returns the exit code and what was printed.
async fn told(mut command: Command) -> (i32, String) {
    let run = move || command.output().unwrap();
    let Output {
        status,
        stdout,
        stderr,
    } = spawn_blocking(run).await.unwrap();
    let text = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (status.code().unwrap(), text.concat())
}

#[tokio::test]
async fn our_bridge_is_well_for_both_kinds_of_tenants() {
    let bridge = Bridge::start().await;
    let hand_made = bridge.sandbox.snapshot().people().count();
    for (tenant, token) in [("acme", TOKEN), ("northwind", BROKER_TOKEN)] {
        let base = bridge.url_of(tenant, "");
        let (code, text) = told(doctor(&base, token, &["--domain", "acme.example"])).await;
        assert_eq!(code, 0, "{text}");
        assert!(!text.contains("problem  "), "{text}");
        assert!(
            text.contains("Nothing of the test data is left behind."),
            "{text}"
        );
        assert!(
            text.contains(&format!("Tenant URL               {base}\n")),
            "{text}"
        );
        assert!(!text.contains(token), "the token is a secret");
    }
    for list in ["/Users", "/Groups"] {
        assert_eq!(bridge.get(list, 200).await["totalResults"], 0);
    }
    let people = bridge.sandbox.snapshot().people().count();
    assert_eq!(people, hand_made, "accounts are left in Cloudmore");
}

#[tokio::test]
async fn what_is_said_to_people_is_said_as_json() {
    let bridge = Bridge::start().await;
    let base = bridge.url("");
    let (code, text) = told(doctor(
        &base,
        TOKEN,
        &["--domain", "acme.example", "--json"],
    ))
    .await;
    assert_eq!(code, 0, "{text}");
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&report["ok"], &report["url"]),
        (&true.into(), &base.as_str().into())
    );
    assert!(report["checks"].as_array().unwrap().len() > 60);
    assert_eq!(report["leftBehind"], Value::from(Vec::<Value>::new()));
    assert_eq!(report["enter"]["entra"]["tenantUrl"], base);
    assert_eq!(report["enter"]["okta"]["uniqueIdentifierField"], "userName");
}

#[tokio::test]
async fn the_mistakes_of_a_poor_server_are_named_and_what_cannot_be_removed_is_told() {
    let server = PoorServer::start().await;
    let (code, text) = told(doctor(&server.base, "any", &["--json"])).await;
    assert_eq!(code, 1, "{text}");
    let report: Value = serde_json::from_str(&text).unwrap();
    let checks = report["checks"].as_array().unwrap();
    for (name, found) in MISTAKES {
        let problem = |check: &&Value| check["check"] == name && check["result"] == "problem";
        let check = checks.iter().find(problem);
        let check = check.unwrap_or_else(|| panic!("nothing is wrong with \"{name}\": {text}"));
        let said = check["found"].as_str().unwrap();
        assert!(said.contains(found), "\"{name}\" finds {said}");
        assert!(check["change"].as_str().unwrap().len() > 20);
    }
    // Its own stay, though the server's bad filters offer them to the clean-up.
    let left = server.paths();
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left.contains(&"/Users/0".to_owned()), "{left:?}");
    let group = left
        .iter()
        .find(|path| path.starts_with("/Groups/"))
        .unwrap();
    assert_eq!(report["leftBehind"][0], group.as_str());
}

#[tokio::test]
async fn whoever_ends_the_run_early_finds_nothing_left_behind() {
    let server = PoorServer::that_gets_stuck().await;
    let mut command = doctor(&server.base, "any", &[]);
    let child = command.stdout(Stdio::piped()).spawn().unwrap();
    let id = child.id().to_string();
    server.stuck().await;
    let users = |server: &PoorServer| server.paths().len();
    assert_eq!(users(&server), 3);
    let sent = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(sent.success());
    let ended = spawn_blocking(|| child.wait_with_output().unwrap())
        .await
        .unwrap();
    let text = String::from_utf8(ended.stdout).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{text}");
    assert!(text.contains("The run was ended early."), "{text}");
    assert_eq!(users(&server), 1);
}

#[tokio::test]
async fn without_a_connection_nothing_else_is_tried() {
    let bridge = Bridge::start().await;
    // Port 9 discards; nobody listens there.
    let nowhere = "http://127.0.0.1:9/scim/acme/v2".to_owned();
    for (base, found) in [(bridge.url(""), "status 401"), (nowhere, "refused")] {
        let (code, text) = told(doctor(&base, "wrong", &[])).await;
        assert_eq!(code, 1, "{text}");
        let problems = text.matches("  problem  ").count();
        assert_eq!(problems, 1, "{text}");
        assert!(text.contains(found), "{text}");
        assert!(text.contains("Check --url and --token first."), "{text}");
    }
    assert!(bridge.calls().is_empty());
}

#[tokio::test]
async fn an_address_that_cannot_be_one_is_wrong_usage() {
    for url in [
        "scim.example.com",
        "ftp://scim.example.com",
        "https://scim.example.com/v2?x",
    ] {
        let (code, text) = told(doctor(url, "any", &[])).await;
        assert_eq!(code, 2, "{text}");
    }
}
