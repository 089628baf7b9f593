//! What a tenant was when it was last taken into use.

use sqlx::Row;

use super::{Store, StoreError, Tx};
use crate::domain::model::TenantId;

impl Store {
    /// The digest of the mappings that a tenant was taken into use with last, and when a bridge that has them was heard of.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn in_use(&self, tenant: &TenantId) -> Result<Option<(String, i64)>, StoreError> {
        let row =
            sqlx::query("select mapping_digest, alive_at from tenant_state where tenant = $1")
                .bind(tenant.as_str())
                .fetch_optional(&mut *self.read().await?)
                .await?;
        row.map(|row| Ok((row.try_get("mapping_digest")?, row.try_get("alive_at")?)))
            .transpose()
    }
}

impl Tx {
    /// Which part of Cloudmore the accounts of a tenant are in, if it has any.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn occupied_target(
        &mut self,
        tenant: &TenantId,
    ) -> Result<Option<String>, StoreError> {
        let target = sqlx::query_scalar(
            "select target from tenant_state s where tenant = $1 \
             and exists (select 1 from account a where a.tenant = s.tenant)",
        )
        .bind(tenant.as_str())
        .fetch_optional(&mut self.connection)
        .await?;
        Ok(target)
    }

    /// Whether these mappings are the ones that the tenant was taken into use with last, here or by another replica.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn has_mappings(
        &mut self,
        tenant: &TenantId,
        mapping_digest: &str,
    ) -> Result<bool, StoreError> {
        let row =
            sqlx::query("select 1 from tenant_state where tenant = $1 and mapping_digest = $2")
                .bind(tenant.as_str())
                .bind(mapping_digest)
                .fetch_optional(&mut self.connection)
                .await?;
        Ok(row.is_some())
    }

    /// Says that a bridge with these mappings is alive.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn beat(
        &mut self,
        tenant: &TenantId,
        mapping_digest: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update tenant_state set alive_at = $3 where tenant = $1 and mapping_digest = $2",
        )
        .bind(tenant.as_str())
        .bind(mapping_digest)
        .bind(now)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Stores a tenant's target and the digest of its mappings, at `now`; returns whether either differs from
    /// what was stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn note_tenant(
        &mut self,
        tenant: &TenantId,
        target: &str,
        mapping_digest: &str,
        now: i64,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "insert into tenant_state (tenant, mapping_digest, target, alive_at) values ($1, $2, $3, $4) \
             on conflict (tenant) do update set mapping_digest = $2, target = $3, alive_at = $4 \
             where tenant_state.mapping_digest <> $2 or tenant_state.target <> $3",
        )
        .bind(tenant.as_str())
        .bind(mapping_digest)
        .bind(target)
        .bind(now)
        .execute(&mut self.connection)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
