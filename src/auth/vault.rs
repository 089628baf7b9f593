//! Sealing what must not stand in the store in clear: AES-256-GCM under the encryption key of the configuration.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::error::Unspecified;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretSlice};

/// A key that seals and opens.
pub(super) struct Vault(RandomizedNonceKey);

impl Vault {
    /// # Errors
    /// When the key does not have 32 bytes.
    pub(super) fn new(key: &SecretSlice<u8>) -> Result<Self, Unspecified> {
        RandomizedNonceKey::new(&AES_256_GCM, key.expose_secret()).map(Self)
    }

    /// Seals something; it opens only under the same name, so that nothing can be put in the place of another.
    ///
    /// # Errors
    /// When the machine has no randomness to give.
    pub(super) fn seal(&self, name: &str, clear: &[u8]) -> Result<String, Unspecified> {
        let mut sealed = clear.to_vec();
        // In place, so that what was clear is not left behind.
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(name), &mut sealed)?;
        let sealed = [nonce.as_ref().as_slice(), &sealed].concat();
        Ok(BASE64_STANDARD.encode(sealed))
    }

    /// What was sealed under this name with this key; `None` for anything else.
    pub(super) fn open(&self, name: &str, sealed: &str) -> Option<Zeroizing<Vec<u8>>> {
        let sealed = BASE64_STANDARD.decode(sealed).ok()?;
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut opened = Zeroizing::new(sealed.to_vec());
        let clear = self.0.open_in_place(nonce, Aad::from(name), &mut opened);
        let length = clear.ok()?.len();
        opened.truncate(length);
        Some(opened)
    }
}
