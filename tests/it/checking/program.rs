//! What the program prints, and how it ends.

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use super::{SECRETS, acme, configuration, good, mapping, sandbox};

/// Runs the program on a configuration, with the secrets in its environment alone.
async fn run(config: &str, arguments: &[&str]) -> Output {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("bridge.toml");
    fs::write(&file, config).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_scim-bridge"));
    command
        .arg("check")
        .arg("--config")
        .arg(file)
        .args(arguments);
    command.env_clear().envs(SECRETS);
    let output = tokio::task::spawn_blocking(move || command.output());
    output.await.unwrap().unwrap()
}

fn text(output: &Output) -> String {
    assert_eq!(
        output.stderr,
        b"",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[tokio::test]
async fn the_program_prints_a_line_for_each_thing_and_ends_with_0() {
    let sandbox = sandbox().await;
    let output = run(&configuration(&sandbox.url(), &good()), &[]).await;
    let text = text(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 10, "{text}");
    assert_eq!(
        lines[3],
        "ok       acme: tenant[0].default_role: role 7 is \"Organization User\""
    );
    assert_eq!(lines[9], "No problem found.");
    for (_, secret) in SECRETS {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn the_program_prints_problems_and_ends_with_1() {
    let sandbox = sandbox().await;
    let tenants = acme("default_role = 70") + &mapping("Admins", "role = 60");
    let config = configuration(&sandbox.url(), &tenants);
    let output = run(&config, &[]).await;
    let text = text(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains("problem  acme: tenant[0].default_role: there is no role 70"),
        "{text}"
    );
    assert!(text.ends_with("2 problems found.\n"), "{text}");
}

#[tokio::test]
async fn as_json_it_is_one_object_with_the_problems_and_their_places() {
    let sandbox = sandbox().await;
    let ok = run(&configuration(&sandbox.url(), &good()), &["--json"]).await;
    let expected = serde_json::json!({"ok": true, "problems": [], "notes": []});
    assert_eq!(serde_json::from_str::<Value>(&text(&ok)).unwrap(), expected);
    assert_eq!(ok.status.code(), Some(0));

    let bad = run(
        &configuration(&sandbox.url(), &acme("default_role = 70")),
        &["--json"],
    )
    .await;
    let object: Value = serde_json::from_str(&text(&bad)).unwrap();
    assert_eq!(object["ok"], false);
    assert_eq!(object["problems"][0]["tenant"], "acme");
    assert_eq!(object["problems"][0]["place"], "tenant[0].default_role");
    assert!(
        object["problems"][0]["says"]
            .as_str()
            .unwrap()
            .contains("no role 70")
    );
    assert_eq!(bad.status.code(), Some(1));
}

#[tokio::test]
async fn mistakes_of_the_configuration_itself_are_all_printed_before_anything_is_called() {
    let config = configuration("ftp://cloudmore.example", &acme("default_rolle = 7"));
    let output = run(&config, &[]).await;
    let text = text(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("broker[0].base_url"), "{text}");
    assert!(text.contains("default_rolle"), "{text}");

    let output = run(&config, &["--json"]).await;
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    let problems = object["problems"].as_array().unwrap();
    assert!(problems.len() >= 2, "{object}");
    assert!(
        problems[0]["place"]
            .as_str()
            .unwrap()
            .contains("bridge.toml:"),
        "{object}"
    );
    assert_eq!(problems[0]["tenant"], Value::Null);
}

#[test]
fn wrong_usage_ends_with_2_and_help_has_an_example() {
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scim-bridge"));
        command
            .arg("check")
            .args(arguments)
            .env_clear()
            .output()
            .unwrap()
    };
    assert_eq!(run(&[]).status.code(), Some(2));
    assert_eq!(
        run(&["--config", "x.toml", "--no-such-option"])
            .status
            .code(),
        Some(2)
    );
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.contains("scim-bridge check --config scim-bridge.toml"),
        "{help}"
    );
}
