//! A tenant taken out of the store, or put into it.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Operator, Problem, Told};
use crate::http::Http;
use crate::provision::{Export, ImportError, ReportError};

/// The largest export that is taken in, in bytes: 100,000 users fit.
pub(super) const LARGEST: usize = 1024 * 1024 * 1024;

/// `GET …/export`.
pub(super) async fn export(
    operator: Operator,
    State(http): State<Http>,
) -> Result<Told<Export>, Problem> {
    let export = http.bridge.export(&operator.context).await;
    Ok(Told(export.map_err(ReportError::Store)?))
}

/// `POST …/import`.
pub(super) async fn import(
    operator: Operator,
    State(http): State<Http>,
    body: Bytes,
) -> Result<Told<Value>, Problem> {
    let export: Export = serde_json::from_slice(&body).map_err(|error| {
        let words = format!("This is not what scim-bridge export writes: {error}");
        Problem::new(StatusCode::BAD_REQUEST, words)
    })?;
    let rows = http.bridge.import(&operator.context, export).await;
    let rows = rows.map_err(|error| match error {
        ImportError::Store(error) => {
            tracing::error!(error = %error, "An export was not taken in");
            let words = format!("The store did not take it, and nothing of it was kept: {error}");
            Problem::new(StatusCode::BAD_REQUEST, words)
        }
        refused @ (ImportError::Format(_) | ImportError::NotBlank | ImportError::Moved { .. }) => {
            Problem::new(StatusCode::CONFLICT, refused.to_string())
        }
    })?;
    Ok(Told(json!({ "rows": rows })))
}
