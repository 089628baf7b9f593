//! The control side, `/sandbox/...`: reading the journal and the state, changing faults and switches from outside.
//!
//! It asks for no credentials, so a sandbox belongs on a loopback address.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};

use super::faults::Faults;
use super::form;
use super::journal::Call;
use super::state::Shared;
use super::switches::Switches;
use super::world::World;

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/sandbox/calls", get(calls).delete(clear_calls))
        .route("/sandbox/state", get(state))
        .route("/sandbox/faults", get(faults).put(set_faults))
        .route("/sandbox/switches", get(switches).put(set_switches))
        .route("/sandbox/tokens", delete(forget_tokens))
        .route("/sandbox/roles/{id}", put(rename_role))
        .route("/sandbox/lastAccessed/{name}", put(set_last_accessed))
        .route("/sandbox/reset", post(reset))
}

/// Calls with a number above `since`; all when it is left out.
async fn calls(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
) -> Result<Json<Vec<Call>>, (StatusCode, &'static str)> {
    let since = form::pairs(uri.query().unwrap_or_default())
        .into_iter()
        .find(|(key, _)| key == "since")
        .map_or(Ok(0), |(_, value)| value.parse())
        .map_err(|_| {
            (
                StatusCode::BAD_REQUEST,
                "since must be the number of a call",
            )
        })?;
    Ok(Json(shared.calls_since(since)))
}

async fn clear_calls(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.clear_calls();
    StatusCode::NO_CONTENT
}

async fn state(State(shared): State<Arc<Shared>>) -> Json<World> {
    Json(shared.world())
}

async fn faults(State(shared): State<Arc<Shared>>) -> Json<Faults> {
    Json(shared.faults())
}

async fn set_faults(State(shared): State<Arc<Shared>>, Json(faults): Json<Faults>) -> StatusCode {
    shared.set_faults(faults);
    StatusCode::NO_CONTENT
}

async fn switches(State(shared): State<Arc<Shared>>) -> Json<Switches> {
    Json(shared.switches())
}

async fn set_switches(
    State(shared): State<Arc<Shared>>,
    Json(switches): Json<Switches>,
) -> StatusCode {
    shared.set_switches(switches);
    StatusCode::NO_CONTENT
}

async fn forget_tokens(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.forget_tokens();
    StatusCode::NO_CONTENT
}

/// The body is the role's new name.
async fn rename_role(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<i64>,
    Json(name): Json<String>,
) -> StatusCode {
    done(shared.edit(|world| world.rename_role(id, &name)))
}

/// The body is the date of the last sign-in, or null.
async fn set_last_accessed(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    Json(date): Json<Option<String>>,
) -> StatusCode {
    done(shared.edit(|world| world.set_last_accessed(&name, date.as_deref())))
}

fn done(found: bool) -> StatusCode {
    if found {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    }
}

async fn reset(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.reset();
    StatusCode::NO_CONTENT
}
