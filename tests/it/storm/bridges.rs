//! The program as it is deployed, one process or several on one store, at fixed ports; to be killed, stopped and started.

use std::fs::{self, File, OpenOptions};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use scim_bridge::auth;
use scim_bridge::sandbox::seed;
use tempfile::TempDir;

use super::cloudmore::{GLOBEX, of_globex};
use crate::harness::operator::admin_section;
use crate::harness::{evidence, stores};

pub const ACME_TOKEN: &str = "scimb_acme-in-a-storm";
pub const GLOBEX_TOKEN: &str = "scimb_globex-in-a-storm";

/// What the bridges keep their directory in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

pub struct Bridges {
    pub ports: Vec<u16>,
    children: Vec<Child>,
    cloudmore: String,
    store: String,
    dir: TempDir,
}

impl Bridges {
    pub async fn start(database: Database, count: usize, cloudmore: &str) -> Self {
        let dir = evidence::folder();
        let store = match database {
            Database::Sqlite => "sqlite://bridge.db".to_owned(),
            Database::Postgres => stores::postgres(dir.path()),
        };
        // All at once, so that each is another one.
        let free = (0..count).map(|_| TcpListener::bind("127.0.0.1:0").unwrap());
        let free: Vec<TcpListener> = free.collect();
        let ports = free
            .iter()
            .map(|listener| listener.local_addr().unwrap().port());
        let mut bridges = Self {
            ports: ports.collect(),
            children: Vec::new(),
            cloudmore: cloudmore.to_owned(),
            store,
            dir,
        };
        drop(free);
        bridges.configure("");
        for number in 0..count {
            let child = bridges.spawn(number);
            bridges.children.push(child);
            bridges.ready(number).await;
        }
        bridges
    }

    pub fn count(&self) -> usize {
        self.ports.len()
    }

    /// Ends a process where it stands, and starts it again.
    pub async fn kill(&mut self, number: usize) {
        let child = &mut self.children[number];
        child.kill().unwrap();
        child.wait().unwrap();
        self.children[number] = self.spawn(number);
        self.ready(number).await;
    }

    /// The process, for signals.
    pub fn id(&self, number: usize) -> u32 {
        self.children[number].id()
    }

    /// Gives all of them a mapping that concerns nobody, so that they look at everybody again.
    pub fn look_again(&self) {
        self.configure("[[tenant.mapping]]\ngroup = \"Nobody\"\nrole = 8");
        for number in 0..self.count() {
            signal(self.id(number), "-HUP");
        }
    }

    /// Where configuration and logs stay to be looked at.
    pub fn keep(&mut self) -> PathBuf {
        self.dir.disable_cleanup(true);
        self.dir.path().to_owned()
    }

    fn spawn(&self, number: usize) -> Child {
        let log = self.dir.path().join(format!("bridge-{number}.log"));
        let log: File = OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .unwrap();
        Command::new(env!("CARGO_BIN_EXE_scim-bridge"))
            .args(["serve", "--config"])
            .arg(self.dir.path().join(format!("bridge-{number}.toml")))
            .env("API_PASSWORD", seed::API_PASSWORD)
            .env("API_SECRET", seed::API_SECRET)
            .env("RUST_LOG", "scim_bridge=debug")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap()
    }

    async fn ready(&mut self, number: usize) {
        let url = format!("http://127.0.0.1:{}/readyz", self.ports[number]);
        let http = reqwest::Client::new();
        let begun = Instant::now();
        let mut look = tokio::time::interval(Duration::from_millis(20));
        while !http
            .get(&url)
            .send()
            .await
            .is_ok_and(|answer| answer.status() == 200)
        {
            look.tick().await;
            let ended = self.children[number].try_wait().unwrap();
            let log = || fs::read_to_string(self.dir.path().join(format!("bridge-{number}.log")));
            assert!(ended.is_none(), "a bridge ended: {}", log().unwrap());
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "a bridge does not start"
            );
        }
    }

    fn configure(&self, mapping: &str) {
        for (number, port) in self.ports.iter().enumerate() {
            let file = self.dir.path().join(format!("bridge-{number}.toml"));
            fs::write(file, self.file(*port, mapping)).unwrap();
        }
    }

    fn file(&self, port: u16, mapping: &str) -> String {
        let acme = tenant("acme", "entra", seed::ACME, ACME_TOKEN, &str::to_owned);
        let globex = tenant("globex", "okta", GLOBEX, GLOBEX_TOKEN, &of_globex);
        format!(
            r#"
            [server]
            listen = "127.0.0.1:{port}"
            [store]
            url = "{store}"
            {admin}
            [[broker]]
            id = "northwind"
            base_url = "{cloudmore}"
            reseller_id = "{reseller}"
            username = "{api_account}"
            password = {{ env = "API_PASSWORD" }}
            client_secret = {{ env = "API_SECRET" }}
            requests_per_second = 1000
            concurrency = 16
            {acme}
            {mapping}
            {globex}
            {mapping}
            "#,
            store = self.store,
            admin = admin_section(),
            cloudmore = self.cloudmore,
            reseller = seed::NORTHWIND,
            api_account = seed::API_USERNAME,
        )
    }
}

impl Drop for Bridges {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn tenant(
    id: &str,
    profile: &str,
    organization: &str,
    token: &str,
    plan: &dyn Fn(&str) -> String,
) -> String {
    let sha256 = auth::hex(&auth::digest(token));
    format!(
        r#"
        [[tenant]]
        id = "{id}"
        broker = "northwind"
        target = {{ organization = "{organization}" }}
        default_role = 7
        settle_timeout = "100ms"
        scim = {{ profile = "{profile}" }}
        [[tenant.token]]
        sha256 = "{sha256}"
        [tenant.guard]
        max_removals = 1000000
        [[tenant.mapping]]
        group = "Cloudmore Finance"
        role = 6
        subscriptions = [
            {{ service = "{office}", subscription = "{team}", external_user_id = "userName" }},
            {{ service = "{studio}", subscription = "{pro}" }},
        ]
        [[tenant.mapping]]
        group = "Cloudmore Sales"
        subscriptions = [ {{ service = "{office}", subscription = "{team}", external_user_id = "userName" }} ]
        "#,
        office = seed::OFFICE_SUITE,
        team = plan(seed::TEAM_PLAN),
        studio = seed::DESIGN_STUDIO,
        pro = plan(seed::PRO_SEATS),
    )
}

/// Sends a signal to a process of ours.
pub fn signal(process: u32, signal: &str) {
    let id = process.to_string();
    let sent = Command::new("kill").args([signal, &id]).status().unwrap();
    assert!(sent.success());
}
