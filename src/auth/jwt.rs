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

use super::Authority;
use super::attempt::{Denied, Known};
use super::issuer::Issuer;
use super::keys::Keys;
use super::refusal::Refusal;

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
    /// What their bearer may do.
    pub authority: Authority,
}

/// A JWT as it says of itself.
pub(super) struct Jwt<'t> {
    pub(super) message: &'t str,
    pub(super) signature: &'t str,
    pub(super) algorithm: Algorithm,
    pub(super) key_id: String,
    pub(super) claims: Map<String, Value>,
}

/// The trust that a JWT meets.
///
/// # Errors
/// Why it meets none.
pub(super) async fn admit(
    trusted: &[(Trust, Arc<Keys>)],
    jwt: &Jwt<'_>,
    now: i64,
) -> Result<Known, Denied> {
    let mut denied = Denied::from(Refusal::Issuer);
    for (trust, keys) in trusted {
        if !jwt.says("iss", &trust.issuer.name) {
            continue;
        }
        match trust.admit(jwt, keys, now).await {
            Ok(()) => return Ok(trust.known()),
            // What cannot be told is not refused because of another trust.
            Err(_) if denied.refusal == Refusal::KeysUnreachable => {}
            Err(refusal) => denied = trust.known().denied(refusal),
        }
    }
    Err(denied)
}

impl Trust {
    fn known(&self) -> Known {
        Known {
            kind: "jwt",
            id: self.issuer.name.clone(),
            name: None,
            label: self.label.clone(),
            authority: self.authority,
            expires_at: None,
        }
    }

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
    /// Whether a token is meant to be one.
    pub(super) fn is_meant_by(token: &str) -> bool {
        token.starts_with(BEGINNING)
    }

    pub(super) fn read(token: &'t str) -> Option<Self> {
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

    /// A refusal with what an administrator needs to know of the JWT. The signature and all that is about people stay out.
    pub(super) fn introduce(&self, denied: Denied, now: i64) -> Denied {
        let mut denied = denied
            .saying("keyId", self.key_id.clone())
            .saying("algorithm", format!("{:?}", self.algorithm));
        for (claim, name) in [("iss", "issuer"), ("aud", "audience")] {
            if let Some(value) = self.claims.get(claim) {
                let text = value.as_str().map(str::to_owned);
                denied = denied.saying(name, text.unwrap_or_else(|| value.to_string()));
            }
        }
        let ends = self.claims.get("exp").and_then(Value::as_f64);
        let begins = self.claims.get("nbf").and_then(Value::as_f64);
        let now = seconds(now);
        if denied.refusal == Refusal::Expired {
            let ended = ends.map(|ends| format!("{:.0} s ago", now - ends));
            denied = denied.saying(
                "ended",
                ended.unwrap_or_else(|| "it says no end".to_owned()),
            );
        }
        if let Some(begins) = begins.filter(|_| denied.refusal == Refusal::NotYetValid) {
            denied = denied.saying("begins", format!("in {:.0} s", begins - now));
        }
        denied
    }

    pub(super) fn says(&self, claim: &str, text: &str) -> bool {
        self.claims.get(claim).and_then(Value::as_str) == Some(text)
    }

    /// `aud` is one text or several (RFC 7519, section 4.1.3).
    pub(super) fn is_for(&self, audience: &str) -> bool {
        let several = self.claims.get("aud").and_then(Value::as_array);
        let mut several = several.into_iter().flatten();
        self.says("aud", audience) || several.any(|one| one.as_str() == Some(audience))
    }

    /// One that never ends is not taken.
    pub(super) fn is_in_time(&self, now: i64) -> Result<(), Refusal> {
        let now = seconds(now);
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

/// Since 1970.
fn seconds(now: i64) -> f64 {
    Duration::from_micros(u64::try_from(now).unwrap_or(0)).as_secs_f64()
}
