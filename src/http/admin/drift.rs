//! Where Cloudmore differs from what users should have, and asking for a comparison.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use super::{Operator, Problem, Told};
use crate::domain::policy::ReconcileMode;
use crate::http::Http;
use crate::provision::DriftReport;

/// What is to be done about differences.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    mode: ReconcileMode,
}

/// `GET …/drift`.
pub(super) async fn report(
    operator: Operator,
    State(http): State<Http>,
) -> Result<Told<DriftReport>, Problem> {
    Ok(Told(http.bridge.drift(&operator.context.tenant).await?))
}

/// `POST …/reconcile`.
pub(super) async fn reconcile(
    operator: Operator,
    State(http): State<Http>,
    body: Bytes,
) -> Result<Told<DriftReport>, Problem> {
    let ask: Ask = serde_json::from_slice(&body).map_err(|error| {
        let words = format!("Send {{\"mode\": \"report\"}} or {{\"mode\": \"repair\"}}: {error}");
        Problem::new(StatusCode::BAD_REQUEST, words)
    })?;
    let asked = http.bridge.ask_for_reconcile(&operator.context, ask.mode);
    Ok(Told(asked.await?))
}
