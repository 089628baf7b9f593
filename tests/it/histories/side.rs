//! One of the two targets that the history is run for: how its directory speaks, and what is found in its part of
//! Cloudmore.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use scim_bridge::sandbox::{Person, World, seed};
use serde_json::{Value, json};

use crate::harness::{BROKER_TOKEN, Bridge, TOKEN, patch_body};

/// A target, and its tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The organization Acme.
    Acme,
    /// The broker Northwind.
    Northwind,
}

/// What an end is told in: a line for each person, and for each request that was not answered as usual.
pub type Facts = BTreeMap<String, String>;

/// A target at work.
pub struct Side<'b> {
    pub target: Target,
    bridge: &'b Bridge,
    /// Requests that were not answered as usual.
    told: Facts,
}

impl Target {
    pub fn tenant(self) -> &'static str {
        match self {
            Self::Acme => "acme",
            Self::Northwind => "northwind",
        }
    }

    /// A login name of this target.
    pub fn login(self, name: &str) -> String {
        format!("{name}@{}.example", self.tenant())
    }

    /// The person that was made by hand.
    pub fn stranger(self) -> &'static str {
        match self {
            Self::Acme => "olga.first@acme.example",
            Self::Northwind => seed::HAND_MADE_ADMINISTRATOR,
        }
    }

    fn people(self, world: &World) -> &[Person] {
        match self {
            Self::Acme => &world.organization(seed::ACME).unwrap().users,
            Self::Northwind => &world.reseller(seed::NORTHWIND).unwrap().administrators,
        }
    }

    /// Everybody whom the target has in Cloudmore, and what they have.
    pub fn everybody(self, world: &World) -> Facts {
        let lines = self.people(world).iter().map(|person| {
            let access = access(world, person);
            (
                person.name().to_owned(),
                format!("{}{access}", data(person)),
            )
        });
        let facts: Facts = lines.collect();
        assert_eq!(
            facts.len(),
            self.people(world).len(),
            "somebody is there twice"
        );
        facts
    }
}

impl<'b> Side<'b> {
    pub fn new(target: Target, bridge: &'b Bridge) -> Self {
        Self {
            target,
            bridge,
            told: Facts::new(),
        }
    }

