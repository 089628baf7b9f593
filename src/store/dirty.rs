//! The dirty set: one row per user whose account may differ from what is wanted.
//!
//! Rows coalesce and survive restarts. Work on a row holds a lease; it is done when the account
//! converged and the row's generation did not move meanwhile.

use sqlx::Row;

use super::{SqlRow, Store, StoreError, Tx};
use crate::domain::model::{TenantId, UserId};

/// The right to work on one user until a point in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Names this claim and no other: a worker that lost its lease cannot finish a later one's row.
    pub id: String,
    /// The tenant.
    pub tenant: TenantId,
    /// The user.
    pub user: UserId,
    /// The generation of the row when it was claimed.
    pub generation: i64,
    /// Failed attempts so far.
    pub attempts: u32,
}

/// A row of the dirty set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirtyRow {
    /// The tenant.
    pub tenant: TenantId,
    /// The user.
    pub user: UserId,
    /// When the worker looks at it again, microseconds since 1970.
    pub due_at: i64,
    /// Until when nobody may begin with it: somebody is at work, or a call may be under way still.
    pub free_at: i64,
    /// Failed attempts so far.
    pub attempts: u32,
    /// Refused for good: waits for a person or for a new change.
    pub failed: bool,
    /// It is about somebody who is to lose something.
    pub urgent: bool,
    /// When it failed for the first time, microseconds since 1970.
    pub since: Option<i64>,
    /// What went wrong last.
    pub last_error: Option<String>,
}

/// An attempt that failed, and when there is another.
#[derive(Clone, Debug)]
pub struct Setback {
    /// The time.
    pub now: i64,
    /// When it is tried again.
    pub due_at: i64,
    /// Until when nobody may begin with it, even if a new change comes.
    pub free_at: i64,
    /// Somebody is to lose something.
    pub urgent: bool,
    /// Something was tried.
    pub counts: bool,
    /// What went wrong.
    pub error: String,
}

pub(super) const COLUMNS: &str =
    "tenant, user_id, due_at, lease_until, attempts, failed, urgent, since, last_error";

impl Store {
    /// The row of a user, if its account may differ from what is wanted.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn dirty(
        &self,
        tenant: &TenantId,
        user: &UserId,
    ) -> Result<Option<DirtyRow>, StoreError> {
        let statement = format!("select {COLUMNS} from dirty where tenant = $1 and user_id = $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(tenant.as_str())
            .bind(user.as_str())
            .fetch_optional(&mut *self.read().await?)
            .await?;
        row.as_ref().map(read).transpose()
    }
}

