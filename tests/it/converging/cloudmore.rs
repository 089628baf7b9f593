//! What these tests look for in the simulated Cloudmore, and what they make go wrong in it.

use std::collections::HashSet;
use std::time::Duration;

use scim_bridge::sandbox::{Call, FaultAction, FaultRule, Person, World, seed};

use crate::harness::Bridge;

/// What somebody has in Cloudmore: `ann Example, role 6; Pro seats, Team plan`, or `nothing`.
pub fn has(bridge: &Bridge, name: &str) -> String {
    let access = bridge.access(name);
    let world = bridge.sandbox.snapshot();
    let account = world.person(&format!("{name}@acme.example"));
    account.map_or(access.clone(), |account| {
        format!("{}, {access}", account.text("displayName"))
    })
}

/// Cloudmore holds nothing twice, and differs from `before` only in the accounts of these people and what they have.
pub fn only_touches(bridge: &Bridge, before: &World, people: &[&str]) {
    let world = bridge.sandbox.snapshot();
    let mut names = HashSet::new();
    for person in world.people() {
        assert!(
            names.insert(person.name().to_lowercase()),
            "{} is there twice",
            person.name()
        );
    }
    for subscription in &world.resellers[0].organizations[0].subscriptions {
        let mut holders = HashSet::new();
        for assignment in &subscription.assignments {
            let holder = &assignment.user_id;
            assert!(
                holders.insert(holder),
                "{holder} is on {} twice",
                subscription.product
            );
            let exists = world.people().any(|person| person.id == *holder);
            assert!(
                exists,
                "{holder} is on {} and does not exist",
                subscription.product
            );
        }
    }
    assert_eq!(of_others(&world, people), of_others(before, people));
    let calls = bridge.sandbox.calls();
    assert!(calls.iter().all(|call| !call.note.starts_with("TRAP")));
}

/// Everything in Cloudmore that is not of these people, a line for each.
fn of_others(world: &World, people: &[&str]) -> Vec<String> {
    let ours = |person: &&Person| {
        let mut names = people.iter().map(|name| format!("{name}@acme.example"));
        names.any(|name| name == person.name())
    };
    let ids: HashSet<&str> = world
        .people()
        .filter(ours)
        .map(|person| person.id.as_str())
        .collect();
    let others = world.people().filter(|person| !ours(person));
    let mut lines: Vec<String> = others.map(|person| format!("{person:?}")).collect();
    for organization in world.resellers.iter().flat_map(|each| &each.organizations) {
        lines.extend(organization.groups.iter().map(|group| format!("{group:?}")));
        for subscription in &organization.subscriptions {
            let seats = subscription.assignments.iter();
            let seats = seats.filter(|seat| !ids.contains(seat.user_id.as_str()));
            lines.extend(seats.map(|seat| format!("{} {seat:?}", subscription.product)));
        }
    }
    lines
}

/// The calls to Cloudmore since the last look, in short: `POST Users`, `PUT Users/ID`, `DELETE Team plan`.
pub fn calls(bridge: &Bridge) -> Vec<String> {
    let calls = api_calls(bridge);
    bridge.sandbox.clear_calls();
    let world = bridge.sandbox.snapshot();
    let in_short = |call: &Call| {
        let segments: Vec<&str> = call.path.split('/').collect();
        let at = |name: &str| segments.iter().position(|segment| *segment == name);
        if let Some(at) = at("subscriptions") {
            let product = &world.subscription(segments[at + 1]).unwrap().product;
            return format!("{} {product}", call.method);
        }
        let people = at("Users").or(at("ResellerAdministrators")).unwrap();
        let one = if segments.len() > people + 1 {
            "/ID"
        } else {
            ""
        };
        format!("{} {}{one}", call.method, segments[people])
    };
    calls.iter().map(in_short).collect()
}

/// The calls to Cloudmore's API since the last look, without those for tokens.
pub fn api_calls(bridge: &Bridge) -> Vec<Call> {
    let mut calls = bridge.sandbox.calls();
    calls.retain(|call| call.path.starts_with("/api/"));
    calls
}

/// Waits until Cloudmore has this many calls that it does not answer.
pub async fn held(bridge: &Bridge, count: usize) {
    until(|| under_way(bridge) >= count).await;
}

/// Waits until Cloudmore has answered everything.
pub async fn idle(bridge: &Bridge) {
    until(|| under_way(bridge) == 0).await;
}

fn under_way(bridge: &Bridge) -> usize {
    let calls = api_calls(bridge);
    calls.iter().filter(|call| call.note == "under way").count()
}

/// Waits for something that happens by itself.
pub async fn until(reached: impl Fn() -> bool) {
    let mut look = tokio::time::interval(Duration::from_millis(1));
    for _ in 0..120_000 {
        if reached() {
            return;
        }
        look.tick().await;
    }
    panic!("waited in vain");
}

/// A fault in calls to Cloudmore's API; calls for tokens go well.
pub fn fault(action: FaultAction) -> FaultRule {
    FaultRule::new(action).on_path("/api/")
}

/// A status without words.
pub fn status(code: u16) -> FaultAction {
    FaultAction::Status {
        code,
        retry_after: None,
        body: None,
    }
}

/// Gives a product so many seats.
pub fn seats(bridge: &Bridge, subscription: &str, quantity: usize) {
    bridge
        .sandbox
        .edit(|world| world.subscription_mut(subscription).unwrap().quantity = Some(quantity));
}

/// Enough seats for everybody.
pub fn plenty_of_seats(bridge: &Bridge) {
    seats(bridge, seed::TEAM_PLAN, 1000);
    seats(bridge, seed::PRO_SEATS, 1000);
}
