//! The cache of id mappings: SCIM id, userName or externalId to the user and its Cloudmore id.
//!
//! A reader that missed reads the database and fills the cache under a shared lock; the writer
//! forgets under the exclusive lock after its commit. So whatever was read before a commit is
//! gone from the cache before that commit is answered, and no stale entry can slip in behind.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use moka::future::Cache;
use tokio::sync::RwLock;

use super::database::Kind;
use super::{StoreError, UserKey, UserRecord};

const ENTRIES: u64 = 50_000;

/// A net under the explicit forgetting. What another replica changes is told, a moment later; should that be lost, this is
/// how long an old answer can live.
fn time_to_live(kind: Kind) -> Duration {
    match kind {
        Kind::Sqlite => Duration::from_mins(5),
        Kind::Postgres => Duration::from_secs(5),
    }
}

#[derive(Debug)]
pub(super) struct Identities {
    entries: Cache<UserKey, Arc<UserRecord>>,
    filling: RwLock<()>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// Hits and misses of the cache since the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentityCounts {
    /// Lookups answered from memory.
    pub hits: u64,
    /// Lookups that went to the database.
    pub misses: u64,
}

impl Identities {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            entries: Cache::builder()
                .max_capacity(ENTRIES)
                .time_to_live(time_to_live(kind))
                .build(),
            filling: RwLock::default(),
            hits: AtomicU64::default(),
            misses: AtomicU64::default(),
        }
    }

    /// The user under `key`, from memory or else from `load`. That there is none is not kept.
    pub(super) async fn get(
        &self,
        key: UserKey,
        load: impl Future<Output = Result<Option<UserRecord>, StoreError>>,
    ) -> Result<Option<Arc<UserRecord>>, StoreError> {
        if let Some(user) = self.entries.get(&key).await {
            self.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(Some(user));
        }
        self.misses.fetch_add(1, Ordering::Relaxed);
        let _shared = self.filling.read().await;
        let Some(user) = load.await?.map(Arc::new) else {
            return Ok(None);
        };
        self.entries.insert(key, Arc::clone(&user)).await;
        Ok(Some(user))
    }

    pub(super) async fn forget(&self, keys: impl Iterator<Item = UserKey>) {
        let mut keys = keys.peekable();
        if keys.peek().is_none() {
            return;
        }
        let _exclusive = self.filling.write().await;
        for key in keys {
            self.entries.invalidate(&key).await;
        }
    }

    pub(super) async fn forget_all(&self) {
        let _exclusive = self.filling.write().await;
        self.entries.invalidate_all();
    }

    pub(super) fn counts(&self) -> IdentityCounts {
        IdentityCounts {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
        }
    }
}
