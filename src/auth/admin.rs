//! Who may administer the bridge: whoever shows one of its admin tokens, as far as the token's role goes, and in the console
//! whomever the issuer of the configuration knows.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use tracing::info;

use super::oidc::Oidc;
use super::shown::bearer;
use super::{digest, same};
use crate::domain::administrator::Role;

/// A token of an administrator, as kept: its hash only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminToken {
    /// SHA-256 of the token.
    pub sha256: [u8; 32],
    /// What the audit calls its bearer.
    pub label: String,
    /// What its bearer may do.
    pub role: Role,
    /// When it ends, microseconds since 1970; `None`: never.
    pub expires: Option<i64>,
}

/// The door of the admin API. Without a token there is none.
pub struct Admin {
    tokens: RwLock<Arc<[AdminToken]>>,
    oidc: RwLock<Option<Arc<Oidc>>>,
    now: Box<dyn Fn() -> i64 + Send + Sync>,
}

impl Admin {
    /// A door that is not there. `now` is the time in microseconds since 1970.
    pub fn new(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self {
            tokens: RwLock::new(Arc::default()),
            oidc: RwLock::default(),
            now: Box::new(now),
        }
    }

    /// Puts other tokens, and another issuer, in place of those before.
    pub fn replace(&self, tokens: Vec<AdminToken>, oidc: Option<Oidc>) {
        *self.tokens.write().unwrap_or_else(PoisonError::into_inner) = tokens.into();
        *self.oidc.write().unwrap_or_else(PoisonError::into_inner) = oidc.map(Arc::new);
    }

    /// Where administrators sign in with the accounts of their organization, if they can.
    pub fn oidc(&self) -> Option<Arc<Oidc>> {
        let oidc = self.oidc.read().unwrap_or_else(PoisonError::into_inner);
        oidc.clone()
    }

    /// Whether there is an admin API.
    pub fn is_there(&self) -> bool {
        !self.current().is_empty()
    }

    /// The token that an `Authorization` header shows; `None` for a missing, wrong or expired one. Every token is
    /// compared, in constant time each, so that time tells nothing.
    pub fn admit(&self, authorization: Option<&str>) -> Option<AdminToken> {
        let shown = digest(bearer(authorization?));
        let mut admitted = None;
        for token in self.current().iter() {
            if bool::from(same(&shown, &token.sha256)) {
                admitted = Some(token.clone());
            }
        }
        admitted.filter(|token| self.counts(token))
    }

    pub(super) fn counts(&self, token: &AdminToken) -> bool {
        let counts = token.expires.is_none_or(|end| (self.now)() < end);
        if !counts {
            info!(
                label = token.label,
                "An admin token was shown that has expired"
            );
        }
        counts
    }

    pub(super) fn current(&self) -> Arc<[AdminToken]> {
        Arc::clone(&self.tokens.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Admin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admin").finish_non_exhaustive()
    }
}
