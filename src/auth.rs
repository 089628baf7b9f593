//! Who may come in: bearer tokens of the IdPs, each for its own tenant.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::domain::model::TenantId;

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

/// The credentials of all tenants. Replaced as a whole when the configuration changes.
#[derive(Debug, Default)]
pub struct Doors(RwLock<Arc<HashMap<TenantId, Vec<Credential>>>>);

impl Doors {
    /// Replaces all credentials.
    pub fn replace(&self, credentials: HashMap<TenantId, Vec<Credential>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(credentials);
    }

    /// The label of the credential that an `Authorization` header shows for `tenant`. `None` says
    /// no, without telling an unknown tenant, a missing header and a wrong token apart.
    pub fn admit(&self, tenant: &TenantId, authorization: Option<&str>) -> Option<String> {
        let shown = digest(bearer(authorization?));
        let doors = Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        let mut admitted = None;
        // Every credential is compared, in constant time each, so that time tells nothing.
        for credential in doors.get(tenant).into_iter().flatten() {
            if bool::from(same(&shown, &credential.sha256)) {
                admitted = Some(credential.label.clone());
            }
        }
        admitted
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
