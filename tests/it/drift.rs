//! Drift: what somebody changes in Cloudmore by hand is found, told and mended; what nobody can be sure of is not touched.
//! The real bridge against the simulated Cloudmore, time by hand, comparisons as a function.

mod cost;
mod kinds;
mod lost;
mod pure;
mod resuming;
mod schedule;
mod shell;
mod unknown;

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use scim_bridge::sandbox::{Organization, Person, seed};
use serde_json::{Value, json};

use crate::harness::operator::{ADMIN_TOKEN, admin_section};
use crate::harness::{Bridge, Setup, expect};

const HOUR: Duration = Duration::from_hours(1);
const TEAM: &str = seed::TEAM_PLAN;
const PRO: &str = seed::PRO_SEATS;

/// A bridge with an admin API that compares only when it is asked, and four people: ann in Finance, bob and eve in Sales,
/// ian in no group.
async fn bridge(setup: Setup) -> Bridge {
    let server: &'static str = Box::leak(admin_section().into_boxed_str());
    let bridge = Bridge::with(Setup { server, ..setup }).await;
    let finance = bridge.group("Cloudmore Finance").await;
    let sales = bridge.group("Cloudmore Sales").await;
    for (name, group) in [
        ("ann", Some(&finance)),
        ("bob", Some(&sales)),
        ("eve", Some(&sales)),
        ("ian", None),
    ] {
        let user = bridge.user(name).await;
        if let Some(group) = group {
            bridge.join(group, &user).await;
        }
    }
    bridge.pass(HOUR).await;
    bridge.calls();
    bridge
}

fn never() -> Setup {
    Setup {
        tenant: "reconcile = { every = \"never\" }",
        ..Setup::default()
    }
}

/// Asks for a comparison.
async fn ask(bridge: &Bridge, mode: &str) -> Value {
    let url = format!(
        "http://{}/admin/api/tenants/acme/reconcile",
        bridge.app.addr()
    );
    let request = bridge.http.request(Method::POST, url);
    let body = json!({ "mode": mode });
    expect(request.bearer_auth(ADMIN_TOKEN).json(&body), 200).await
}

/// Does whatever comparison is due.
async fn run(bridge: &Bridge) {
    let core = Arc::clone(bridge.app.bridge());
    bridge
        .app
        .run(async move { core.reconcile_once().await })
        .await;
}

/// Compares, and answers what is told then.
async fn compare(bridge: &Bridge, mode: &str) -> Value {
    ask(bridge, mode).await;
    run(bridge).await;
    report(bridge).await
}

/// What is told of differences.
async fn report(bridge: &Bridge) -> Value {
    let url = format!("http://{}/admin/api/tenants/acme/drift", bridge.app.addr());
    expect(bridge.http.get(url).bearer_auth(ADMIN_TOKEN), 200).await
}

/// The differences, each as one line: `ann role: 8 -> 6 (open)`.
fn lines(report: &Value) -> Vec<String> {
    let differences = report["differences"].as_array().unwrap();
    let mut lines: Vec<_> = differences
        .iter()
        .map(|each| {
            let text = |key: &str| each[key].as_str().unwrap().to_owned();
            let name = text("userName").replace("@acme.example", "");
            let place = text("place");
            let place = place.rsplit('/').next().unwrap();
            let place = match place {
                TEAM => "team",
                PRO => "pro",
                other => other,
            };
            let values = match each.get("should") {
                Some(should) => format!(": {} -> {should}", each["is"]),
                None => String::new(),
            };
            let gap = if place.is_empty() { "" } else { " " };
            format!(
                "{name} {}{gap}{place}{values} ({})",
                text("kind"),
                text("state")
            )
        })
        .collect();
    lines.sort();
    lines
}

/// Changes the organization by hand.
fn by_hand(bridge: &Bridge, change: impl FnOnce(&mut Organization)) {
    bridge
        .sandbox
        .edit(|world| change(world.organization_mut(seed::ACME).unwrap()));
}

/// Changes the account of somebody by hand.
fn edit(bridge: &Bridge, name: &str, field: &str, value: Value) {
    bridge.sandbox.edit(|world| {
        let person = world.person_mut(&format!("{name}@acme.example")).unwrap();
        person.fields.insert(field.to_owned(), value);
    });
}

fn id_of(bridge: &Bridge, name: &str) -> String {
    let world = bridge.sandbox.snapshot();
    world
        .person(&format!("{name}@acme.example"))
        .unwrap()
        .id
        .clone()
}

/// The SCIM id of somebody.
async fn scim_id(bridge: &Bridge, name: &str) -> String {
    let filter = format!("/Users?filter=userName eq \"{name}@acme.example\"");
    let found = bridge.get(&filter, 200).await;
    found["Resources"][0]["id"].as_str().unwrap().to_owned()
}

/// The SCIM id of a group.
async fn group_id(bridge: &Bridge, name: &str) -> String {
    let filter = format!("/Groups?filter=displayName eq \"Cloudmore {name}\"");
    let found = bridge.get(&filter, 200).await;
    found["Resources"][0]["id"].as_str().unwrap().to_owned()
}

/// Puts an account back by hand, as it was.
fn put_back(bridge: &Bridge, person: &Person, subscriptions: &[&str]) {
    by_hand(bridge, |acme| acme.users.push(person.clone()));
    bridge.sandbox.edit(|world| {
        for subscription in subscriptions {
            world.assign(subscription, &person.id).unwrap();
        }
    });
}

/// Takes an account out by hand, with its assignments, and answers it.
fn remove(bridge: &Bridge, name: &str) -> Person {
    let id = id_of(bridge, name);
    bridge.sandbox.edit(|world| {
        let acme = world.organization_mut(seed::ACME).unwrap();
        for subscription in &mut acme.subscriptions {
            subscription.assignments.retain(|seat| seat.user_id != id);
        }
        let at = acme
            .users
            .iter()
            .position(|person| person.id == id)
            .unwrap();
        acme.users.remove(at)
    })
}

fn assign(bridge: &Bridge, name: &str, subscription: &str) {
    let id = id_of(bridge, name);
    bridge
        .sandbox
        .edit(|world| world.assign(subscription, &id).unwrap());
}

fn unassign(bridge: &Bridge, name: &str, subscription: &str) {
    let id = id_of(bridge, name);
    by_hand(bridge, |acme| {
        let mut all = acme.subscriptions.iter_mut();
        let plan = all.find(|each| each.id == subscription).unwrap();
        plan.assignments.retain(|seat| seat.user_id != id);
    });
}

/// The calls that changed something, since the last look.
fn writes(bridge: &Bridge) -> Vec<String> {
    let calls = bridge.calls();
    calls
        .into_iter()
        .filter(|call| !call.starts_with("GET "))
        .collect()
}
