//! Administrators who are signed in to the console: for how long, and until when at most. A session's `id` is the hash of
//! what the browser has, in hexadecimal digits.

use std::time::Duration;

use super::Bridge;
use super::clock::micros;
use crate::store::{SessionRow, StoreError};

/// How long a session lasts without a request.
pub const IDLE: Duration = Duration::from_mins(30);
/// How long a session lasts at most.
pub const ABSOLUTE: Duration = Duration::from_hours(12);
/// How exactly the last request is recorded: not each one is a write.
const EXACTLY: Duration = Duration::from_mins(1);

impl Bridge {
    /// Begins a session of somebody who is called `bearer` and has shown `proof`, in place of the one before, if the
    /// browser has one. Sessions that are over are forgotten.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn begin_session(
        &self,
        id: String,
        (bearer, proof): (String, String),
        before: Option<String>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let row = SessionRow {
            id,
            bearer,
            proof,
            started: now,
            seen: now,
        };
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                let (idle, old) = (now - micros(IDLE), now - micros(ABSOLUTE));
                tx.forget_sessions(idle, old).await?;
                if let Some(before) = before {
                    tx.end_session(&before).await?;
                }
                tx.begin_session(&row).await
            })
        });
        write.await
    }

    /// What was shown for a session, unless it is over.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn session(&self, id: String) -> Result<Option<String>, StoreError> {
        let now = self.clock.now();
        let Some(row) = self.store.session(&id).await? else {
            return Ok(None);
        };
        if now - row.seen >= micros(IDLE) || now - row.started >= micros(ABSOLUTE) {
            return Ok(None);
        }
        if now - row.seen >= micros(EXACTLY) {
            let write = self
                .store
                .write(move |tx| Box::pin(async move { tx.session_seen(&id, now).await }));
            write.await?;
        }
        Ok(Some(row.proof))
    }

    /// Ends a session, or with `everywhere` all sessions of its bearer.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn end_session(&self, id: String, everywhere: bool) -> Result<(), StoreError> {
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                if everywhere {
                    tx.end_sessions_of_bearer(&id).await
                } else {
                    tx.end_session(&id).await
                }
            })
        });
        write.await
    }
}
