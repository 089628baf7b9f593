//! Pauses: tenants for which nothing is begun, and what waits meanwhile. They are rows, so that a restart ends none and
//! all bridges on this store see them.

use sqlx::Row;

use super::{SqlRow, Store, StoreError, Tx};
use crate::domain::model::TenantId;

/// The name under which the pause of all tenants is stored.
const ALL: &str = "";

/// A pause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The tenant that is paused; `None` for all of them.
    pub tenant: Option<TenantId>,
    /// Since when, microseconds since 1970.
    pub since: i64,
    /// Who paused it.
    pub actor: String,
    /// Why.
    pub reason: Option<String>,
}

/// How many users a tenant has, and how many of them wait for what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Users of the directory.
    pub users: i64,
    /// Users whose account may differ from what is wanted, but for those who wait for a person.
    pub pending: i64,
    /// Those of them who are to lose something.
    pub losing: i64,
    /// Users who were refused for good.
    pub failed: i64,
    /// Users who wait for a decision about an account that was there before.
    pub held: i64,
    /// When a user or a group was changed last, microseconds since 1970.
    pub changed: Option<i64>,
}

impl Store {
    /// The pause that a tenant is under; its own rather than that of all.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn pause_of(&self, tenant: &TenantId) -> Result<Option<Pause>, StoreError> {
        let row = sqlx::query(
            "select tenant, since, actor, reason from pause where tenant in ('', $1) \
             order by tenant desc limit 1",
        )
        .bind(tenant.as_str())
        .fetch_optional(&mut *self.read().await?)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// How many users a tenant has, and how many of them wait for what.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn load(&self, tenant: &TenantId) -> Result<Load, StoreError> {
        let row = sqlx::query(
            "select (select count(*) from directory_user where tenant = $1) as users, \
             (select count(*) from dirty where tenant = $1 and failed = 0 and urgent < 1) as others, \
             (select count(*) from dirty where tenant = $1 and failed = 0 and urgent = 1) as losing, \
             (select count(*) from dirty where tenant = $1 and failed = 1) as failed, \
             (select count(*) from held where tenant = $1 and decision is null) as held, \
             (select max(at) from ( \
             select max(modified) as at from directory_user where tenant = $1 union all \
             select max(modified) as at from directory_group where tenant = $1) m) as changed",
        )
        .bind(tenant.as_str())
        .fetch_one(&mut *self.read().await?)
        .await?;
        let (others, losing): (i64, i64) = (row.try_get("others")?, row.try_get("losing")?);
        Ok(Load {
            users: row.try_get("users")?,
            pending: others + losing,
            losing,
            failed: row.try_get("failed")?,
            held: row.try_get("held")?,
            changed: row.try_get("changed")?,
        })
    }
}

impl Tx {
    /// Pauses a tenant, or all of them. What is paused already stays so since then, for the reason given now.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn pause(&mut self, pause: &Pause) -> Result<(), StoreError> {
        sqlx::query(
            "insert into pause (tenant, since, actor, reason) values ($1, $2, $3, $4) \
             on conflict (tenant) do update set actor = $3, reason = $4",
        )
        .bind(pause.tenant.as_ref().map_or(ALL, TenantId::as_str))
        .bind(pause.since)
        .bind(&pause.actor)
        .bind(&pause.reason)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Ends the pause of a tenant, or with `None` that of all. Returns whether there was one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn resume(&mut self, tenant: Option<&TenantId>) -> Result<bool, StoreError> {
        let done = sqlx::query("delete from pause where tenant = $1")
            .bind(tenant.map_or(ALL, TenantId::as_str))
            .execute(&mut self.connection)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}

fn read(row: &SqlRow) -> Result<Pause, StoreError> {
    let tenant: String = row.try_get("tenant")?;
    Ok(Pause {
        tenant: (tenant != ALL).then(|| TenantId::new(tenant)),
        since: row.try_get("since")?,
        actor: row.try_get("actor")?,
        reason: row.try_get("reason")?,
    })
}
