//! Another encryption key between two starts: tokens that are out still count, and the log says what to do.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use scim_bridge::sandbox::{Options, Sandbox, seed};
use serde_json::Value;
use tempfile::TempDir;

use super::{OURS, bridge, part, token};
use crate::credentials::{as_bearer, opens};
use crate::harness::{SPARE_SECRET, expect};

const ONE: &str = "b64c8f0d1e2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4";
const OTHER: &str = "0000000000000000000000000000000000000000000000000000000000000001";

#[tokio::test]
async fn tokens_that_are_out_count_still_and_new_ones_have_a_new_key() {
    let mut bridge = bridge().await;
    let pair = ("entra", SPARE_SECRET);
    let before = token(&bridge, pair).await;
    fs::write(bridge.folder().join("key"), OTHER).unwrap();
    bridge.setup.store = "encryption_key = { file = \"key\" }";
    let mut bridge = bridge.restart().await;
    let after = token(&bridge, pair).await;
    assert_ne!(part(&before, 0)["kid"], part(&after, 0)["kid"]);
    for token in [&before, &after] {
        opens(&bridge, as_bearer, ("", token)).await;
    }
    let keys = format!("http://{}/oauth/acme/jwks.json", bridge.app.addr());
    let keys = expect(bridge.http.get(keys), 200).await;
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    // The first one again: its own key signs on.
    bridge.setup.store = "encryption_key = { env = \"ENCRYPTION_KEY\" }";
    let bridge = bridge.restart().await;
    let again = token(&bridge, pair).await;
    assert_eq!(part(&again, 0)["kid"], part(&before, 0)["kid"]);
    opens(&bridge, as_bearer, ("", &after)).await;
}

#[tokio::test]
async fn the_log_says_at_the_start_what_to_do() {
    let (sandbox, dir) = (
        Sandbox::start(Options::default()).await.unwrap(),
        TempDir::new().unwrap(),
    );
    let file = dir.path().join("bridge.toml");
    fs::write(&file, configuration(&sandbox.url())).unwrap();
    // The same key twice, to see that the message is about another one.
    for (key, is_other) in [(ONE, false), (ONE, false), (OTHER, true)] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_scim-bridge"))
            .args(["serve", "--config"])
            .arg(&file)
            .env("API_PASSWORD", seed::API_PASSWORD)
            .env("API_SECRET", seed::API_SECRET)
            .env("SPARE_SECRET", SPARE_SECRET)
            .env("ENCRYPTION_KEY", key)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut begun = String::new();
        let address = loop {
            let line = log.next().expect("the log ended").unwrap();
            begun += &line;
            if let Some((_, address)) = line.rsplit_once("addr=") {
                break address.trim().to_owned();
            }
        };
        let says = "give this replica the encryption_key of the others";
        assert_eq!(begun.contains(says), is_other, "{begun}");
        assert!(!begun.contains(key), "{begun}");
        let request = reqwest::Client::new().post(format!("http://{address}/oauth/acme/token"));
        let request = request
            .form(&[("grant_type", "client_credentials")])
            .basic_auth("entra", Some(SPARE_SECRET));
        let granted: Value = expect(request, 200).await;
        assert!(granted["access_token"].is_string());
        let id = child.id().to_string();
        let stopped = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(stopped.success());
        log.for_each(drop);
        assert!(child.wait().unwrap().success());
    }
}

fn configuration(cloudmore: &str) -> String {
    format!(
        r#"
        [server]
        listen = "127.0.0.1:0"
        [store]
        url = "sqlite://bridge.db"
        encryption_key = {{ env = "ENCRYPTION_KEY" }}
        [[broker]]
        id = "northwind"
        base_url = "{cloudmore}"
        reseller_id = "{reseller}"
        username = "{username}"
        password = {{ env = "API_PASSWORD" }}
        client_secret = {{ env = "API_SECRET" }}
        [[tenant]]
        id = "acme"
        broker = "northwind"
        target = {{ organization = "{acme}" }}
        default_role = 7
        {OURS}
        "#,
        reseller = seed::NORTHWIND,
        username = seed::API_USERNAME,
        acme = seed::ACME,
    )
}
