//! Credentials that were made while the bridge ran. Each is looked up when it is shown, so that one that was revoked at
//! any replica opens nothing at all of them.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;

use super::error::{from_json, to_json};
use super::{SqlRow, Store, StoreError, Tx};
use crate::domain::credential::{Credential, Kind, from_hex, hex};
use crate::domain::model::TenantId;

/// A credential and its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCredential {
    /// What it opens.
    pub tenant: TenantId,
    /// The credential.
    pub credential: Credential,
    /// When it was made, microseconds since 1970.
    pub created: i64,
    /// By whom.
    pub created_by: String,
    /// When it was shown last, give or take a minute.
    pub last_used: Option<i64>,
}

/// Columns are named, because replicas of different versions may share a database.
macro_rules! select {
    ($which:literal) => {
        concat!(
            "select id, tenant, kind, name, sha256, label, authority, created, created_by, expires_at, revoked_at, \
             last_used from credential ",
            $which
        )
    };
}

impl Store {
    /// The credential with this secret.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn credential_with_secret(
        &self,
        sha256: &[u8; 32],
    ) -> Result<Option<StoredCredential>, StoreError> {
        let row = sqlx::query(select!("where sha256 = $1"))
            .bind(hex(sha256))
            .fetch_optional(&mut *self.read().await?)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// The credential with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn credential(&self, id: &str) -> Result<Option<StoredCredential>, StoreError> {
        let row = sqlx::query(select!("where id = $1"))
            .bind(id)
            .fetch_optional(&mut *self.read().await?)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// The newest credential of a tenant with this user name or client id.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn credential_with_name(
        &self,
        tenant: &TenantId,
        kind: Kind,
        name: &str,
    ) -> Result<Option<StoredCredential>, StoreError> {
        let row = sqlx::query(select!(
            "where tenant = $1 and kind = $2 and name = $3 order by created desc, id desc limit 1"
        ))
        .bind(tenant.as_str())
        .bind(kind.as_str())
        .bind(name)
        .fetch_optional(&mut *self.read().await?)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// All credentials of a tenant, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn credentials(
        &self,
        tenant: &TenantId,
    ) -> Result<Vec<StoredCredential>, StoreError> {
        let rows = sqlx::query(select!("where tenant = $1 order by created, id"))
            .bind(tenant.as_str())
            .fetch_all(&mut *self.read().await?)
            .await?;
        rows.iter().map(read).collect()
    }
}

impl Tx {
    /// Adds a credential.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn add_credential(&mut self, stored: &StoredCredential) -> Result<(), StoreError> {
        let credential = &stored.credential;
        sqlx::query(
            "insert into credential (id, tenant, kind, name, sha256, label, authority, created, created_by, expires_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&credential.id)
        .bind(stored.tenant.as_str())
        .bind(credential.kind.as_str())
        .bind(&credential.name)
        .bind(hex(&credential.sha256))
        .bind(&credential.label)
        .bind(credential.authority.as_str())
        .bind(stored.created)
        .bind(&stored.created_by)
        .bind(credential.expires_at)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// A credential of a tenant, as it is within this transaction.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn credential(
        &mut self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Option<StoredCredential>, StoreError> {
        let row = sqlx::query(select!("where tenant = $1 and id = $2"))
            .bind(tenant.as_str())
            .bind(id)
            .fetch_optional(&mut self.connection)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Lets a credential of a tenant open nothing from now on.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn revoke_credential(
        &mut self,
        tenant: &TenantId,
        id: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update credential set revoked_at = $3 \
             where tenant = $1 and id = $2 and revoked_at is null",
        )
        .bind(tenant.as_str())
        .bind(id)
        .bind(now)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Lets a credential end at a time, unless it ends before it anyway.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn end_credential(&mut self, id: &str, end: i64) -> Result<(), StoreError> {
        sqlx::query(
            "update credential set expires_at = $2 \
             where id = $1 and (expires_at is null or expires_at > $2)",
        )
        .bind(id)
        .bind(end)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Notes that a credential was shown.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn credential_used(&mut self, id: &str, at: i64) -> Result<(), StoreError> {
        sqlx::query(
            "update credential set last_used = $2 \
             where id = $1 and (last_used is null or last_used < $2)",
        )
        .bind(id)
        .bind(at)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }
}

fn read(row: &SqlRow) -> Result<StoredCredential, StoreError> {
    let sha256 = from_hex(row.try_get("sha256")?).ok_or(StoreError::Corrupt {
        what: "credential",
        why: "its digest is none".to_owned(),
    })?;
    Ok(StoredCredential {
        tenant: TenantId::new(row.try_get::<String, _>("tenant")?),
        credential: Credential {
            id: row.try_get("id")?,
            kind: word(row.try_get("kind")?)?,
            name: row.try_get("name")?,
            sha256,
            label: row.try_get("label")?,
            authority: word(row.try_get("authority")?)?,
            expires_at: row.try_get("expires_at")?,
            revoked_at: row.try_get("revoked_at")?,
        },
        created: row.try_get("created")?,
        created_by: row.try_get("created_by")?,
        last_used: row.try_get("last_used")?,
    })
}

/// A word that stands for a value.
fn word<T: DeserializeOwned + Serialize>(text: &str) -> Result<T, StoreError> {
    from_json("credential", &to_json("credential", &text)?)
}
