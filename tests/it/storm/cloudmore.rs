//! The simulated Cloudmore of a storm: two organizations, what goes wrong with calls, and what people do by hand.

use std::collections::{BTreeMap, BTreeSet};

use scim_bridge::sandbox::FaultAction::{
    DropAfterEffect, DropBeforeEffect, ExpireToken, LatencyMs, Status,
};
use scim_bridge::sandbox::{
    FaultAction, FaultRule, Faults, Options, Organization, Person, Sandbox, Seed, Subscription,
    World, seed,
};

use super::directory::PREFIX;

/// The other organization, a copy of Acme.
pub const GLOBEX: &str = "5d3e8a70-91f4-4e7c-8d2a-6b1c4f0e2002";

/// How ids of subscriptions begin, and with what those of Globex begin instead.
const IDS: [&str; 2] = ["b2e1d3c4", "b2e1d3c5"];

/// The subscription of Globex that is a copy of this one of Acme.
pub fn of_globex(subscription: &str) -> String {
    subscription.replacen(IDS[0], IDS[1], 1)
}

pub async fn start() -> Sandbox {
    let mut world = Seed::demo();
    let acme = &mut world.resellers[0].organizations[0];
    for subscription in &mut acme.subscriptions {
        subscription.quantity = Some(1000);
    }
    let globex = globex(acme);
    world.resellers[0].organizations.push(globex);
    let options = Options {
        seed: world,
        ..Options::default()
    };
    Sandbox::start(options).await.unwrap()
}

fn globex(acme: &Organization) -> Organization {
    let mut globex = acme.clone();
    globex.id = GLOBEX.to_owned();
    globex.name = "Globex".to_owned();
    globex.domains = vec!["globex.example".to_owned()];
    globex.users.clear();
    for subscription in &mut globex.subscriptions {
        subscription.id = of_globex(&subscription.id);
        subscription.assignments.clear();
    }
    globex
}

/// Of a hundred calls five are answered with 5xx, five with 429, three take their effect without an answer, and some
/// end before it, are slow, or find their token expired.
pub fn faults(seed: u64) -> Faults {
    let status = |code, retry_after| Status {
        code,
        retry_after,
        body: None,
    };
    let on_api =
        |action: FaultAction, percent| FaultRule::new(action).on_path("/api/").percent(percent);
    let rules = vec![
        on_api(status(500, None), 2),
        on_api(status(502, None), 1),
        on_api(status(503, None), 2),
        on_api(status(429, None), 3),
        on_api(status(429, Some(1)), 2),
        on_api(DropAfterEffect, 3),
        on_api(DropBeforeEffect, 2),
        on_api(LatencyMs(20), 30),
        on_api(LatencyMs(400), 5),
        on_api(LatencyMs(1500), 1),
        on_api(ExpireToken, 1),
        FaultRule::new(status(500, None))
            .on_path("/connect/")
            .percent(5),
    ];
    Faults { rules, seed }
}

/// What people make by hand, and how it looked when they had made it.
#[derive(Default)]
pub struct ByHand {
    made: usize,
    lines: Vec<String>,
}

impl ByHand {
    /// Takes note of what is there before the bridge.
    pub fn begin(sandbox: &Sandbox) -> Self {
        let lines = not_ours(&sandbox.snapshot());
        Self { made: 0, lines }
    }

    /// Makes somebody in each organization, who is assigned to what the directory's people are assigned to.
    pub fn make(&mut self, sandbox: &Sandbox) {
        self.made += 1;
        let name = format!("by.hand-{}", self.made);
        let acme = (seed::ACME, "acme.example", seed::TEAM_PLAN.to_owned());
        let globex = (GLOBEX, "globex.example", of_globex(seed::PRO_SEATS));
        for (organization, domain, plan) in [acme, globex] {
            let person = Person::new(&format!("{name}@{domain}"), seed::ORGANIZATION_USER);
            let person = person.with("title", "Made by hand");
            self.lines.extend(sandbox.edit(|world| {
                let id = world.add_user(organization, person).unwrap();
                world.assign(&plan, &id).unwrap();
                let of_them = |line: &String| line.contains(&id);
                not_ours(world)
                    .into_iter()
                    .filter(of_them)
                    .collect::<Vec<_>>()
            }));
        }
    }

    /// What is not as it was made, or was not made by hand.
    pub fn differs(&self, world: &World) -> Vec<String> {
        let made: BTreeSet<&str> = self.lines.iter().map(String::as_str).collect();
        let is = not_ours(world);
        let is: BTreeSet<&str> = is.iter().map(String::as_str).collect();
        let differences = made.symmetric_difference(&is);
        differences
            .map(|line| format!("not as made by hand: {line}"))
            .collect()
    }
}

fn is_ours(person: &Person) -> bool {
    person.name().starts_with(PREFIX)
}

/// Everything that is not of the directories' people, a line for each.
fn not_ours(world: &World) -> Vec<String> {
    let ours = world.people().filter(|person| is_ours(person));
    let ours: BTreeSet<&str> = ours.map(|person| person.id.as_str()).collect();
    let others = world.people().filter(|person| !is_ours(person));
    let mut lines: Vec<String> = others.map(|person| format!("{person:?}")).collect();
    for subscription in subscriptions(world) {
        let seats = subscription.assignments.iter();
        let seats = seats.filter(|seat| !ours.contains(seat.user_id.as_str()));
        lines.extend(seats.map(|seat| format!("{} {seat:?}", subscription.id)));
    }
    lines
}

fn subscriptions(world: &World) -> impl Iterator<Item = &Subscription> {
    let organizations = world.resellers.iter().flat_map(|each| &each.organizations);
    organizations.flat_map(|each| &each.subscriptions)
}

/// The accounts of the directories' people by the people's marks, each with what it has as a line.
pub fn accounts(world: &World) -> BTreeMap<String, String> {
    let ours = world.people().filter(|person| is_ours(person));
    let lines = ours.map(|person| (person.text("firstName").to_owned(), account(world, person)));
    lines.collect()
}

fn account(world: &World, person: &Person) -> String {
    let held = subscriptions(world).filter(|subscription| subscription.has(&person.id));
    let mut plans: Vec<&str> = held
        .map(|subscription| subscription.product.as_str())
        .collect();
    plans.sort_unstable();
    let [first, last, display, email] =
        ["firstName", "lastName", "displayName", "email"].map(|field| person.text(field));
    format!(
        "{} is {first} {last} ({display}) <{email}>, role {}; {}",
        person.name(),
        person.role_id().unwrap_or_default(),
        plans.join(", ")
    )
}

/// What must not be at any moment: somebody with two accounts, an assignment twice or of nobody.
pub fn impossible(world: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    let (mut marks, mut names) = (BTreeSet::new(), BTreeSet::new());
    for person in world.people() {
        if is_ours(person) && !marks.insert(person.text("firstName")) {
            wrong.push(format!("{} has two accounts", person.text("firstName")));
        }
        if !names.insert(person.name().to_lowercase()) {
            wrong.push(format!("two accounts are called {}", person.name()));
        }
    }
    for subscription in subscriptions(world) {
        let mut holders = BTreeSet::new();
        for seat in &subscription.assignments {
            if !holders.insert(&seat.user_id) {
                wrong.push(format!("{seat:?} is there twice"));
            }
            if !world.people().any(|person| person.id == seat.user_id) {
                wrong.push(format!("{seat:?} is of nobody"));
            }
        }
    }
    wrong
}
