//! Marking users whose accounts may differ from what is wanted.

use sqlx::Row;

use super::error::to_json;
use super::urgency::Urgency;
use super::{StoreError, Tx};
use crate::domain::model::{TenantId, UserId};

impl Tx {
    /// Marks users: their accounts may differ from what is wanted. The worker looks at them at
    /// `due_at`; a failed row is taken up again.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn mark(
        &mut self,
        tenant: &TenantId,
        users: &[UserId],
        due_at: i64,
    ) -> Result<(), StoreError> {
        self.mark_as(Urgency::Unseen, tenant, users, due_at).await
    }

    /// As [`Tx::mark`], for users who are to lose something: they come before all others.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn mark_urgent(
        &mut self,
        tenant: &TenantId,
        users: &[UserId],
        due_at: i64,
    ) -> Result<(), StoreError> {
        self.mark_as(Urgency::Urgent, tenant, users, due_at).await
    }

    /// A row that is urgent stays so until it is finished: what came first may not have been taken yet.
    async fn mark_as(
        &mut self,
        urgency: Urgency,
        tenant: &TenantId,
        users: &[UserId],
        due_at: i64,
    ) -> Result<(), StoreError> {
        if users.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "insert into dirty (tenant, user_id, generation, due_at, attempts, lease_until, failed, urgent) \
             select $1, value, 1, $3, 0, 0, 0, $4 from json_each($2) where true \
             on conflict (tenant, user_id) do update set \
             generation = dirty.generation + 1, due_at = $3, attempts = 0, failed = 0, \
             urgent = case when dirty.urgent = 1 then 1 else $4 end, \
             since = case when $4 = 1 and dirty.urgent < 1 then null else dirty.since end",
        )
        .bind(tenant.as_str())
        .bind(to_json("list of users", &users)?)
        .bind(due_at)
        .bind(urgency.stored())
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Marks every user of a tenant, those included whose account outlived the directory user.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn mark_all(&mut self, tenant: &TenantId, due_at: i64) -> Result<(), StoreError> {
        sqlx::query(
            "insert into dirty (tenant, user_id, generation, due_at, attempts, lease_until, failed) \
             select $1, id, 1, $2, 0, 0, 0 from ( \
             select id from directory_user where tenant = $1 union \
             select user_id from account where tenant = $1) ids where true \
             on conflict (tenant, user_id) do update set \
             generation = dirty.generation + 1, due_at = $2, attempts = 0, failed = 0, \
             urgent = case when dirty.urgent = 1 then 1 else -1 end",
        )
        .bind(tenant.as_str())
        .bind(due_at)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Those of `users` whose accounts may differ from what is wanted.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn dirty_among(
        &mut self,
        tenant: &TenantId,
        users: &[UserId],
    ) -> Result<Vec<UserId>, StoreError> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let rows = sqlx::query(
            "select user_id from dirty \
             where tenant = $1 and user_id in (select value from json_each($2))",
        )
        .bind(tenant.as_str())
        .bind(to_json("list of users", &users)?)
        .fetch_all(&mut self.connection)
        .await?;
        rows.iter()
            .map(|row| Ok(UserId::new(row.try_get::<String, _>("user_id")?)))
            .collect()
    }

    /// Makes rows due at `now` that waited for a settle which gave up.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn make_due(
        &mut self,
        tenant: &TenantId,
        users: &[UserId],
        now: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update dirty set due_at = case when due_at < $3 then due_at else $3 end where tenant = $1 and attempts = 0 \
             and user_id in (select value from json_each($2))",
        )
        .bind(tenant.as_str())
        .bind(to_json("list of users", &users)?)
        .bind(now)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }
}
