//! The overview: what needs a person, in words, and how all tenants are.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::Console;
use super::page::{Frame, render, store_failed};
use super::session::SignedIn;
use crate::domain::guard::Stage;
use crate::provision::{Activity, FailedState, ReportError, TenantState};

/// How many people of a tenant are named; a command shows all.
const NAMED: usize = 20;

#[derive(Template)]
#[template(path = "overview.html", config = "src/console/askama.toml")]
struct Page {
    frame: Frame,
    tenants: Vec<Row>,
    matters: Vec<Matter>,
}

/// How a tenant is.
struct Row {
    state: TenantState,
    activity: &'static str,
}

/// Something that needs a person.
struct Matter {
    tenant: String,
    who: String,
    what: String,
    /// Whether somebody keeps access who should have none.
    urgent: bool,
    /// The command that shows it, and what else there is.
    command: String,
}

/// `GET /admin`.
pub(super) async fn show(signed_in: SignedIn, State(console): State<Console>) -> Response {
    match page(&console, &signed_in).await {
        Ok(page) => render(&page),
        Err(error) => store_failed(&console, &error),
    }
}

async fn page(console: &Console, signed_in: &SignedIn) -> Result<Page, ReportError> {
    let mut matters = Vec::new();
    let mut tenants = Vec::new();
    for state in console.bridge.tenant_states().await? {
        matters.extend(failed(console, &state).await?);
        matters.extend(held(console, &state).await?);
        let activity = match state.state {
            Activity::Active => "active",
            Activity::Observing => "observing",
            Activity::Paused => "paused",
        };
        tenants.push(Row { state, activity });
    }
    matters.sort_by_key(|matter| !matter.urgent);
    Ok(Page {
        frame: Frame::of(console, signed_in),
        tenants,
        matters,
    })
}

/// Users whose accounts could not be made as wanted.
async fn failed(console: &Console, state: &TenantState) -> Result<Vec<Matter>, ReportError> {
    let Some(tenant) = console.bridge.tenant(&state.tenant) else {
        return Ok(Vec::new());
    };
    let failed = console.bridge.failed(&tenant).await?.users.into_iter();
    let matters = failed.take(NAMED).map(|user| {
        let what = match (user.keeps_access, user.state) {
            (true, _) => "keeps access that is to be taken away",
            (false, FailedState::Failed) => "could not be done",
            (false, FailedState::Retrying) => "could not be done so far",
        };
        Matter {
            tenant: tenant.id.to_string(),
            who: user.user_name.unwrap_or_else(|| user.user.to_string()),
            what: format!("{what}: {}", user.reason),
            urgent: user.keeps_access,
            command: format!("scim-bridge failed {}", tenant.id),
        }
    });
    Ok(matters.collect())
}

/// Users who wait for a decision.
async fn held(console: &Console, state: &TenantState) -> Result<Vec<Matter>, ReportError> {
    let command = format!("scim-bridge held list --tenant {}", state.tenant);
    let matter = |who: String, what: String| Matter {
        tenant: state.tenant.to_string(),
        who,
        what,
        urgent: false,
        command: command.clone(),
    };
    let accounts = console.bridge.held(&state.tenant).await?.into_iter();
    let accounts = accounts.take(NAMED).map(|held| {
        let what = format!(
            "waits for a decision whether the account {} is theirs",
            held.account.name
        );
        matter(held.user_name, what)
    });
    let removals = console
        .bridge
        .held_removals(&state.tenant)
        .await?
        .into_iter();
    let removals = removals
        .filter(|removal| removal.stage == Stage::Waiting)
        .take(NAMED)
        .map(|removal| {
            let what = "is to lose access, which waits for you to release or reject it";
            matter(removal.user_name, what.to_owned())
        });
    Ok(accounts.chain(removals).collect())
}
