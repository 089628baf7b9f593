//! Users who wait for a decision, and the decisions about accounts that were there before.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Operator, Problem, Told};
use crate::domain::adoption::Decision;
use crate::domain::model::AccountId;
use crate::http::Http;
use crate::provision::{GuardState, HeldUser, WaitingRemoval};

/// Who waits, and how much the guard has let through.
#[derive(Serialize)]
pub(super) struct Waiting {
    users: Vec<HeldUser>,
    removals: Vec<WaitingRemoval>,
    guard: GuardState,
}

/// What was decided, and about which account if that matters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdict {
    decision: Decision,
    account: Option<AccountId>,
}

/// `GET …/held`.
pub(super) async fn list(
    operator: Operator,
    State(http): State<Http>,
) -> Result<Told<Waiting>, Problem> {
    let tenant = &operator.context.tenant;
    Ok(Told(Waiting {
        users: http.bridge.held(&tenant.id).await?,
        removals: http.bridge.held_removals(&tenant.id).await?,
        guard: http.bridge.guard_state(tenant).await?,
    }))
}

/// `POST …/held/{user}`, where the user is a SCIM id or a userName.
pub(super) async fn decide(
    operator: Operator,
    State(http): State<Http>,
    Path((_, user)): Path<(String, String)>,
    body: Bytes,
) -> Result<Told<HeldUser>, Problem> {
    let verdict: Verdict = serde_json::from_slice(&body).map_err(|error| {
        let words = format!(
            "Send {{\"decision\": \"link\"}} or {{\"decision\": \"refuse\"}}, if you like with the \"account\" that \
             is meant: {error}"
        );
        Problem::new(StatusCode::BAD_REQUEST, words)
    })?;
    let account = verdict.account.as_ref();
    let decided = http
        .bridge
        .decide(&operator.context, &user, account, verdict.decision);
    decided.await?.map(Told).ok_or_else(|| {
        let words = format!(
            "Nobody called \"{user}\" waits for this decision. scim-bridge held list says who waits, and for which \
             account."
        );
        Problem::new(StatusCode::NOT_FOUND, words)
    })
}
