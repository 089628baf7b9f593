//! The comparison of a tenant with Cloudmore: when it is due, who does it, how far it has come.
//!
//! One row for each tenant. Whoever claims it works under a lease that each chunk of users extends, so that a run goes on
//! where it stopped, whichever process does it, and is never done by two.

use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::error::{from_json, to_json};
use super::{Store, StoreError, Tx};
use crate::domain::model::{TenantId, UserId};
use crate::domain::policy::ReconcileMode;

/// How far a run has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Progress {
    /// Users in all.
    pub total: u64,
    /// Users who were looked at.
    pub done: u64,
    /// Users who were not compared, because something was being done for them or had just been.
    pub pending: u64,
    /// Users who were marked because of a difference.
    pub marked: u64,
    /// Users who had access that they had lost, and were marked for it whatever the mode is.
    pub lost_revocations: u64,
    /// Accounts that are not ours.
    pub foreign_accounts: u64,
    /// What could not be read, and therefore was not compared.
    pub unknown: Vec<String>,
    /// Why the run waits, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRun {
    /// What it did about differences.
    pub mode: ReconcileMode,
    /// When it began, microseconds since 1970.
    pub started: i64,
    /// When it ended.
    pub finished: i64,
    /// What came of it.
    pub progress: Progress,
}

/// The right to go on with a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunLease {
    /// Names this claim and no other.
    pub id: String,
    /// The tenant.
    pub tenant: TenantId,
    /// What is to be done about differences.
    pub mode: ReconcileMode,
    /// Whether a person asked for it.
    pub asked: bool,
    /// When the run began, microseconds since 1970.
    pub started: i64,
    /// The last user who was looked at.
    pub last_user: UserId,
    /// How far it has come.
    pub progress: Progress,
}

/// The state of a tenant's comparison, for showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunState {
    /// When the last run ended, or the tenant was first seen.
    pub rested_since: i64,
    /// Whether somebody asked for a run that has not ended yet.
    pub asked: bool,
    /// What the run under way, or asked for, does about differences.
    pub mode: ReconcileMode,
    /// When the run under way began, if one is.
    pub started: Option<i64>,
    /// How far it has come.
    pub progress: Progress,
    /// How the last one ended.
    pub last_run: Option<LastRun>,
}

/// When a tenant's run may begin by itself: if the last one ended at `latest` or before.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// The time.
    pub now: i64,
    /// When the last run must have ended, microseconds since 1970.
    pub latest: i64,
}

const IS_DUE: &str = "lease_until <= $2 and (started is not null and due_at <= $2 \
                      or started is null and (asked = 1 or rested_since <= $3))";

impl Store {
    /// Whether a tenant's run is to begin or to go on, and nobody works on it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn is_reconcile_due(&self, tenant: &TenantId, due: Due) -> Result<bool, StoreError> {
        let statement = format!(
            "select 1 from reconcile where tenant = $1 and {IS_DUE} union all \
             select 1 where not exists (select 1 from reconcile where tenant = $1)"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(tenant.as_str())
            .bind(due.now)
            .bind(due.latest)
            .fetch_optional(&mut *self.read().await?)
            .await?;
        Ok(row.is_some())
    }

    /// The state of a tenant's comparison; `None` before the tenant was first seen.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn reconcile_state(&self, tenant: &TenantId) -> Result<Option<RunState>, StoreError> {
        let row = sqlx::query(
            "select rested_since, asked, mode, started, progress, last_run from reconcile where tenant = $1",
        )
        .bind(tenant.as_str())
        .fetch_optional(&mut *self.read().await?)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let last_run = row.try_get::<Option<String>, _>("last_run")?;
        Ok(Some(RunState {
            rested_since: row.try_get("rested_since")?,
            asked: row.try_get::<i64, _>("asked")? == 1,
            mode: ReconcileMode::named(&row.try_get::<String, _>("mode")?),
            started: row.try_get("started")?,
            progress: from_json("progress", &row.try_get::<String, _>("progress")?)?,
            last_run: last_run.map(|last| from_json("run", &last)).transpose()?,
        }))
    }
}

