//! `[[tenant.token]]`, `[[tenant.basic]]` and `[[tenant.client]]`: what an identity provider may show, known by its digest alone.

use secrecy::ExposeSecret;

use super::reader::At;
use super::secret;
use super::section::Section;
use super::token::{either, hashed};
use crate::domain::credential::{Authority, Credential, Kind, digest, hex};
use crate::domain::model::TenantId;
use crate::scim::parse_instant;

/// A bearer token.
pub(super) fn token(at: &At<'_>) -> Option<Credential> {
    at.table(|token| {
        let sha256 = either(token);
        read(token, Kind::Bearer, Some(None), sha256)
    })
}

/// A user name and a password.
pub(super) fn basic(at: &At<'_>) -> Option<Credential> {
    at.table(|basic| {
        let example = "what the identity provider sends as user name: `username = \"scim\"`";
        let name = basic.required("username", example, |at| at.parsed(user_name));
        let sha256 = basic.required(
            "password",
            "a secret: `password = { env = \"NAME\" }`",
            |at| hashed(at),
        );
        read(basic, Kind::Basic, name.map(Some), sha256)
    })
}

/// An OAuth client, which is of use only if the bridge `seals` keys to sign access tokens with.
pub(super) fn client(at: &At<'_>, seals: bool) -> Option<Credential> {
    if !seals {
        at.wrong::<()>(
            "needs `[store]` with `encryption_key = { env = \"NAME\" }`, for the keys that access tokens are signed with",
        );
    }
    at.table(|client| {
        let example = "what the identity provider sends as client id: `id = \"entra\"`";
        let name = client.required("id", example, |at| at.parsed(unreserved));
        let sha256 = client.required("secret", "a secret: `secret = { env = \"NAME\" }`", |at| {
            let secret = secret::read(at)?;
            if let Err(says) = unreserved(secret.expose_secret()) {
                return at.wrong(says);
            }
            hashed(at)
        });
        read(client, Kind::Client, name.map(Some), sha256)
    })
}

/// The credentials of a tenant, each with a label: those without one are called by their kind and number.
pub(super) fn labelled<const N: usize>(
    tenant: &TenantId,
    lists: [(&str, Vec<Credential>); N],
) -> Vec<Credential> {
    let lists = lists.into_iter();
    let labelled = lists.flat_map(|(kind, list)| {
        let list = list.into_iter().enumerate();
        list.map(move |(at, mut credential)| {
            if credential.label.is_empty() {
                credential.label = format!("{kind} {} of {tenant}", at + 1);
            }
            credential
        })
    });
    labelled.collect()
}

/// `read_only`.
pub(super) fn authority(credential: &Section<'_, '_>) -> Option<Authority> {
    let read_only = credential.or("read_only", false, At::flag)?;
    Some(match read_only {
        true => Authority::Read,
        false => Authority::Full,
    })
}

/// What all kinds have. The label is empty if it is not given.
fn read(
    credential: &Section<'_, '_>,
    kind: Kind,
    name: Option<Option<String>>,
    sha256: Option<[u8; 32]>,
) -> Option<Credential> {
    let label = credential.optional("label", At::text);
    let authority = authority(credential);
    let expires_at = credential.optional("expires_at", |at| at.parsed(instant));
    let sha256 = sha256?;
    Some(Credential {
        id: id(&sha256),
        kind,
        name: name?,
        sha256,
        label: label?.unwrap_or_default().to_owned(),
        authority: authority?,
        expires_at: expires_at?,
        revoked_at: None,
    })
}

/// Tells which credential it is without telling its digest, and changes with the secret.
fn id(sha256: &[u8; 32]) -> String {
    let hashed = hex(&digest(&hex(sha256)));
    format!("file-{}", hashed.get(..12).unwrap_or_default())
}

/// What stands in a form as it stands in a header, whichever way a client writes it.
fn unreserved(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    if text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err("must consist of letters, digits and -._~".to_owned())
    }
}

/// RFC 7617, section 2: the first colon ends it.
fn user_name(text: &str) -> Result<String, String> {
    if text.contains(':') || text.chars().any(char::is_control) {
        return Err("must not contain a colon or control characters".to_owned());
    }
    Ok(text.to_owned())
}

fn instant(text: &str) -> Result<i64, String> {
    let instant = parse_instant(text).map(|instant| instant.as_microsecond());
    instant.ok_or_else(|| {
        "must be a date or a point in time in quotes, such as \"2027-01-31\" or \"2027-01-31T12:00:00Z\""
            .to_owned()
    })
}
