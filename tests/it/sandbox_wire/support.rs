//! A client of the sandbox that knows the wire and nothing else.

use reqwest::Method;
use scim_bridge::sandbox::seed::{ACME, API_PASSWORD, API_SECRET, API_USERNAME, NORTHWIND};
use scim_bridge::sandbox::{Call, Options, Sandbox, Switches};
use serde_json::{Value, json};

/// A password that meets the policy for everybody in these tests.
pub(crate) const GOOD_PASSWORD: &str = "Qz7!vKp2#Lw9";

pub(crate) struct Client {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: reqwest::Client,
    pub(crate) token: String,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) retry_after: Option<String>,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) async fn of(response: reqwest::Response) -> Self {
        let header = |name: &str| {
            let value = response.headers().get(name);
            value.map(|value| value.to_str().unwrap().to_owned())
        };
        Self {
            status: response.status().as_u16(),
            location: header("location"),
            retry_after: header("retry-after"),
            text: response.text().await.unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// The id that a create left in `Location`.
    pub(crate) fn id(&self) -> String {
        let location = self.location.as_ref().expect("a Location");
        location.rsplit('/').next().unwrap().to_owned()
    }
}

impl Client {
    pub(crate) async fn new(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let mut client = Self {
            sandbox,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            token: String::new(),
        };
        client.sign_in().await;
        client.sandbox.clear_calls();
        client
    }

    pub(crate) async fn demo() -> Self {
        Self::new(Options::default()).await
    }

    pub(crate) async fn with(switches: Switches) -> Self {
        Self::new(Options {
            switches,
            ..Options::default()
        })
        .await
    }

    /// A client of a sandbox with one switch set as a file would set it: `set("put", "keeps")`.
    pub(crate) async fn set(switch: &str, position: &str) -> Self {
        Self::with(serde_json::from_value(json!({ switch: position })).unwrap()).await
    }

    pub(crate) async fn sign_in(&mut self) {
        let reply = self.ask_token(&credentials(), None).await;
        self.token = reply.json()["access_token"].as_str().unwrap().to_owned();
    }

    /// Asks for a token with these form fields and, if given, a Basic header.
    pub(crate) async fn ask_token(
        &self,
        form: &[(&str, &str)],
        basic: Option<(&str, &str)>,
    ) -> Reply {
        let mut request = self.http.post(self.address("/connect/token")).form(form);
        if let Some((id, secret)) = basic {
            request = request.basic_auth(id, Some(secret));
        }
        Reply::of(request.send().await.unwrap()).await
    }

    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.url())
    }

    pub(crate) async fn try_send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> reqwest::Result<Reply> {
        let mut request = self
            .http
            .request(method, self.address(path))
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        Ok(Reply::of(request.send().await?).await)
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.try_send(Method::GET, path, None).await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.try_send(Method::POST, path, Some(body)).await.unwrap()
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.try_send(Method::PUT, path, Some(body)).await.unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.try_send(Method::DELETE, path, None).await.unwrap()
    }

    /// Creates a user of Acme and gives the id.
    pub(crate) async fn create(&self, name: &str) -> String {
        let reply = self.post(&users(), person(name)).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.id()
    }

    /// The last call in the journal.
    pub(crate) fn last_call(&self) -> Call {
        self.sandbox.calls().pop().unwrap()
    }
}

pub(crate) fn credentials() -> Vec<(&'static str, &'static str)> {
    let mut form = without_secret();
    form.push(("client_id", "ro.customer.client"));
    form.push(("client_secret", API_SECRET));
    form
}

pub(crate) fn without_secret() -> Vec<(&'static str, &'static str)> {
    vec![
        ("grant_type", "password"),
        ("username", API_USERNAME),
        ("password", API_PASSWORD),
        ("scope", "api"),
    ]
}

/// A body that creates this person.
pub(crate) fn person(name: &str) -> Value {
    json!({
        "name": name,
        "firstName": "Ann",
        "lastName": "Jones",
        "displayName": "Ann Jones",
        "email": name,
        "roleId": 7,
        "password": GOOD_PASSWORD,
    })
}

/// The body with one field set, or left out when the value is null.
pub(crate) fn but(mut body: Value, field: &str, value: Value) -> Value {
    let fields = body.as_object_mut().unwrap();
    if value.is_null() {
        fields.remove(field);
    } else {
        fields.insert(field.to_owned(), value);
    }
    body
}

pub(crate) fn reseller() -> String {
    format!("/api/resellers/{NORTHWIND}")
}

pub(crate) fn organization() -> String {
    format!("{}/organizations/{ACME}", reseller())
}

pub(crate) fn users() -> String {
    format!("{}/Users", organization())
}

pub(crate) fn user(id: &str) -> String {
    format!("{}/{id}", users())
}

pub(crate) fn administrator(id: &str) -> String {
    format!("{}/{id}", administrators())
}

/// Both populations: a path to create in, and a body that is created there.
pub(crate) fn both() -> [(String, Value); 2] {
    let administrator = but(person("ann@northwind.example"), "roleId", json!(24));
    [
        (users(), person("ann@acme.example")),
        (administrators(), administrator),
    ]
}

pub(crate) fn administrators() -> String {
    format!("{}/ResellerAdministrators", reseller())
}

pub(crate) fn seats(service: &str, subscription: &str) -> String {
    format!(
        "{}/services/{service}/subscriptions/{subscription}/users",
        organization()
    )
}
