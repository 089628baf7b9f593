//! What the program prints, and how it ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use scim_bridge::sandbox::{FieldNames, Switches, seed};
use serde_json::Value;
use tempfile::TempDir;

use super::{PATH, published, sandbox};

async fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scim-bridge"));
    command.arg("contract").args(arguments).env_clear();
    command.envs([
        ("PASSWORD", "p"),
        ("SECRET", "s"),
        ("TOKEN", "scimb_for-tests-only-and-long-enough"),
    ]);
    let output = tokio::task::spawn_blocking(move || command.output());
    output.await.unwrap().unwrap()
}

fn text(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn renamed() -> Switches {
    let field_names = FieldNames::default()
        .rename("user", "lastName", "familyName")
        .unwrap();
    Switches {
        field_names,
        ..Switches::default()
    }
}

/// A configuration of two brokers, the first of which has another name for a field.
fn configuration(dir: &Path, base_url: &str) -> String {
    let broker = |id: &str, reseller: &str| {
        format!(
            r#"
            [[broker]]
            id = "{id}"
            base_url = "{base_url}"
            reseller_id = "{reseller}"
            username = "{}"
            password = {{ env = "PASSWORD" }}
            client_secret = {{ env = "SECRET" }}
            "#,
            seed::API_USERNAME
        )
    };
    let text = format!(
        r#"
        [store]
        url = "sqlite://bridge.db"
        {}
        [[broker.field]]
        model = "user"
        field = "lastName"
        name = "familyName"
        {}
        [[tenant]]
        id = "acme"
        broker = "mended"
        target = "broker"
        default_role = 3
        [[tenant.token]]
        token = {{ env = "TOKEN" }}
        "#,
        broker("mended", seed::NORTHWIND),
        broker("usual", seed::ACME),
    );
    let file = dir.join("bridge.toml");
    fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn no_difference_ends_with_0_from_a_file_or_an_address() {
    let sandbox = sandbox(Switches::default()).await;
    let address = format!("{}{PATH}", sandbox.url());
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("swagger.json");
    fs::write(&file, published(Switches::default()).await.to_string()).unwrap();
    for place in [address.as_str(), file.to_str().unwrap()] {
        let output = run(&["--swagger", place]).await;
        assert_eq!(text(&output), "No difference.\n");
        assert_eq!(output.status.code(), Some(0));
    }
    let output = run(&["--swagger", &address, "--json"]).await;
    let expected = serde_json::json!({"same": true, "differences": []});
    assert_eq!(
        serde_json::from_str::<Value>(text(&output)).unwrap(),
        expected
    );
    // It signs in nowhere.
    assert!(sandbox.calls().iter().all(|call| call.path == PATH));
}

#[tokio::test]
async fn differences_end_with_1_and_with_the_lines_that_mend_them() {
    let sandbox = sandbox(renamed()).await;
    let address = format!("{}{PATH}", sandbox.url());
    let output = run(&["--swagger", &address]).await;
    assert_eq!(output.status.code(), Some(1));
    let text = text(&output);
    assert!(
        text.starts_with("UserCreateViewModel: there is no `lastName`"),
        "{text}"
    );
    assert_eq!(
        text.matches(
            "[[broker.field]]\nmodel = \"user\"\nfield = \"lastName\"\nname = \"familyName\"\n"
        )
        .count(),
        1
    );
    assert!(text.ends_with("\n3 differences.\n"), "{text}");

    let output = run(&["--swagger", &address, "--json"]).await;
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(object["same"], false);
    assert_eq!(object["differences"][0]["place"], "UserCreateViewModel");
    assert_eq!(object["differences"][0]["mend"]["name"], "familyName");
}

#[tokio::test]
async fn the_names_and_the_address_of_a_configured_broker_count() {
    let sandbox = sandbox(renamed()).await;
    let dir = TempDir::new().unwrap();
    let file = configuration(dir.path(), &sandbox.url());
    let mended = run(&["--config", &file, "--broker", "mended"]).await;
    assert_eq!(mended.status.code(), Some(0), "{mended:?}");
    let usual = run(&["--config", &file, "--broker", "usual"]).await;
    assert_eq!(usual.status.code(), Some(1), "{usual:?}");
    for wrong in [
        &["--config", &file][..],
        &["--config", &file, "--broker", "none"],
    ] {
        let output = run(wrong).await;
        assert_eq!(output.status.code(), Some(2), "{output:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_compared_ends_with_2() {
    let sandbox = sandbox(Switches::default()).await;
    let elsewhere = format!("{}/api/healthcheck", sandbox.url());
    let dir = TempDir::new().unwrap();
    let page = dir.path().join("page.html");
    fs::write(&page, "<html>").unwrap();
    for (arguments, says) in [
        (vec!["--swagger", "no-such-file.json"], "no-such-file.json"),
        (
            vec!["--swagger", page.to_str().unwrap()],
            "is no contract of an API",
        ),
        (vec!["--swagger", &elsewhere], "401"),
        (vec!["--swagger", "http://127.0.0.1:1/"], "cannot be read"),
        (vec!["--config", "no-such-file.toml"], "no-such-file.toml"),
        (vec!["--broker", "northwind"], "--config"),
        (vec!["--no-such-option"], "--no-such-option"),
    ] {
        let output = run(&arguments).await;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(words.contains(says), "{words}");
        assert!(output.stdout.is_empty());
    }
    let help = run(&["--help"]).await;
    assert!(
        text(&help).contains("scim-bridge contract --swagger swagger.json"),
        "{help:?}"
    );
}
