//! A whole bridge in front of a simulated Cloudmore: both on free ports, time driven by hand, the
//! worker as a function. Each call states the status that it expects.

pub mod browser;
pub mod evidence;
mod file;
pub mod operator;
mod process;
pub mod stores;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};
use scim_bridge::config::Config;
use scim_bridge::provision::Clock;
use scim_bridge::sandbox::{Call, FaultRule, Faults, Options, Sandbox, Seed, Switches};
use serde_json::{Value, json};
use sqlx::{AnyConnection, Connection};
use tempfile::TempDir;

use file::configuration;
pub use file::{SPARE_SECRET, mappings};
pub use process::Process;

/// The token of the tenant `acme`.
pub const TOKEN: &str = "scimb_acme-for-tests-only";
/// The token of the broker tenant `northwind`.
pub const BROKER_TOKEN: &str = "scimb_northwind-for-tests-only";

/// 2026-01-01T00:00:00Z in microseconds.
const BEGINNING: i64 = 1_767_225_600_000_000;

/// How a test's bridge differs from the usual one.
#[derive(Default)]
pub struct Setup {
    /// TOML lines for the tenant `acme`, such as `on_outage = "fail"`.
    pub tenant: &'static str,
    /// The mappings of `acme`; [`MAPPINGS`] if not given.
    pub mappings: Option<String>,
    /// How the simulated Cloudmore behaves where its documentation is silent.
    pub switches: Switches,
    /// TOML lines for the server, such as `public_url = "https://scim.example.com"`.
    pub server: &'static str,
    /// TOML lines for the store, such as `encryption_key = { env = "ENCRYPTION_KEY" }`.
    pub store: &'static str,
    /// TOML lines for the broker, such as `client_auth = "basic"`.
    pub broker: String,
    /// TOML lines for the broker's tenant, its mappings among them.
    pub northwind: String,
    /// Whether the store is on PostgreSQL, whatever the others are on.
    pub postgres: bool,
}

/// A running bridge and what it runs against.
pub struct Bridge {
    pub app: Process,
    pub sandbox: Sandbox,
    pub http: Client,
    time: Arc<AtomicI64>,
    /// Takes effect at the next start or reload.
    pub setup: Setup,
    dir: TempDir,
}

impl Bridge {
    /// The usual bridge.
    pub async fn start() -> Self {
        Self::with(Setup::default()).await
    }

    /// A bridge that differs from the usual one.
    pub async fn with(setup: Setup) -> Self {
        let options = Options {
            seed: Seed::demo(),
            switches: setup.switches.clone(),
            ..Options::default()
        };
        let sandbox = Sandbox::start(options).await.unwrap();
        let dir = evidence::folder();
        let time = Arc::new(AtomicI64::new(BEGINNING));
        Self::on(sandbox, time, setup, dir).await
    }

    /// Stops the bridge and starts it again on the same store, as an update does.
    pub async fn restart(self) -> Self {
        self.app.stop().await;
        Self::on(self.sandbox, self.time, self.setup, self.dir).await
    }

    /// Stops the bridge, lets `meanwhile` happen once it takes no connections any more, and starts it again on the same
    /// store.
    pub async fn restart_while(self, meanwhile: impl FnOnce(&Sandbox)) -> Self {
        let addr = self.app.addr();
        let deaf = async {
            let mut look = tokio::time::interval(Duration::from_millis(1));
            while tokio::net::TcpStream::connect(addr).await.is_ok() {
                look.tick().await;
            }
            meanwhile(&self.sandbox);
        };
        tokio::join!(self.app.stop(), deaf);
        Self::on(self.sandbox, self.time, self.setup, self.dir).await
    }

