//! The audit trail: who asked for what, what was decided, what was done.

use serde_json::Value;
use sqlx::Row;

use super::error::{from_json, to_json};
use super::{SqlRow, Store, StoreError, Tx};
use crate::domain::model::TenantId;

/// One thing that happened. Never holds secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Microseconds since 1970.
    pub at: i64,
    /// The tenant.
    pub tenant: TenantId,
    /// Who acted: the credential's label, or the bridge itself.
    pub actor: String,
    /// The correlation id of the request that led here.
    pub request: Option<String>,
    /// What kind of thing, such as `user.create` or `step`.
    pub kind: &'static str,
    /// The id of the user or group concerned.
    pub subject: String,
    /// How it ended, in a word or a sentence.
    pub outcome: String,
    /// The particulars.
    pub detail: Value,
}

/// An entry as read back.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRecord {
    /// Its number, rising.
    pub id: i64,
    /// Microseconds since 1970.
    pub at: i64,
    /// Who acted.
    pub actor: String,
    /// The correlation id.
    pub request: Option<String>,
    /// What kind of thing.
    pub kind: String,
    /// The id of the user or group concerned.
    pub subject: String,
    /// How it ended.
    pub outcome: String,
    /// The particulars.
    pub detail: Value,
}

impl Tx {
    /// Adds an entry.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn audit(&mut self, entry: &AuditEntry) -> Result<(), StoreError> {
        sqlx::query(
            "insert into audit (at, tenant, actor, request, kind, subject, outcome, detail) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(entry.at)
        .bind(entry.tenant.as_str())
        .bind(&entry.actor)
        .bind(&entry.request)
        .bind(entry.kind)
        .bind(&entry.subject)
        .bind(&entry.outcome)
        .bind(to_json("audit entry", &entry.detail)?)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }
}

impl Store {
    /// The entries of a tenant after the entry `after` (0 for all), oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn audit_after(
        &self,
        tenant: &TenantId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<AuditRecord>, StoreError> {
        let rows = sqlx::query(
            "select id, at, actor, request, kind, subject, outcome, detail from audit \
             where tenant = $1 and id > $2 order by id limit $3",
        )
        .bind(tenant.as_str())
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &SqlRow) -> Result<AuditRecord, StoreError> {
    Ok(AuditRecord {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        actor: row.try_get("actor")?,
        request: row.try_get("request")?,
        kind: row.try_get("kind")?,
        subject: row.try_get("subject")?,
        outcome: row.try_get("outcome")?,
        detail: from_json("audit entry", row.try_get("detail")?)?,
    })
}
