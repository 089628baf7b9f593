//! Which group each mapping selector is bound to.

use sqlx::Row;

use super::error::to_json;
use super::{Connection, Store, StoreError, Tx};
use crate::domain::mapping::Bindings;
use crate::domain::model::{GroupId, TenantId};

impl Store {
    /// The bindings of a tenant.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn bindings(&self, tenant: &TenantId) -> Result<Bindings, StoreError> {
        bindings(&mut *self.read().await?, tenant).await
    }
}

impl Tx {
    /// The bindings of a tenant, as this transaction sees them.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn bindings(&mut self, tenant: &TenantId) -> Result<Bindings, StoreError> {
        bindings(&mut self.connection, tenant).await
    }

    /// Whether any mapping is bound to the group, that is whether its members have anything by it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn is_bound(
        &mut self,
        tenant: &TenantId,
        group: &GroupId,
    ) -> Result<bool, StoreError> {
        let row = sqlx::query("select 1 from binding where tenant = $1 and group_id = $2 limit 1")
            .bind(tenant.as_str())
            .bind(group.as_str())
            .fetch_optional(&mut self.connection)
            .await?;
        Ok(row.is_some())
    }

    /// Makes a selector known. Returns whether it is met for the first time: only then may it bind
    /// to a group that is there already; later it binds to groups as they are made.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn introduce_selector(
        &mut self,
        tenant: &TenantId,
        selector: &str,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "insert into binding (tenant, selector, group_id) values ($1, $2, null) \
             on conflict (tenant, selector) do nothing",
        )
        .bind(tenant.as_str())
        .bind(selector)
        .execute(&mut self.connection)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets all selectors but these.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn retain_selectors(
        &mut self,
        tenant: &TenantId,
        selectors: &[String],
    ) -> Result<(), StoreError> {
        sqlx::query(
            "delete from binding where tenant = $1 \
             and selector not in (select value from json_each($2))",
        )
        .bind(tenant.as_str())
        .bind(to_json("list of selectors", &selectors)?)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Binds a known selector to a group, unless it is bound already. Returns whether it bound.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn bind(
        &mut self,
        tenant: &TenantId,
        selector: &str,
        group: &GroupId,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "update binding set group_id = $3 where tenant = $1 and selector = $2 and group_id is null",
        )
        .bind(tenant.as_str())
        .bind(selector)
        .bind(group.as_str())
        .execute(&mut self.connection)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}

pub(super) async fn bindings(
    connection: &mut Connection,
    tenant: &TenantId,
) -> Result<Bindings, StoreError> {
    let rows = sqlx::query(
        "select selector, group_id from binding where tenant = $1 and group_id is not null",
    )
    .bind(tenant.as_str())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.try_get("selector")?,
                GroupId::new(row.try_get::<String, _>("group_id")?),
            ))
        })
        .collect()
}
