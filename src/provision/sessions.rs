//! Administrators who are signed in to the console: for how long, and until when at most.

use std::fmt;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::Bridge;
use super::clock::micros;
use crate::store::{SessionRow, StoreError};

/// How long a session lasts without a request.
pub const IDLE: Duration = Duration::from_mins(30);
/// How long a session lasts at most.
pub const ABSOLUTE: Duration = Duration::from_hours(12);
/// How exactly the last request is recorded: not each one is a write.
const EXACTLY: Duration = Duration::from_mins(1);

/// What a browser has: 256 random bits. The store has their hash only.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionId(String);

impl SessionId {
    /// An id that nobody can guess.
    ///
    /// # Errors
    /// When the machine has no randomness to give.
    pub fn fresh() -> Result<Self, getrandom::Error> {
        let mut bits = [0; 32];
        getrandom::fill(&mut bits)?;
        Ok(Self(hexadecimal(&bits)))
    }

    /// The id that a browser shows, if it has the form of one.
    pub fn shown(text: &str) -> Option<Self> {
        let is_one = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_one.then(|| Self(text.to_owned()))
    }

    /// For the cookie, and for nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn hashed(&self) -> String {
        hexadecimal(&Sha256::digest(&self.0))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionId").finish_non_exhaustive()
    }
}

impl Bridge {
    /// Begins a session of somebody who is called `bearer` and has shown `proof`, in place of the one before, if the
    /// browser has one. Sessions that are over are forgotten.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn begin_session(
        &self,
        id: &SessionId,
        (bearer, proof): (String, String),
        before: Option<&SessionId>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let row = SessionRow {
            id: id.hashed(),
            bearer,
            proof,
            started: now,
            seen: now,
        };
        let before = before.map(SessionId::hashed);
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
    pub async fn session(&self, id: &SessionId) -> Result<Option<String>, StoreError> {
        let now = self.clock.now();
        let id = id.hashed();
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
    pub async fn end_session(&self, id: &SessionId, everywhere: bool) -> Result<(), StoreError> {
        let id = id.hashed();
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

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
