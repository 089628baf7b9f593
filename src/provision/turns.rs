//! Whose turn it is: work on one user happens one after the other within this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

use crate::domain::model::{TenantId, UserId};

type Key = (TenantId, UserId);

/// A user's turn, which lasts until it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _held: OwnedMutexGuard<()>,
}

/// One queue per user that somebody works on.
#[derive(Debug, Default)]
pub(super) struct Turns {
    queues: Mutex<HashMap<Key, Arc<tokio::sync::Mutex<()>>>>,
}

impl Turns {
    /// Waits for the user's turn; it lasts until the answer is dropped.
    pub(super) async fn take(&self, tenant: &TenantId, user: &UserId) -> Turn {
        let queue = {
            let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
            // A queue that only the map holds has nobody in it.
            queues.retain(|_, queue| Arc::strong_count(queue) > 1);
            let key = (tenant.clone(), user.clone());
            Arc::clone(queues.entry(key).or_default())
        };
        Turn {
            _held: queue.lock_owned().await,
        }
    }
}
