//! Everything that the store has of a tenant, as JSON: to be kept as a backup, or written into another store.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use sqlx::{Column as _, Row, TypeInfo as _, ValueRef as _};

use super::statement::Statement;
use super::{SqlRow, StoreError, Tx};
use crate::domain::model::{TenantId, UserId};

/// The rows of each table, without the tenant.
pub type Tables = BTreeMap<String, Vec<Map<String, Value>>>;

/// The tables with rows of tenants, and their columns without the tenant. The trail's own numbers are not taken along.
const TABLES: [(&str, &[&str]); 22] = [
    (
        "directory_user",
        &[
            "id",
            "name_key",
            "display",
            "external_key",
            "document",
            "version",
            "created",
            "modified",
            "display_key",
            "active",
        ],
    ),
    (
        "directory_group",
        &[
            "id",
            "name_key",
            "display",
            "external_key",
            "document",
            "version",
            "created",
            "modified",
        ],
    ),
    ("membership", &["group_id", "user_id", "change"]),
    ("user_email", &["user_id", "value_key"]),
    ("binding", &["selector", "group_id"]),
    (
        "account",
        &[
            "user_id",
            "state",
            "account_id",
            "origin",
            "profile",
            "role",
            "lock",
            "locked_since",
            "locked_seen",
            "locked_before",
            "last_access",
            "changed",
        ],
    ),
    (
        "seat",
        &[
            "user_id",
            "service",
            "subscription",
            "state",
            "origin",
            "external_user_id",
            "reason",
            "changed",
        ],
    ),
    ("keepsake", &["user_id", "account"]),
    ("foreign_account", &["account_id"]),
    ("fresh_link", &["user_id"]),
    (
        "held",
        &[
            "user_id",
            "account_id",
            "name",
            "email",
            "found_by",
            "since",
            "decision",
        ],
    ),
    (
        "dirty",
        &[
            "user_id",
            "generation",
            "due_at",
            "attempts",
            "lease",
            "lease_until",
            "failed",
            "last_error",
            "urgent",
            "since",
            "taking",
        ],
    ),
    ("removal", &["user_id", "at", "takes", "released"]),
    (
        "held_removal",
        &[
            "user_id",
            "since",
            "reason",
            "takes",
            "wish",
            "stage",
            "decided_by",
            "by_count",
        ],
    ),
    ("shield", &["user_id", "shield"]),
    (
        "former_account",
        &["account_id", "user_id", "id", "origin", "since"],
    ),
    ("former_seat", &["account_id", "service", "subscription"]),
    (
        "reconcile",
        &[
            "rested_since",
            "asked",
            "mode",
            "started",
            "due_at",
            "last_user",
            "progress",
            "last_run",
            "lease",
            "lease_until",
        ],
    ),
    (
        "drift",
        &["user_id", "kind", "place", "detail", "repairing", "seen_at"],
    ),
    ("role_name", &["role", "name"]),
    ("tenant_state", &["mapping_digest", "target"]),
    (
        "audit",
        &[
            "at", "actor", "request", "kind", "subject", "outcome", "detail",
        ],
    ),
];

/// What an export has: tables and columns.
pub fn exported_columns() -> impl Iterator<Item = (&'static str, &'static str)> {
    let columns = |(table, columns): (&'static str, &'static [&'static str])| {
        columns.iter().map(move |column| (table, *column))
    };
    TABLES.into_iter().flat_map(columns)
}

impl Tx {
    /// Everything that the store has of a tenant.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn export(&mut self, tenant: &TenantId) -> Result<Tables, StoreError> {
        let mut tables = Tables::new();
        for (table, columns) in TABLES {
            let mut statement = Statement::new("select ");
            listed(&mut statement, columns);
            statement
                .push(" from ")
                .push(table)
                .push(" where tenant = ");
            statement.push_bind(tenant.as_str());
            if table == "audit" {
                statement.push(" order by id");
            }
            let rows = statement.build().fetch_all(&mut self.connection).await?;
            let rows: Result<_, _> = rows.iter().map(read).collect();
            tables.insert(table.to_owned(), rows?);
        }
        Ok(tables)
    }

    /// Whether the store has nothing of a tenant but that it is configured.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn is_blank(&mut self, tenant: &TenantId) -> Result<bool, StoreError> {
        for (table, _) in TABLES {
            if matches!(
                table,
                "tenant_state"
                    | "binding"
                    | "role_name"
                    | "foreign_account"
                    | "reconcile"
                    | "audit"
            ) {
                continue;
            }
            let mut statement = Statement::new("select 1 from ");
            statement.push(table).push(" where tenant = ");
            statement.push_bind(tenant.as_str()).push(" limit 1");
            let row = statement
                .build()
                .fetch_optional(&mut self.connection)
                .await?;
            if row.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Puts what was exported in place of all that the store has of a tenant.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails or refuses a row.
    pub async fn import(&mut self, tenant: &TenantId, tables: &Tables) -> Result<(), StoreError> {
        for (table, columns) in TABLES {
            let mut statement = Statement::new("delete from ");
            statement.push(table).push(" where tenant = ");
            statement.push_bind(tenant.as_str());
            statement.build().execute(&mut self.connection).await?;
            for row in tables.get(table).into_iter().flatten() {
                let mut statement = Statement::new("insert into ");
                statement.push(table).push(" (tenant, ");
                listed(&mut statement, columns);
                statement.push(") values (").push_bind(tenant.as_str());
                for column in columns {
                    statement.push(", ");
                    bind(&mut statement, table, row.get(*column))?;
                }
                statement.push(")");
                statement.build().execute(&mut self.connection).await?;
            }
        }
        let users = tables.get("directory_user").into_iter().flatten();
        for id in users.filter_map(|row| row.get("id")?.as_str()) {
            // What was kept of such a user in memory is out of date.
            self.account_changed(tenant, &UserId::new(id)).await?;
        }
        Ok(())
    }
}

fn listed(statement: &mut Statement, columns: &'static [&'static str]) {
    for (at, column) in columns.iter().enumerate() {
        statement.push(if at == 0 { "" } else { ", " }).push(column);
    }
}

fn bind(statement: &mut Statement, table: &str, value: Option<&Value>) -> Result<(), StoreError> {
    match value {
        None | Some(Value::Null) => {
            statement.push("null");
        }
        Some(Value::String(text)) => {
            statement.push_bind(text.as_str());
        }
        Some(Value::Number(number)) if number.is_i64() => {
            statement.push_bind(number.as_i64().unwrap_or_default());
        }
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            return Err(StoreError::Corrupt {
                what: "exported row",
                why: format!("one of {table} has a value that is neither text nor a whole number"),
            });
        }
    }
    Ok(())
}

fn read(row: &SqlRow) -> Result<Map<String, Value>, StoreError> {
    let mut values = Map::new();
    for column in row.columns() {
        let value = row.try_get_raw(column.ordinal())?;
        if value.is_null() {
            continue;
        }
        let is_text = value.type_info().name() == "TEXT";
        let value = if is_text {
            Value::from(row.try_get::<String, _>(column.ordinal())?)
        } else {
            Value::from(row.try_get::<i64, _>(column.ordinal())?)
        };
        values.insert(column.name().to_owned(), value);
    }
    Ok(values)
}
