//! Opening the store: database, lock, migrations, connections.

use std::fs::{File, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::SecretString;

use super::database::{Database, Kind};
use super::identities::Identities;
use super::writer::Writer;
use super::{Store, StoreError, migrations, replicas, user_keys};

impl Store {
    /// Opens the store at `sqlite://` and a path, or at the `postgres://` address of a database, making and migrating
    /// what is needed.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be used, is newer than this bridge, or, being a file, is open in another.
    pub async fn open(url: &str, password: Option<&SecretString>) -> Result<Self, StoreError> {
        let (database, lock) = match url.strip_prefix("sqlite://") {
            Some(path) => {
                let lock = lock(Path::new(path))?;
                (Database::sqlite(Path::new(path))?, Some(lock))
            }
            None => (Database::postgres(url, password)?, None),
        };
        let mut connection = database.connect().await?;
        migrations::migrate(&mut connection, database.kind).await?;
        user_keys::catch_up(&mut connection, database.kind).await?;

        let readers = database.readers().await?;
        let identities = Arc::new(Identities::new(database.kind));
        let listening = match database.kind {
            Kind::Sqlite => None,
            Kind::Postgres => Some(replicas::listen(&database, Arc::clone(&identities)).await?),
        };
        Ok(Self {
            writer: Writer::start(database, connection, Arc::clone(&identities)),
            readers,
            identities,
            listening,
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
