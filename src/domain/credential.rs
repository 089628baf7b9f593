//! What a caller shows to be let into a tenant, and how far it is let in.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What every secret of ours begins with, so that secret scanners and the log can recognise one.
pub const TOKEN_PREFIX: &str = "scimb_";

/// How a credential is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A token in the header (RFC 6750).
    Bearer,
    /// A user name and a password in the header (RFC 7617).
    Basic,
    /// The id and the secret of an OAuth client, which fetches access tokens with them (RFC 6749, section 4.4).
    Client,
}

/// What its bearer may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Authority {
    /// Look.
    Read,
    /// Look, and change.
    Full,
}

/// A credential as kept: of its secret nothing but the hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// What tells it from all others.
    pub id: String,
    /// How it is shown.
    pub kind: Kind,
    /// The user name or the client id that is shown with the secret.
    pub name: Option<String>,
    /// SHA-256 of the secret.
    pub sha256: [u8; 32],
    /// What people and the audit call its bearer.
    pub label: String,
    /// What its bearer may do.
    pub authority: Authority,
    /// When it opens nothing any more, microseconds since 1970.
    pub expires_at: Option<i64>,
    /// Since when it opens nothing any more because somebody said so.
    pub revoked_at: Option<i64>,
}

/// Why a credential opens nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// Somebody said so.
    Revoked,
    /// Its time is over.
    Expired,
}

impl Kind {
    /// Its word in the store and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Basic => "basic",
            Self::Client => "client",
        }
    }
}

impl Authority {
    /// Its word in the store and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Full => "full",
        }
    }
}

impl Credential {
    /// Why it opens nothing at this time, if so.
    pub fn lapse(&self, now: i64) -> Option<Lapse> {
        if self.revoked_at.is_some() {
            return Some(Lapse::Revoked);
        }
        let is_over = self.expires_at.is_some_and(|end| now >= end);
        is_over.then_some(Lapse::Expired)
    }

    /// Whether it is this that was shown. Takes the same time whatever differs.
    pub fn is_shown_by(&self, kind: Kind, name: Option<&str>, sha256: &[u8; 32]) -> bool {
        let hashed = |name: Option<&str>| digest(name.unwrap_or_default());
        let same_name = hashed(name).ct_eq(&hashed(self.name.as_deref()));
        let same = self.sha256.ct_eq(sha256) & same_name;
        self.kind == kind && bool::from(same)
    }
}

/// The SHA-256 of a secret. The entropy of those that we make leaves nothing for a slow hash to do.
pub fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 32 bytes from their 64 hexadecimal digits; `None` for anything else.
pub fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let digits = digits.filter(|digits| digits.len() == 64)?;
    let bytes = digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte * 16 + digit));
    bytes.collect::<Vec<u8>>().try_into().ok()
}
