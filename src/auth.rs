//! Who may come in: bearer tokens of the IdPs, each for its own tenant, and JWTs of the issuers that a tenant trusts.

mod admin;
mod attempts;
mod gates;
mod issuer;
mod jwt;
mod keys;
mod proof;
mod rates;
mod session_id;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

pub use admin::{Admin, AdminToken};
pub use attempts::{Attempts, Patience};
pub use gates::Gates;
pub use issuer::Issuer;
pub use jwt::{Refusal, Trust};
pub use proof::{Administrator, Proof};
pub use session_id::SessionId;

use crate::domain::model::TenantId;
use keys::Keys;

/// What every token of ours begins with, so that secret scanners can recognise one.
pub const TOKEN_PREFIX: &str = "scimb_";

/// A token as kept: its hash only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// SHA-256 of the token.
    pub sha256: [u8; 32],
    /// What the audit calls its bearer.
    pub label: String,
}

/// All that opens one tenant.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// Its tokens.
    pub tokens: Vec<Credential>,
    /// Whose JWTs it takes.
    pub trusts: Vec<Trust>,
}

/// The credentials of all tenants. Replaced as a whole when the configuration changes.
pub struct Doors {
    doors: RwLock<Arc<HashMap<TenantId, Door>>>,
    http: reqwest::Client,
    now: Box<dyn Fn() -> i64 + Send + Sync>,
}

struct Door {
    tokens: Vec<Credential>,
    trusts: Vec<(Trust, Arc<Keys>)>,
}

impl Doors {
    /// Doors that are all closed. `now` is the time in microseconds since 1970.
    ///
    /// # Errors
    /// When the HTTP client cannot start, for example without any CA certificates.
    pub fn new(now: impl Fn() -> i64 + Send + Sync + 'static) -> reqwest::Result<Self> {
        Ok(Self {
            doors: RwLock::default(),
            http: issuer::client()?,
            now: Box::new(now),
        })
    }

    /// Replaces all credentials. An issuer that was trusted before keeps the keys that were fetched.
    pub fn replace(&self, credentials: HashMap<TenantId, Credentials>) {
        let before = self.current();
        let trusted = before.values().flat_map(|door| &door.trusts);
        let mut known: HashMap<_, _> = trusted
            .map(|(trust, keys)| (trust.issuer.clone(), Arc::clone(keys)))
            .collect();
        let mut open = |credentials: Credentials| {
            let with_keys = |trust: Trust| {
                let fresh = || Arc::new(Keys::new(trust.issuer.clone(), self.http.clone()));
                let keys = known.entry(trust.issuer.clone()).or_insert_with(fresh);
                let keys = Arc::clone(keys);
                (trust, keys)
            };
            Door {
                tokens: credentials.tokens,
                trusts: credentials.trusts.into_iter().map(with_keys).collect(),
            }
        };
        let doors = credentials.into_iter();
        let doors = doors.map(|(tenant, credentials)| (tenant, open(credentials)));
        let doors = Arc::new(doors.collect());
        *self.doors.write().unwrap_or_else(PoisonError::into_inner) = doors;
    }

    /// The label of the credential that an `Authorization` header shows for `tenant`.
    ///
    /// # Errors
    /// Why nobody is let in, which is for the log: a caller is told the same for all of them, an
    /// unknown tenant too, except for [`Refusal::KeysUnreachable`].
    pub async fn admit(
        &self,
        tenant: &TenantId,
        authorization: Option<&str>,
    ) -> Result<String, Refusal> {
        let shown = bearer(authorization.ok_or(Refusal::Unknown)?);
        let hashed = digest(shown);
        let doors = self.current();
        let door = doors.get(tenant).ok_or(Refusal::Unknown)?;
        match door.admit(&hashed) {
            Some(label) => Ok(label),
            None => jwt::admit(&door.trusts, shown, (self.now)()).await,
        }
    }

    fn current(&self) -> Arc<HashMap<TenantId, Door>> {
        Arc::clone(&self.doors.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Door {
    /// The label of a token. Every one is compared, in constant time each, so that time tells nothing.
    fn admit(&self, shown: &[u8; 32]) -> Option<String> {
        let mut admitted = None;
        for credential in &self.tokens {
            if bool::from(same(shown, &credential.sha256)) {
                admitted = Some(credential.label.clone());
            }
        }
        admitted
    }
}

impl fmt::Debug for Doors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Doors").finish_non_exhaustive()
    }
}

/// A token made of 256 random bits.
///
/// # Errors
/// When the machine has no randomness to give.
pub fn new_token() -> Result<String, getrandom::Error> {
    let mut bits = [0; 32];
    getrandom::fill(&mut bits)?;
    Ok(format!("{TOKEN_PREFIX}{}", hex(&bits)))
}

/// The SHA-256 of a token. Its entropy makes a slow hash pointless.
pub fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Okta's header form sends the token without a scheme (`reference/idp-behaviour.md`, 3.2).
fn bearer(authorization: &str) -> &str {
    match authorization.trim().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        Some(_) | None => authorization.trim(),
    }
}

fn same(one: &[u8; 32], other: &[u8; 32]) -> Choice {
    one.ct_eq(other)
}
