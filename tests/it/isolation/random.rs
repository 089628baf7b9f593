//! Thousands of random requests of one tenant, with ids, cursors and names of the other wherever they may stand: none
//! reads, changes or reveals anything of it.

use reqwest::Method;
use serde_json::{Value, json};

use super::{ACME, NORTHWIND, Side, twins};
use crate::harness::{Bridge, patch_body, person};
use crate::storm::chance::Chance;

const REQUESTS: usize = 5_000;
/// Users of each side besides the first.
const USERS: usize = 5;
/// Stands in everything that only the other side has.
const MARK: &str = "nobody else's business";
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// Somebody who sends whatever comes to mind, knowing all ids of both sides.
struct Intruder<'b> {
    bridge: &'b Bridge,
    chance: Chance,
    own: Ids,
    others: Ids,
    cursors: Vec<String>,
}

#[derive(Clone)]
struct Ids {
    users: Vec<String>,
    groups: Vec<String>,
}

struct Request {
    method: Method,
    path: String,
    body: Option<Value>,
}

#[tokio::test]
async fn five_thousand_random_requests_of_one_tenant_leave_the_other_alone() {
    let seed = std::env::var("SCIM_BRIDGE_TEST_SEED").map_or(7, |seed| seed.parse().unwrap());
    let twins = twins().await;
    let bridge = &twins.bridge;
    let own = furnish(bridge, ACME, &twins.acme, "ours").await;
    let others = furnish(bridge, NORTHWIND, &twins.northwind, MARK).await;
    let before = all_of(bridge).await;
    let cursors = [
        cursor(bridge, "/Users").await,
        cursor(bridge, "/Groups").await,
    ];
    let mut intruder = Intruder {
        bridge,
        chance: Chance::new(seed, 0),
        own,
        others,
        cursors: cursors.into(),
    };
    let mut well = 0;
    for number in 0..REQUESTS {
        let request = intruder.next(number);
        let status = intruder.learns_nothing(&request).await;
        well += usize::from(status < 300);
    }
    assert!(well > REQUESTS / 10, "only {well} did anything at all");
    assert_eq!(all_of(bridge).await, before);
}

/// More users and groups for a side, with its mark on each.
async fn furnish(bridge: &Bridge, side: Side, first: &[String; 2], mark: &str) -> Ids {
    let [user, group] = first.clone();
    let mut ids = Ids {
        users: vec![user],
        groups: vec![group],
    };
    for number in 0..USERS {
        let mut body = person(&format!("p{number}"));
        body["title"] = json!(mark);
        let user = side.send(bridge, Method::POST, "/Users", &body, 201).await;
        ids.users.push(user["id"].as_str().unwrap().to_owned());
    }
    let members: Vec<_> = ids.users.iter().map(|id| json!({"value": id})).collect();
    let body =
        json!({"displayName": format!("Team, {mark}"), "externalId": "team", "members": members});
    let group = side.send(bridge, Method::POST, "/Groups", &body, 201).await;
    ids.groups.push(group["id"].as_str().unwrap().to_owned());
    ids
}

/// The other side as it sees itself, and as it is in Cloudmore.
async fn all_of(bridge: &Bridge) -> (Vec<Value>, Vec<String>) {
    let seen = NORTHWIND.everything(bridge).await.to_vec();
    let world = bridge.sandbox.snapshot();
    let administrators = world.resellers.iter().flat_map(|each| &each.administrators);
    (
        seen,
        administrators.map(|each| format!("{each:?}")).collect(),
    )
}

async fn cursor(bridge: &Bridge, path: &str) -> String {
    let list = NORTHWIND
        .get(bridge, &format!("{path}?cursor&count=1"), 200)
        .await;
    list["nextCursor"].as_str().unwrap().to_owned()
}

