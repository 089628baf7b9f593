//! Answers of the API, and how the switches shape them.

use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use serde_json::{Value, json};

use super::switches::{KeyCase, Lists, Switches};

/// An answer before the switches for lists and key casing have shaped it.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) payload: Payload,
    pub(super) location: Option<String>,
    pub(super) retry_after: Option<u64>,
    /// What happened, for the journal.
    pub(super) note: String,
}

#[derive(Debug)]
pub(super) enum Payload {
    Empty,
    /// One value of the API.
    One(Value),
    /// A list of the API.
    Many(Vec<Value>),
    /// Sent as it is: a JSON value, or plain text when it is a string.
    Verbatim(Value),
}

impl Answer {
    pub(super) fn new(status: StatusCode, payload: Payload, note: impl Into<String>) -> Self {
        Self {
            status,
            payload,
            location: None,
            retry_after: None,
            note: note.into(),
        }
    }

    pub(super) fn list(rows: Vec<Value>, what: &str) -> Self {
        let note = format!("lists {what} ({})", rows.len());
        Self::new(StatusCode::OK, Payload::Many(rows), note)
    }

    pub(super) fn one(value: Value, note: impl Into<String>) -> Self {
        Self::new(StatusCode::OK, Payload::One(value), note)
    }

    pub(super) fn healthy() -> Self {
        Self::one(Value::from("Healthy"), "is healthy")
    }

    pub(super) fn done(note: impl Into<String>) -> Self {
        Self::new(StatusCode::NO_CONTENT, Payload::Empty, note)
    }

    /// The answer as it goes over the wire.
    pub(super) fn into_response(self, switches: &Switches) -> Response<Body> {
        let body = match self.payload {
            Payload::Empty => None,
            Payload::One(value) => Some(cased(value, switches.key_case)),
            Payload::Many(rows) => Some(cased(wrapped(rows, switches), switches.key_case)),
            Payload::Verbatim(value) => Some(value),
        };
        let (kind, bytes) = match body {
            None => (None, String::new()),
            Some(Value::String(text)) if !self.status.is_success() => {
                (Some("text/plain; charset=utf-8"), text)
            }
            Some(value) => (Some("application/json; charset=utf-8"), value.to_string()),
        };
        let mut response = Response::new(Body::from(bytes));
        *response.status_mut() = self.status;
        let headers = [
            (header::CONTENT_TYPE, kind.map(str::to_owned)),
            (header::LOCATION, self.location),
            (
                header::RETRY_AFTER,
                self.retry_after.map(|seconds| seconds.to_string()),
            ),
        ];
        for (name, value) in headers {
            if let Some(value) = value.and_then(|text| text.parse().ok()) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

fn wrapped(mut rows: Vec<Value>, switches: &Switches) -> Value {
    let all = rows.len();
    let size = switches
        .page_size
        .and_then(|size| usize::try_from(size).ok());
    rows.truncate(size.unwrap_or(all));
    match switches.lists {
        Lists::Bare => Value::Array(rows),
        Lists::Items => json!({ "items": rows }),
        Lists::Data => json!({ "data": rows }),
        Lists::Value => json!({ "value": rows }),
        Lists::Results => json!({ "results": rows }),
        Lists::Counted => json!({ "items": rows, "totalCount": all }),
    }
}

fn cased(value: Value, case: KeyCase) -> Value {
    match case {
        KeyCase::Camel => value,
        KeyCase::Pascal => with_keys(value, &|key| first_letter(key, char::to_ascii_uppercase)),
    }
}

/// The value with every key rewritten, however deep.
pub(super) fn with_keys(value: Value, rewrite: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(key, value)| (rewrite(&key), with_keys(value, rewrite)))
            .collect(),
        Value::Array(items) => items
            .into_iter()
            .map(|item| with_keys(item, rewrite))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

/// The key with its first letter changed.
pub(super) fn first_letter(key: &str, change: impl Fn(&char) -> char) -> String {
    let mut letters = key.chars();
    letters
        .next()
        .map(|first| change(&first))
        .into_iter()
        .chain(letters)
        .collect()
}
