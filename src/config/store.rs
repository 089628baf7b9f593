//! `[store]`: where the bridge keeps what it knows.

use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretSlice, SecretString};

use super::reader::At;
use super::secret;
use crate::domain::credential::from_hex;

/// Where the bridge keeps what it knows.
#[derive(Clone, Debug)]
pub struct Store {
    /// `sqlite://` followed by the path of the database file, taken as it stands (nothing is percent-encoded): a relative
    /// path has been put behind the configuration file's folder. Or the `postgres://` address of a database.
    pub url: String,
    /// The password for a PostgreSQL that asks for one.
    pub password: Option<SecretString>,
    /// Seals the private keys that the bridge keeps there; 32 bytes. Without it the bridge makes no access tokens.
    pub encryption_key: Option<SecretSlice<u8>>,
}

pub(super) fn read(at: &At<'_>) -> Option<Store> {
    at.table(|store| {
        let url = store.required("url", "`url = \"sqlite://scim-bridge.db\"`", |at| {
            at.parsed(|text| located(text, at.reader.base_dir))
        });
        let password = store.optional("password", secret::read);
        let encryption_key = store.optional("encryption_key", encryption_key);
        let (url, password) = (url?, password?);
        if password.is_some() && url.starts_with("sqlite://") {
            return at.wrong("`password` is for a PostgreSQL database; a file has none");
        }
        Some(Store {
            url,
            password,
            encryption_key: encryption_key?,
        })
    })
}

/// 32 bytes, written in hexadecimal or base64.
fn encryption_key(at: &At<'_>) -> Option<SecretSlice<u8>> {
    let text = secret::read(at)?;
    let text = text.expose_secret();
    let bytes = match from_hex(text) {
        Some(bytes) => Some(bytes.to_vec()),
        None => BASE64_STANDARD.decode(text).ok(),
    };
    match bytes.filter(|bytes| bytes.len() == 32) {
        Some(bytes) => Some(SecretSlice::from(bytes)),
        None => at.wrong(
            "must be 32 random bytes, as 64 hexadecimal digits or in base64: openssl rand -hex 32",
        ),
    }
}

fn located(url: &str, base_dir: &Path) -> Result<String, String> {
    const FORM: &str = "must be \"sqlite://\" and the path of a file, such as \"sqlite://scim-bridge.db\", or the address of \
                        a PostgreSQL database, such as \"postgres://scim-bridge@db.example.com/scim-bridge\"";
    if let Some(rest) = after_any(url, &["postgres://", "postgresql://"]) {
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').map(|(user, _)| user);
        if user.is_some_and(|user| user.contains(':')) {
            return Err(
                "must not contain a password: write `password = { env = \"NAME\" }` beside it"
                    .to_owned(),
            );
        }
        return Ok(url.to_owned());
    }
    let path = url.strip_prefix("sqlite://").ok_or(FORM)?;
    // `:memory:` would forget, `?` would begin options that the bridge sets itself.
    if path.is_empty() || path.ends_with('/') || path.contains([':', '?']) {
        return Err(FORM.to_owned());
    }
    Ok(format!("sqlite://{}", base_dir.join(path).display()))
}

fn after_any<'a>(text: &'a str, prefixes: &[&str]) -> Option<&'a str> {
    prefixes.iter().find_map(|prefix| text.strip_prefix(prefix))
}