impl Intruder<'_> {
    /// Sends a request. Its answer has nothing of the other side that was not in the request; and where an id of the other
    /// side is asked for, it is as for an id that is nobody's.
    async fn learns_nothing(&self, request: &Request) -> u16 {
        let (status, answer) = self.send(request).await;
        let sent = format!("{} {:?}", request.path, request.body);
        let ids = self.others.users.iter().chain(&self.others.groups);
        let secrets = ids.map(String::as_str).chain([MARK, "/northwind/"]);
        for secret in secrets.filter(|secret| !sent.contains(secret)) {
            assert!(!answer.contains(secret), "{sent}: {answer}");
        }
        assert!(status < 500, "{sent}: {answer}");
        let foreign = self.others.users.iter().chain(&self.others.groups);
        let Some(foreign) = foreign.into_iter().find(|id| request.path.contains(*id)) else {
            return status;
        };
        let elsewhere = Request {
            method: request.method.clone(),
            path: request.path.replace(foreign, NOBODY),
            body: request.body.clone(),
        };
        let (nobodys, of_nobody) = self.send(&elsewhere).await;
        assert_eq!(status, nobodys, "{sent}");
        assert_eq!(answer.replace(foreign, NOBODY), of_nobody, "{sent}");
        status
    }

    async fn send(&self, request: &Request) -> (u16, String) {
        let sent = ACME.request(self.bridge, request.method.clone(), &request.path);
        let sent = match &request.body {
            Some(body) => sent.json(body),
            None => sent,
        };
        let answer = sent.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    fn next(&mut self, number: usize) -> Request {
        let (method, path, body) = match self.chance.below(12) {
            0 | 1 => (Method::GET, self.resource(), None),
            2 | 3 => {
                let filter = self.filter();
                (
                    Method::GET,
                    format!("{}?filter={filter}", self.list()),
                    None,
                )
            }
            4 => {
                let cursor = self.chance.one_of(&self.cursors);
                (
                    Method::GET,
                    format!("{}?cursor={cursor}&count=3", self.list()),
                    None,
                )
            }
            5 => {
                let search = json!({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
                    "filter": self.filter(), "count": 50, "sortBy": "title",
                });
                let path = self
                    .chance
                    .one_of(&["/.search", "/Users/.search", "/Groups/.search"]);
                (Method::POST, path.to_owned(), Some(search))
            }
            6 => (Method::PATCH, self.resource(), Some(self.rename(number))),
            7 => {
                let group = self.group();
                (
                    Method::PATCH,
                    format!("/Groups/{group}"),
                    Some(self.membership()),
                )
            }
            8 => {
                let others = self.others.clone();
                let id = self.chance.one_of(&[others.users, others.groups].concat());
                let path = self.chance.one_of(&["/Users", "/Groups"]);
                (Method::DELETE, format!("{path}/{id}"), None)
            }
            9 => {
                let mut body = person(&format!("p{}", self.chance.below(USERS)));
                body["id"] = json!(self.user());
                body["groups"] = json!([{"value": self.group()}]);
                (Method::PUT, format!("/Users/{}", self.user()), Some(body))
            }
            10 => {
                let body = json!({
                    "displayName": format!("Group {}", self.chance.below(20)),
                    "id": self.group(), "members": [{"value": self.user()}, {"value": self.user()}],
                });
                match self.chance.one_in(2) {
                    true => (Method::POST, "/Groups".to_owned(), Some(body)),
                    false => (Method::PUT, format!("/Groups/{}", self.group()), Some(body)),
                }
            }
            _ => (Method::POST, "/Bulk".to_owned(), Some(self.bulk(number))),
        };
        Request { method, path, body }
    }

    fn user(&mut self) -> String {
        let users = [self.own.users.clone(), self.others.users.clone()].concat();
        self.chance.one_of(&users)
    }

    fn group(&mut self) -> String {
        let groups = [self.own.groups.clone(), self.others.groups.clone()].concat();
        self.chance.one_of(&groups)
    }

    fn list(&mut self) -> String {
        self.chance.one_of(&["/Users", "/Groups"]).to_owned()
    }

    fn resource(&mut self) -> String {
        match self.chance.one_in(2) {
            true => format!("/Users/{}", self.user()),
            false => format!("/Groups/{}", self.group()),
        }
    }

    fn filter(&mut self) -> String {
        let (user, group, number) = (self.user(), self.group(), self.chance.below(USERS));
        let choices = [
            format!("id eq \"{user}\""),
            format!("id eq \"{group}\" or id eq \"{user}\""),
            format!("not (id eq \"{user}\")"),
            format!("members.value eq \"{user}\""),
            format!("groups.value eq \"{group}\""),
            format!("userName eq \"p{number}@acme.example\""),
            format!("externalId eq \"p{number}\" or id pr"),
            "title pr".to_owned(),
            "title sw \"nobody\"".to_owned(),
            "displayName co \"e\"".to_owned(),
            "meta.lastModified gt \"2020-01-01T00:00:00Z\"".to_owned(),
            "meta.location co \"north\"".to_owned(),
        ];
        self.chance.one_of(&choices)
    }

    fn rename(&mut self, number: usize) -> Value {
        let name = format!("Name {}", number % 50);
        patch_body(json!([{"op": "replace", "path": "displayName", "value": name}]))
    }

    fn membership(&mut self) -> Value {
        let (one, other) = (self.user(), self.user());
        let choices = [
            json!([{"op": "add", "path": "members", "value": [{"value": one}, {"value": other}]}]),
            json!([{"op": "remove", "path": format!("members[value eq \"{one}\"]")}]),
            json!([{"op": "remove", "path": "members", "value": [{"value": one}]}]),
            json!([{"op": "replace", "path": "members", "value": [{"value": one}]}]),
        ];
        patch_body(self.chance.one_of(&choices))
    }

    fn bulk(&mut self, number: usize) -> Value {
        let rename = self.rename(number);
        let operations = [
            json!({"method": "PATCH", "path": self.resource(), "data": rename}),
            json!({"method": "DELETE", "path": format!("/Users/{}", self.others.users[0])}),
            json!({"method": "PATCH", "path": format!("/Groups/{}", self.group()), "data": self.membership()}),
        ];
        let schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
        json!({"schemas": schemas, "Operations": operations})
    }
}
