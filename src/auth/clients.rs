//! OAuth clients at the token endpoint, and the access tokens that they show afterwards.

use std::collections::HashMap;

use serde_json::Value;

use super::attempt::{Attempt, Denied, Known, open};
use super::jwt::Jwt;
use super::mint::{Grant, Mint};
use super::refusal::Refusal;
use super::shown::Evidence;
use super::{Door, Doors};
use crate::domain::credential::Kind;
use crate::domain::model::TenantId;
use crate::store::StoreError;

impl Doors {
    /// Whether access tokens are made: then there is a token endpoint.
    pub fn grants_tokens(&self) -> bool {
        self.mint.is_some()
    }

    /// Looks whether the keys of the store can be opened, and says in the log what to do if not.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn look_at_keys(&self) -> Result<(), StoreError> {
        match &self.mint {
            Some(mint) => mint.look_at_keys((self.now)()).await,
            None => Ok(()),
        }
    }

    /// An access token for the client that shows its id and secret (RFC 6749, section 4.4). The decision is recorded.
    ///
    /// # Errors
    /// As for [`Doors::admit`], and like there all that are for good look the same to the caller.
    pub async fn grant(
        &self,
        attempt: &Attempt<'_>,
        shown: Option<(&str, &str)>,
    ) -> Result<Grant, Refusal> {
        let now = (self.now)();
        match self.granted(attempt, shown, now).await {
            Ok((client, grant)) => {
                self.record_admission(attempt, &client, now);
                Ok(grant)
            }
            Err(denied) => Err(self.turn_away(attempt, denied, now)),
        }
    }

    /// The public halves of the keys that access tokens are signed with, a JWK Set.
    ///
    /// # Errors
    /// When there are none, or they cannot be read.
    pub async fn published_keys(&self) -> Result<Value, Refusal> {
        let mint = self.mint.as_ref().ok_or(Refusal::Unknown)?;
        mint.published((self.now)()).await
    }

    async fn granted(
        &self,
        attempt: &Attempt<'_>,
        shown: Option<(&str, &str)>,
        now: i64,
    ) -> Result<(Known, Grant), Denied> {
        let mint = self.mint.as_ref().ok_or(Refusal::Unknown)?;
        let (id, secret) = shown.ok_or(Refusal::Nothing)?;
        let evidence = Evidence::new(Kind::Client, Some(id.to_owned()), secret);
        let client = self.recognise(attempt.tenant, &evidence, now).await?;
        self.gate(attempt, &client)?;
        let grant = mint.grant(attempt.tenant, &client, now).await;
        match grant {
            Ok(grant) => Ok((client, grant)),
            Err(refusal) => Err(client.denied(refusal)),
        }
    }

    /// The credential that one of our own access tokens was given for, if it opens the tenant still.
    pub(super) async fn bearer_of(
        &self,
        mint: &Mint,
        jwt: &Jwt<'_>,
        tenant: &TenantId,
        doors: &HashMap<TenantId, Door>,
        now: i64,
    ) -> Result<Known, Denied> {
        let id = mint.check(jwt, tenant, now).await?;
        let door = doors.get(tenant).ok_or(Refusal::Unknown)?;
        let mut kept = door.kept.iter();
        if let Some(kept) = kept.find(|kept| kept.kind == Kind::Client && kept.id == id) {
            return open(kept, now);
        }
        let stored = self.store.credential(&id).await?;
        let stored = stored
            .filter(|stored| stored.tenant == *tenant && stored.credential.kind == Kind::Client);
        // One of the configuration that is not there any more.
        let stored = stored.ok_or(Refusal::Revoked)?;
        let known = open(&stored.credential, now)?;
        self.usage.note(&stored, now);
        Ok(known)
    }
}
