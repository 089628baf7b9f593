//! What a browser has of a session. The store has its hash only.

use std::fmt;

use super::{digest, hex, secret};

/// 256 random bits, in hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionId(String);

impl SessionId {
    /// An id that nobody can guess.
    ///
    /// # Errors
    /// When the machine has no randomness to give.
    pub fn fresh() -> Result<Self, getrandom::Error> {
        secret::random::<32>().map(Self)
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

    /// By what the store knows it.
    pub fn hashed(&self) -> String {
        hex(&digest(&self.0))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionId").finish_non_exhaustive()
    }
}
