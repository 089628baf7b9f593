//! How the tenants are; pausing them and letting them go on.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Admitted, Operator, Problem, Told};
use crate::http::Http;
use crate::provision::{By, Scope, TenantState};

/// How tenants are.
#[derive(Serialize)]
pub(super) struct Tenants {
    tenants: Vec<TenantState>,
}

/// Why there is to be a pause.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Because {
    reason: Option<String>,
}

/// `GET /tenants`.
pub(super) async fn list(
    _admitted: Admitted,
    State(http): State<Http>,
) -> Result<Told<Tenants>, Problem> {
    states(&http, &Scope::All).await
}

/// `POST /pause`, of all tenants.
pub(super) async fn pause_all(
    admitted: Admitted,
    State(http): State<Http>,
    body: Bytes,
) -> Result<Told<Tenants>, Problem> {
    pause(&http, &Scope::All, admitted.into(), &body).await
}

/// `POST …/pause`, of one tenant.
pub(super) async fn pause_one(
    operator: Operator,
    State(http): State<Http>,
    body: Bytes,
) -> Result<Told<Tenants>, Problem> {
    let (scope, by) = of(operator);
    pause(&http, &scope, by, &body).await
}

/// `POST /resume`, which ends the pause of all tenants; those that are paused by themselves stay so.
pub(super) async fn resume_all(
    admitted: Admitted,
    State(http): State<Http>,
) -> Result<Told<Tenants>, Problem> {
    http.bridge.resume(&Scope::All, &admitted.into()).await?;
    states(&http, &Scope::All).await
}

/// `POST …/resume`, which ends the pause of one tenant; that of all stays.
pub(super) async fn resume_one(
    operator: Operator,
    State(http): State<Http>,
) -> Result<Told<Tenants>, Problem> {
    let (scope, by) = of(operator);
    http.bridge.resume(&scope, &by).await?;
    states(&http, &scope).await
}

async fn pause(http: &Http, scope: &Scope, by: By, body: &[u8]) -> Result<Told<Tenants>, Problem> {
    let because: Because = match body {
        [] => Because::default(),
        body => serde_json::from_slice(body).map_err(|error| {
            let words = format!("Send nothing, or {{\"reason\": \"…\"}}: {error}");
            Problem::new(StatusCode::BAD_REQUEST, words)
        })?,
    };
    http.bridge.pause(scope, &by, because.reason).await?;
    states(http, scope).await
}

/// How the tenants are that something was done to.
async fn states(http: &Http, scope: &Scope) -> Result<Told<Tenants>, Problem> {
    let mut tenants = http.bridge.tenant_states().await?;
    if let Scope::Tenant(id) = scope {
        tenants.retain(|state| state.tenant == *id);
    }
    Ok(Told(Tenants { tenants }))
}

fn of(operator: Operator) -> (Scope, By) {
    let context = operator.context;
    let by = By {
        actor: context.actor,
        request: context.request,
    };
    (Scope::Tenant(context.tenant.id.clone()), by)
}

impl From<Admitted> for By {
    fn from(Admitted { actor, request }: Admitted) -> Self {
        Self { actor, request }
    }
}