    /// Sends what the directory does; an answer of another status than the usual one is noted.
    pub async fn does(
        &mut self,
        deed: &str,
        usual: u16,
        (method, path): (Method, String),
        body: Value,
    ) -> Value {
        let token = match self.target {
            Target::Acme => TOKEN,
            Target::Northwind => BROKER_TOKEN,
        };
        let address = self.bridge.url_of(self.target.tenant(), &path);
        let request = self.bridge.http.request(method, address).bearer_auth(token);
        let request = if body.is_null() {
            request
        } else {
            request.json(&body)
        };
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        if status != usual {
            let answer: Value = serde_json::from_str(&text).unwrap_or_default();
            let words = answer["detail"].as_str().unwrap_or_default();
            if std::env::var_os("POSITION").is_some() {
                println!("{deed}: {status} {words}");
            }
            self.told.insert(format!("({deed})"), status.to_string());
        }
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Somebody comes; answers the SCIM id, empty if they were refused.
    pub async fn comes(&mut self, deed: &str, usual: u16, body: Value) -> String {
        let made = self
            .does(deed, usual, (Method::POST, "/Users".to_owned()), body)
            .await;
        made["id"].as_str().unwrap_or_default().to_owned()
    }

    pub async fn group(&mut self, name: &str) -> String {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name,
        });
        let made = self
            .does(name, 201, (Method::POST, "/Groups".to_owned()), body)
            .await;
        made["id"].as_str().unwrap().to_owned()
    }

    pub async fn joins(&mut self, deed: &str, group: &str, user: &str) {
        let add = json!([{"op": "Add", "path": "members", "value": [{"value": user}]}]);
        self.patches(deed, 204, format!("/Groups/{group}"), add)
            .await;
    }

    pub async fn leaves(&mut self, deed: &str, group: &str, user: &str) {
        let remove = json!([{"op": "Remove", "path": "members", "value": [{"value": user}]}]);
        self.patches(deed, 204, format!("/Groups/{group}"), remove)
            .await;
    }

    /// Sets attributes of a user.
    pub async fn becomes(&mut self, deed: &str, user: &str, attributes: Value) {
        let replace = json!([{"op": "Replace", "value": attributes}]);
        self.patches(deed, 200, format!("/Users/{user}"), replace)
            .await;
    }

    pub async fn is_deleted(&mut self, deed: &str, user: &str) {
        let path = format!("/Users/{user}");
        self.does(deed, 204, (Method::DELETE, path), Value::Null)
            .await;
    }

    async fn patches(&mut self, deed: &str, usual: u16, path: String, operations: Value) {
        let body = patch_body(operations);
        self.does(deed, usual, (Method::PATCH, path), body).await;
    }

    /// Somebody changes an account in Cloudmore's own pages.
    pub fn by_hand(&self, name: &str, fields: Value) {
        let login = self.target.login(name);
        self.bridge.sandbox.edit(|world| {
            if let Some(person) = world.person_mut(&login) {
                person.fields.extend(fields.as_object().unwrap().clone());
            }
        });
    }

    /// Somebody assigns an account to the Team plan in Cloudmore's own pages.
    pub fn assigned_by_hand(&self, name: &str) {
        let login = self.target.login(name);
        self.bridge.sandbox.edit(|world| {
            if self.target == Target::Acme
                && let Some(id) = world.person(&login).map(|person| person.id.clone())
            {
                world.assign(seed::TEAM_PLAN, &id).unwrap();
            }
        });
    }

    /// Users whose account is not as wanted, and how that is shown to the directory.
    async fn unsettled(&mut self) {
        let state = "urn:ietf:params:scim:schemas:extension:cloudmore:2.0:User";
        let path = format!("/Users?count=1000&attributes=userName,{state}:syncState");
        let list = self
            .does("list", 200, (Method::GET, path), Value::Null)
            .await;
        for user in list["Resources"].as_array().unwrap() {
            let how = user[state]["syncState"].as_str().unwrap();
            if how != "synced" {
                let who = user["userName"].as_str().unwrap();
                self.told.insert(format!("({who})"), how.to_owned());
            }
        }
    }

    /// What has come of it all, and which changes of Cloudmore are still tried: those among the last calls.
    pub async fn end(mut self, world: &World, last: &BTreeSet<String>) -> Facts {
        self.unsettled().await;
        let mut facts = self.told;
        facts.extend(self.target.everybody(world));
        let tried: Vec<_> = last.iter().map(String::as_str).collect();
        if !tried.is_empty() {
            facts.insert("(still tried)".to_owned(), tried.join(", "));
        }
        facts
    }
}

/// The fields of an account but for the login name, and whether it is active.
fn data(person: &Person) -> String {
    let mut lines = vec![person.text("displayName").to_owned()];
    if person.text("email") != person.name() {
        lines.push(person.text("email").to_owned());
    }
    let shown = [
        "name",
        "firstName",
        "lastName",
        "displayName",
        "email",
        "roleId",
        "isActive",
    ];
    let fields: BTreeMap<_, _> = person.fields.iter().collect();
    for (field, value) in fields {
        match value {
            _ if shown.contains(&field.as_str()) => {}
            Value::String(text) => lines.push(text.clone()),
            Value::Array(properties) => lines.extend(properties.iter().map(|property| {
                let text = |key: &str| property[key].as_str().unwrap_or_default();
                format!("{}={}", text("name"), text("value"))
            })),
            Value::Object(address) => {
                let parts = address
                    .values()
                    .map(|part| part.as_str().unwrap_or_default());
                lines.push(parts.collect::<Vec<_>>().join(" "));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => lines.push(value.to_string()),
        }
    }
    lines.join(", ")
}

/// The role, and the assignments with the external user ids.
fn access(world: &World, person: &Person) -> String {
    let mut plans = Vec::new();
    for id in world.subscriptions_of(&person.id) {
        let plan = world.subscription(id).unwrap();
        let seats = plan.assignments.iter();
        for seat in seats.filter(|seat| seat.user_id == person.id) {
            let external = seat.external_user_id.as_deref();
            plans.push(external.map_or(plan.product.clone(), |id| {
                format!("{} ({id})", plan.product)
            }));
        }
    }
    plans.sort();
    let plans: String = plans.iter().map(|plan| format!("; {plan}")).collect();
    format!("; role {}{plans}", person.fields["roleId"])
}
