//! What became of a user, as the attributes of our extension show it.

use serde_json::{Map, Value, json};

use super::Refusal;
use crate::domain::model::{KnownSeat, SeatOrigin, SubscriptionRef};
use crate::scim::format_instant;
use crate::store::Status;

/// The extension [`CLOUDMORE_USER`](crate::scim::schema::CLOUDMORE_USER) of a user.
pub(super) fn extension(status: &Status) -> Value {
    let mut parts = Map::new();
    let mut put = |name: &str, value: Value| parts.insert(name.to_owned(), value);
    if let Some(account) = &status.account {
        put("accountId", Value::from(account.as_str()));
    }
    if let Some(role) = status.role {
        put("role", json!({ "value": role.to_string() }));
    }
    if let Some(at) = status.last_access {
        put("lastAccessedDate", Value::from(format_instant(at)));
    }
    let assignments: Vec<_> = status.seats.iter().filter_map(assignment).collect();
    if !assignments.is_empty() {
        put("assignments", Value::from(assignments));
    }
    let state = match status {
        Status {
            is_failed: true, ..
        } => "failed",
        Status { is_held: true, .. } => "held",
        Status { is_dirty: true, .. } => "pending",
        Status { .. } => "synced",
    };
    put("syncState", Value::from(state));
    if let Some(error) = &status.last_error {
        put("lastError", Value::from(words(error)));
    }
    Value::Object(parts)
}

/// `None` for an assignment that was looked for and is not there.
fn assignment((at, seat): (&SubscriptionRef, &KnownSeat)) -> Option<Value> {
    let (state, origin, reason) = match seat {
        KnownSeat::Absent => return None,
        KnownSeat::Uncertain { .. } => ("uncertain", None, None),
        KnownSeat::Held { origin, .. } => ("assigned", Some(*origin), None),
        KnownSeat::Refused { reason } => ("refused", None, Some(reason.as_str())),
    };
    let origin = origin.map(|origin| match origin {
        SeatOrigin::Made => "made",
        SeatOrigin::Foreign => "foreign",
    });
    let parts = [
        ("service", Some(at.service.as_str())),
        ("subscription", Some(at.subscription.as_str())),
        ("state", Some(state)),
        ("externalUserId", seat.external_user_id()),
        ("origin", origin),
        ("reason", reason),
    ];
    let said = parts.into_iter().filter_map(|(name, value)| {
        let value = value.filter(|value| !value.is_empty())?;
        Some((name.to_owned(), Value::from(value)))
    });
    Some(Value::Object(said.collect()))
}

/// A refusal is recorded with its kind; people want its words.
pub(super) fn words(error: &str) -> String {
    match serde_json::from_str::<Refusal>(error) {
        Ok(refusal) => refusal.words,
        Err(_) => error.to_owned(),
    }
}
