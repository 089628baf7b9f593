//! Who was refused at a tenant's door, why, and what to change about it; and who was let in.

use std::collections::BTreeMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Admitted, Problem, Told};
use crate::http::Http;
use crate::provision::ReportError;
use crate::scim::format_instant;

/// How many are told if nothing else is said, and at most.
const USUAL: u32 = 100;
const MOST: u32 = 1000;

/// Which are asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// As addresses name it, whether there is one or not.
    tenant: Option<String>,
    /// Also who was let in.
    #[serde(default)]
    all: bool,
    limit: Option<u32>,
}

/// The latest first.
#[derive(Serialize)]
pub(super) struct Decisions {
    admissions: Vec<Decision>,
}

/// Decisions that have all but the time in common.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Decision {
    tenant: String,
    /// Whether there was such a tenant.
    exists: bool,
    admitted: bool,
    /// Why not, and what to change about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    reason: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    advice: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    credential: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    label: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    address: String,
    /// What the last one said of itself.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    said: BTreeMap<String, String>,
    times: i64,
    first: String,
    last: String,
    /// The correlation id of the last one.
    request: String,
}

/// `GET …/admissions`.
pub(super) async fn list(
    _admitted: Admitted,
    State(http): State<Http>,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Told<Decisions>, Problem> {
    let unclear = || {
        let words = format!(
            "Ask for the tenant with tenant=NAME, for 1 to {MOST} with limit=NUMBER, and with all=true also for those who were let in."
        );
        Problem::new(StatusCode::BAD_REQUEST, words)
    };
    let Query(which) = which.map_err(|_| unclear())?;
    let limit = which.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(unclear());
    }
    let tenant = which.tenant.as_deref();
    let decisions = http.doors.decisions(tenant, !which.all, limit).await;
    let decisions = decisions.map_err(ReportError::Store)?;
    let admissions = decisions.into_iter().map(|one| Decision {
        tenant: one.tenant,
        exists: one.known,
        admitted: one.admitted,
        reason: one.reason,
        advice: one.advice,
        kind: one.kind,
        credential: one.credential,
        label: one.label,
        address: one.address,
        said: one.said,
        times: one.times,
        first: format_instant(one.first_at),
        last: format_instant(one.last_at),
        request: one.request,
    });
    Ok(Told(Decisions {
        admissions: admissions.collect(),
    }))
}
