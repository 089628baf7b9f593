//! Leavers: accounts that stay for a while, and what deleted ones had.

use sqlx::Row;

use super::error::{from_json, to_json};
use super::{Store, StoreError, Tx};
use crate::domain::model::{Keepsake, TenantId, UserId};

/// Locked accounts whose time is up and about which nobody is busy already.
const OVERDUE: &str = "from account where tenant = $1 and locked_since <= $2 \
                       and user_id not in (select user_id from dirty where tenant = $1)";

impl Store {
    /// What the account had that a user lost, if it was kept.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn keepsake(
        &self,
        tenant: &TenantId,
        user: &UserId,
    ) -> Result<Option<Keepsake>, StoreError> {
        let row = sqlx::query("select account from keepsake where tenant = $1 and user_id = $2")
            .bind(tenant.as_str())
            .bind(user.as_str())
            .fetch_optional(&mut *self.read().await?)
            .await?;
        row.map(|row| from_json("keepsake", row.try_get("account")?))
            .transpose()
    }

    /// Whether a tenant has accounts that were locked before `before` and wait for nothing else.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn has_overdue(&self, tenant: &TenantId, before: i64) -> Result<bool, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("select 1 {OVERDUE} limit 1")))
            .bind(tenant.as_str())
            .bind(before)
            .fetch_optional(&mut *self.read().await?)
            .await?;
        Ok(row.is_some())
    }
}

impl Tx {
    /// Keeps what the account had that a user loses, unless the user is deleted.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn keep(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        keepsake: &Keepsake,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into keepsake (tenant, user_id, account) select $1, $2, $3 \
             where exists (select 1 from directory_user where tenant = $1 and id = $2) \
             on conflict (tenant, user_id) do update set account = $3",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .bind(to_json("keepsake", keepsake)?)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Forgets what a user's earlier account had.
    pub(super) async fn forget_keepsake(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
    ) -> Result<(), StoreError> {
        sqlx::query("delete from keepsake where tenant = $1 and user_id = $2")
            .bind(tenant.as_str())
            .bind(user.as_str())
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    /// Marks the users whose accounts were locked before `before`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn mark_overdue(
        &mut self,
        tenant: &TenantId,
        before: i64,
        now: i64,
    ) -> Result<(), StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("select user_id {OVERDUE}")))
            .bind(tenant.as_str())
            .bind(before)
            .fetch_all(&mut self.connection)
            .await?;
        let users: Result<Vec<_>, StoreError> = rows
            .iter()
            .map(|row| Ok(UserId::new(row.try_get::<String, _>("user_id")?)))
            .collect();
        self.mark_urgent(tenant, &users?, now).await
    }
}
