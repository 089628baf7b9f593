//! Credentials that a running bridge keeps, and what each of them opens.

mod authority;
mod basic;
mod commands;
mod file;
mod life;
mod oauth;
mod replicas;
mod store_away;

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::operator::{ADMIN_TOKEN, admin_section};
use crate::harness::{Bridge, Setup, expect, mappings};

/// A bridge with an admin API; `more` are further lines about the tenant `acme`, such as a `[[tenant.basic]]`.
async fn bridge(more: &str) -> Bridge {
    let setup = Setup {
        server: admin_section().leak(),
        mappings: Some(more.to_owned() + &mappings()),
        ..Setup::default()
    };
    Bridge::with(setup).await
}

/// A request to the admin API about a tenant.
fn admin(bridge: &Bridge, method: Method, path: &str) -> RequestBuilder {
    let url = format!("http://{}/admin/api/{path}", bridge.app.addr());
    bridge.http.request(method, url).bearer_auth(ADMIN_TOKEN)
}

/// Makes a credential of a tenant.
async fn make(bridge: &Bridge, tenant: &str, body: Value) -> Made {
    let path = format!("tenants/{tenant}/credentials");
    let made = expect(admin(bridge, Method::POST, &path).json(&body), 200).await;
    Made::read(&made)
}

/// Tells a credential of a tenant something: to be revoked, or rotated.
async fn tell(bridge: &Bridge, tenant: &str, id: &str, what: &str) -> Value {
    let path = format!("tenants/{tenant}/credentials/{id}/{what}");
    expect(admin(bridge, Method::POST, &path), 200).await
}

/// What the admin API says of a credential of `acme`.
async fn state(bridge: &Bridge, id: &str) -> Value {
    let all = expect(admin(bridge, Method::GET, "tenants/acme/credentials"), 200).await;
    let all = all["credentials"].as_array().unwrap();
    all.iter().find(|one| one["id"] == id).unwrap().clone()
}

/// A credential as its maker sees it.
struct Made {
    id: String,
    name: String,
    secret: String,
}

impl Made {
    fn read(made: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            id: text(&made["credential"]["id"]),
            name: text(&made["credential"]["name"]),
            secret: text(&made["secret"]),
        }
    }

    async fn bearer(bridge: &Bridge) -> Self {
        make(bridge, "acme", json!({"label": "Entra"})).await
    }
}

/// How a request is sent with a credential.
type Show = fn(RequestBuilder, &str, &str) -> RequestBuilder;

fn as_bearer(request: RequestBuilder, _: &str, secret: &str) -> RequestBuilder {
    request.bearer_auth(secret)
}

fn as_basic(request: RequestBuilder, name: &str, secret: &str) -> RequestBuilder {
    request.basic_auth(name, Some(secret))
}

/// All that a caller sees of an answer, but for what differs with each request.
async fn seen(request: RequestBuilder) -> (u16, HeaderMap, String) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let mut headers = response.headers().clone();
    headers.remove("x-correlation-id").unwrap();
    headers.remove("date");
    // Whoever has sent a body that nobody read is told that the connection closes.
    headers.remove("connection");
    (status, headers, response.text().await.unwrap())
}

/// What a tenant answers to whoever shows a name and a secret.
async fn shown(
    bridge: &Bridge,
    tenant: &str,
    show: Show,
    (name, secret): (&str, &str),
) -> (u16, HeaderMap, String) {
    let request = bridge.http.get(bridge.url_of(tenant, "/Users?count=0"));
    seen(show(request, name, secret)).await
}

/// Asserts that a tenant answers exactly as it does to a token that nobody knows.
async fn refused(bridge: &Bridge, tenant: &str, show: Show, pair: (&str, &str)) {
    let unknown = shown(bridge, "acme", as_bearer, ("", "scimb_nobody-knows")).await;
    assert_eq!(unknown.0, 401);
    assert_eq!(shown(bridge, tenant, show, pair).await, unknown, "{pair:?}");
}

/// Asserts that `acme` lets somebody look.
async fn opens(bridge: &Bridge, show: Show, pair: (&str, &str)) {
    assert_eq!(shown(bridge, "acme", show, pair).await.0, 200, "{pair:?}");
}
