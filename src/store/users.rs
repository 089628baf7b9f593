//! Users of the directory.

use std::sync::Arc;

use sqlx::Row;

use super::error::{from_json, to_json};
use super::user_keys::{FORGET_EMAILS, write_emails};
use super::{Connection, SqlRow, Store, StoreError, Tx};
use crate::domain::model::{AccountId, TenantId, UserId};
use crate::scim::{Document, fold};

/// A user as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct UserRecord {
    /// The tenant.
    pub tenant: TenantId,
    /// The SCIM id.
    pub id: UserId,
    /// The SCIM document.
    pub document: Document,
    /// Counts the changes of the document, from 1.
    pub version: i64,
    /// Microseconds since 1970.
    pub created: i64,
    /// Microseconds since 1970.
    pub modified: i64,
    /// The Cloudmore account, if there is one of ours.
    pub account: Option<AccountId>,
}

/// What a user can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UserKey {
    /// The SCIM id.
    Id(TenantId, String),
    /// The userName, folded.
    Name(TenantId, String),
    /// The externalId, folded; only where one user bears it.
    External(TenantId, String),
}

impl UserRecord {
    fn keys(&self) -> impl Iterator<Item = UserKey> {
        let external = self.document.external_id();
        [
            Some(UserKey::Id(self.tenant.clone(), self.id.to_string())),
            Some(UserKey::Name(
                self.tenant.clone(),
                fold(self.document.user_name()),
            )),
            external.map(|id| UserKey::External(self.tenant.clone(), fold(id))),
        ]
        .into_iter()
        .flatten()
    }
}

macro_rules! select_user {
    ($rest:literal) => {
        concat!(
            "select u.tenant, u.id, u.document, u.version, u.created, u.modified, a.account_id \
             from directory_user u \
             left join account a on a.tenant = u.tenant and a.user_id = u.id ",
            $rest
        )
    };
}

const BY_ID: &str = select_user!("where u.tenant = $1 and u.id = $2");
const BY_NAME: &str = select_user!("where u.tenant = $1 and u.name_key = $2");
// Two rows are enough to know that there is not exactly one.
const BY_EXTERNAL: &str =
    select_user!("where u.tenant = $1 and u.external_key = $2 order by u.id limit 2");

impl Store {
    /// The user under `key`, from the identity cache or the database.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn user(&self, key: UserKey) -> Result<Option<Arc<UserRecord>>, StoreError> {
        let load = async {
            let mut connection = self.read().await?;
            find(&mut connection, &key).await
        };
        self.identities.get(key.clone(), load).await
    }
}

impl Tx {
    /// The user under `key`, as this transaction sees it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn user(&mut self, key: &UserKey) -> Result<Option<UserRecord>, StoreError> {
        find(&mut self.connection, key).await
    }

    /// Adds a user.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; the caller has made sure that the name is free.
    pub async fn insert_user(&mut self, user: &UserRecord) -> Result<(), StoreError> {
        sqlx::query(
            "insert into directory_user \
             (tenant, id, name_key, external_key, document, version, created, modified, display, \
             display_key, active) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(user.tenant.as_str())
        .bind(user.id.as_str())
        .bind(fold(user.document.user_name()))
        .bind(user.document.external_id().map(fold))
        .bind(to_json("user", &user.document)?)
        .bind(user.version)
        .bind(user.created)
        .bind(user.modified)
        .bind(user.document.display_name())
        .bind(user.document.display_name().map(fold))
        .bind(user.document.active_key().map(i64::from))
        .execute(&mut self.connection)
        .await?;
        self.write_emails(user).await?;
        self.changed.extend(user.keys());
        Ok(())
    }

    /// Replaces the user `before` by `after`, which has the same id.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; the caller has made sure that the name is free.
    pub async fn update_user(
        &mut self,
        before: &UserRecord,
        after: &UserRecord,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update directory_user set name_key = $3, external_key = $4, document = $5, \
             version = $6, modified = $7, display = $8, display_key = $9, active = $10 \
             where tenant = $1 and id = $2",
        )
        .bind(after.tenant.as_str())
        .bind(after.id.as_str())
        .bind(fold(after.document.user_name()))
        .bind(after.document.external_id().map(fold))
        .bind(to_json("user", &after.document)?)
        .bind(after.version)
        .bind(after.modified)
        .bind(after.document.display_name())
        .bind(after.document.display_name().map(fold))
        .bind(after.document.active_key().map(i64::from))
        .execute(&mut self.connection)
        .await?;
        if before.document.email_keys() != after.document.email_keys() {
            sqlx::query(FORGET_EMAILS)
                .bind(after.tenant.as_str())
                .bind(after.id.as_str())
                .execute(&mut self.connection)
                .await?;
            self.write_emails(after).await?;
        }
        self.changed.extend(before.keys());
        self.changed.extend(after.keys());
        Ok(())
    }

    /// Removes a user with its memberships. What is known of the account stays.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn delete_user(&mut self, user: &UserRecord) -> Result<(), StoreError> {
        for statement in [
            "delete from membership where tenant = $1 and user_id = $2",
            FORGET_EMAILS,
            "delete from directory_user where tenant = $1 and id = $2",
        ] {
            sqlx::query(statement)
                .bind(user.tenant.as_str())
                .bind(user.id.as_str())
                .execute(&mut self.connection)
                .await?;
        }
        // Who comes back after a deletion is another user.
        self.forget_keepsake(&user.tenant, &user.id).await?;
        self.changed.extend(user.keys());
        Ok(())
    }

    async fn write_emails(&mut self, user: &UserRecord) -> Result<(), StoreError> {
        let (tenant, id) = (user.tenant.as_str(), user.id.as_str());
        write_emails(&mut self.connection, tenant, id, &user.document).await
    }

    /// The Cloudmore account of a user changed: its cached identity is out of date.
    pub(super) async fn account_changed(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
    ) -> Result<(), StoreError> {
        let key = UserKey::Id(tenant.clone(), user.to_string());
        if let Some(user) = find(&mut self.connection, &key).await? {
            self.changed.extend(user.keys());
        }
        Ok(())
    }
}

pub(super) async fn find(
    connection: &mut Connection,
    key: &UserKey,
) -> Result<Option<UserRecord>, StoreError> {
    let (statement, tenant, value) = match key {
        UserKey::Id(tenant, id) => (BY_ID, tenant, id),
        UserKey::Name(tenant, name) => (BY_NAME, tenant, name),
        UserKey::External(tenant, id) => (BY_EXTERNAL, tenant, id),
    };
    let rows = sqlx::query(statement)
        .bind(tenant.as_str())
        .bind(value)
        .fetch_all(connection)
        .await?;
    match rows.as_slice() {
        [row] => read(row).map(Some),
        _ => Ok(None),
    }
}

fn read(row: &SqlRow) -> Result<UserRecord, StoreError> {
    Ok(UserRecord {
        tenant: TenantId::new(row.try_get::<String, _>("tenant")?),
        id: UserId::new(row.try_get::<String, _>("id")?),
        document: from_json("user", row.try_get("document")?)?,
        version: row.try_get("version")?,
        created: row.try_get("created")?,
        modified: row.try_get("modified")?,
        account: row
            .try_get::<Option<String>, _>("account_id")?
            .map(AccountId::new),
    })
}
