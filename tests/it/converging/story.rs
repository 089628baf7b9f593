//! The words of these tests: what a directory does to Ann, what she should have after it, and what must be true of
//! Cloudmore at the end of every story.

use std::collections::HashSet;

use reqwest::{Method, RequestBuilder};
use scim_bridge::sandbox::{Call, FaultAction, FaultRule, World, seed};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::harness::{Bridge, Setup, patch_body, person};

/// What a directory does to Ann.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Create,
    JoinFinance,
    LeaveFinance,
    JoinSales,
    LeaveSales,
    Marry,
    Deactivate,
    Reactivate,
    Delete,
}

/// What the directory says of Ann.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    pub there: bool,
    pub active: bool,
    pub finance: bool,
    pub sales: bool,
    pub married: bool,
}

impl Wish {
    pub fn after(&self, deed: Deed) -> Self {
        let mut wish = self.clone();
        match deed {
            Deed::Create => (wish.there, wish.active) = (true, true),
            Deed::JoinFinance => wish.finance = true,
            Deed::LeaveFinance => wish.finance = false,
            Deed::JoinSales => wish.sales = true,
            Deed::LeaveSales => wish.sales = false,
            Deed::Marry => wish.married = true,
            Deed::Deactivate => wish.active = false,
            Deed::Reactivate => wish.active = true,
            Deed::Delete => wish = Self::default(),
        }
        wish
    }

    /// What she should have in Cloudmore, in the words of [`has`].
    pub fn grants(&self) -> String {
        if !self.there || !self.active {
            return "nothing".to_owned();
        }
        let name = if self.married {
            "Ann Married"
        } else {
            "ann Example"
        };
        let access = match (self.finance, self.sales) {
            (true, _) => "role 6; Pro seats, Team plan",
            (false, true) => "role 7; Team plan",
            (false, false) => "role 7; ",
        };
        format!("{name}, {access}")
    }
}

/// What somebody has in Cloudmore: `ann Example, role 6; Pro seats, Team plan`, or `nothing`.
pub fn has(bridge: &Bridge, name: &str) -> String {
    let access = bridge.access(name);
    let world = bridge.sandbox.snapshot();
    let account = world.person(&format!("{name}@acme.example"));
    account.map_or(access.clone(), |account| {
        format!("{}, {access}", account.text("displayName"))
    })
}

/// Ann, her two groups and the bridge between her directory and Cloudmore.
pub struct Story {
    pub bridge: Bridge,
    pub finance: String,
    pub sales: String,
    /// Her SCIM id; empty until she is created.
    pub ann: String,
    pub wish: Wish,
    before: World,
}

impl Story {
    /// Two groups, and Ann as far as these deeds brought her.
    pub async fn begin(setup: Setup, deeds: &[Deed]) -> Self {
        let bridge = Bridge::with(setup).await;
        let mut story = Self {
            finance: bridge.group("Cloudmore Finance").await,
            sales: bridge.group("Cloudmore Sales").await,
            ann: String::new(),
            wish: Wish::default(),
            before: bridge.sandbox.snapshot(),
            bridge,
        };
        for deed in deeds {
            story.does(*deed).await;
        }
        assert_eq!(has(&story.bridge, "ann"), story.wish.grants());
        story.bridge.calls();
        story
    }

    /// The request by which the directory does this.
    pub fn request(&self, deed: Deed) -> RequestBuilder {
        let member =
            |op: &str| json!([{"op": op, "path": "members", "value": [{"value": self.ann}]}]);
        let active = |value: &str| json!([{"op": "Replace", "path": "active", "value": value}]);
        let (method, path, body) = match deed {
            Deed::Create => (Method::POST, "/Users".to_owned(), person("ann")),
            Deed::JoinFinance => (Method::PATCH, self.group(&self.finance), member("Add")),
            Deed::LeaveFinance => (Method::PATCH, self.group(&self.finance), member("Remove")),
            Deed::JoinSales => (Method::PATCH, self.group(&self.sales), member("Add")),
            Deed::LeaveSales => (Method::PATCH, self.group(&self.sales), member("Remove")),
            Deed::Marry => (Method::PATCH, self.user(), married()),
            Deed::Deactivate => (Method::PATCH, self.user(), active("False")),
            Deed::Reactivate => (Method::PATCH, self.user(), active("True")),
            Deed::Delete => (Method::DELETE, self.user(), Value::Null),
        };
        let body = if method == Method::PATCH {
            patch_body(body)
        } else {
            body
        };
        let request = self.bridge.request(method, &path);
        if body.is_null() {
            request
        } else {
            request.json(&body)
        }
    }

