//! Secrets that we make: never chosen by anybody, and shown once.

use super::hex;
use crate::domain::model::TenantId;

pub use crate::domain::credential::TOKEN_PREFIX;

/// A secret made of 256 random bits.
///
/// # Errors
/// When the machine has no randomness to give.
pub fn new_token() -> Result<String, getrandom::Error> {
    Ok(format!("{TOKEN_PREFIX}{}", random::<32>()?))
}

/// A user name or client id for a tenant, which is no secret.
///
/// # Errors
/// When the machine has no randomness to give.
pub fn new_name(tenant: &TenantId) -> Result<String, getrandom::Error> {
    Ok(format!("{tenant}-{}", random::<6>()?))
}

/// Random bytes that nobody can guess, in hexadecimal digits.
///
/// # Errors
/// When the machine has no randomness to give.
pub(super) fn random<const BYTES: usize>() -> Result<String, getrandom::Error> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(hex(&bytes))
}
