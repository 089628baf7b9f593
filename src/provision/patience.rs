//! How long one request waits for Cloudmore, however many changes it makes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::deadlines::WORK;

/// The patience of one request, which all its changes share. It begins to run with the first change that waits, so
/// that a body that takes long to arrive costs nothing of it.
#[derive(Clone, Debug)]
pub(super) struct Patience {
    total: Duration,
    last: Instant,
    deadline: Arc<Mutex<Option<Instant>>>,
}

impl Patience {
    pub(super) fn new(total: Duration) -> Self {
        Self {
            total,
            last: Instant::now() + WORK,
            deadline: Arc::default(),
        }
    }

    /// When the request has to have done its work, so that it is answered in time: a write whose turn has not come by then
    /// is not made.
    pub(super) fn last(&self) -> Instant {
        self.last
    }

    /// When it ends.
    pub(super) fn deadline(&self) -> Instant {
        let mut deadline = self.deadline.lock().unwrap_or_else(PoisonError::into_inner);
        *deadline.get_or_insert_with(|| self.last.min(Instant::now() + self.total))
    }

    /// Whether there is nothing of it left.
    pub(super) fn is_over(&self) -> bool {
        self.deadline() <= Instant::now()
    }

    /// Ends it here: Cloudmore fails, so that there is nothing to wait for.
    pub(super) fn end(&self) {
        let mut deadline = self.deadline.lock().unwrap_or_else(PoisonError::into_inner);
        *deadline = Some(Instant::now());
    }
}
