//! Who may come in: whoever shows a credential of a tenant, kept in the configuration or in the store, or a JWT of an
//! issuer that the tenant trusts. [`Doors::admit`] is the one way in.

mod admin;
mod attempts;
mod clients;
mod gates;
mod issuer;
mod jwt;
mod keys;
mod known;
mod mint;
mod oidc;
mod proof;
mod rates;
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
pub use attempts::{Attempts, Patience};
pub use gates::Gates;
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
use crate::domain::model::TenantId;
use crate::store::Store;
use jwt::Jwt;
use keys::Keys;
use known::{Denied, Known, open};
use mint::Mint;
use shown::{Evidence, Shown};
use usage::Usage;

/// All that opens one tenant by its configuration.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// Its credentials.
    pub kept: Vec<Credential>,
    /// Whose JWTs it takes.
    pub trusts: Vec<Trust>,
}

/// Somebody at the door of a tenant.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The tenant, as the address names it.
    pub tenant: &'a TenantId,
    /// The header `Authorization`.
    pub authorization: Option<&'a str>,
    /// What is asked for: to look, or to change something.
    pub wants: Authority,
    /// The correlation id of the request.
    pub request: &'a str,
}

/// The doors of all tenants. What the configuration opens is replaced as a whole when it changes; what is in the store is
/// looked up each time, so that no replica opens to what another one has revoked.
pub struct Doors {
    doors: RwLock<Arc<HashMap<TenantId, Door>>>,
    store: Arc<Store>,
    usage: Usage,
    mint: Option<Mint>,
    http: reqwest::Client,
    now: Box<dyn Fn() -> i64 + Send + Sync>,
}

struct Door {
    kept: Vec<Credential>,
    trusts: Vec<(Trust, Arc<Keys>)>,
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
            }
        };
        let doors = credentials.into_iter();
        let doors = doors.map(|(tenant, credentials)| (tenant, open(credentials)));
        let doors = Arc::new(doors.collect());
        *self.doors.write().unwrap_or_else(PoisonError::into_inner) = doors;
    }

    /// The label of the credential that somebody shows, if it opens the tenant for what is asked for.
    ///
    /// # Errors
    /// Why nobody is let in, which is for administrators: a caller is told the same for all of them, an unknown tenant
    /// too, except for [`Refusal::ReadOnly`] and where [`Refusal::retry_after`] says something.
    pub async fn admit(&self, attempt: &Attempt<'_>) -> Result<String, Refusal> {
        let verdict = self.decide(attempt, (self.now)()).await;
        verdict
            .map(|known| known.label)
            .map_err(|denied| self.turn_away(attempt, denied))
    }

    fn turn_away(&self, attempt: &Attempt<'_>, denied: Denied) -> Refusal {
        denied.log(attempt);
        denied.refusal
    }

    async fn decide(&self, attempt: &Attempt<'_>, now: i64) -> Result<Known, Denied> {
        let known = match Shown::read(attempt.authorization) {
            Shown::Nothing => return Err(Refusal::Nothing.into()),
            Shown::Secret(evidence, token) => {
                match (self.recognise(attempt.tenant, &evidence, now).await, token) {
                    (Err(denied), Some(token))
                        if denied.refusal == Refusal::Unknown && Jwt::is_meant_by(token) =>
                    {
                        self.jwt(attempt.tenant, token, now).await?
                    }
                    (recognised, _) => recognised?,
                }
            }
        };
        if attempt.wants > known.authority {
            return Err(known.denied(Refusal::ReadOnly));
        }
        Ok(known)
    }

    /// The credential whose secret is shown, if it opens this tenant now.
    async fn recognise(
        &self,
        tenant: &TenantId,
        evidence: &Evidence,
        now: i64,
    ) -> Result<Known, Denied> {
        let doors = self.current();
        let door = doors.get(tenant);
        if let Some(kept) = door.and_then(|door| door.find(evidence)) {
            return open(kept, now);
        }
        let stored = match evidence.may_be_ours {
            true => self.store.credential_with_secret(&evidence.sha256).await?,
            false => None,
        };
        let Some(stored) = stored else {
            return Err(self.named(tenant, door, evidence).await?);
        };
        let credential = &stored.credential;
        if door.is_none() || stored.tenant != *tenant {
            return Err(Known::from(credential).denied(Refusal::OtherTenant));
        }
        if !credential.is_shown_by(evidence.kind, evidence.name.as_deref(), &evidence.sha256) {
            return Err(Known::from(credential).denied(Refusal::OtherKind));
        }
        let known = open(credential, now)?;
        self.usage.note(&stored, now);
        Ok(known)
    }

    /// Whose name was shown with a secret that is not known. The store is asked for unknown tenants too, so that time does
    /// not tell which there are.
    async fn named(
        &self,
        tenant: &TenantId,
        door: Option<&Door>,
        evidence: &Evidence,
    ) -> Result<Denied, Denied> {
        let Some(name) = evidence.name.as_deref() else {
            return Ok(Refusal::Unknown.into());
        };
        let stored = self.store.credential_with_name(tenant, evidence.kind, name);
        let stored = stored.await?;
        let mut kept = door.iter().flat_map(|door| &door.kept);
        let kept =
            kept.find(|kept| kept.kind == evidence.kind && kept.name.as_deref() == Some(name));
        let named = kept.or(stored.as_ref().map(|stored| &stored.credential));
        Ok(match named {
            Some(named) if door.is_some() => Known::from(named).denied(Refusal::WrongSecret),
            Some(_) | None => Refusal::Unknown.into(),
        })
    }

    async fn jwt(&self, tenant: &TenantId, token: &str, now: i64) -> Result<Known, Denied> {
        let jwt = Jwt::read(token).ok_or(Refusal::Unreadable)?;
        let doors = self.current();
        if let Some(mint) = self
            .mint
            .as_ref()
            .filter(|mint| mint.is_issuer_of(&jwt, tenant))
        {
            return self.bearer_of(mint, &jwt, tenant, &doors, now).await;
        }
        let door = doors.get(tenant).ok_or(Refusal::Unknown)?;
        jwt::admit(&door.trusts, &jwt, now).await
    }

    fn current(&self) -> Arc<HashMap<TenantId, Door>> {
        Arc::clone(&self.doors.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Door {
    /// The credential of the configuration that is shown. Every one is compared, in constant time each, so that time tells
    /// nothing.
    fn find(&self, evidence: &Evidence) -> Option<&Credential> {
        let name = evidence.name.as_deref();
        let mut found = None;
        for kept in &self.kept {
            if kept.is_shown_by(evidence.kind, name, &evidence.sha256) {
                found = Some(kept);
            }
        }
        found
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
