//! Who has not signed in for a while.

use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use serde::Serialize;

use super::{Operator, Problem, Told};
use crate::http::Http;
use crate::provision::Inactive;

/// As long as most reports look back.
const DAYS: u64 = 90;

/// The report.
#[derive(Serialize)]
pub(super) struct Absent {
    days: u64,
    people: Vec<Inactive>,
}

/// `GET …/inactive?days=90`.
pub(super) async fn report(
    operator: Operator,
    State(http): State<Http>,
    RawQuery(query): RawQuery,
) -> Result<Told<Absent>, Problem> {
    let days = days(query.as_deref().unwrap_or_default()).ok_or_else(|| {
        let words = "The report takes days=N, a whole number from 1 to 36500.";
        Problem::new(StatusCode::BAD_REQUEST, words)
    })?;
    let absence = Duration::from_hours(24 * days);
    let people = http
        .bridge
        .inactive(&operator.context.tenant, absence)
        .await?;
    Ok(Told(Absent { days, people }))
}

fn days(query: &str) -> Option<u64> {
    if query.is_empty() {
        return Some(DAYS);
    }
    let days = query.strip_prefix("days=")?.parse().ok()?;
    (1..=36_500).contains(&days).then_some(days)
}
