//! `scim-bridge check`: good and bad configurations against the simulated Cloudmore, through the
//! function and through the program.

mod findings;
mod program;

use scim_bridge::sandbox::{Options, Sandbox, seed};

const SECRETS: [(&str, &str); 2] = [
    ("API_PASSWORD", seed::API_PASSWORD),
    ("API_SECRET", seed::API_SECRET),
];

async fn sandbox() -> Sandbox {
    Sandbox::start(Options::default()).await.unwrap()
}

/// A configuration with one broker and these tenants.
fn configuration(cloudmore: &str, tenants: &str) -> String {
    format!(
        r#"
        [store]
        url = "sqlite://bridge.db"
        [[broker]]
        id = "northwind"
        base_url = "{cloudmore}"
        reseller_id = "{reseller}"
        username = "{api_account}"
        password = {{ env = "API_PASSWORD" }}
        client_secret = {{ env = "API_SECRET" }}
        requests_per_second = 1000
        {tenants}
        "#,
        reseller = seed::NORTHWIND,
        api_account = seed::API_USERNAME,
    )
}

/// A tenant with these lines and a token of its own.
fn tenant(id: &str, target: &str, lines: &str) -> String {
    let sha256 = scim_bridge::auth::hex(&scim_bridge::auth::digest(id));
    format!(
        r#"
        [[tenant]]
        id = "{id}"
        broker = "northwind"
        target = {target}
        {lines}
        [[tenant.token]]
        sha256 = "{sha256}"
        "#
    )
}

fn acme(lines: &str) -> String {
    let target = format!(r#"{{ organization = "{}" }}"#, seed::ACME);
    tenant("acme", &target, lines)
}

fn mapping(group: &str, lines: &str) -> String {
    format!("[[tenant.mapping]]\ngroup = \"{group}\"\n{lines}\n")
}

fn granting(service: &str, subscription: &str) -> String {
    let grant = format!(r#"{{ service = "{service}", subscription = "{subscription}" }}"#);
    mapping(subscription, &format!("subscriptions = [{grant}]"))
}

fn good() -> String {
    let administrators = tenant("northwind", "\"broker\"", "default_role = 3");
    let finance = granting(seed::OFFICE_SUITE, seed::TEAM_PLAN);
    let design = granting(seed::DESIGN_STUDIO, seed::PRO_SEATS);
    let admins = mapping("Admins", "role = 6");
    let acme = acme("default_role = 7");
    format!("{acme}{finance}{design}{admins}{administrators}")
}
