//! The program as an operator runs it: `serve`, `sandbox`, `token`, and their exit codes.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use reqwest::Client;
use scim_bridge::auth;
use scim_bridge::sandbox::{Options, Sandbox, seed};
use serde_json::Value;

use crate::harness::evidence;

const TOKEN: &str = "scimb_a-token-for-tests-only";

pub fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_scim-bridge"));
    program
        .env("API_PASSWORD", seed::API_PASSWORD)
        .env("API_SECRET", seed::API_SECRET)
        .env_remove("RUST_LOG");
    program
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn write_configuration(file: &Path, cloudmore: &str, tokens: &[&str]) {
    let tokens: String = tokens
        .iter()
        .map(|token| {
            let sha256 = auth::hex(&auth::digest(token));
            format!("[[tenant.token]]\nsha256 = \"{sha256}\"\n")
        })
        .collect();
    let configuration = format!(
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
        {tokens}
        "#,
        reseller = seed::NORTHWIND,
        username = seed::API_USERNAME,
        acme = seed::ACME,
    );
    fs::write(file, configuration).unwrap();
}

/// A running `serve` whose log is read line by line.
pub struct Served {
    child: Child,
    log: BufReader<ChildStderr>,
}

impl Served {
    pub fn start(file: &Path) -> Self {
        Self::start_as(program().args(["serve", "--config"]).arg(file))
    }

    /// The same by a command that differs from the usual one.
    pub fn start_as(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        Self { child, log }
    }

    /// Reads the log up to a line with `word`, and answers that line.
    pub fn until(&mut self, word: &str) -> String {
        let mut seen = String::new();
        loop {
            let mut line = String::new();
            let read = self.log.read_line(&mut line).unwrap();
            assert!(read > 0, "the log ended without \"{word}\":\n{seen}");
            if line.contains(word) {
                return line;
            }
            seen += &line;
        }
    }

    /// Reads the log up to the address that the bridge serves.
    pub fn address(&mut self) -> String {
        let line = self.until("addr=");
        line.trim().rsplit_once("addr=").unwrap().1.to_owned()
    }

    /// Asks it to stop and waits until it has.
    pub fn stop(self) {
        self.stop_and_tell();
    }

    /// The same, and answers what of the log was not read yet.
    pub fn stop_and_tell(mut self) -> String {
        self.signal("-TERM");
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success());
        rest
    }

    pub fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
    }
}

async fn status(address: &str, token: &str) -> u16 {
    let url = format!("http://{address}/scim/acme/v2/Users?count=0");
    let answer = Client::new().get(url).bearer_auth(token).send().await;
    answer.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_hangup_takes_up_new_tokens_and_a_file_with_mistakes_changes_nothing() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let dir = evidence::folder();
    let file = dir.path().join("bridge.toml");
    write_configuration(&file, &sandbox.url(), &[TOKEN]);
    let mut served = Served::start(&file);
    let address = served.address();

    assert_eq!(status(&address, TOKEN).await, 200);
    let second = "scimb_another-token-for-tests";
    assert_eq!(status(&address, second).await, 401);

    write_configuration(&file, &sandbox.url(), &[second]);
    served.signal("-HUP");
    served.until("taken up anew");
    assert_eq!(status(&address, second).await, 200);
    assert_eq!(status(&address, TOKEN).await, 401);

    fs::write(&file, "[[tenant]]\nid = 5\n").unwrap();
    served.signal("-HUP");
    served.until("has mistakes");
    assert_eq!(status(&address, second).await, 200);

    served.stop();
}

#[test]
fn a_configuration_with_mistakes_ends_with_1_and_names_each_with_its_place() {
    let dir = evidence::folder();
    let file = dir.path().join("bridge.toml");
    fs::write(&file, "[server]\nlisten = 5\nspeed = 3\n").unwrap();
    let ended = run(&["serve", "--config", file.to_str().unwrap()]);
    assert_eq!(ended.status.code(), Some(1));
    let said = text(&ended.stderr);
    for place in [
        "bridge.toml:2:",
        "bridge.toml:3:",
        "server.listen",
        "server.speed",
        "store",
    ] {
        assert!(said.contains(place), "{place} is missing in:\n{said}");
    }
}

#[test]
fn wrong_usage_ends_with_2() {
    for arguments in [
        &["serve"][..],
        &["fly"],
        &["sandbox", "--listen", "here"],
        &[],
    ] {
        assert_eq!(run(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn every_command_has_help_with_an_example() {
    for arguments in [
        &["serve"][..],
        &["sandbox"],
        &["demo"],
        &["check"],
        &["token", "create"],
    ] {
        let ended = run(&[arguments, &["--help"]].concat());
        assert!(ended.status.success(), "{arguments:?}");
        assert!(text(&ended.stdout).contains("Example"), "{arguments:?}");
    }
}

#[test]
fn a_token_is_random_recognisable_and_matches_its_hash() {
    let made = || -> Value {
        let ended = run(&["token", "create", "--json", "--label", "Entra ID"]);
        serde_json::from_slice(&ended.stdout).unwrap()
    };
    let (one, other) = (made(), made());
    let token = one["token"].as_str().unwrap();
    assert!(token.starts_with(auth::TOKEN_PREFIX));
    assert_eq!(one["sha256"], auth::hex(&auth::digest(token)));
    assert_eq!(one["label"], "Entra ID");
    assert_ne!(one["token"], other["token"]);
}
