//! A write that somebody waits for only so long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::time::{Instant, timeout_at};

use super::{BoxFuture, Store, StoreError, Tx};

impl Store {
    /// As [`Store::write`], for somebody who has no time after `deadline`. If the turn of the write has not come by then, it
    /// never comes; if it has, the answer says how the write ended.
    ///
    /// # Errors
    /// As for [`Store::write`], and [`StoreError::Busy`] when the turn did not come in time: then nothing was done.
    pub async fn write_by<T, E, F>(&self, deadline: Instant, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        // Whoever is first to take it decides: the writer, whose turn it is, or the clock.
        let taken = Arc::new(AtomicBool::new(false));
        let taken_by_writer = Arc::clone(&taken);
        let write = self.write(move |tx| {
            Box::pin(async move {
                if taken_by_writer.swap(true, Ordering::SeqCst) {
                    return Err(StoreError::Busy.into());
                }
                work(tx).await
            })
        });
        tokio::pin!(write);
        match timeout_at(deadline, &mut write).await {
            Ok(outcome) => outcome,
            Err(_) if taken.swap(true, Ordering::SeqCst) => write.await,
            Err(_) => Err(StoreError::Busy.into()),
        }
    }
}
