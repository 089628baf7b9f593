//! Attempts to sign in that fail: counted by address, together with the wrong credentials that all other doors are shown.

use std::net::IpAddr;
use std::time::Duration;

use axum::http::request::Parts;

use super::Console;
use crate::http::origin_of;

/// Somebody who tries to sign in, and who may be guessing.
pub(super) struct Guesser {
    console: Console,
    /// Unknown only if nothing stands before the routes.
    from: Option<IpAddr>,
}

impl Guesser {
    pub(super) fn of(parts: &Parts, console: &Console) -> Self {
        Self {
            console: console.clone(),
            from: origin_of(parts),
        }
    }

    /// How long to wait before a token is looked at, if at all.
    pub(super) fn wait(&self, token: &str) -> Option<Duration> {
        let now = self.console.clock.now();
        self.console.attempts.wait(self.from?, Some(token), now)
    }

    /// Counts an attempt about which the organization has to be asked.
    ///
    /// # Errors
    /// How long to wait, if these are too many.
    pub(super) fn asks(&self) -> Result<(), Duration> {
        let now = self.console.clock.now();
        match self.from {
            Some(from) => self.console.attempts.asks(from, now),
            None => Ok(()),
        }
    }

    /// Counts an attempt that failed, by a token or in another way.
    ///
    /// # Errors
    /// How long to wait, if these are too many.
    pub(super) fn refused(&self, token: Option<&str>) -> Result<(), Duration> {
        let now = self.console.clock.now();
        match self.from {
            Some(from) => self.console.attempts.refused(from, token, now),
            None => Ok(()),
        }
    }

    /// Remembers a token that was right.
    pub(super) fn was_right(&self, token: &str) {
        let now = self.console.clock.now();
        if let Some(from) = self.from {
            self.console.attempts.was_right(from, Some(token), now);
        }
    }
}
