//! Accounts that were in Cloudmore before the bridge: refused, taken over or left to a person, found by name or address.

use reqwest::Method;
use std::time::Duration;

use scim_bridge::domain::model::TenantId;
use scim_bridge::sandbox::{Person, seed};
use scim_bridge::store::AuditRecord;
use serde_json::{Value, json};

use crate::harness::operator::{ADMIN_TOKEN, admin_section};
use crate::harness::{Bridge, Setup, expect, person};

mod admin_api;
mod decided;
mod first_sync;
mod holding;
mod linking;
mod observing;
mod program;
mod table;

const HOUR: Duration = Duration::from_secs(3600);

/// A bridge whose tenant says this of accounts that are there.
async fn bridge(tenant: &str) -> Bridge {
    Bridge::with(Setup {
        tenant: tenant.to_owned().leak(),
        server: admin_section().leak(),
        ..Setup::default()
    })
    .await
}

/// Somebody makes an account in Cloudmore's pages. Answers its id.
fn by_hand(bridge: &Bridge, name: &str, email: &str) -> String {
    bridge.sandbox.edit(|world| {
        let mut person = Person::new(&address(name), seed::VIEW_ONLY);
        person.fields.insert("email".into(), address(email).into());
        world.add_user(seed::ACME, person).unwrap();
    });
    account(bridge, name)
}

fn address(name: &str) -> String {
    format!("{name}@acme.example")
}

/// The id of an account by its name, or nothing.
fn account(bridge: &Bridge, name: &str) -> String {
    let world = bridge.sandbox.snapshot();
    let person = world.person(&address(name));
    person.map(|person| person.id.clone()).unwrap_or_default()
}

/// Somebody deletes an account in Cloudmore's pages.
fn delete_by_hand(bridge: &Bridge, id: &str) {
    bridge.sandbox.edit(|world| {
        let acme = world.organization_mut(seed::ACME).unwrap();
        acme.users.retain(|person| person.id != id);
    });
}

/// What our extension says of a user: its state, and the words if something is wrong.
async fn state(bridge: &Bridge, user: &str) -> (String, String) {
    const URN: &str = "urn:ietf:params:scim:schemas:extension:cloudmore:2.0:User";
    let path = format!("/Users/{user}?attributes={URN}:syncState,{URN}:lastError");
    let shown = bridge.get(&path, 200).await;
    let text = |key: &str| shown[URN][key].as_str().unwrap_or_default().to_owned();
    (text("syncState"), text("lastError"))
}

/// Creates ann and answers her SCIM id.
async fn create(bridge: &Bridge, name: &str) -> String {
    let made = bridge.post("/Users", person(name), 201).await;
    made["id"].as_str().unwrap().to_owned()
}

/// Asks the admin API about the tenant `acme`.
async fn ask(bridge: &Bridge, path: &str) -> Value {
    let url = format!("http://{}/admin/api/tenants/acme/{path}", bridge.app.addr());
    expect(bridge.http.get(url).bearer_auth(ADMIN_TOKEN), 200).await
}

async fn decide(bridge: &Bridge, user: &str, body: Value, status: u16) -> Value {
    let url = format!(
        "http://{}/admin/api/tenants/acme/held/{user}",
        bridge.app.addr()
    );
    let request = bridge.http.request(Method::POST, url);
    expect(request.bearer_auth(ADMIN_TOKEN).json(&body), status).await
}

/// What the audit has of the tenant `acme`.
async fn trail(bridge: &Bridge) -> Vec<AuditRecord> {
    let store = bridge.app.bridge().store();
    let acme = TenantId::new("acme");
    store.audit_after(&acme, 0, 1000).await.unwrap()
}

fn link() -> Value {
    json!({ "decision": "link" })
}
