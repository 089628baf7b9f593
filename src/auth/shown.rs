//! What a caller shows: the `Authorization` header, taken apart.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::TOKEN_PREFIX;
use super::jwt::Jwt;
use crate::domain::credential::{Kind, digest};

/// What a header shows.
pub(super) enum Shown<'h> {
    /// Nothing that can be read.
    Nothing,
    /// A secret, and for a bearer the token itself, which may be a JWT.
    Secret(Evidence, Option<&'h str>),
}

/// A secret as shown, of which nothing but the hash is passed on.
pub(super) struct Evidence {
    pub(super) kind: Kind,
    pub(super) name: Option<String>,
    pub(super) sha256: [u8; 32],
    /// Whether it looks like one that we made, so that it is worth looking up.
    pub(super) may_be_ours: bool,
}

impl<'h> Shown<'h> {
    pub(super) fn read(authorization: Option<&'h str>) -> Self {
        let Some(authorization) = authorization
            .map(str::trim)
            .filter(|shown| !shown.is_empty())
        else {
            return Self::Nothing;
        };
        match authorization.split_once(' ') {
            Some((scheme, pair)) if scheme.eq_ignore_ascii_case("basic") => {
                basic(pair).map_or(Self::Nothing, |(name, password)| {
                    Self::Secret(Evidence::new(Kind::Basic, Some(name), &password), None)
                })
            }
            Some(_) | None => {
                let token = bearer(authorization);
                Self::Secret(Evidence::new(Kind::Bearer, None, token), Some(token))
            }
        }
    }
}

impl Shown<'_> {
    /// Whether it is made of so many random bits, or signed, that guessing is no danger: a secret of ours, a JWT.
    pub(super) fn is_beyond_guessing(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Secret(evidence, token) => {
                let is_jwt =
                    |token: &str| Jwt::is_meant_by(token) && token.matches('.').count() == 2;
                evidence.may_be_ours || token.is_some_and(is_jwt)
            }
        }
    }
}

impl Evidence {
    pub(super) fn new(kind: Kind, name: Option<String>, secret: &str) -> Self {
        let bits = secret.strip_prefix(TOKEN_PREFIX).unwrap_or_default();
        Self {
            kind,
            name,
            sha256: digest(secret),
            may_be_ours: bits.len() == 64 && bits.bytes().all(|digit| digit.is_ascii_hexdigit()),
        }
    }
}

/// Okta's header form sends the token without a scheme (`reference/idp-behaviour.md`, 3.2).
pub(super) fn bearer(authorization: &str) -> &str {
    match authorization.trim().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        Some(_) | None => authorization.trim(),
    }
}

/// The user and the password of the scheme Basic (RFC 7617): the first colon parts them.
pub fn basic(pair: &str) -> Option<(String, String)> {
    let decoded = BASE64_STANDARD.decode(pair.trim()).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (name, password) = decoded.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}
