//! One API call from arrival to answer: faults, effect, journal.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{Response, StatusCode, header};
use serde_json::{Map, Value};

use super::connection::Cut;
use super::faults::{FaultAction, FaultRule};
use super::journal::{Call, redacted};
use super::models::Model;
use super::reply::{Answer, Payload};
use super::state::Shared;
use super::switches::Switches;
use super::{form, route};

/// Bodies beyond this many bytes are refused.
const LARGEST_BODY: usize = 1024 * 1024;

/// A call as it arrived.
pub(super) struct Incoming {
    pub(super) method: String,
    /// The path as sent, without the query.
    pub(super) path: String,
    pub(super) authorization: Option<String>,
    pub(super) body: Bytes,
}

impl Incoming {
    pub(super) fn is_read_of(&self, path: &str) -> bool {
        self.method == "GET" && self.path.eq_ignore_ascii_case(path)
    }

    pub(super) fn is_token_request(&self) -> bool {
        self.path.eq_ignore_ascii_case("/connect/token")
    }

    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    pub(super) fn form(&self) -> Vec<(String, String)> {
        form::pairs(&String::from_utf8_lossy(&self.body))
    }

    /// The body for the journal, without its secrets.
    fn for_journal(&self, switches: &Switches) -> Option<Value> {
        if self.body.is_empty() {
            return None;
        }
        let body = if self.is_token_request() {
            let fields = self.form().into_iter();
            let fields: Map<_, _> = fields.map(|(key, text)| (key, Value::from(text))).collect();
            Some(Value::Object(fields))
        } else {
            self.json()
        };
        let names = &switches.field_names;
        let secrets = [
            "password",
            "client_secret",
            names.wire(Model::User, "password"),
            names.wire(Model::Administrator, "password"),
        ];
        Some(body.map_or_else(
            || Value::from("(not JSON)"),
            |body| redacted(&body, &secrets),
        ))
    }

    /// What the call is after, for notes about refusals.
    pub(super) fn intent(&self) -> String {
        let verb = match self.method.as_str() {
            "GET" => return "read".to_owned(),
            "DELETE" => return "remove".to_owned(),
            "POST" => "add",
            "PUT" => "change",
            other => return other.to_owned(),
        };
        let body = self.json();
        let whom = body.as_ref().and_then(|body| {
            let fields = body.as_object()?;
            let text = |name: &str| {
                let found = fields
                    .iter()
                    .find(|(key, _)| key.eq_ignore_ascii_case(name));
                found.and_then(|(_, value)| value.as_str())
            };
            text("name").or_else(|| text("userId"))
        });
        format!("{verb} {}", whom.unwrap_or("something"))
    }
}

/// How a call ends without an answer.
struct Dropped {
    note: String,
}

/// Answers every call outside the control side.
pub(super) async fn exchange(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST_BODY).await else {
        return bare(StatusCode::PAYLOAD_TOO_LARGE);
    };
    // In a task of its own: a client that stops waiting does not stop the effect.
    let life = tokio::spawn(live(shared, parts, body));
    match life.await {
        Ok(Some(response)) => response,
        Ok(None) => {
            cut.cut();
            bare(StatusCode::OK)
        }
        Err(_) => bare(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn bare(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// The whole life of a call; `None` when it ends without an answer.
async fn live(shared: Arc<Shared>, parts: Parts, body: Bytes) -> Option<Response<Body>> {
    let text_header = |name: &str| {
        let value = parts.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let incoming = Incoming {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        authorization: text_header(header::AUTHORIZATION.as_str()),
        body,
    };
    let (seq, rules) = shared.arrived(
        Call {
            seq: 0,
            method: incoming.method.clone(),
            path: parts.uri.to_string(),
            status: None,
            note: "under way".to_owned(),
            request: incoming.for_journal(&shared.switches()),
            correlation: text_header("x-correlation-id"),
        },
        &incoming.path,
    );
    let noted = |note: &str| {
        let trap = route::is_trap(&incoming.method, &incoming.path);
        format!("{}{note}", if trap { "TRAP: " } else { "" })
    };
    match with_faults(&shared, &incoming, &rules).await {
        Ok(answer) => {
            let status = answer.status.as_u16();
            shared.ended(seq, Some(status), noted(&answer.note));
            Some(answer.into_response(&shared.switches()))
        }
        Err(Dropped { note }) => {
            shared.ended(seq, None, noted(&note));
            None
        }
    }
}

async fn with_faults(
    shared: &Shared,
    incoming: &Incoming,
    rules: &[FaultRule],
) -> Result<Answer, Dropped> {
    let has = |action: &FaultAction| rules.iter().any(|rule| rule.action == *action);
    let latency = rules
        .iter()
        .map(|rule| match rule.action {
            FaultAction::LatencyMs(milliseconds) => milliseconds,
            FaultAction::Status { .. }
            | FaultAction::DropBeforeEffect
            | FaultAction::DropAfterEffect
            | FaultAction::ExpireToken
            | FaultAction::Hold
            | FaultAction::HoldAfterEffect => 0,
        })
        .fold(0, u64::saturating_add);
    if latency > 0 {
        shared
            .unless_closing(tokio::time::sleep(Duration::from_millis(latency)))
            .await
            .ok_or_else(closing)?;
    }
    hold(shared, rules, &FaultAction::Hold).await?;
    if has(&FaultAction::DropBeforeEffect) {
        return Err(Dropped {
            note: "fault: drops the connection, no effect".to_owned(),
        });
    }
    if has(&FaultAction::ExpireToken) {
        shared.forget_tokens();
        let note = "fault: forgets all tokens";
        return Ok(Answer::new(StatusCode::UNAUTHORIZED, Payload::Empty, note));
    }
    if let Some(answer) = rules.iter().find_map(|rule| status_fault(&rule.action)) {
        return Ok(answer);
    }
    let answer = shared.effect(incoming);
    hold(shared, rules, &FaultAction::HoldAfterEffect).await?;
    if has(&FaultAction::DropAfterEffect) {
        return Err(Dropped {
            note: format!("{}; fault: drops the connection", answer.note),
        });
    }
    Ok(answer)
}

/// Waits while a rule with this action that caught the call is among the faults.
async fn hold(shared: &Shared, rules: &[FaultRule], action: &FaultAction) -> Result<(), Dropped> {
    for rule in rules.iter().filter(|rule| rule.action == *action) {
        shared
            .unless_closing(shared.until_removed(rule))
            .await
            .ok_or_else(closing)?;
    }
    Ok(())
}

fn closing() -> Dropped {
    Dropped {
        note: "drops the connection, the sandbox stops".to_owned(),
    }
}

fn status_fault(action: &FaultAction) -> Option<Answer> {
    let FaultAction::Status {
        code,
        retry_after,
        body,
    } = action
    else {
        return None;
    };
    let status = StatusCode::from_u16(*code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let payload = body.clone().map_or(Payload::Empty, Payload::Verbatim);
    Some(Answer {
        retry_after: *retry_after,
        ..Answer::new(status, payload, format!("fault: answers {status}"))
    })
}
