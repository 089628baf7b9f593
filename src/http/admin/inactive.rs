//! Who has not signed in for a while.

use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Operator, Problem, Told};
use crate::http::Http;
use crate::provision::Inactive;

/// As long as most reports look back.
const DAYS: u64 = 90;

/// How far the report looks back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Absence {
    days: Option<String>,
}

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
    Query(absence): Query<Absence>,
) -> Result<Told<Absent>, Problem> {
    let days = match absence.days.as_deref() {
        None => Some(DAYS),
        Some(text) => text.parse().ok().filter(|days| (1..=36_500).contains(days)),
    };
    let days = days.ok_or_else(|| {
        let words = "days must be a whole number from 1 to 36500.";
        Problem::new(StatusCode::BAD_REQUEST, words)
    })?;
    let absence = Duration::from_hours(24 * days);
    let people = http.bridge.inactive(&operator.context.tenant, absence).await?;
    Ok(Told(Absent { days, people }))
}
