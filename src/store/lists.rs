//! What lists read: ids by keys and order, and the records behind ids. One set of statements for both types.

use sqlx::Row;

use super::error::{from_json, to_json};
use super::statement::Statement;
use super::{SqlRow, Store, StoreError, UserRecord};
use crate::domain::model::TenantId;
use crate::scim::{Column, Document, Key, Meta, Position, ResourceKind, SortValue};

/// A resource of either type, without members and groups.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceRecord {
    /// The SCIM id.
    pub id: String,
    /// The SCIM document.
    pub document: Document,
    /// Counts the changes, from 1.
    pub version: i64,
    /// Microseconds since 1970.
    pub created: i64,
    /// Microseconds since 1970.
    pub modified: i64,
}

impl ResourceRecord {
    /// What is rendered beside the document. `base` is the tenant's SCIM base address.
    pub fn meta<'a>(&'a self, base: &'a str) -> Meta<'a> {
        Meta {
            id: &self.id,
            created: self.created,
            modified: self.modified,
            version: self.version,
            base,
        }
    }
}

/// The resources of one type that fulfil all keys.
#[derive(Clone, Copy, Debug)]
pub struct Shelf<'a> {
    /// Whose.
    pub tenant: &'a TenantId,
    /// Of which type.
    pub kind: ResourceKind,
    /// By which keys; none means all.
    pub keys: &'a [Key],
}

/// A way along a shelf: in which order, from where, how far.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a> {
    /// What the order is by; ids decide among equals.
    pub column: Column,
    /// Whether it goes from the largest to the smallest.
    pub is_descending: bool,
    /// Where it begins.
    pub behind: Behind<'a>,
    /// How many resources it meets at most.
    pub limit: u64,
}

/// What a walk leaves behind, in its direction.
#[derive(Clone, Copy, Debug)]
pub enum Behind<'a> {
    /// So many resources.
    Many(u64),
    /// This place and all before it.
    Place(&'a Position),
}

impl From<&UserRecord> for ResourceRecord {
    fn from(user: &UserRecord) -> Self {
        Self {
            id: user.id.to_string(),
            document: user.document.clone(),
            version: user.version,
            created: user.created,
            modified: user.modified,
        }
    }
}

impl Store {
    /// How many resources are on a shelf.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn count(&self, shelf: Shelf<'_>) -> Result<u64, StoreError> {
        let mut query = Statement::new("select count(*) from ");
        push_shelf(&mut query, shelf);
        let row = query.build().fetch_one(&mut *self.read().await?).await?;
        Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
    }

    /// The resources that a walk meets.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn walk(
        &self,
        shelf: Shelf<'_>,
        walk: Walk<'_>,
    ) -> Result<Vec<Position>, StoreError> {
        let column = value_column(walk.column);
        let (direction, comparison) = if walk.is_descending {
            (" desc", " < ")
        } else {
            ("", " > ")
        };
        let mut query = Statement::new("select r.id");
        if let Some(column) = column {
            query.push(", ").push(column).push(" as place");
        }
        query.push(" from ");
        push_shelf(&mut query, shelf);
        if let Behind::Place(position) = walk.behind {
            push_beyond(&mut query, column, comparison, position);
        }
        query.push(" order by ");
        if let Some(column) = column {
            query.push(column).push(direction).push(", ");
        }
        query.push("r.id").push(direction).push(" limit ");
        query.push_bind(walk.limit.cast_signed());
        if let Behind::Many(offset) = walk.behind {
            query.push(" offset ").push_bind(offset.cast_signed());
        }
        let rows = query.build().fetch_all(&mut *self.read().await?).await?;
        rows.iter()
            .map(|row| position(row, shelf.kind, walk.column))
            .collect()
    }

    /// The records of these ids, in any order. Ids that are gone are left out.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn records(
        &self,
        tenant: &TenantId,
        kind: ResourceKind,
        ids: &[&str],
    ) -> Result<Vec<ResourceRecord>, StoreError> {
        let mut query =
            Statement::new("select r.id, r.document, r.version, r.created, r.modified from ");
        query
            .push(table(kind))
            .push(" r where r.tenant = ")
            .push_bind(tenant.as_str());
        query.push(" and r.id in (select value from json_each(");
        query.push_bind(to_json("list of ids", &ids)?);
        query.push("))");
        let rows = query.build().fetch_all(&mut *self.read().await?).await?;
        rows.iter().map(record).collect()
    }
}

