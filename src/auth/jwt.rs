//! JWTs as bearer tokens (RFC 7519): whom a tenant trusts, and why one is refused.
//!
//! The claims are looked at before the signature, so that nobody's keys are fetched for a token that
//! would be refused anyway; nothing is let in without both.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::Algorithm;
use jsonwebtoken::dangerous::insecure_decode;
use serde_json::{Map, Value};

use super::issuer::Issuer;
use super::keys::{Keys, PAUSE};

/// How JWTs begin: `{"` in base64url.
const BEGINNING: &str = "eyJ";
/// Longest JWT that is read, in bytes. Entra's have about 2000.
const MAX_LENGTH: usize = 16 * 1024;
/// How far the issuer's clock and ours may be apart, in seconds.
const LEEWAY: f64 = 60.0;

/// An issuer that a tenant trusts, and which of its JWTs open the tenant.
#[derive(Clone, Debug)]
pub struct Trust {
    /// Who makes the JWTs.
    pub issuer: Issuer,
    /// One of these must be in the claim `aud`.
    pub audience: Vec<String>,
    /// How they may be signed.
    pub algorithms: Vec<Algorithm>,
    /// Claims that must be there with exactly these texts.
    pub required_claims: BTreeMap<String, String>,
    /// What the audit calls their bearer.
    pub label: String,
}

/// Why nobody is let in. Tells nothing of what a token holds, so it can be logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such tenant, or neither a token of it nor anything like a JWT was shown.
    #[error("nothing that is known was shown")]
    Unknown,
    /// Not a JWT, or not signed, or in a way that is not known.
    #[error("it cannot be read as a JWT with a signature")]
    Unreadable,
    /// Nobody whom the tenant trusts.
    #[error("the tenant does not trust its issuer (`iss`)")]
    Issuer,
    /// Signed in a way that is not allowed.
    #[error("its algorithm (`alg`) is not one of `algorithms`")]
    Algorithm,
    /// Made for somebody else.
    #[error("its audience (`aud`) is not one of `audience`")]
    Audience,
    /// It has ended, or does not say when it will.
    #[error("it has expired (`exp`)")]
    Expired,
    /// It has not begun.
    #[error("it is not valid yet (`nbf`)")]
    NotYetValid,
    /// A claim that must be there is not, or says something else.
    #[error("its claim `{0}` is not what `required_claims` says")]
    Claim(String),
    /// The issuer has no key of the name that the JWT gives.
    #[error("its issuer has no such key (`kid`)")]
    UnknownKey,
    /// Changed, or signed with another key.
    #[error("its signature is wrong")]
    Signature,
    /// Whether the JWT is right cannot be told: it is neither let in nor refused for good.
    #[error("the keys of its issuer cannot be fetched")]
    KeysUnreachable,
}

impl Refusal {
    /// When it is worth showing the same credential again, if ever.
    pub fn retry_after(&self) -> Option<Duration> {
        (*self == Self::KeysUnreachable).then_some(PAUSE)
    }
}

/// A JWT as it says of itself.
struct Jwt<'t> {
    message: &'t str,
    signature: &'t str,
    algorithm: Algorithm,
    key_id: String,
    claims: Map<String, Value>,
}

/// The label of the trust that a JWT meets.
///
/// # Errors
/// Why it meets none.
pub(super) async fn admit(
    trusted: &[(Trust, Arc<Keys>)],
    token: &str,
    now: i64,
) -> Result<String, Refusal> {
    if !token.starts_with(BEGINNING) {
        return Err(Refusal::Unknown);
    }
    let jwt = Jwt::read(token).ok_or(Refusal::Unreadable)?;
    let mut refusal = Refusal::Issuer;
    for (trust, keys) in trusted {
        if !jwt.says("iss", &trust.issuer.name) {
            continue;
        }
        match trust.admit(&jwt, keys, now).await {
            Ok(()) => return Ok(trust.label.clone()),
            // What cannot be told is not refused because of another trust.
            Err(_) if refusal == Refusal::KeysUnreachable => {}
            Err(other) => refusal = other,
        }
    }
    Err(refusal)
}

impl Trust {
    async fn admit(&self, jwt: &Jwt<'_>, keys: &Arc<Keys>, now: i64) -> Result<(), Refusal> {
        if !self.algorithms.contains(&jwt.algorithm) {
            return Err(Refusal::Algorithm);
        }
        if !self.audience.iter().any(|audience| jwt.is_for(audience)) {
            return Err(Refusal::Audience);
        }
        let mut claims = self.required_claims.iter();
        if let Some((claim, _)) = claims.find(|(claim, text)| !jwt.says(claim, text)) {
            return Err(Refusal::Claim(claim.clone()));
        }
        jwt.is_in_time(now)?;
        let key = keys.find(&jwt.key_id, now).await?;
        if key.verifies(jwt.message, jwt.signature, jwt.algorithm) {
            Ok(())
        } else {
            Err(Refusal::Signature)
        }
    }
}

impl<'t> Jwt<'t> {
    fn read(token: &'t str) -> Option<Self> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        let read = insecure_decode(token).ok()?;
        // An extension that must be understood is none that we know (RFC 7515, section 4.1.11).
        if read.header.crit.is_some() {
            return None;
        }
        Some(Self {
            message,
            signature,
            algorithm: read.header.alg,
            key_id: read.header.kid?,
            claims: read.claims,
        })
    }

    fn says(&self, claim: &str, text: &str) -> bool {
        self.claims.get(claim).and_then(Value::as_str) == Some(text)
    }

    /// `aud` is one text or several (RFC 7519, section 4.1.3).
    fn is_for(&self, audience: &str) -> bool {
        let several = self.claims.get("aud").and_then(Value::as_array);
        let mut several = several.into_iter().flatten();
        self.says("aud", audience) || several.any(|one| one.as_str() == Some(audience))
    }

    /// One that never ends is not taken.
    fn is_in_time(&self, now: i64) -> Result<(), Refusal> {
        let now = Duration::from_micros(u64::try_from(now).unwrap_or(0)).as_secs_f64();
        let ends = self.claims.get("exp").and_then(Value::as_f64);
        if ends.is_none_or(|ends| now >= ends + LEEWAY) {
            return Err(Refusal::Expired);
        }
        let begins = self.claims.get("nbf").map(Value::as_f64);
        if begins.is_some_and(|begins| begins.is_none_or(|begins| now < begins - LEEWAY)) {
            return Err(Refusal::NotYetValid);
        }
        Ok(())
    }
}
