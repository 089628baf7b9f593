//! A token, known by its digest alone: that of `[admin]`, and how those of tenants are read.

use std::fmt;

use secrecy::ExposeSecret;

use super::reader::At;
use super::secret;
use super::section::Section;
use crate::domain::credential::{self, from_hex};

/// A bearer token.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// SHA-256 of the token's bytes; the token itself is not kept.
    pub sha256: [u8; 32],
    /// What people call its bearer.
    pub label: Option<String>,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

/// The token that a table with `sha256` or `token` and perhaps a `label` is about.
pub(super) fn shown(section: &Section<'_, '_>) -> Option<Token> {
    let sha256 = either(section);
    let label = section.optional("label", At::text);
    Some(Token {
        sha256: sha256?,
        label: label?.map(str::to_owned),
    })
}

/// The digest of a token that is given by it or as a secret.
pub(super) fn either(token: &Section<'_, '_>) -> Option<[u8; 32]> {
    let (key, at) = token.one_of(
        ["sha256", "token"],
        "which token: `sha256 = \"…\"` (its digest) or `token = { env = \"NAME\" }`",
    )?;
    match key {
        "sha256" => sha256(&at),
        _ => hashed(&at),
    }
}

/// The digest of a token.
pub(super) fn sha256(at: &At<'_>) -> Option<[u8; 32]> {
    at.parsed(digest).map(|digest| unique(at, digest))
}

fn unique(at: &At<'_>, sha256: [u8; 32]) -> [u8; 32] {
    let advice = "a token must stand once; make another";
    at.claim("token", format!("{sha256:?}"), advice);
    sha256
}

pub(super) fn digest(text: &str) -> Result<[u8; 32], String> {
    let says = "must be the token's SHA-256 digest as 64 hexadecimal digits";
    from_hex(text).ok_or_else(|| says.to_owned())
}

/// The digest of a secret that a caller shows, which stands once. RFC 6750 section 2.1 leaves a bearer token visible ASCII. A short one could be
/// guessed.
pub(super) fn hashed(at: &At<'_>) -> Option<[u8; 32]> {
    let secret = secret::read(at)?;
    let secret = secret.expose_secret();
    if secret.len() < 16 || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return at.wrong(
            "must be at least 16 characters, visible ASCII without blanks: make a random one",
        );
    }
    Some(unique(at, credential::digest(secret)))
}
