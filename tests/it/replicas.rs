//! Several bridges on one PostgreSQL, at the same time.

mod falling_out;
mod schema;
mod sharing;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Bridge, Process, Setup, TOKEN, expect, person};

/// A bridge on PostgreSQL, and another on the same database.
async fn two() -> (Bridge, Process) {
    let setup = Setup {
        postgres: true,
        ..Setup::default()
    };
    let one = Bridge::with(setup).await;
    let other = one.replica().await;
    (one, other)
}

/// Sends a request of tenant `acme` to a replica.
async fn ask(
    bridge: &Bridge,
    replica: &Process,
    (method, path): (Method, &str),
    body: Option<Value>,
    status: u16,
) -> Value {
    let url = format!("http://{}/scim/acme/v2{path}", replica.addr());
    let request = bridge.http.request(method, url).bearer_auth(TOKEN);
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    expect(request, status).await
}

/// Creates a user at a replica and answers the SCIM id.
async fn user_at(bridge: &Bridge, replica: &Process, name: &str) -> String {
    let made = ask(
        bridge,
        replica,
        (Method::POST, "/Users"),
        Some(person(name)),
        201,
    )
    .await;
    made["id"].as_str().unwrap().to_owned()
}

fn active(active: bool) -> Value {
    let value = if active { "True" } else { "False" };
    crate::harness::patch_body(json!([{"op": "Replace", "path": "active", "value": value}]))
}
