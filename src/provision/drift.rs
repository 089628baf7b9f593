//! What is known of differences with Cloudmore, for showing, and asking for a comparison.

use serde::Serialize;
use serde_json::Value;

use super::{Bridge, Context, ReportError, Tenant, clock};
use crate::domain::model::UserId;
use crate::domain::policy::ReconcileMode;
use crate::scim::format_instant;
use crate::store::{Drifted, LastRun, Progress, RunState, StoreError, UserKey};

/// What became of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DriftState {
    /// It is there.
    Open,
    /// It is being mended.
    Repairing,
    /// Everything that was to be done for the user is done.
    Repaired,
    /// It is by another hand, which the bridge leaves alone.
    LeftAlone,
}

/// A difference between Cloudmore and what a user should have.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DriftEntry {
    /// The SCIM id.
    pub user: UserId,
    /// The userName; empty for a user that the directory does not know any more.
    pub user_name: String,
    /// Of what kind.
    pub kind: String,
    /// Which field, subscription or account; empty if there is only one such.
    pub place: String,
    /// The particulars, such as `should` and `is`.
    #[serde(flatten)]
    pub detail: Value,
    /// What became of it.
    pub state: DriftState,
    /// When it was seen.
    pub seen_at: String,
}

/// A run, at work or ended.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DriftRun {
    /// What it does about differences.
    pub mode: ReconcileMode,
    /// When it began; none if it waits for its turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished: Option<String>,
    /// How far it has come, or what came of it.
    #[serde(flatten)]
    pub progress: Progress,
}

/// Where Cloudmore differs from what a tenant's users should have, as far as it was compared.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DriftReport {
    /// The differences, by user.
    pub differences: Vec<DriftEntry>,
    /// How many of them are still there and of concern to the bridge.
    pub open: usize,
    /// The run that is under way or waits for its turn.
    pub running: Option<DriftRun>,
    /// The last run that came to its end.
    pub last_run: Option<DriftRun>,
    /// When the next one begins by itself, if it does.
    pub next_run: Option<String>,
}

impl Bridge {
    /// Where Cloudmore differs from what a tenant's users should have, as far as it was compared. Cloudmore is not asked.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn drift(&self, tenant: &Tenant) -> Result<DriftReport, ReportError> {
        let mut differences = Vec::new();
        for drifted in self.store.drift(&tenant.id).await? {
            let key = UserKey::Id(tenant.id.clone(), drifted.user.to_string());
            let user = self.store.user(key).await?;
            let name = user.map(|user| user.document.user_name().to_owned());
            differences.push(entry(drifted, name.unwrap_or_default()));
        }
        let is_open =
            |entry: &&DriftEntry| matches!(entry.state, DriftState::Open | DriftState::Repairing);
        let state = self.store.reconcile_state(&tenant.id).await?;
        let (running, last_run) = state.as_ref().map_or((None, None), |state| {
            (running(state), state.last_run.clone().map(ended))
        });
        Ok(DriftReport {
            open: differences.iter().filter(is_open).count(),
            differences,
            running,
            last_run,
            next_run: self.next_run(tenant, state.as_ref()).map(format_instant),
        })
    }

    /// Asks for a comparison, which begins soon, on whichever process of the bridge comes first.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn ask_for_reconcile(
        &self,
        context: &Context,
        mode: ReconcileMode,
    ) -> Result<DriftReport, ReportError> {
        let now = self.clock.now();
        let tenant = context.tenant.id.clone();
        let entry = context.audit(now, "reconcile", tenant.as_str(), mode.name());
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                tx.ask_reconcile(&tenant, mode, now).await?;
                tx.audit(&entry).await
            })
        });
        let asked: Result<(), StoreError> = write.await;
        asked?;
        self.asked.notify_one();
        self.drift(&context.tenant).await
    }

    fn next_run(&self, tenant: &Tenant, state: Option<&RunState>) -> Option<i64> {
        let every = tenant.policy.reconcile.every?;
        let since = state.map_or(self.clock.now(), |state| state.rested_since);
        let is_idle = state.is_none_or(|state| state.started.is_none() && !state.asked);
        let next = since.saturating_add(clock::micros(every));
        (is_idle && !tenant.policy.observe).then_some(next)
    }
}

fn entry(drifted: Drifted, user_name: String) -> DriftEntry {
    let row = drifted.row;
    let state = match (row.kind.as_str(), row.repairing, drifted.is_dirty) {
        ("assignmentForeign", _, _) => DriftState::LeftAlone,
        (_, false, _) => DriftState::Open,
        (_, true, true) => DriftState::Repairing,
        (_, true, false) => DriftState::Repaired,
    };
    DriftEntry {
        user: drifted.user,
        user_name,
        kind: row.kind,
        place: row.place,
        detail: row.detail,
        state,
        seen_at: format_instant(row.seen_at),
    }
}

fn running(state: &RunState) -> Option<DriftRun> {
    (state.asked || state.started.is_some()).then(|| DriftRun {
        mode: state.mode,
        started: state.started.map(format_instant),
        finished: None,
        progress: state.progress.clone(),
    })
}

fn ended(last: LastRun) -> DriftRun {
    DriftRun {
        mode: last.mode,
        started: Some(format_instant(last.started)),
        finished: Some(format_instant(last.finished)),
        progress: last.progress,
    }
}