    /// Does it and expects success.
    pub async fn does(&mut self, deed: Deed) {
        let status = match deed {
            Deed::Create => 201,
            Deed::Marry | Deed::Deactivate | Deed::Reactivate => 200,
            Deed::JoinFinance
            | Deed::LeaveFinance
            | Deed::JoinSales
            | Deed::LeaveSales
            | Deed::Delete => 204,
        };
        self.answered(deed, status).await;
        self.wish = self.wish.after(deed);
    }

    /// Does it and expects this answer.
    pub async fn answered(&mut self, deed: Deed, status: u16) -> Value {
        let answer = crate::harness::expect(self.request(deed), status).await;
        if deed == Deed::Create && status == 201 {
            self.ann = answer["id"].as_str().unwrap().to_owned();
        }
        answer
    }

    /// Begins it without waiting for the answer, which may never come.
    pub fn begins(&self, deed: Deed) -> JoinHandle<Option<u16>> {
        let request = self.request(deed);
        tokio::spawn(async move {
            let answer = request.send().await.ok()?;
            Some(answer.status().as_u16())
        })
    }

    /// Looks Ann up by name, as an IdP does that never got the answer to its create.
    pub async fn look_up(&mut self) -> bool {
        let found = self
            .bridge
            .get("/Users?filter=userName%20eq%20%22ann@acme.example%22", 200)
            .await;
        let id = found["Resources"][0]["id"].as_str().map(str::to_owned);
        self.ann.clone_from(id.as_ref().unwrap_or(&String::new()));
        id.is_some()
    }

    /// Lets a day pass, after which all is as the directory says.
    pub async fn converges(&self) {
        for _ in 0..24 {
            self.bridge.pass(std::time::Duration::from_secs(3600)).await;
        }
        self.is_as_wanted();
    }

    /// Ann has exactly what the directory says, and nothing of anybody else has changed.
    pub fn is_as_wanted(&self) {
        assert_eq!(has(&self.bridge, "ann"), self.wish.grants());
        only_touches(&self.bridge, &self.before, &["ann"]);
    }

    fn user(&self) -> String {
        format!("/Users/{}", self.ann)
    }

    fn group(&self, id: &str) -> String {
        format!("/Groups/{id}")
    }
}

fn married() -> Value {
    json!([{"op": "Replace", "path": "displayName", "value": "Ann Married"}])
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
    assert_eq!(without(world, people), without(before.clone(), people));
    let calls = bridge.sandbox.calls();
    assert!(calls.iter().all(|call| !call.note.starts_with("TRAP")));
}

/// The world without these people.
fn without(mut world: World, people: &[&str]) -> World {
    let ours = |name: &str| {
        people
            .iter()
            .any(|each| name == format!("{each}@acme.example"))
    };
    let ids: HashSet<String> = world
        .people()
        .filter(|person| ours(person.name()))
        .map(|person| person.id.clone())
        .collect();
    world.ids_given = 0;
    for organization in world
        .resellers
        .iter_mut()
        .flat_map(|each| &mut each.organizations)
    {
        organization
            .users
            .retain(|person| !ids.contains(&person.id));
        for subscription in &mut organization.subscriptions {
            subscription
                .assignments
                .retain(|each| !ids.contains(&each.user_id));
        }
    }
    world
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
    let mut look = tokio::time::interval(std::time::Duration::from_millis(1));
    for _ in 0..20_000 {
        let under_way = |call: &&Call| call.note == "under way";
        if api_calls(bridge).iter().filter(under_way).count() >= count {
            return;
        }
        look.tick().await;
    }
    panic!("no call is held: {:?}", api_calls(bridge));
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