impl Tx {
    /// Claims a user's row until `until`, unless there is none, it failed for good, somebody works on
    /// it, or its tenant is paused.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn claim(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        lease: &str,
        now: i64,
        until: i64,
    ) -> Result<Option<Lease>, StoreError> {
        let row = sqlx::query(
            "update dirty set lease = $3, lease_until = $5 \
             where tenant = $1 and user_id = $2 and failed = 0 and lease_until <= $4 \
             and not exists (select 1 from pause p where p.tenant in ('', $1)) \
             returning generation, attempts",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .bind(lease)
        .bind(now)
        .bind(until)
        .fetch_optional(&mut self.connection)
        .await?;
        row.map(|row| {
            Ok(Lease {
                id: lease.to_owned(),
                tenant: tenant.clone(),
                user: user.clone(),
                generation: row.try_get("generation")?,
                attempts: attempts(&row)?,
            })
        })
        .transpose()
    }

    /// Extends a lease to `until` and reads the row's generation. `None` when the lease is lost.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn renew(&mut self, lease: &Lease, until: i64) -> Result<Option<i64>, StoreError> {
        let generation = sqlx::query_scalar(
            "update dirty set lease_until = $4 where tenant = $1 and user_id = $2 and lease = $3 \
             returning generation",
        )
        .bind(lease.tenant.as_str())
        .bind(lease.user.as_str())
        .bind(&lease.id)
        .bind(until)
        .fetch_optional(&mut self.connection)
        .await?;
        Ok(generation)
    }

    /// The user converged: removes the row, unless its generation moved or the lease is lost.
    /// Returns whether the row is gone.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn finish(&mut self, lease: &Lease) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "delete from dirty where tenant = $1 and user_id = $2 and lease = $3 and generation = $4",
        )
        .bind(lease.tenant.as_str())
        .bind(lease.user.as_str())
        .bind(&lease.id)
        .bind(lease.generation)
        .execute(&mut self.connection)
        .await?;
        let done = done.rows_affected() == 1;
        if done {
            self.release(&lease.tenant, &lease.user).await?;
            self.keep_link(&lease.tenant, &lease.user).await?;
        }
        Ok(done)
    }

    /// The work did not end well: gives the row back until another attempt. A row that moved meanwhile keeps the
    /// earlier time of its new change.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn defer(&mut self, lease: &Lease, setback: &Setback) -> Result<(), StoreError> {
        sqlx::query(
            "update dirty set lease = null, lease_until = $7, attempts = attempts + $10, \
             due_at = case when generation = $4 then $5 else due_at end, last_error = $6, \
             urgent = case when $8 = 1 then 1 when urgent = -1 and generation = $4 then 0 else urgent end, \
             since = coalesce(since, $9) where tenant = $1 and user_id = $2 and lease = $3",
        )
        .bind(lease.tenant.as_str())
        .bind(lease.user.as_str())
        .bind(&lease.id)
        .bind(lease.generation)
        .bind(setback.due_at)
        .bind(&setback.error)
        .bind(setback.free_at)
        .bind(i64::from(setback.urgent))
        .bind(setback.now)
        .bind(i64::from(setback.counts))
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Nothing more is attempted for now: gives the row back as it was, due at `now`, but not before
    /// `free_at`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn give_up(
        &mut self,
        lease: &Lease,
        now: i64,
        free_at: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update dirty set lease = null, lease_until = $5, \
             due_at = case when due_at < $4 then due_at else $4 end \
             where tenant = $1 and user_id = $2 and lease = $3",
        )
        .bind(lease.tenant.as_str())
        .bind(lease.user.as_str())
        .bind(&lease.id)
        .bind(now)
        .bind(free_at)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Refused for good: the row waits, visible as failed. Returns `false` when the generation
    /// moved meanwhile, so that the new change is tried.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn fail(&mut self, lease: &Lease, now: i64, error: &str) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "update dirty set lease = null, lease_until = 0, attempts = attempts + 1, failed = 1, \
             last_error = $5, since = coalesce(since, $6) where tenant = $1 and user_id = $2 and lease = $3 and generation = $4",
        )
        .bind(lease.tenant.as_str())
        .bind(lease.user.as_str())
        .bind(&lease.id)
        .bind(lease.generation)
        .bind(error)
        .bind(now)
        .execute(&mut self.connection)
        .await?;
        self.stop_waiting(&lease.tenant, &lease.user).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Drops all leases and makes their rows due. Only for a process that has the store for itself
    /// and knows that nothing which was begun under a lease is under way any more.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn release_leases(&mut self, now: i64) -> Result<(), StoreError> {
        sqlx::query(
            "update dirty set lease = null, lease_until = 0, due_at = case when due_at < $1 then due_at else $1 end where failed = 0",
        )
        .bind(now)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }
}

pub(super) fn read(row: &SqlRow) -> Result<DirtyRow, StoreError> {
    Ok(DirtyRow {
        tenant: TenantId::new(row.try_get::<String, _>("tenant")?),
        user: UserId::new(row.try_get::<String, _>("user_id")?),
        due_at: row.try_get("due_at")?,
        free_at: row.try_get("lease_until")?,
        attempts: attempts(row)?,
        failed: row.try_get::<i64, _>("failed")? != 0,
        urgent: row.try_get::<i64, _>("urgent")? == 1,
        since: row.try_get("since")?,
        last_error: row.try_get("last_error")?,
    })
}

fn attempts(row: &SqlRow) -> Result<u32, StoreError> {
    let attempts: i64 = row.try_get("attempts")?;
    Ok(u32::try_from(attempts).unwrap_or(u32::MAX))
}
