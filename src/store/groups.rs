//! Groups of the directory, without their members.

use std::collections::BTreeSet;

use sqlx::Row;

use super::error::{from_json, to_json};
use super::{Connection, SqlRow, Store, StoreError, Tx};
use crate::domain::model::{GroupId, TenantId};
use crate::scim::{Document, fold};

/// A group as stored, without its members.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupRecord {
    /// The tenant.
    pub tenant: TenantId,
    /// The SCIM id.
    pub id: GroupId,
    /// The SCIM document.
    pub document: Document,
    /// Counts the changes of the group and its membership, from 1.
    pub version: i64,
    /// Microseconds since 1970.
    pub created: i64,
    /// Microseconds since 1970.
    pub modified: i64,
}

macro_rules! select_group {
    ($rest:literal) => {
        concat!(
            "select tenant, id, document, version, created, modified from directory_group ",
            $rest
        )
    };
}

const BY_ID: &str = select_group!("where tenant = $1 and id = $2");
const BY_NAME: &str = select_group!("where tenant = $1 and name_key = $2");
const ALL: &str = select_group!("where tenant = $1 order by id");

impl Store {
    /// The group with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn group(
        &self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Option<GroupRecord>, StoreError> {
        one(&mut *self.read().await?, BY_ID, tenant, id).await
    }
}

impl Tx {
    /// The group with this id, as this transaction sees it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn group(
        &mut self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Option<GroupRecord>, StoreError> {
        one(&mut self.connection, BY_ID, tenant, id).await
    }

    /// The group with this folded displayName.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn group_by_name(
        &mut self,
        tenant: &TenantId,
        name_key: &str,
    ) -> Result<Option<GroupRecord>, StoreError> {
        one(&mut self.connection, BY_NAME, tenant, name_key).await
    }

    /// All groups of a tenant, in the order of their making.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn groups(&mut self, tenant: &TenantId) -> Result<Vec<GroupRecord>, StoreError> {
        let rows = sqlx::query(ALL)
            .bind(tenant.as_str())
            .fetch_all(&mut self.connection)
            .await?;
        rows.iter().map(read).collect()
    }

    /// Adds a group.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; the caller has made sure that the name is free.
    pub async fn insert_group(&mut self, group: &GroupRecord) -> Result<(), StoreError> {
        sqlx::query(
            "insert into directory_group \
             (tenant, id, name_key, external_key, document, version, created, modified, display) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(group.tenant.as_str())
        .bind(group.id.as_str())
        .bind(group.document.display_name().map(fold))
        .bind(group.document.external_id().map(fold))
        .bind(to_json("group", &group.document)?)
        .bind(group.version)
        .bind(group.created)
        .bind(group.modified)
        .bind(group.document.display_name())
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Writes a group's document, version and time.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; the caller has made sure that the name is free.
    pub async fn update_group(&mut self, group: &GroupRecord) -> Result<(), StoreError> {
        sqlx::query(
            "update directory_group set name_key = $3, external_key = $4, document = $5, \
             version = $6, modified = $7, display = $8 where tenant = $1 and id = $2",
        )
        .bind(group.tenant.as_str())
        .bind(group.id.as_str())
        .bind(group.document.display_name().map(fold))
        .bind(group.document.external_id().map(fold))
        .bind(to_json("group", &group.document)?)
        .bind(group.version)
        .bind(group.modified)
        .bind(group.document.display_name())
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Removes a group with its memberships and frees the mappings bound to it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn delete_group(
        &mut self,
        tenant: &TenantId,
        group: &GroupId,
    ) -> Result<(), StoreError> {
        for statement in [
            "update binding set group_id = null where tenant = $1 and group_id = $2",
            "delete from membership where tenant = $1 and group_id = $2",
            "delete from directory_group where tenant = $1 and id = $2",
        ] {
            sqlx::query(statement)
                .bind(tenant.as_str())
                .bind(group.as_str())
                .execute(&mut self.connection)
                .await?;
        }
        Ok(())
    }

    /// Which of `ids` are groups of the tenant.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn known_groups(
        &mut self,
        tenant: &TenantId,
        ids: &[String],
    ) -> Result<BTreeSet<String>, StoreError> {
        let known = sqlx::query_scalar(
            "select id from directory_group \
             where tenant = $1 and id in (select value from json_each($2))",
        )
        .bind(tenant.as_str())
        .bind(to_json("list of groups", &ids)?)
        .fetch_all(&mut self.connection)
        .await?;
        Ok(known.into_iter().collect())
    }
}

async fn one(
    connection: &mut Connection,
    statement: &'static str,
    tenant: &TenantId,
    value: &str,
) -> Result<Option<GroupRecord>, StoreError> {
    let row = sqlx::query(statement)
        .bind(tenant.as_str())
        .bind(value)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &SqlRow) -> Result<GroupRecord, StoreError> {
    Ok(GroupRecord {
        tenant: TenantId::new(row.try_get::<String, _>("tenant")?),
        id: GroupId::new(row.try_get::<String, _>("id")?),
        document: from_json("group", row.try_get("document")?)?,
        version: row.try_get("version")?,
        created: row.try_get("created")?,
        modified: row.try_get("modified")?,
    })
}
