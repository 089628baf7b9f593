//! Opening the database: file, lock, migrations, connections.

use std::fs::{File, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlStr};

use super::identities::Identities;
use super::user_keys;
use super::writer::Writer;
use super::{Store, StoreError};

/// Forward only; a released migration never changes.
const MIGRATIONS: [(i64, &str, &str); 6] = [
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
    (
        8,
        "reconcile",
        include_str!("migrations/0008_reconcile.sql"),
    ),
];

const READERS: u32 = 4;

impl Store {
    /// Opens the SQLite file at `path`, making and migrating it as needed.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be used or another bridge has it open.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let lock = lock(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: a commit is on the disk before it is answered.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10));
        let mut connection = options.connect().await?;
        migrator().run(&mut connection).await?;
        user_keys::catch_up(&mut connection).await?;

        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.pragma("query_only", "true"))
            .await?;
        let identities = Arc::new(Identities::default());
        Ok(Self {
            writer: Writer::start(connection, Arc::clone(&identities)),
            readers,
            identities,
            _lock: lock,
        })
    }
}

/// Leases in a SQLite file are those of one process, so a second process must stay out.
fn lock(path: &Path) -> Result<File, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let unusable = |error: &dyn std::fmt::Display| {
        StoreError::File(format!("cannot use the store {}: {error}", path.display()))
    };
    let file = private(&name).map_err(|error| unusable(&error))?;
    // SQLite gives the files beside it the permissions of the database.
    private(path).map_err(|error| unusable(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(unusable(&"another scim-bridge has it open")),
        Err(TryLockError::Error(error)) => Err(unusable(&error)),
    }
}

/// Opens a file, making it if need be, for nobody else to read: the store names people.
fn private(path: &Path) -> std::io::Result<File> {
    File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}

fn migrator() -> Migrator {
    let migrations = MIGRATIONS.map(|(version, description, sql)| {
        Migration::new(
            version,
            description.into(),
            MigrationType::Simple,
            SqlStr::from_static(sql),
            false,
        )
    });
    Migrator::with_migrations(migrations.into())
}
