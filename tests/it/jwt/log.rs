//! The log of the program as operators read it: why a JWT was refused, and nothing of what it holds.

use crate::harness::evidence;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use reqwest::Client;
use scim_bridge::sandbox::{Options, Sandbox, seed};
use serde_json::json;

use super::issuer::{AUDIENCE, AUTUMN, Issuer, SPRING};
use super::{LABEL, changed};

#[tokio::test]
async fn the_log_says_why_and_never_what() {
    let (issuer, dir) = (Issuer::start().await, evidence::folder());
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let file = dir.path().join("bridge.toml");
    fs::write(&file, configuration(&issuer, &sandbox.url())).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_scim-bridge"))
        .args(["serve", "--config"])
        .arg(&file)
        .env("API_PASSWORD", seed::API_PASSWORD)
        .env("API_SECRET", seed::API_SECRET)
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
    let valid = json!({"nbf": now, "exp": now + 3600, "upn": "ann@acme.example"});
    let jwts = [
        SPRING.jwt(&changed(&issuer, valid.clone())),
        SPRING.jwt(&changed(
            &issuer,
            json!({"exp": 1, "upn": "ann@acme.example"}),
        )),
        SPRING.jwt(&changed(&issuer, json!({"iss": "https://ann.example/"}))),
        AUTUMN.jwt(&changed(&issuer, valid)),
    ];
    for (jwt, expected) in jwts.iter().zip([200, 401, 401, 401]) {
        let url = format!("http://{address}/scim/acme/v2/Users?count=0");
        let answer = Client::new().get(url).bearer_auth(jwt).send().await;
        assert_eq!(answer.unwrap().status().as_u16(), expected);
    }
    let id = child.id().to_string();
    let stopped = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(stopped.success());
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    assert!(child.wait().unwrap().success());

    for reason in ["has expired", "does not trust its issuer", "no such key"] {
        let line = rest.lines().find(|line| line.contains(reason));
        let line = line.unwrap_or_else(|| panic!("{reason} is missing in:\n{rest}"));
        assert!(
            line.contains("request.id=") && line.contains("tenant=acme"),
            "{line}"
        );
    }
    for jwt in &jwts {
        for part in jwt.split('.') {
            assert!(!rest.contains(part), "{rest}");
        }
    }
    assert!(
        !rest.contains("ann@") && !rest.contains("ann.example"),
        "{rest}"
    );
}

fn configuration(issuer: &Issuer, cloudmore: &str) -> String {
    format!(
        r#"
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
        [[tenant.jwt]]
        issuer = "{issuer}"
        audience = "{AUDIENCE}"
        label = "{LABEL}"
        "#,
        reseller = seed::NORTHWIND,
        username = seed::API_USERNAME,
        acme = seed::ACME,
        issuer = issuer.name(),
    )
}
