//! The journal: every API call that reached the sandbox, in words.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Older calls are forgotten beyond this many, so that a sandbox can run for weeks.
const KEPT: usize = 100_000;

/// One API call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Counts up in the order of arrival; never starts again while the sandbox runs.
    pub seq: u64,
    /// The HTTP method.
    pub method: String,
    /// Path and query as sent.
    pub path: String,
    /// The status answered. `None`: not answered yet, or the connection was dropped.
    pub status: Option<u16>,
    /// What happened, in words: `creates user ann@acme.example`. Begins with `TRAP` where a bridge must never call.
    pub note: String,
    /// The body, JSON or form fields; passwords and secrets are replaced.
    pub request: Option<Value>,
    /// The `X-Correlation-Id` header.
    pub correlation: Option<String>,
}

/// A call as a line for people to read.
pub fn describe(call: &Call) -> String {
    let status = call
        .status
        .map_or_else(|| "---".to_owned(), |code| code.to_string());
    format!(
        "{:>5}  {status}  {:<6} {}  {}",
        call.seq, call.method, call.path, call.note
    )
}

#[derive(Default)]
pub(super) struct Journal {
    calls: VecDeque<Call>,
    last: u64,
}

impl Journal {
    /// Notes that a call arrived and gives its number.
    pub(super) fn arrived(&mut self, mut call: Call) -> u64 {
        self.last += 1;
        call.seq = self.last;
        self.calls.push_back(call);
        if self.calls.len() > KEPT {
            self.calls.pop_front();
        }
        self.last
    }

    /// Notes how a call ended; nothing if the journal was cleared meanwhile.
    pub(super) fn ended(&mut self, seq: u64, status: Option<u16>, note: String) -> Option<Call> {
        let call = self.calls.iter_mut().rev().find(|call| call.seq == seq)?;
        call.status = status;
        call.note = note;
        Some(call.clone())
    }

    pub(super) fn since(&self, seq: u64) -> Vec<Call> {
        self.calls
            .iter()
            .filter(|call| call.seq > seq)
            .cloned()
            .collect()
    }

    pub(super) fn clear(&mut self) {
        self.calls.clear();
    }
}

/// The body without what must not be written down: the values of fields with these names.
pub(super) fn redacted(body: &Value, secrets: &[&str]) -> Value {
    match body {
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| {
                let secret = secrets.iter().any(|name| key.eq_ignore_ascii_case(name));
                let shown = if secret {
                    Value::from("(redacted)")
                } else {
                    redacted(value, secrets)
                };
                (key.clone(), shown)
            })
            .collect(),
        Value::Array(items) => items.iter().map(|item| redacted(item, secrets)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => body.clone(),
    }
}