impl Tx {
    /// Sees a tenant for the first time: its first run is due as if one had ended now.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn know_reconcile(&mut self, tenant: &TenantId, now: i64) -> Result<(), StoreError> {
        sqlx::query(
            "insert into reconcile (tenant, rested_since, asked, mode, due_at, last_user, progress, lease_until) \
             values ($1, $2, 0, 'report', 0, '', '{}', 0) on conflict (tenant) do nothing",
        )
        .bind(tenant.as_str())
        .bind(now)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Asks for a run. One that is under way begins anew, unless somebody has asked for the same already.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn ask_reconcile(
        &mut self,
        tenant: &TenantId,
        mode: ReconcileMode,
        now: i64,
    ) -> Result<(), StoreError> {
        self.know_reconcile(tenant, now).await?;
        sqlx::query(
            "update reconcile set asked = 1, mode = $2, started = null, last_user = '', progress = '{}', \
             lease = null, lease_until = 0 where tenant = $1 and not (asked = 1 and mode = $2)",
        )
        .bind(tenant.as_str())
        .bind(mode.name())
        .execute(&mut self.connection)
        .await?;
        // Whoever asks does not want to wait until a failure is tried again.
        sqlx::query("update reconcile set due_at = 0 where tenant = $1")
            .bind(tenant.as_str())
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    /// Claims a tenant's run until `until`, if it is due. One that begins by itself has the mode `usual`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn claim_reconcile(
        &mut self,
        tenant: &TenantId,
        (due, usual): (Due, ReconcileMode),
        lease: &str,
        until: i64,
    ) -> Result<Option<RunLease>, StoreError> {
        self.know_reconcile(tenant, due.now).await?;
        let statement = format!(
            "update reconcile set lease = $4, lease_until = $5, started = coalesce(started, $2), \
             mode = case when asked = 1 or started is not null then mode else $6 end, \
             last_user = case when started is null then '' else last_user end, \
             progress = case when started is null then '{{}}' else progress end \
             where tenant = $1 and {IS_DUE} returning mode, asked, started, last_user, progress"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(tenant.as_str())
            .bind(due.now)
            .bind(due.latest)
            .bind(lease)
            .bind(until)
            .bind(usual.name())
            .fetch_optional(&mut self.connection)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(RunLease {
            id: lease.to_owned(),
            tenant: tenant.clone(),
            mode: ReconcileMode::named(&row.try_get::<String, _>("mode")?),
            asked: row.try_get::<i64, _>("asked")? == 1,
            started: row.try_get("started")?,
            last_user: UserId::new(row.try_get::<String, _>("last_user")?),
            progress: from_json("progress", &row.try_get::<String, _>("progress")?)?,
        }))
    }

    /// Notes how far a run has come and extends the lease. `false`: the lease is lost.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn note_progress(&mut self, run: &RunLease, until: i64) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "update reconcile set lease_until = $3, last_user = $4, progress = $5 where tenant = $1 and lease = $2",
        )
        .bind(run.tenant.as_str())
        .bind(&run.id)
        .bind(until)
        .bind(run.last_user.as_str())
        .bind(to_json("progress", &run.progress)?)
        .execute(&mut self.connection)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives a run back, which goes on at `due_at`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn rest_reconcile(&mut self, run: &RunLease, due_at: i64) -> Result<(), StoreError> {
        sqlx::query(
            "update reconcile set lease = null, lease_until = 0, due_at = $3, progress = $4 \
             where tenant = $1 and lease = $2",
        )
        .bind(run.tenant.as_str())
        .bind(&run.id)
        .bind(due_at)
        .bind(to_json("progress", &run.progress)?)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Ends a run: what differed before and was not seen to differ by it is forgotten. `false`: the lease is lost.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn finish_reconcile(&mut self, run: &RunLease, now: i64) -> Result<bool, StoreError> {
        let last = LastRun {
            mode: run.mode,
            started: run.started,
            finished: now,
            progress: run.progress.clone(),
        };
        let done = sqlx::query(
            "update reconcile set started = null, asked = 0, due_at = 0, lease = null, lease_until = 0, \
             rested_since = $3, last_run = $4 where tenant = $1 and lease = $2",
        )
        .bind(run.tenant.as_str())
        .bind(&run.id)
        .bind(now)
        .bind(to_json("run", &last)?)
        .execute(&mut self.connection)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("delete from drift where tenant = $1 and seen_at < $2")
            .bind(run.tenant.as_str())
            .bind(run.started)
            .execute(&mut self.connection)
            .await?;
        Ok(true)
    }
}
