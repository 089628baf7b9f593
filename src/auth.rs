//! Who may come in: whoever shows a credential of a tenant, kept in the configuration or in the store, or a JWT of an
//! issuer that the tenant trusts. [`Doors::admit`] is the one way in.

mod admin;
mod attempt;
mod attempts;
mod clients;
mod issuer;
mod jwt;
mod keys;
mod mint;
mod oidc;
mod proof;
mod rates;
mod recognise;
mod record;
mod refusal;
mod secret;
mod session_id;
mod shown;
mod signing;
mod usage;
mod vault;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use subtle::{Choice, ConstantTimeEq};

pub use admin::{Admin, AdminToken};
pub use attempt::{Attempt, Certificate};
pub use attempts::{Attempts, Patience};
pub use issuer::Issuer;
pub use jwt::Trust;
pub use mint::{Grant, Minting};
pub use oidc::{Callback, LASTS, Login, Oidc, OidcRefusal, OidcSettings};
pub use proof::{Administrator, Proof};
pub use refusal::Refusal;
pub use secret::{TOKEN_PREFIX, new_name, new_token};
pub use session_id::SessionId;
pub use shown::basic;

pub use crate::domain::credential::{Authority, digest, hex};

use crate::domain::credential::Credential;
use crate::domain::gate::Gate;
use crate::domain::model::TenantId;
use crate::store::Store;
use attempt::{Denied, Known};
use keys::Keys;
use mint::Mint;
use rates::Rates;
use record::Record;
use usage::Usage;

/// All that opens one tenant by its configuration.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// Its credentials.
    pub kept: Vec<Credential>,
    /// Whose JWTs it takes.
    pub trusts: Vec<Trust>,
    /// From where and how often it may be reached, and the client certificates that it takes.
    pub gate: Gate,
}

/// The doors of all tenants. What the configuration opens is replaced as a whole when it changes; what is in the store is
/// looked up each time, so that no replica opens to what another one has revoked.
pub struct Doors {
    doors: RwLock<Arc<HashMap<TenantId, Door>>>,
    store: Arc<Store>,
    usage: Usage,
    record: Record,
    /// How often each tenant was let in. It is this process's own: with several replicas each lets in as often.
    passed: Rates<TenantId>,
    mint: Option<Mint>,
    http: reqwest::Client,
    now: Box<dyn Fn() -> i64 + Send + Sync>,
}

struct Door {
    kept: Vec<Credential>,
    trusts: Vec<(Trust, Arc<Keys>)>,
    gate: Gate,
}

impl Doors {
    /// Doors that are all closed but to credentials of the store, whose tenants are not there yet. `now` is the time in
    /// microseconds since 1970.
    ///
    /// # Errors
    /// When the HTTP client cannot start, for example without any CA certificates.
    pub fn new(
        store: Arc<Store>,
        now: impl Fn() -> i64 + Send + Sync + 'static,
    ) -> reqwest::Result<Self> {
        Ok(Self {
            doors: RwLock::default(),
            usage: Usage::new(Arc::clone(&store)),
            record: Record::new(Arc::clone(&store)),
            passed: Rates::default(),
            mint: None,
            store,
            http: issuer::client()?,
            now: Box::new(now),
        })
    }

    /// The same doors, with access tokens for clients.
    ///
    /// # Errors
    /// When the encryption key does not have 32 bytes.
    pub fn minting(self, minting: Minting) -> Result<Self, aws_lc_rs::error::Unspecified> {
        let mint = Mint::new(Arc::clone(&self.store), minting)?;
        Ok(Self {
            mint: Some(mint),
            ..self
        })
    }

    /// Replaces what the configuration opens. An issuer that was trusted before keeps the keys that were fetched.
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
                kept: credentials.kept,
                trusts: credentials.trusts.into_iter().map(with_keys).collect(),
                gate: credentials.gate,
            }
        };
        let doors = credentials.into_iter();
        let doors = doors.map(|(tenant, credentials)| (tenant, open(credentials)));
        let doors = Arc::new(doors.collect());
        *self.doors.write().unwrap_or_else(PoisonError::into_inner) = doors;
    }

    /// The label of the credential that somebody shows, if it opens the tenant for what is asked for. The decision is
    /// recorded.
    ///
    /// # Errors
    /// Why nobody is let in, which is for administrators: a caller is told the same for all of them, an unknown tenant
    /// too, except for [`Refusal::ReadOnly`], [`Refusal::TooOften`] and where [`Refusal::retry_after`] says something.
    pub async fn admit(&self, attempt: &Attempt<'_>) -> Result<String, Refusal> {
        let now = (self.now)();
        let decided = self.decide(attempt, now).await;
        let known = decided.map_err(|denied| self.turn_away(attempt, denied, now))?;
        self.record_admission(attempt, &known, now);
        Ok(known.label)
    }

    fn turn_away(&self, attempt: &Attempt<'_>, denied: Denied, now: i64) -> Refusal {
        denied.log(attempt);
        self.record_refusal(attempt, &denied, now);
        denied.refusal
    }

    async fn decide(&self, attempt: &Attempt<'_>, now: i64) -> Result<Known, Denied> {
        let known = self.identify(attempt, now).await?;
        // Before anything else is told of a right credential: from elsewhere it is like a wrong one.
        let gate = self.gate(attempt, &known)?;
        if attempt.wants > known.authority {
            return Err(known.denied(Refusal::ReadOnly));
        }
        let passed = gate
            .rate
            .map_or(Ok(()), |rate| self.passed.take(attempt.tenant, rate, now));
        match passed {
            Ok(()) => Ok(known),
            Err(wait) => Err(known.denied(Refusal::TooOften(wait))),
        }
    }

    /// What stands before the door, if somebody may reach it from there.
    fn gate(&self, attempt: &Attempt<'_>, known: &Known) -> Result<Gate, Denied> {
        let doors = self.current();
        let door = doors.get(attempt.tenant).ok_or(Refusal::Unknown)?;
        match door.gate.lets_in(attempt.address) {
            true => Ok(door.gate.clone()),
            false => Err(known.clone().denied(Refusal::Elsewhere)),
        }
    }

    fn current(&self) -> Arc<HashMap<TenantId, Door>> {
        Arc::clone(&self.doors.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Doors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Doors").finish_non_exhaustive()
    }
}

fn same(one: &[u8; 32], other: &[u8; 32]) -> Choice {
    one.ct_eq(other)
}
