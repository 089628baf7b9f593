//! Replays requests as real clients send them: `fixtures/{client}/{shape}.json` holds method, path,
//! query, headers and body as recorded, and what the client needs of the answer.

use std::collections::BTreeMap;
use std::path::Path;

use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use crate::harness::{Bridge, TOKEN};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchange {
    /// What the client wants, for people.
    #[serde(rename = "about")]
    _about: String,
    request: Request,
    answer: Answer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    method: String,
    path: String,
    /// As on the wire, encoded.
    query: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    status: u16,
    /// By JSON pointer. `null` says that nothing is there, `"*"` that some text is.
    #[serde(default)]
    facts: BTreeMap<String, Value>,
}

/// Sends the recorded request with `{{name}}` replaced by the ids given, and checks the answer.
pub(crate) async fn replay(bridge: &Bridge, shape: &str, ids: &[(&str, &str)]) -> Value {
    let exchange = load(shape, ids);
    let response = send(bridge, exchange.request).await;
    let status = response.status();
    let content_type = response.headers().get(CONTENT_TYPE).cloned();
    let text = response.text().await.unwrap();
    assert_eq!(
        status.as_u16(),
        exchange.answer.status,
        "{shape} is answered with {text}"
    );
    if status == StatusCode::NO_CONTENT {
        assert_eq!(text, "", "{shape}");
    } else {
        assert_eq!(content_type.unwrap(), "application/scim+json", "{shape}");
    }
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    for (pointer, expected) in exchange.answer.facts {
        let found = body.pointer(&pointer);
        let is_text = || {
            let text = found.and_then(Value::as_str).unwrap_or_default();
            !text.is_empty()
        };
        let holds = if expected.is_null() {
            found.is_none()
        } else if expected == "*" {
            is_text()
        } else {
            found == Some(&expected)
        };
        assert!(holds, "{shape}: {pointer} should be {expected} in {body:#}");
    }
    body
}

fn load(shape: &str, ids: &[(&str, &str)]) -> Exchange {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures");
    let mut text = std::fs::read_to_string(fixtures.join(format!("{shape}.json"))).unwrap();
    for (name, id) in ids {
        text = text.replace(&format!("{{{{{name}}}}}"), id);
    }
    assert!(!text.contains("{{"), "{shape} needs more ids");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{shape}: {error}"))
}

async fn send(bridge: &Bridge, request: Request) -> Response {
    let query = request.query.map(|query| format!("?{query}"));
    let url = bridge.url(&format!("{}{}", request.path, query.unwrap_or_default()));
    let method = Method::from_bytes(request.method.as_bytes()).unwrap();
    let mut sent = bridge.http.request(method, url);
    if !request.headers.contains_key("Authorization") {
        sent = sent.bearer_auth(TOKEN);
    }
    for (name, value) in &request.headers {
        let name: HeaderName = name.parse().unwrap();
        sent = sent.header(name, HeaderValue::from_str(value).unwrap());
    }
    if let Some(body) = request.body {
        sent = sent.body(body.to_string());
    }
    sent.send().await.unwrap()
}
