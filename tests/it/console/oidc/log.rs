//! The log of the program as operators read it: who signed in and who did not, without names of people and without secrets.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use scim_bridge::sandbox::{Options, Sandbox, seed};
use serde_json::json;
use tempfile::TempDir;

use super::super::visitor::Visitor;
use super::provider::Provider;
use super::{BEGIN, LOGIN, ROLES, SESSION, leave};
use crate::harness::SPARE_SECRET;
use crate::harness::operator::admin_section;

#[tokio::test]
async fn the_log_has_ids_and_reasons_and_neither_names_nor_secrets() {
    let (provider, dir) = (Provider::start().await, TempDir::new().unwrap());
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let file = dir.path().join("bridge.toml");
    fs::write(&file, configuration(&provider, &sandbox.url())).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_scim-bridge"))
        .args(["serve", "--config"])
        .arg(&file)
        .env("API_PASSWORD", seed::API_PASSWORD)
        .env("API_SECRET", seed::API_SECRET)
        .env("SPARE_SECRET", SPARE_SECRET)
        .env("RUST_LOG", "scim_bridge=trace")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("addr=") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "the log ended");
    }
    let address = line.trim().rsplit_once("addr=").unwrap().1.to_owned();

    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = i64::try_from(now.as_secs()).unwrap();
    let mut secrets = vec![
        SPARE_SECRET.to_owned(),
        "code".to_owned() + " 0",
        "code+0".to_owned(),
    ];
    for (sub, roles, status) in [("id-of-ann", "Bridge.Admin", 303), ("id-of-bob", "", 403)] {
        let visitor = Visitor::at(&format!("http://{address}"));
        let visit = leave(&visitor, BEGIN).await;
        secrets.extend(["state", "nonce", "code_challenge"].map(|name| visit.asked[name].clone()));
        let cookie = visitor.cookie(LOGIN).unwrap();
        secrets.push(cookie.split_once('.').unwrap().0.to_owned());
        let claims = json!({"sub": sub, "roles": roles, "iat": now, "nbf": now, "exp": now + 60});
        let back = provider.lets_in(&visit, &claims);
        assert_eq!(visitor.get(&back).await.status, status);
        secrets.extend(visitor.cookie(SESSION));
    }
    let verifiers = provider.seen().into_iter();
    secrets.extend(verifiers.map(|(form, _)| form["code_verifier"].clone()));

    let id = child.id().to_string();
    let stopped = Command::new("kill").args(["-TERM", &id]).status();
    assert!(stopped.unwrap().success());
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    assert!(child.wait().unwrap().success());

    for words in [
        "actor=\"id-of-ann\" role=admin",
        "id-of-bob has none of the values",
    ] {
        assert!(rest.contains(words), "{words} is missing in:\n{rest}");
    }
    for secret in secrets {
        assert!(!rest.contains(&secret), "{secret} is in:\n{rest}");
    }
    let rest = rest.to_lowercase();
    for name in ["ann@acme", "ann example"] {
        assert!(!rest.contains(name), "{rest}");
    }
}

fn configuration(provider: &Provider, cloudmore: &str) -> String {
    format!(
        r#"
        {admin}
        {oidc}
        [server]
        listen = "127.0.0.1:0"
        [store]
        url = "sqlite://bridge.db"
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
        "#,
        admin = admin_section(),
        oidc = provider.section(ROLES),
        reseller = seed::NORTHWIND,
        username = seed::API_USERNAME,
        acme = seed::ACME,
    )
}
