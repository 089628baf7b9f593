//! The configuration of a test's bridge, as its operator would write it.

use scim_bridge::config::{Config, Environment};
use scim_bridge::sandbox::seed;
use tempfile::TempDir;

use super::{BROKER_TOKEN, Setup, TOKEN, stores};

/// A secret that is in the environment for whichever section wants one, as `SPARE_SECRET`.
pub const SPARE_SECRET: &str = "spare-secret.for~tests_only";

/// What the store's private keys are sealed with: 32 bytes.
pub(super) const ENCRYPTION_KEY: &str =
    "b64c8f0d1e2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4";

/// Finance: role 6, two subscriptions. Sales: the default role, one of the two.
pub fn mappings() -> String {
    format!(
        r#"
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
        team = seed::TEAM_PLAN,
        studio = seed::DESIGN_STUDIO,
        pro = seed::PRO_SEATS,
    )
}

pub fn configuration(cloudmore: &str, setup: &Setup, dir: &TempDir) -> Config {
    let environment: Environment = [
        ("API_PASSWORD", seed::API_PASSWORD),
        ("API_SECRET", seed::API_SECRET),
        ("ACME_TOKEN", TOKEN),
        ("BROKER_TOKEN", BROKER_TOKEN),
        ("SPARE_SECRET", SPARE_SECRET),
        ("ENCRYPTION_KEY", ENCRYPTION_KEY),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into_iter()
    .collect();
    let store = if setup.postgres {
        stores::postgres(dir.path())
    } else {
        stores::url(dir.path())
    };
    let file = file(cloudmore, setup, &store);
    let parsed = Config::parse(&file, "test.toml", &environment, dir.path());
    parsed.unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn file(cloudmore: &str, setup: &Setup, store: &str) -> String {
    let usual = mappings();
    // All tests come from one address, and show a lot that is wrong.
    let patience = ["bad_credentials", "refusals_per_second"].map(|key| {
        let is_given = setup.server.contains(key);
        if is_given {
            String::new()
        } else {
            format!("{key} = 10000")
        }
    });
    format!(
        r#"
        [server]
        listen = "127.0.0.1:0"
        {patience}
        {server}
        [store]
        url = "{store}"
        {more_of_store}
        [[broker]]
        id = "northwind"
        base_url = "{cloudmore}"
        reseller_id = "{reseller}"
        username = "{api_account}"
        password = {{ env = "API_PASSWORD" }}
        client_secret = {{ env = "API_SECRET" }}
        requests_per_second = 1000
        {broker}
        [[tenant]]
        id = "acme"
        broker = "northwind"
        target = {{ organization = "{acme}" }}
        default_role = 7
        {extra}
        [[tenant.token]]
        token = {{ env = "ACME_TOKEN" }}
        {mappings}
        [[tenant]]
        id = "northwind"
        broker = "northwind"
        target = "broker"
        default_role = 3
        {northwind}
        [[tenant.token]]
        token = {{ env = "BROKER_TOKEN" }}
        "#,
        patience = patience.join("\n"),
        reseller = seed::NORTHWIND,
        api_account = seed::API_USERNAME,
        acme = seed::ACME,
        extra = setup.tenant,
        server = setup.server,
        more_of_store = setup.store,
        broker = setup.broker,
        northwind = setup.northwind,
        mappings = setup.mappings.as_ref().unwrap_or(&usual),
    )
}
