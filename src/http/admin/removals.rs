//! Decisions about removals that the guard holds.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Operator, Problem, Told};
use crate::domain::guard::Stage;
use crate::http::Http;
use crate::provision::{Chosen, WaitingRemoval};

/// The removals that were decided about.
#[derive(Serialize)]
pub(super) struct Decided {
    removals: Vec<WaitingRemoval>,
}

/// Which ones are meant: a number of those that wait longest, or those of some users.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Meant {
    count: Option<u32>,
    users: Option<Vec<String>>,
}

/// `POST …/removals/release`.
pub(super) async fn release(
    operator: Operator,
    State(http): State<Http>,
    body: Bytes,
) -> Result<Told<Decided>, Problem> {
    let chosen = match read(&body)? {
        Meant {
            count: Some(count),
            users: None,
        } => Chosen::Count(count),
        Meant {
            count: None,
            users: Some(users),
        } => Chosen::Users(users),
        Meant { .. } => return Err(misunderstood("it must have one of the two")),
    };
    decide(&operator, &http, chosen, Stage::Released).await
}

/// `POST …/removals/reject`. Nobody rejects a number of removals without looking whose they are.
pub(super) async fn reject(
    operator: Operator,
    State(http): State<Http>,
    body: Bytes,
) -> Result<Told<Decided>, Problem> {
    match read(&body)? {
        Meant {
            count: None,
            users: Some(users),
        } => decide(&operator, &http, Chosen::Users(users), Stage::Rejected).await,
        Meant { .. } => Err(misunderstood("removals are rejected by their users alone")),
    }
}

async fn decide(
    operator: &Operator,
    http: &Http,
    chosen: Chosen,
    stage: Stage,
) -> Result<Told<Decided>, Problem> {
    let decided = http
        .bridge
        .decide_removals(&operator.context, chosen, stage)
        .await?;
    match decided {
        Ok(removals) => Ok(Told(Decided { removals })),
        Err(unknown) => {
            let words = format!(
                "No removal waits of \"{}\", so nothing was decided. scim-bridge held list says whose wait.",
                unknown.join("\", \"")
            );
            Err(Problem::new(StatusCode::NOT_FOUND, words))
        }
    }
}

fn read(body: &Bytes) -> Result<Meant, Problem> {
    serde_json::from_slice(body).map_err(misunderstood)
}

fn misunderstood(why: impl std::fmt::Display) -> Problem {
    let words = format!(
        "Send {{\"users\": [\"ann@acme.example\"]}}, or to release the longest waiting {{\"count\": 10}}: {why}"
    );
    Problem::new(StatusCode::BAD_REQUEST, words)
}
