//! When credentials of the store were last used: noted beside the request, which does not wait for it and never fails by it.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tracing::warn;

use crate::store::{Store, StoreError, StoredCredential};

/// How exact it is, in microseconds: a write for each request would cost more than the request.
const EVERY: i64 = 60_000_000;

/// Most notes under way. What finds no place is noted with the next request.
const UNDER_WAY: usize = 4;

pub(super) struct Usage {
    store: Arc<Store>,
    places: Arc<Semaphore>,
}

impl Usage {
    pub(super) fn new(store: Arc<Store>) -> Self {
        let places = Arc::new(Semaphore::new(UNDER_WAY));
        Self { store, places }
    }

    pub(super) fn note(&self, stored: &StoredCredential, now: i64) {
        let is_fresh = stored
            .last_used
            .is_some_and(|at| now.saturating_sub(at) < EVERY);
        let Some(place) = (!is_fresh)
            .then(|| Arc::clone(&self.places).try_acquire_owned().ok())
            .flatten()
        else {
            return;
        };
        let (store, id) = (Arc::clone(&self.store), stored.credential.id.clone());
        tokio::spawn(async move {
            let write =
                store.write(move |tx| Box::pin(async move { tx.credential_used(&id, now).await }));
            let written: Result<(), StoreError> = write.await;
            if let Err(error) = written {
                warn!(error = %error, "When a credential was used could not be noted");
            }
            drop(place);
        });
    }
}
