//! The store: the only room that knows SQL. SQLite or PostgreSQL, durable when it answers.

mod accounts;
mod admissions;
mod audit;
mod bindings;
mod catalogue;
mod credentials;
mod database;
mod dirty;
mod drift;
mod error;
mod failed;
mod former;
mod groups;
mod guard;
mod held;
mod held_removals;
mod identities;
mod leavers;
mod lists;
mod marks;
mod members;
mod migrations;
mod open;
mod owners;
mod pauses;
mod person;
mod reconcile;
mod replicas;
mod seats;
mod secret;
mod sessions;
mod signing_keys;
mod statement;
mod status;
mod tenants;
mod transfer;
mod turn;
mod urgency;
mod user_keys;
mod users;
mod writer;

pub use admissions::Admission;
pub use audit::{AuditEntry, AuditRecord};
pub use credentials::StoredCredential;
pub use dirty::{DirtyRow, Lease, Setback};
pub use drift::{DriftRow, Drifted, Subject};
pub use error::StoreError;
pub use failed::Troubled;
pub use former::Former;
pub use groups::GroupRecord;
pub use guard::Counted;
pub use held::Held;
pub use held_removals::{Decided, HeldRemoval, Whose};
pub use identities::IdentityCounts;
pub use lists::{Behind, ResourceRecord, Shelf, Walk};
pub use members::Link;
pub use owners::Owned;
pub use pauses::{Load, Pause};
pub use person::Person;
pub use reconcile::{Due, LastRun, Progress, RunLease, RunState};
pub use sessions::SessionRow;
pub use signing_keys::SigningKey;
pub use status::Status;
pub use transfer::{Tables, exported_columns};
pub use urgency::UnseenRow;
pub use users::{UserKey, UserRecord};
pub use writer::{BoxFuture, Tx, WriteCounts};

use identities::Identities;
use writer::Writer;

/// The connection type behind every statement.
type Connection = sqlx::AnyConnection;

/// The row type that statements return.
type SqlRow = sqlx::any::AnyRow;

/// How long a write that does nothing may wait for its turn.
const PING: std::time::Duration = std::time::Duration::from_secs(5);

/// The durable state of the bridge. Cheap to share behind an `Arc`.
#[derive(Debug)]
pub struct Store {
    writer: Writer,
    readers: sqlx::AnyPool,
    identities: std::sync::Arc<Identities>,
    /// What the other replicas say, where there can be any.
    listening: Option<tokio_util::task::AbortOnDropHandle<()>>,
    /// Held for as long as the store is open: a SQLite file has one bridge.
    _lock: Option<std::fs::File>,
}

impl Store {
    /// Runs `work` as one transaction and answers when it is durable. An `Err` from `work` undoes
    /// everything it did. Concurrent writes share commits; each still stands or falls alone.
    ///
    /// # Errors
    /// What `work` returns, or the store's own failure to commit.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        self.writer.write(work).await
    }

    /// How many writes were committed, in how many commits.
    pub fn write_counts(&self) -> WriteCounts {
        self.writer.counts()
    }

    /// Hits and misses of the identity cache.
    pub fn identity_counts(&self) -> IdentityCounts {
        self.identities.counts()
    }

    /// Whether the database answers, to those who read and to those who write.
    ///
    /// # Errors
    /// [`StoreError`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("select 1")
            .execute(&mut *self.read().await?)
            .await?;
        let write = self.write(|_| Box::pin(async { Ok(()) }));
        let written = tokio::time::timeout(PING, write).await;
        written.unwrap_or(Err(StoreError::Busy))
    }

    /// What the database says the time is, in microseconds since 1970, where it has a clock that replicas share.
    ///
    /// # Errors
    /// [`StoreError`] when it does not answer.
    pub async fn time(&self) -> Result<Option<i64>, StoreError> {
        if self.listening.is_none() {
            return Ok(None);
        }
        let now = "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)";
        let now = sqlx::query_scalar(now);
        Ok(Some(now.fetch_one(&mut *self.read().await?).await?))
    }

    async fn read(&self) -> Result<sqlx::pool::PoolConnection<sqlx::Any>, StoreError> {
        Ok(self.readers.acquire().await?)
    }
}
