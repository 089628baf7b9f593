//! Rows that could not be done: those that wait for a person, and those that fail again and again.

use sqlx::Row;

use super::error::to_json;
use super::{DirtyRow, SqlRow, Store, StoreError, Tx, dirty};
use crate::domain::model::{TenantId, UserId};

/// Failed attempts after which a row is shown. One whose bearer is to lose something is shown after the first.
const PERSISTENT: i64 = 3;

/// A row that could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Troubled {
    /// The row.
    pub row: DirtyRow,
    /// The userName, folded, if the directory has the user still.
    pub user_name: Option<String>,
}

/// Rows that wait for a decision about an account have a list of their own.
const TROUBLED: &str = "tenant = $1 and last_error is not null \
     and (failed = 1 or urgent = 1 or attempts >= $2) \
     and user_id not in (select h.user_id from held h where h.tenant = $1 and h.decision is null) \
     and user_id not in (select r.user_id from held_removal r where r.tenant = $1 and r.stage <> 'released')";

impl Store {
    /// Rows of a tenant that could not be done, at most `limit`: those of people who are to lose something come first,
    /// then those that wait for a person, then the longest failing.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn troubled(
        &self,
        tenant: &TenantId,
        limit: u32,
    ) -> Result<Vec<Troubled>, StoreError> {
        let statement = format!(
            "select {}, (select u.name_key from directory_user u where u.tenant = $1 and u.id = user_id) \
             as user_name from dirty where {TROUBLED} \
             order by case when urgent = 1 then 0 else 1 end, failed desc, since, user_id limit $3",
            dirty::COLUMNS
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(tenant.as_str())
            .bind(PERSISTENT)
            .bind(i64::from(limit))
            .fetch_all(&mut *self.read().await?)
            .await?;
        rows.iter().map(troubled).collect()
    }

    /// How many rows of a tenant could not be done.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn count_troubled(&self, tenant: &TenantId) -> Result<i64, StoreError> {
        let statement = format!("select count(*) from dirty where {TROUBLED}");
        let count = sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
            .bind(tenant.as_str())
            .bind(PERSISTENT)
            .fetch_one(&mut *self.read().await?)
            .await?;
        Ok(count)
    }
}

impl Tx {
    /// Takes rows up again that could not be done, due at `now`; says whose they are.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn replay(
        &mut self,
        tenant: &TenantId,
        users: &[UserId],
        now: i64,
    ) -> Result<Vec<UserId>, StoreError> {
        let rows = sqlx::query(
            "update dirty set generation = generation + 1, due_at = $3, attempts = 0, failed = 0 \
             where tenant = $1 and last_error is not null \
             and user_id in (select value from json_each($2)) returning user_id",
        )
        .bind(tenant.as_str())
        .bind(to_json("list of users", &users)?)
        .bind(now)
        .fetch_all(&mut self.connection)
        .await?;
        rows.iter().map(user).collect()
    }

    /// Takes up all rows of a tenant again that could not be done, due at `now`; says whose they are.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn replay_all(
        &mut self,
        tenant: &TenantId,
        now: i64,
    ) -> Result<Vec<UserId>, StoreError> {
        let statement = format!(
            "update dirty set generation = generation + 1, due_at = $3, attempts = 0, failed = 0 \
             where {TROUBLED} returning user_id"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(tenant.as_str())
            .bind(PERSISTENT)
            .bind(now)
            .fetch_all(&mut self.connection)
            .await?;
        rows.iter().map(user).collect()
    }

    /// Work on a row broke down under the lease of this id, or before it had one: the row waits for a person, or, if
    /// somebody is to lose something, is tried again at `due_at`. A call may be under way still, so the lease's time is
    /// kept.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn park(
        &mut self,
        (tenant, user): (&TenantId, &UserId),
        lease: &str,
        (now, due_at): (i64, i64),
        error: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update dirty set lease = null, attempts = attempts + 1, last_error = $6, \
             failed = case when urgent = 1 then 0 else 1 end, due_at = $5, since = coalesce(since, $4) \
             where tenant = $1 and user_id = $2 and failed = 0 and (lease = $3 or lease_until <= $4)",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .bind(lease)
        .bind(now)
        .bind(due_at)
        .bind(error)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }
}

fn troubled(row: &SqlRow) -> Result<Troubled, StoreError> {
    Ok(Troubled {
        row: dirty::read(row)?,
        user_name: row.try_get("user_name")?,
    })
}

fn user(row: &SqlRow) -> Result<UserId, StoreError> {
    Ok(UserId::new(row.try_get::<String, _>("user_id")?))
}
