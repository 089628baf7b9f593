//! Access tokens of our own: what a client gets for its id and secret, and what they open.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::error::Unspecified;
use jsonwebtoken::{Algorithm, Header};
use secrecy::SecretSlice;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Authority;
use super::attempt::Known;
use super::jwt::Jwt;
use super::refusal::Refusal;
use super::signing::Signing;
use super::vault::Vault;
use crate::domain::model::TenantId;
use crate::store::{Store, StoreError};

/// The claim with the credential that the token was given for.
const CREDENTIAL: &str = "credential";

/// How access tokens are made.
#[derive(Clone, Debug)]
pub struct Minting {
    /// Seals the private keys in the store; 32 bytes.
    pub encryption_key: SecretSlice<u8>,
    /// The address of the bridge, which the tokens name.
    pub base: String,
    /// How long a token counts.
    pub lifetime: Duration,
    /// How long a key signs.
    pub rotation: Duration,
}

/// An access token for a client.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The token, a JWT.
    pub token: String,
    /// How long it counts, in seconds.
    pub lifetime: u64,
    /// What its bearer may do.
    pub authority: Authority,
}

pub(super) struct Mint {
    signing: Signing,
    base: String,
    lifetime: Duration,
}

impl Mint {
    /// # Errors
    /// When the encryption key does not have 32 bytes.
    pub(super) fn new(store: Arc<Store>, minting: Minting) -> Result<Self, Unspecified> {
        let vault = Vault::new(&minting.encryption_key)?;
        Ok(Self {
            signing: Signing::new(store, vault, minting.rotation),
            base: minting.base,
            lifetime: minting.lifetime,
        })
    }

    /// A token for whoever showed the id and the secret of a client. It ends no later than the credential.
    pub(super) async fn grant(
        &self,
        tenant: &TenantId,
        client: &Known,
        now: i64,
    ) -> Result<Grant, Refusal> {
        let signer = self.signing.signer(now).await;
        let signer = signer.map_err(|error| away(&error))?;
        let left = client.expires_at.map(|end| end.saturating_sub(now));
        let left = left.map(|micros| u64::try_from(micros).unwrap_or(0) / 1_000_000);
        let lifetime = left.unwrap_or(u64::MAX).min(self.lifetime.as_secs());
        let begins = u64::try_from(now).unwrap_or(0) / 1_000_000;
        let claims = json!({
            "iss": self.issuer(tenant),
            "aud": self.audience(tenant),
            "sub": client.name,
            "client_id": client.name,
            "jti": Uuid::now_v7().to_string(),
            "iat": begins,
            "exp": begins.saturating_add(lifetime),
            CREDENTIAL: client.id,
        });
        let header = Header {
            typ: Some("at+jwt".to_owned()),
            kid: Some(signer.id.clone()),
            ..Header::new(Algorithm::ES256)
        };
        let token = jsonwebtoken::encode(&header, &claims, &signer.key).map_err(|error| {
            tracing::error!(error = %error, "An access token cannot be signed");
            Refusal::StoreAway
        })?;
        Ok(Grant {
            token,
            lifetime,
            authority: client.authority,
        })
    }

    pub(super) async fn look_at_keys(&self, now: i64) -> Result<(), StoreError> {
        self.signing.look(now).await
    }

    /// Whether a JWT says that it is one of ours for this tenant.
    pub(super) fn is_issuer_of(&self, jwt: &Jwt<'_>, tenant: &TenantId) -> bool {
        jwt.says("iss", &self.issuer(tenant))
    }

    /// The credential that one of our JWTs was given for.
    pub(super) async fn check(
        &self,
        jwt: &Jwt<'_>,
        tenant: &TenantId,
        now: i64,
    ) -> Result<String, Refusal> {
        if jwt.algorithm != Algorithm::ES256 {
            return Err(Refusal::Algorithm);
        }
        if !jwt.is_for(&self.audience(tenant)) {
            return Err(Refusal::Audience);
        }
        jwt.is_in_time(now)?;
        let key = self.signing.find(&jwt.key_id, now).await?;
        if !key.verifies(jwt.message, jwt.signature, jwt.algorithm) {
            return Err(Refusal::Signature);
        }
        let credential = jwt.claims.get(CREDENTIAL).and_then(Value::as_str);
        credential.map(str::to_owned).ok_or(Refusal::Unreadable)
    }

    pub(super) async fn published(&self, now: i64) -> Result<Value, Refusal> {
        let published = self.signing.published(now).await;
        published.map_err(|error| away(&error))
    }

    fn issuer(&self, tenant: &TenantId) -> String {
        format!("{}/oauth/{tenant}", self.base)
    }

    fn audience(&self, tenant: &TenantId) -> String {
        format!("{}/scim/{tenant}/v2", self.base)
    }
}

fn away(error: &StoreError) -> Refusal {
    tracing::error!(error = %error, "The keys of access tokens cannot be read");
    Refusal::StoreAway
}