    /// Stops the bridge, changes its store by SQL, and starts it again.
    pub async fn restart_after(self, statement: &'static str) -> Self {
        self.app.stop().await;
        sqlx::any::install_default_drivers();
        let url = stores::url(self.dir.path());
        let mut store = AnyConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut store).await.unwrap();
        store.close().await.unwrap();
        Self::on(self.sandbox, self.time, self.setup, self.dir).await
    }

    /// Ends the bridge where it stands, with everything that it has under way, lets `meanwhile`
    /// happen, and starts the bridge again on the same store.
    pub async fn crash(self, meanwhile: impl FnOnce(&Sandbox)) -> Self {
        self.app.kill().await;
        meanwhile(&self.sandbox);
        Self::on(self.sandbox, self.time, self.setup, self.dir).await
    }

    /// Stops the bridge and starts it on an empty store of the other kind.
    pub async fn elsewhere(mut self) -> Self {
        self.app.stop().await;
        self.setup.postgres ^= true;
        let dir = evidence::folder();
        Self::on(self.sandbox, self.time, self.setup, dir).await
    }

    /// The same bridge, with other mappings from its next start or reload.
    pub fn mapping(mut self, mappings: &str) -> Self {
        self.setup.mappings = Some(mappings.to_owned());
        self
    }

    /// The configuration of the bridge.
    pub fn config(&self) -> Config {
        configuration(&self.sandbox.url(), &self.setup, &self.dir)
    }

    /// The folder that its store belongs to.
    pub fn folder(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// A replica of the bridge: another one on the same store, at the same time.
    pub async fn replica(&self) -> Process {
        Process::start(self.config(), Clock::Manual(Arc::clone(&self.time))).await
    }

    /// Takes it into use again, while the bridge runs.
    pub async fn reload(&self) {
        self.app.configure(self.config()).await.unwrap();
    }

    async fn on(sandbox: Sandbox, time: Arc<AtomicI64>, setup: Setup, dir: TempDir) -> Self {
        let config = configuration(&sandbox.url(), &setup, &dir);
        let app = Process::start(config, Clock::Manual(Arc::clone(&time))).await;
        Self {
            app,
            sandbox,
            http: Client::new(),
            time,
            setup,
            dir,
        }
    }

    /// Lets time pass and the worker do all that is due by then.
    pub async fn pass(&self, time: Duration) -> usize {
        self.advance(time);
        self.work().await
    }

    /// Lets time pass.
    pub fn advance(&self, time: Duration) {
        let micros = i64::try_from(time.as_micros()).unwrap();
        self.time.fetch_add(micros, Ordering::SeqCst);
    }

    /// Lets the worker do all that is due.
    pub async fn work(&self) -> usize {
        self.app.work().await
    }

    /// The address of a path under the tenant `acme`.
    pub fn url(&self, path: &str) -> String {
        self.url_of("acme", path)
    }

    /// The address of a path under a tenant.
    pub fn url_of(&self, tenant: &str, path: &str) -> String {
        format!("http://{}/scim/{tenant}/v2{path}", self.app.addr())
    }

    /// A request of tenant `acme` that the test goes on to shape.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.url(path)).bearer_auth(TOKEN)
    }

    pub async fn get(&self, path: &str, status: u16) -> Value {
        expect(self.request(Method::GET, path), status).await
    }

    pub async fn post(&self, path: &str, body: Value, status: u16) -> Value {
        expect(self.request(Method::POST, path).json(&body), status).await
    }

    pub async fn put(&self, path: &str, body: Value, status: u16) -> Value {
        expect(self.request(Method::PUT, path).json(&body), status).await
    }

    pub async fn patch(&self, path: &str, operations: Value, status: u16) -> Value {
        let body = patch_body(operations);
        expect(self.request(Method::PATCH, path).json(&body), status).await
    }

    pub async fn delete(&self, path: &str, status: u16) {
        expect(self.request(Method::DELETE, path), status).await;
    }

    /// Creates a user as Entra does and answers its SCIM id.
    pub async fn user(&self, name: &str) -> String {
        let made = self.post("/Users", person(name), 201).await;
        made["id"].as_str().unwrap().to_owned()
    }

    /// Creates a group and answers its SCIM id.
    pub async fn group(&self, name: &str) -> String {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": name,
        });
        let made = self.post("/Groups", body, 201).await;
        made["id"].as_str().unwrap().to_owned()
    }

    pub async fn join(&self, group: &str, user: &str) {
        let add = json!([{"op": "add", "path": "members", "value": [{"value": user}]}]);
        self.patch(&format!("/Groups/{group}"), add, 204).await;
    }

    pub async fn leave(&self, group: &str, user: &str) {
        let remove = json!([{"op": "Remove", "path": "members", "value": [{"value": user}]}]);
        self.patch(&format!("/Groups/{group}"), remove, 204).await;
    }

    pub async fn set_active(&self, user: &str, active: bool, status: u16) {
        let value = if active { "True" } else { "False" };
        let replace = json!([{"op": "Replace", "path": "active", "value": value}]);
        self.patch(&format!("/Users/{user}"), replace, status).await;
    }

    /// What a person has in Cloudmore, as one line: `role 6; CRM plan, Team plan`, or `nothing`.
    pub fn access(&self, name: &str) -> String {
        let world = self.sandbox.snapshot();
        let Some(person) = world.person(&format!("{name}@acme.example")) else {
            return "nothing".to_owned();
        };
        let mut plans: Vec<String> = world
            .subscriptions_of(&person.id)
            .iter()
            .map(|id| world.subscription(id).unwrap().product.clone())
            .collect();
        plans.sort();
        format!("role {}; {}", person.fields["roleId"], plans.join(", "))
    }

    /// Lets calls go wrong from here on, in place of what went wrong before.
    pub fn faults<const N: usize>(&self, rules: [FaultRule; N]) {
        let rules = rules.to_vec();
        self.sandbox.set_faults(Faults { rules, seed: 0 });
    }

    /// The calls to Cloudmore since the last look, as `METHOD tail-of-path`, without tokens.
    pub fn calls(&self) -> Vec<String> {
        let calls = self.sandbox.calls();
        self.sandbox.clear_calls();
        let of_interest = calls.iter().filter(|call| call.path.starts_with("/api/"));
        of_interest.map(short).collect()
    }
}

/// A user as Entra creates one; `name` is the part before the @.
pub fn person(name: &str) -> Value {
    json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
        ],
        "externalId": name,
        "userName": format!("{name}@acme.example"),
        "active": true,
        "displayName": format!("{name} Example"),
        "emails": [{"primary": true, "type": "work", "value": format!("{name}@acme.example")}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": format!("{name} Example"), "familyName": "Example", "givenName": name},
        "roles": []
    })
}

pub fn patch_body(operations: Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    })
}

/// Sends a request and reads the JSON answer, if there is one.
pub async fn expect(request: RequestBuilder, status: u16) -> Value {
    let response = request.send().await.unwrap();
    let answered = response.status().as_u16();
    let text = response.text().await.unwrap();
    assert_eq!(answered, status, "unexpected answer: {text}");
    let answer = serde_json::from_str(&text).unwrap_or_default();
    evidence::handed_out(&answer);
    answer
}

fn short(call: &Call) -> String {
    let tail = call.path.rsplit_once("/organizations/").map_or_else(
        || call.path.clone(),
        |(_, tail)| {
            tail.split_once('/')
                .map_or(tail, |(_, tail)| tail)
                .to_owned()
        },
    );
    format!("{} {tail}", call.method)
}
