//! The words of these tests: what a directory does to Ann, what she should have after it, and what must be true of
//! Cloudmore at the end of every story.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use scim_bridge::sandbox::{Sandbox, World};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::cloudmore::{has, only_touches, plenty_of_seats, until};
use crate::harness::{Bridge, Setup, expect, patch_body, person};

pub const HOUR: Duration = Duration::from_secs(3600);

/// What a directory does to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Create,
    JoinFinance,
    LeaveFinance,
    JoinSales,
    LeaveSales,
    Marry,
    Divorce,
    Deactivate,
    Reactivate,
    Delete,
}

/// What the directory says of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
            Deed::Divorce => wish.married = false,
            Deed::Deactivate => wish.active = false,
            Deed::Reactivate => wish.active = true,
            Deed::Delete => wish = Self::default(),
        }
        wish
    }

    /// What the person should have in Cloudmore, in the words of [`has`].
    pub fn grants(&self, name: &str) -> String {
        if !self.there || !self.active {
            return "nothing".to_owned();
        }
        let last_name = if self.married { "Married" } else { "Example" };
        let access = match (self.finance, self.sales) {
            (true, _) => "role 6; Pro seats, Team plan",
            (false, true) => "role 7; Team plan",
            (false, false) => "role 7; ",
        };
        format!("{name} {last_name}, {access}")
    }
}

/// A person, her two groups and the bridge between her directory and Cloudmore. She is called Ann; those who follow her
/// in the same story, to save the making of a bridge, are numbered.
pub struct Story {
    pub bridge: Bridge,
    pub finance: String,
    pub sales: String,
    pub name: String,
    /// Her SCIM id; empty until she is created.
    pub id: String,
    pub wish: Wish,
    people: Vec<String>,
    before: World,
}

impl Story {
    /// Two groups, and Ann as far as these deeds brought her.
    pub async fn begin(setup: Setup, deeds: &[Deed]) -> Self {
        let bridge = Bridge::with(setup).await;
        plenty_of_seats(&bridge);
        let mut story = Self {
            finance: bridge.group("Cloudmore Finance").await,
            sales: bridge.group("Cloudmore Sales").await,
            name: String::new(),
            id: String::new(),
            wish: Wish::default(),
            people: Vec::new(),
            before: bridge.sandbox.snapshot(),
            bridge,
        };
        story.next("ann", deeds).await;
        story
    }

    /// Goes on with another person, as far as these deeds bring her.
    pub async fn next(&mut self, name: &str, deeds: &[Deed]) {
        self.people.push(name.to_owned());
        name.clone_into(&mut self.name);
        self.id.clear();
        self.wish = Wish::default();
        for deed in deeds {
            self.does(*deed).await;
        }
        // A short settle_timeout may have answered before Cloudmore did.
        until(|| has(&self.bridge, name) == self.wish.grants(name)).await;
        self.bridge.calls();
    }

    pub async fn restart(self) -> Self {
        Self {
            bridge: self.bridge.restart().await,
            ..self
        }
    }

    pub async fn crash(self, meanwhile: impl FnOnce(&Sandbox)) -> Self {
        Self {
            bridge: self.bridge.crash(meanwhile).await,
            ..self
        }
    }

    /// The request by which the directory does this.
    pub fn request(&self, deed: Deed) -> RequestBuilder {
        let member =
            |op: &str| json!([{"op": op, "path": "members", "value": [{"value": self.id}]}]);
        let active = |value: &str| json!([{"op": "Replace", "path": "active", "value": value}]);
        let (method, path, body) = match deed {
            Deed::Create => (Method::POST, "/Users".to_owned(), person(&self.name)),
            Deed::JoinFinance => (Method::PATCH, self.group(&self.finance), member("Add")),
            Deed::LeaveFinance => (Method::PATCH, self.group(&self.finance), member("Remove")),
            Deed::JoinSales => (Method::PATCH, self.group(&self.sales), member("Add")),
            Deed::LeaveSales => (Method::PATCH, self.group(&self.sales), member("Remove")),
            Deed::Marry => (Method::PATCH, self.user(), self.called("Married")),
            Deed::Divorce => (Method::PATCH, self.user(), self.called("Example")),
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
            Deed::Marry | Deed::Divorce | Deed::Deactivate | Deed::Reactivate => 200,
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
        let answer = expect(self.request(deed), status).await;
        if deed == Deed::Create && status == 201 {
            self.id = answer["id"].as_str().unwrap().to_owned();
        }
        answer
    }

    /// Does it and gives the status and the `Retry-After` of the answer.
    pub async fn tries(&self, deed: Deed) -> (u16, Option<u64>) {
        let answer = self.request(deed).send().await.unwrap();
        let retry_after = answer.headers().get(reqwest::header::RETRY_AFTER);
        let retry_after = retry_after.map(|value| value.to_str().unwrap().parse().unwrap());
        (answer.status().as_u16(), retry_after)
    }

    /// Begins it without waiting for the answer, which may never come.
    pub fn begins(&self, deed: Deed) -> JoinHandle<Option<u16>> {
        let request = self.request(deed);
        tokio::spawn(async move {
            let answer = request.send().await.ok()?;
            Some(answer.status().as_u16())
        })
    }

    /// Looks the person up by name, as an IdP does that never got the answer to its create.
    pub async fn look_up(&mut self) -> bool {
        let filter = format!("userName eq \"{}@acme.example\"", self.name);
        let list = self
            .bridge
            .request(Method::GET, "/Users")
            .query(&[("filter", filter)]);
        let list = expect(list, 200).await;
        let id = list["Resources"][0]["id"].as_str();
        self.id = id.unwrap_or_default().to_owned();
        id.is_some()
    }

    /// Lets hours pass, after which all is as the directory says.
    pub async fn converges(&self) {
        for _ in 0..5 {
            self.bridge.pass(HOUR).await;
        }
        self.is_as_wanted();
    }

    /// The person has exactly what the directory says, and nothing of anybody else has changed.
    pub fn is_as_wanted(&self) {
        assert_eq!(has(&self.bridge, &self.name), self.wish.grants(&self.name));
        let people: Vec<&str> = self.people.iter().map(String::as_str).collect();
        only_touches(&self.bridge, &self.before, &people);
    }

    fn called(&self, last_name: &str) -> Value {
        let value = format!("{} {last_name}", self.name);
        json!([{"op": "Replace", "path": "displayName", "value": value}])
    }

    /// What the directory answers about her, as far as it is a [`Wish`].
    pub async fn remembered(&self) -> Wish {
        let list = self.bridge.get("/Users?count=1000", 200).await;
        let users = list["Resources"].as_array().unwrap().iter();
        let name = format!("{}@acme.example", self.name);
        let Some(user) = users.clone().find(|user| user["userName"] == *name) else {
            return Wish::default();
        };
        let groups = user["groups"].as_array().cloned().unwrap_or_default();
        let member = |group: &str| groups.iter().any(|each| each["value"] == group);
        Wish {
            there: true,
            active: user["active"] == true,
            finance: member(&self.finance),
            sales: member(&self.sales),
            married: user["displayName"].as_str().unwrap().ends_with("Married"),
        }
    }

    fn user(&self) -> String {
        format!("/Users/{}", self.id)
    }

    fn group(&self, id: &str) -> String {
        format!("/Groups/{id}")
    }
}
