//! Secrets that we make: never chosen by anybody, and shown once.

use super::hex;
use crate::domain::model::TenantId;

/// What every secret of ours begins with, so that secret scanners can recognise one.
pub const TOKEN_PREFIX: &str = "scimb_";

/// A secret made of 256 random bits.
///
/// # Errors
/// When the machine has no randomness to give.
pub fn new_token() -> Result<String, getrandom::Error> {
    let mut bits = [0; 32];
    getrandom::fill(&mut bits)?;
    Ok(format!("{TOKEN_PREFIX}{}", hex(&bits)))
}

/// A user name or client id for a tenant, which is no secret.
///
/// # Errors
/// When the machine has no randomness to give.
pub fn new_name(tenant: &TenantId) -> Result<String, getrandom::Error> {
    let mut bits = [0; 6];
    getrandom::fill(&mut bits)?;
    Ok(format!("{tenant}-{}", hex(&bits)))
}
