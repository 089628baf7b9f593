//! Users whose accounts could not be made as wanted, and trying them again.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Operator, Problem, Told};
use crate::domain::model::UserId;
use crate::http::Http;
use crate::provision::FailedUsers;

/// Who is to be tried again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
enum Again {
    /// Users by SCIM id or userName.
    Users(Vec<String>),
    /// Everybody who failed.
    All(bool),
}

/// Who is tried again.
#[derive(Serialize)]
pub(super) struct Replayed {
    users: Vec<UserId>,
}

/// `GET …/failed`.
pub(super) async fn list(
    operator: Operator,
    State(http): State<Http>,
) -> Result<Told<FailedUsers>, Problem> {
    Ok(Told(http.bridge.failed(&operator.context.tenant).await?))
}

/// `POST …/replay`.
pub(super) async fn replay(
    operator: Operator,
    State(http): State<Http>,
    body: Bytes,
) -> Result<Told<Replayed>, Problem> {
    let context = &operator.context;
    let again = serde_json::from_slice(&body);
    let again = again.map_err(|error| unclear(&error.to_string()))?;
    let users = match again {
        Again::All(true) => http.bridge.replay_all(context).await?,
        Again::All(false) => return Err(unclear("\"all\" is false")),
        Again::Users(named) if named.is_empty() => return Err(unclear("\"users\" is empty")),
        Again::Users(named) => {
            let replayed = http.bridge.replay(context, &named).await?;
            replayed.map_err(|unknown| {
                let words = format!(
                    "Nothing failed for: {}. scim-bridge failed says for whom it did. Nobody is tried again.",
                    unknown.join(", ")
                );
                Problem::new(StatusCode::NOT_FOUND, words)
            })?
        }
    };
    Ok(Told(Replayed { users }))
}

fn unclear(why: &str) -> Problem {
    let words = format!(
        "Send {{\"users\": [\"…\"]}} with userNames or SCIM ids, or {{\"all\": true}}: {why}"
    );
    Problem::new(StatusCode::BAD_REQUEST, words)
}
