//! `[[tenant.token]]`: the bearer tokens of a tenant, known by their digest alone.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::reader::At;
use super::secret;
use super::section::Section;

/// A bearer token that an identity provider may show.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// SHA-256 of the token's bytes; the token itself is not kept.
    pub sha256: [u8; 32],
    /// What people call it, such as the identity provider that has it.
    pub label: Option<String>,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

pub(super) fn read(at: &At<'_>) -> Option<Token> {
    at.table(shown)
}

/// The token that a table with `sha256` or `token` and perhaps a `label` is about.
pub(super) fn shown(section: &Section<'_, '_>) -> Option<Token> {
    let sha256 = section
        .one_of(
            ["sha256", "token"],
            "which token: `sha256 = \"…\"` (its digest) or `token = { env = \"NAME\" }`",
        )
        .and_then(|(key, at)| match key {
            "sha256" => sha256(&at),
            _ => secret::read(&at)
                .and_then(|token| hashed(&at, &token))
                .map(|digest| unique(&at, digest)),
        });
    let label = section.optional("label", At::text);
    Some(Token {
        sha256: sha256?,
        label: label?.map(str::to_owned),
    })
}

/// The digest of a token.
pub(super) fn sha256(at: &At<'_>) -> Option<[u8; 32]> {
    at.parsed(digest).map(|digest| unique(at, digest))
}

fn unique(at: &At<'_>, sha256: [u8; 32]) -> [u8; 32] {
    at.claim(
        "token",
        format!("{sha256:?}"),
        "a token must stand once; make another",
    );
    sha256
}

pub(super) fn digest(text: &str) -> Result<[u8; 32], String> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let bytes: Vec<u8> = digits
        .filter(|digits| digits.len() == 64)
        .unwrap_or_default()
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte * 16 + digit))
        .collect();
    bytes
        .try_into()
        .map_err(|_| "must be the token's SHA-256 digest as 64 hexadecimal digits".to_owned())
}

/// A bearer token is sent in a header: RFC 6750 section 2.1 leaves it visible ASCII. A short one could be guessed.
fn hashed(at: &At<'_>, token: &SecretString) -> Option<[u8; 32]> {
    let token = token.expose_secret();
    if token.len() < 16 || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return at.wrong(
            "must be at least 16 characters, visible ASCII without blanks: make a random one",
        );
    }
    Some(Sha256::digest(token.as_bytes()).into())
}
