//! What the bridge is going to do: the plans of all users, and what the first sync comes to.

use axum::extract::State;
use serde::Serialize;

use super::{Operator, Problem, Told};
use crate::domain::first_sync::FirstSync;
use crate::http::Http;
use crate::provision::UserPlan;

/// The plans of a tenant.
#[derive(Serialize)]
pub(super) struct Plans {
    observes: bool,
    users: Vec<UserPlan>,
}

/// `GET …/plan`.
pub(super) async fn plan(
    operator: Operator,
    State(http): State<Http>,
) -> Result<Told<Plans>, Problem> {
    let tenant = &operator.context.tenant;
    Ok(Told(Plans {
        observes: tenant.policy.observe,
        users: http.bridge.plans(tenant).await?,
    }))
}

/// `GET …/first-sync`.
pub(super) async fn first_sync(
    operator: Operator,
    State(http): State<Http>,
) -> Result<Told<FirstSync>, Problem> {
    Ok(Told(
        http.bridge.first_sync(&operator.context.tenant).await?,
    ))
}
