//! Credentials of tenants: making them, letting one follow another, taking them back.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use super::{Bridge, Context, ReportError};
use crate::domain::credential::{Authority, Credential, Kind, Lapse};
use crate::domain::model::TenantId;
use crate::scim::format_instant;
use crate::store::{StoreError, StoredCredential};

/// A credential to be made. Its secret stays with whoever made it.
#[derive(Clone, Debug)]
pub struct NewCredential {
    /// How it is to be shown.
    pub kind: Kind,
    /// The user name or the client id that goes with the secret.
    pub name: Option<String>,
    /// SHA-256 of the secret.
    pub sha256: [u8; 32],
    /// What people and the audit are to call its bearer.
    pub label: String,
    /// What its bearer may do.
    pub authority: Authority,
    /// How long it counts; for ever if not given.
    pub lifetime: Option<Duration>,
}

/// A credential as administrators see it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CredentialState {
    /// What tells it from others.
    pub id: String,
    /// How it is shown.
    pub kind: Kind,
    /// The user name or the client id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What its bearer is called.
    pub label: String,
    /// What its bearer may do.
    pub authority: Authority,
    /// Whether it opens anything: `live`, `expired` or `revoked`.
    pub state: &'static str,
    /// When it was made.
    pub created: String,
    /// By whom.
    pub created_by: String,
    /// When it ends.
    pub expires_at: Option<String>,
    /// When it was taken back.
    pub revoked_at: Option<String>,
    /// When it was used last, give or take a minute.
    pub last_used: Option<String>,
}

/// One credential that follows another; both count for a while.
#[derive(Clone, Debug, Serialize)]
pub struct Rotated {
    /// The one that follows.
    pub credential: CredentialState,
    /// The one before, with its end.
    pub before: CredentialState,
}

impl Bridge {
    /// All credentials of a tenant that were made while the bridge ran, oldest first.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn credentials(
        &self,
        tenant: &TenantId,
    ) -> Result<Vec<CredentialState>, ReportError> {
        let now = self.clock.now();
        let stored = self.store.credentials(tenant).await?;
        Ok(stored.into_iter().map(|one| shown(one, now)).collect())
    }

    /// Makes a credential of the tenant.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn add_credential(
        &self,
        context: &Context,
        new: NewCredential,
    ) -> Result<CredentialState, ReportError> {
        let now = self.clock.now();
        let stored = stored(context, new, now);
        let entry = trail(context, now, "credential.create", &stored);
        let added = stored.clone();
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                tx.add_credential(&added).await?;
                tx.audit(&entry).await
            })
        });
        write.await?;
        Ok(shown(stored, now))
    }

    /// Makes a credential that follows another one of the tenant: with its kind, name, label and authority, and for as long
    /// as that was made for. The one before ends after `overlap`. `None` if there is none of this id that opens anything.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn rotate_credential(
        &self,
        context: &Context,
        id: &str,
        sha256: [u8; 32],
        overlap: Duration,
    ) -> Result<Option<Rotated>, ReportError> {
        let now = self.clock.now();
        let (context, id) = (context.clone(), id.to_owned());
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                let tenant = &context.tenant.id;
                let Some(before) = tx.credential(tenant, &id).await? else {
                    return Ok(None);
                };
                if before.credential.lapse(now).is_some() {
                    return Ok(None);
                }
                let next = stored(&context, next(&before, sha256), now);
                let end = now.saturating_add(micros(overlap));
                tx.end_credential(&id, end).await?;
                tx.add_credential(&next).await?;
                let before = tx.credential(tenant, &id).await?.unwrap_or(before);
                tx.audit(&trail(&context, now, "credential.rotate", &next))
                    .await?;
                Ok::<_, StoreError>(Some(Rotated {
                    credential: shown(next, now),
                    before: shown(before, now),
                }))
            })
        });
        Ok(write.await?)
    }

    /// Takes a credential back: once this is answered it opens nothing, at no replica. `None` if the tenant has none of this
    /// id.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn revoke_credential(
        &self,
        context: &Context,
        id: &str,
    ) -> Result<Option<CredentialState>, ReportError> {
        let now = self.clock.now();
        let (context, id) = (context.clone(), id.to_owned());
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                tx.revoke_credential(&context.tenant.id, &id, now).await?;
                let revoked = tx.credential(&context.tenant.id, &id).await?;
                if let Some(revoked) = &revoked {
                    let entry = trail(&context, now, "credential.revoke", revoked);
                    tx.audit(&entry).await?;
                }
                Ok::<_, StoreError>(revoked.map(|revoked| shown(revoked, now)))
            })
        });
        Ok(write.await?)
    }
}

fn stored(context: &Context, new: NewCredential, now: i64) -> StoredCredential {
    StoredCredential {
        tenant: context.tenant.id.clone(),
        credential: Credential {
            id: uuid::Uuid::now_v7().to_string(),
            kind: new.kind,
            name: new.name,
            sha256: new.sha256,
            label: new.label,
            authority: new.authority,
            expires_at: new.lifetime.map(|life| now.saturating_add(micros(life))),
            revoked_at: None,
        },
        created: now,
        created_by: context.actor.clone(),
        last_used: None,
    }
}

fn next(before: &StoredCredential, sha256: [u8; 32]) -> NewCredential {
    let one = &before.credential;
    let life = one.expires_at.map(|end| end.saturating_sub(before.created));
    NewCredential {
        kind: one.kind,
        name: one.name.clone(),
        sha256,
        label: one.label.clone(),
        authority: one.authority,
        lifetime: life.map(|micros| Duration::from_micros(u64::try_from(micros).unwrap_or(0))),
    }
}

fn trail(
    context: &Context,
    now: i64,
    kind: &'static str,
    of: &StoredCredential,
) -> crate::store::AuditEntry {
    let credential = &of.credential;
    let detail = json!({
        "label": credential.label,
        "kind": credential.kind,
        "authority": credential.authority,
        "expiresAt": credential.expires_at.map(format_instant),
    });
    crate::store::AuditEntry {
        detail,
        ..context.audit(now, kind, &credential.id, "done")
    }
}

fn shown(stored: StoredCredential, now: i64) -> CredentialState {
    let credential = stored.credential;
    CredentialState {
        state: match credential.lapse(now) {
            None => "live",
            Some(Lapse::Expired) => "expired",
            Some(Lapse::Revoked) => "revoked",
        },
        id: credential.id,
        kind: credential.kind,
        name: credential.name,
        label: credential.label,
        authority: credential.authority,
        created: format_instant(stored.created),
        created_by: stored.created_by,
        expires_at: credential.expires_at.map(format_instant),
        revoked_at: credential.revoked_at.map(format_instant),
        last_used: stored.last_used.map(format_instant),
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
