//! Bringing the schema up to date: forward only; a released migration never changes.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use super::database::Kind;
use super::{Connection, StoreError};

/// The migrations, in order.
const MIGRATIONS: [(i64, &str, &str); 13] = [
    (
        1,
        "directory",
        include_str!("migrations/0001_directory.sql"),
    ),
    (2, "lists", include_str!("migrations/0002_lists.sql")),
    (3, "leavers", include_str!("migrations/0003_leavers.sql")),
    (4, "held", include_str!("migrations/0004_held.sql")),
    (
        5,
        "catalogue",
        include_str!("migrations/0005_catalogue.sql"),
    ),
    (6, "rows", include_str!("migrations/0006_rows.sql")),
    (7, "guard", include_str!("migrations/0007_guard.sql")),
    (
        8,
        "reconcile",
        include_str!("migrations/0008_reconcile.sql"),
    ),
    (9, "replicas", include_str!("migrations/0009_replicas.sql")),
    (
        10,
        "credential",
        include_str!("migrations/0010_credential.sql"),
    ),
    (
        11,
        "signing_key",
        include_str!("migrations/0011_signing_key.sql"),
    ),
    (12, "console", include_str!("migrations/0012_console.sql")),
    (
        13,
        "admission",
        include_str!("migrations/0013_admission.sql"),
    ),
];

/// What SQLite has and PostgreSQL lacks: the elements of a JSON list as rows, with `value`.
const JSON_EACH: &str = "create or replace function json_each(list text) returns table (value text) \
     language sql immutable as 'select jsonb_array_elements_text(list::jsonb)'";

/// Applies what is missing. Several replicas may start at once: the migrator lets one do it while the others wait.
///
/// # Errors
/// [`StoreError`] also for a database that a newer version has migrated.
pub(super) async fn migrate(connection: &mut Connection, kind: Kind) -> Result<(), StoreError> {
    let migrations = MIGRATIONS.map(|(version, description, sql)| {
        Migration::new(
            version,
            description.into(),
            MigrationType::Simple,
            AssertSqlSafe(kind.schema(sql)).into_sql_str(),
            false,
        )
    });
    let migrator = Migrator::with_migrations(migrations.into());
    migrator.run(&mut *connection).await?;
    if kind == Kind::Postgres {
        // Two that replace a function at once fail over one another.
        sqlx::raw_sql("begin; select pg_advisory_xact_lock(7643764412);")
            .execute(&mut *connection)
            .await?;
        sqlx::raw_sql(JSON_EACH).execute(&mut *connection).await?;
        sqlx::raw_sql("commit").execute(&mut *connection).await?;
    }
    Ok(())
}
