//! The bridge's own keys: one signs for a while, and those before it are kept for as long as there may be tokens of theirs.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use serde_json::{Value, json};
use tracing::warn;
use uuid::Uuid;

use super::issuer::Key;
use super::refusal::Refusal;
use super::vault::Vault;
use crate::store::{SigningKey, Store, StoreError};

/// How long a key is kept after it has signed for the last time: longer than any token lives.
const KEPT: Duration = Duration::from_hours(25);

/// The keys, in the store and as far as they are known here.
pub(super) struct Signing {
    store: Arc<Store>,
    vault: Arc<Vault>,
    rotation: Duration,
    current: RwLock<Option<Arc<Signer>>>,
    /// Public halves by name. They never change, and a token ends before its key does.
    known: RwLock<HashMap<String, Arc<Key>>>,
}

/// The key that signs.
pub(super) struct Signer {
    pub(super) id: String,
    pub(super) key: EncodingKey,
    until: i64,
}

impl Signing {
    pub(super) fn new(store: Arc<Store>, vault: Vault, rotation: Duration) -> Self {
        Self {
            store,
            vault: Arc::new(vault),
            rotation,
            current: RwLock::default(),
            known: RwLock::default(),
        }
    }

    /// The key to sign with; a new one if the last has had its time, or was sealed with another encryption key.
    pub(super) async fn signer(&self, now: i64) -> Result<Arc<Signer>, StoreError> {
        if let Some(signer) = self.known_signer().filter(|signer| now < signer.until) {
            return Ok(signer);
        }
        let signer = match newest(&self.vault, self.store.signing_keys(now).await?, now) {
            Some(signer) => signer,
            None => self.make(now).await?,
        };
        let signer = Arc::new(signer);
        let mut known = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *known = Some(Arc::clone(&signer));
        Ok(signer)
    }

    /// Says so in the log if the newest key of the store cannot be opened.
    pub(super) async fn look(&self, now: i64) -> Result<(), StoreError> {
        let keys = self.store.signing_keys(now).await?;
        let newest = keys.iter().find(|key| now < key.signs_until);
        if newest.is_some_and(|key| signer(&self.vault, key).is_none()) {
            warn!(
                "The store has a signing key that this encryption_key does not open. If all replicas were given a new one, \
                 nothing is to be done: new access tokens are signed with a new key, and those that are out count until \
                 their end. Otherwise give this replica the encryption_key of the others and restart it"
            );
        }
        Ok(())
    }

    fn known_signer(&self) -> Option<Arc<Signer>> {
        let known = self.current.read().unwrap_or_else(PoisonError::into_inner);
        known.clone()
    }

    /// Makes a key, unless another replica has just done so.
    async fn make(&self, now: i64) -> Result<Signer, StoreError> {
        let (vault, rotation) = (Arc::clone(&self.vault), micros(self.rotation));
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                if let Some(signer) = newest(&vault, tx.signing_keys(now).await?, now) {
                    return Ok(signer);
                }
                let key = fresh(&vault, now, rotation).ok_or(StoreError::Corrupt {
                    what: "signing key",
                    why: "it cannot be made".to_owned(),
                })?;
                tx.add_signing_key(&key).await?;
                signer(&vault, &key).ok_or(StoreError::Corrupt {
                    what: "signing key",
                    why: "it cannot be opened again".to_owned(),
                })
            })
        });
        write.await
    }

    /// The public half of a key that a token names.
    pub(super) async fn find(&self, id: &str, now: i64) -> Result<Arc<Key>, Refusal> {
        let look = || {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            known.get(id).cloned()
        };
        if let Some(key) = look() {
            return Ok(key);
        }
        let stored = self.store.signing_keys(now).await;
        let stored = stored.map_err(|_| Refusal::StoreAway)?;
        let keys = stored.into_iter().filter_map(|stored| {
            let jwk = serde_json::from_str(&stored.public_key).ok()?;
            Some((stored.id, Arc::new(Key::read(jwk)?)))
        });
        let keys = keys.collect();
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = keys;
        look().ok_or(Refusal::UnknownKey)
    }

    /// The public halves of all keys, for whoever wants to look at a token (RFC 7517, section 5).
    pub(super) async fn published(&self, now: i64) -> Result<Value, StoreError> {
        let stored = self.store.signing_keys(now).await?;
        let keys = stored.iter();
        let keys = keys.filter_map(|key| serde_json::from_str::<Value>(&key.public_key).ok());
        Ok(json!({ "keys": keys.collect::<Vec<_>>() }))
    }
}

/// The newest key that may still sign and that this bridge can open.
fn newest(vault: &Vault, keys: Vec<SigningKey>, now: i64) -> Option<Signer> {
    let mut keys = keys.iter().filter(|key| now < key.signs_until);
    keys.find_map(|key| signer(vault, key))
}

fn signer(vault: &Vault, key: &SigningKey) -> Option<Signer> {
    let private = vault.open(&sealed_as(&key.id), &key.private_key)?;
    Some(Signer {
        id: key.id.clone(),
        key: EncodingKey::from_ec_der(&private),
        until: key.signs_until,
    })
}

fn fresh(vault: &Vault, now: i64, rotation: i64) -> Option<SigningKey> {
    let id = Uuid::new_v7(uuid::Timestamp::now(uuid::NoContext)).to_string();
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let private = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).ok()?;
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, private.as_ref()).ok()?;
    // An uncompressed point: a byte that says so, and the two coordinates.
    let (x, y) = pair.public_key().as_ref().get(1..)?.split_at_checked(32)?;
    let base64url = |bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let jwk = json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": id,
        "x": base64url(x), "y": base64url(y),
    });
    let signs_until = now.saturating_add(rotation);
    Some(SigningKey {
        created: now,
        signs_until,
        verifies_until: signs_until.saturating_add(micros(KEPT)),
        public_key: jwk.to_string(),
        private_key: vault.seal(&sealed_as(&id), private.as_ref()).ok()?,
        id,
    })
}

fn sealed_as(id: &str) -> String {
    format!("signing key {id}")
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
