//! What a tenant was when it was last taken into use.

use super::{StoreError, Tx};
use crate::domain::model::TenantId;

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

    /// Stores a tenant's target and the digest of its mappings; returns whether either differs from
    /// what was stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn note_tenant(
        &mut self,
        tenant: &TenantId,
        target: &str,
        mapping_digest: &str,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "insert into tenant_state (tenant, mapping_digest, target) values ($1, $2, $3) \
             on conflict (tenant) do update set mapping_digest = $2, target = $3 \
             where tenant_state.mapping_digest <> $2 or tenant_state.target <> $3",
        )
        .bind(tenant.as_str())
        .bind(mapping_digest)
        .bind(target)
        .execute(&mut self.connection)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