fn table(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::User => "directory_user",
        ResourceKind::Group => "directory_group",
    }
}

/// Where the values of a column are, if they are not the ids. An id that stood twice in one order would hide from SQLite
/// that an index has that order.
fn value_column(column: Column) -> Option<&'static str> {
    match column {
        Column::Id => None,
        Column::Name => Some("r.name_key"),
        Column::Created => Some("r.created"),
        Column::Modified => Some("r.modified"),
    }
}

fn push_beyond(
    query: &mut Statement,
    column: Option<&'static str>,
    comparison: &'static str,
    position: &Position,
) {
    let id = position.id.clone();
    let (Some(column), Some(value)) = (column, &position.value) else {
        query.push(" and r.id").push(comparison).push_bind(id);
        return;
    };
    query
        .push(" and (")
        .push(column)
        .push(", r.id)")
        .push(comparison)
        .push("(");
    match value {
        SortValue::Flag(flag) => query.push_bind(i64::from(*flag)),
        SortValue::Instant(at) => query.push_bind(*at),
        SortValue::Text(text) => query.push_bind(text.clone()),
    };
    query.push(", ").push_bind(id).push(")");
}

/// The table and the conditions: all but what is selected from them.
fn push_shelf(query: &mut Statement, shelf: Shelf<'_>) {
    query.push(table(shelf.kind));
    query
        .push(" r where r.tenant = ")
        .push_bind(shelf.tenant.as_str().to_owned());
    for key in shelf.keys {
        push_key(query, shelf, key);
    }
}

fn push_key(query: &mut Statement, shelf: Shelf<'_>, key: &Key) {
    let tenant = shelf.tenant.as_str().to_owned();
    match key {
        Key::Id(id) => query.push(" and r.id = ").push_bind(id.clone()),
        Key::UserName(name) => query.push(" and r.name_key = ").push_bind(name.clone()),
        Key::ExternalId(id) => query.push(" and r.external_key = ").push_bind(id.clone()),
        Key::DisplayName(name) => {
            let column = match shelf.kind {
                ResourceKind::User => " and r.display_key = ",
                ResourceKind::Group => " and r.name_key = ",
            };
            query.push(column).push_bind(name.clone())
        }
        Key::Email(value) => query
            .push(" and r.id in (select user_id from user_email where tenant = ")
            .push_bind(tenant)
            .push(" and value_key = ")
            .push_bind(value.clone())
            .push(")"),
        Key::Member(id) => query
            .push(" and r.id in (select group_id from membership where tenant = ")
            .push_bind(tenant)
            .push(" and user_id = ")
            .push_bind(id.clone())
            .push(")"),
        Key::Active(active) => query.push(" and r.active = ").push_bind(i64::from(*active)),
        Key::Modified { from, to } => query
            .push(" and r.modified between ")
            .push_bind(*from)
            .push(" and ")
            .push_bind(*to),
    };
}

fn position(row: &SqlRow, kind: ResourceKind, column: Column) -> Result<Position, StoreError> {
    let value = match column {
        Column::Id => None,
        Column::Name => Some(SortValue::Text(row.try_get("place")?)),
        Column::Created | Column::Modified => Some(SortValue::Instant(row.try_get("place")?)),
    };
    Ok(Position {
        value,
        kind,
        id: row.try_get("id")?,
    })
}

fn record(row: &SqlRow) -> Result<ResourceRecord, StoreError> {
    Ok(ResourceRecord {
        id: row.try_get("id")?,
        document: from_json("resource", row.try_get("document")?)?,
        version: row.try_get("version")?,
        created: row.try_get("created")?,
        modified: row.try_get("modified")?,
    })
}
