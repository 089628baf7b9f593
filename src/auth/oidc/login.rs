//! A sign-in that was begun: one random secret in a cookie, from which everything else follows, so that nothing is stored.
//!
//! What the issuer and the address bar get to see (`state`, `nonce`) tells nothing of the secret, nor of the verifier, which
//! goes to the issuer alone and at the end. Another time or another place to go on to would make another `state`, so the
//! cookie cannot be made to last longer by whoever finds one.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::auth::secret;

/// How long somebody may take at the issuer.
pub const LASTS: Duration = Duration::from_mins(10);

/// A sign-in that was begun.
pub struct Login {
    secret: String,
    /// When, in microseconds since 1970.
    begun: i64,
    to: String,
}

/// What follows from a sign-in.
pub(super) struct Secrets {
    pub(super) state: String,
    pub(super) nonce: String,
    /// Of PKCE (RFC 7636).
    pub(super) verifier: String,
}

impl Login {
    /// One that begins now, and goes on to a page afterwards.
    ///
    /// # Errors
    /// When the machine has no randomness to give.
    pub fn begin(to: &str, now: i64) -> Result<Self, getrandom::Error> {
        Ok(Self {
            secret: secret::random::<32>()?,
            begun: now,
            to: to.to_owned(),
        })
    }

    /// The one that a browser shows, unless it is over.
    pub fn shown(cookie: &str, now: i64) -> Option<Self> {
        let mut parts = cookie.split('.');
        let (secret, begun, to) = (parts.next()?, parts.next()?, parts.next()?);
        let begun = begun.parse().ok()?;
        let age = u64::try_from(now.saturating_sub(begun)).unwrap_or(0);
        let to = BASE64_URL_SAFE_NO_PAD.decode(to).ok()?;
        let login = Self {
            secret: secret.to_owned(),
            begun,
            to: String::from_utf8(to).ok()?,
        };
        (login.secret.len() == 64 && Duration::from_micros(age) < LASTS).then_some(login)
    }

    /// For the cookie, and for nothing else.
    pub fn cookie(&self) -> String {
        let to = BASE64_URL_SAFE_NO_PAD.encode(&self.to);
        format!("{}.{}.{to}", self.secret, self.begun)
    }

    /// Where to go on afterwards.
    pub fn to(&self) -> &str {
        &self.to
    }

    pub(super) fn secrets(&self, context: &str) -> Secrets {
        let derived = |label: &str| {
            let mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes());
            let said = format!("{label}\0{}\0{}\0{context}", self.begun, self.to);
            // A key of any length will do.
            let mac = mac.map(|mac| mac.chain_update(said).finalize().into_bytes());
            mac.map(|mac| BASE64_URL_SAFE_NO_PAD.encode(mac))
                .unwrap_or_default()
        };
        Secrets {
            state: derived("state"),
            nonce: derived("nonce"),
            verifier: derived("verifier"),
        }
    }
}

impl Secrets {
    /// What the issuer knows the verifier by until it sees it.
    pub(super) fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier))
    }
}
