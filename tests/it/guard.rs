//! The guard: what goes beyond the limits waits for a person, whoever is protected always does, and nobody else is held up.

use std::time::Duration;

use reqwest::Method;
use scim_bridge::domain::model::TenantId;
use scim_bridge::sandbox::seed;
use scim_bridge::store::AuditRecord;
use serde_json::{Value, json};

use crate::harness::operator::{ADMIN_TOKEN, admin_section};
use crate::harness::{Bridge, Setup, expect};

mod changing;
mod deciding;
mod failing;
mod foreseeing;
mod limits;
mod program;
mod protected;
mod rule;

const HOUR: Duration = Duration::from_secs(3600);
const SECOND: Duration = Duration::from_secs(1);

/// Team plan for Sales, and role 6 with Pro seats for Design.
fn mappings() -> String {
    format!(
        r#"
        [[tenant.mapping]]
        group = "Sales"
        subscriptions = [ {{ service = "{}", subscription = "{}" }} ]
        [[tenant.mapping]]
        group = "Design"
        role = 6
        subscriptions = [ {{ service = "{}", subscription = "{}" }} ]
        "#,
        seed::OFFICE_SUITE,
        seed::TEAM_PLAN,
        seed::DESIGN_STUDIO,
        seed::PRO_SEATS,
    )
}

/// A bridge whose tenant has these lines, before a Cloudmore with seats for everybody.
async fn bridge(tenant: &str) -> Bridge {
    let bridge = Bridge::with(Setup {
        tenant: tenant.to_owned().leak(),
        server: admin_section().leak(),
        mappings: Some(mappings()),
        ..Setup::default()
    })
    .await;
    bridge.sandbox.edit(|world| {
        for subscription in &mut world.organization_mut(seed::ACME).unwrap().subscriptions {
            subscription.quantity = None;
        }
    });
    bridge
}

/// A bridge that lets so many users lose something within an hour.
async fn limited(max_removals: u32) -> Bridge {
    bridge(&guard(max_removals)).await
}

fn guard(max_removals: u32) -> String {
    format!("guard = {{ max_removals = {max_removals}, max_removals_percent = 0 }}")
}

fn name(number: usize) -> String {
    format!("user{number:02}")
}

/// So many users, `user00` and on, by their SCIM ids.
async fn staff(bridge: &Bridge, number: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..number {
        ids.push(bridge.user(&name(number)).await);
    }
    ids
}

/// The same, in a group, which comes last.
async fn members(bridge: &Bridge, number: usize, group: &str) -> (Vec<String>, String) {
    let ids = staff(bridge, number).await;
    let group = bridge.group(group).await;
    for id in &ids {
        bridge.join(&group, id).await;
    }
    (ids, group)
}

/// What each of the staff has in Cloudmore.
fn access(bridge: &Bridge, number: usize) -> Vec<String> {
    (0..number)
        .map(|number| bridge.access(&name(number)))
        .collect()
}

/// How many of the staff have this.
fn how_many(bridge: &Bridge, number: usize, has: &str) -> usize {
    access(bridge, number)
        .iter()
        .filter(|access| *access == has)
        .count()
}

/// What our extension says of a user: its state, and the words if something waits or is wrong.
async fn state(bridge: &Bridge, user: &str) -> (String, String) {
    const URN: &str = "urn:ietf:params:scim:schemas:extension:cloudmore:2.0:User";
    let path = format!("/Users/{user}?attributes={URN}:syncState,{URN}:lastError");
    let shown = bridge.get(&path, 200).await;
    let text = |key: &str| shown[URN][key].as_str().unwrap_or_default().to_owned();
    (text("syncState"), text("lastError"))
}

/// What the operator sees that waits.
async fn held(bridge: &Bridge) -> Value {
    let url = format!("http://{}/admin/api/tenants/acme/held", bridge.app.addr());
    expect(bridge.http.get(url).bearer_auth(ADMIN_TOKEN), 200).await
}

/// The userNames of those who wait, with their stages: `user00 waiting`.
async fn waiting(bridge: &Bridge) -> Vec<String> {
    let held = held(bridge).await;
    let removals = held["removals"].as_array().unwrap().iter();
    let told = removals.map(|removal| {
        let name = removal["userName"].as_str().unwrap();
        let name = name.split('@').next().unwrap();
        format!("{name} {}", removal["stage"].as_str().unwrap())
    });
    told.collect()
}

/// Decides as an operator: `release` or `reject`.
async fn decide(bridge: &Bridge, what: &str, body: Value, status: u16) -> Value {
    let url = format!(
        "http://{}/admin/api/tenants/acme/removals/{what}",
        bridge.app.addr()
    );
    let request = bridge.http.request(Method::POST, url);
    expect(request.bearer_auth(ADMIN_TOKEN).json(&body), status).await
}

fn count(number: u32) -> Value {
    json!({ "count": number })
}

fn user(name: &str) -> Value {
    json!({ "users": [format!("{name}@acme.example")] })
}

/// What the audit has of the tenant `acme`, by kind.
async fn trail(bridge: &Bridge, kind: &str) -> Vec<AuditRecord> {
    let store = bridge.app.bridge().store();
    let acme = TenantId::new("acme");
    let mut trail = store.audit_after(&acme, 0, 10_000).await.unwrap();
    trail.retain(|entry| entry.kind == kind);
    trail
}
