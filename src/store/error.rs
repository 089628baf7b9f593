//! What can go wrong in the store, and how a stored value is read back.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::migrate::MigrateError;

/// A failure of the store. Nothing of the write that met it was kept.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error("the store failed: {0}")]
    Database(Arc<sqlx::Error>),
    /// The database's schema could not be brought up to date.
    #[error("the store could not be migrated: {0}")]
    Migration(Arc<sqlx::migrate::MigrateError>),
    /// A newer bridge has migrated the database.
    #[error(
        "the store is that of a newer scim-bridge (its migration {0} is not known): install that version, or go \
         back to a backup of before"
    )]
    Newer(i64),
    /// The file cannot be used.
    #[error("{0}")]
    File(String),
    /// A stored value cannot be read.
    #[error("a stored {what} cannot be read: {why}")]
    Corrupt {
        /// What it should have been.
        what: &'static str,
        /// Why it is not.
        why: String,
    },
    /// The turn of a write did not come in time, because many others were before it.
    #[error("the store is busy")]
    Busy,
    /// The store was closed meanwhile.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// Whether one stored row is to blame, which nobody can read, and not the store.
    pub fn is_corrupt(&self) -> bool {
        match self {
            Self::Corrupt { .. } => true,
            Self::Database(error) => matches!(
                **error,
                sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)
            ),
            Self::Migration(_) | Self::Newer(_) | Self::File(_) | Self::Busy | Self::Closed => {
                false
            }
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        if let MigrateError::VersionMissing(version) = error {
            return Self::Newer(version);
        }
        Self::Migration(Arc::new(error))
    }
}

/// Reads a JSON column.
pub(super) fn from_json<T: DeserializeOwned>(
    what: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt {
        what,
        why: error.to_string(),
    })
}

/// Writes a JSON column.
pub(super) fn to_json<T: Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt {
        what,
        why: error.to_string(),
    })
}
