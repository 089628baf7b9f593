//! Pausing tenants and letting them go on; how all of them are.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::json;
use tracing::{info, warn};

use super::{Bridge, Context, ReportError, Tenant};
use crate::domain::model::TenantId;
use crate::scim::{ScimError, format_instant};
use crate::store::{AuditEntry, Load, Pause, StoreError};

/// When the identity provider should come again; nobody knows how long a pause lasts.
const COME_AGAIN: Duration = Duration::from_secs(60);

/// How a tenant is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantState {
    /// The tenant.
    pub tenant: TenantId,
    /// What it does.
    pub state: Activity,
    /// The pause that it is under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<PauseState>,
    /// Users of the directory.
    pub users: i64,
    /// Users whose account may differ from what is wanted.
    pub pending: i64,
    /// Those of them who are to lose access, as far as that has been looked at.
    pub losing: i64,
    /// Users who were refused for good.
    pub failed: i64,
    /// Users who wait for a decision.
    pub held: i64,
    /// When the identity provider changed a user or a group last.
    pub last_change: Option<String>,
}

/// What a tenant does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Activity {
    /// It keeps Cloudmore as wanted.
    Active,
    /// It takes what it is told and changes nothing in Cloudmore.
    Observing,
    /// It takes nothing and changes nothing.
    Paused,
}

/// A pause.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PauseState {
    /// Whether all tenants are paused, and not this one by itself.
    pub of_all: bool,
    /// Since when.
    pub since: String,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
}

/// Which tenants a pause is about.
#[derive(Clone, Debug)]
pub enum Scope {
    /// One.
    Tenant(TenantId),
    /// All of them, those included that are configured later.
    All,
}

impl Scope {
    fn tenant(&self) -> Option<&TenantId> {
        match self {
            Self::Tenant(id) => Some(id),
            Self::All => None,
        }
    }
}

/// Who pauses, in which request.
#[derive(Clone, Debug)]
pub struct By {
    /// The label of the credential.
    pub actor: String,
    /// The correlation id.
    pub request: String,
}

impl Bridge {
    /// Lets a SCIM write in, unless the tenant is paused.
    ///
    /// # Errors
    /// 503 while it is, or 500 when the store fails.
    pub async fn takes_writes(&self, context: &Context) -> Result<(), ScimError> {
        match self.store.pause_of(&context.tenant.id).await? {
            None => Ok(()),
            Some(_) => Err(ScimError::unavailable(
                "Changes are not taken at the moment, because an administrator has paused the bridge. Nothing is lost: \
                 try again later.",
                COME_AGAIN,
            )),
        }
    }

    /// How all tenants are, in the order of their ids.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn tenant_states(&self) -> Result<Vec<TenantState>, ReportError> {
        let mut states = Vec::new();
        for tenant in self.in_order() {
            states.push(self.tenant_state(&tenant).await?);
        }
        Ok(states)
    }

    async fn tenant_state(&self, tenant: &Tenant) -> Result<TenantState, StoreError> {
        let pause = self.store.pause_of(&tenant.id).await?;
        let load = self.store.load(&tenant.id).await?;
        Ok(TenantState {
            tenant: tenant.id.clone(),
            state: match &pause {
                Some(_) => Activity::Paused,
                None if tenant.policy.observe => Activity::Observing,
                None => Activity::Active,
            },
            pause: pause.map(|pause| PauseState {
                of_all: pause.tenant.is_none(),
                since: format_instant(pause.since),
                by: pause.actor,
                reason: pause.reason,
            }),
            users: load.users,
            pending: load.pending,
            losing: load.losing,
            failed: load.failed,
            held: load.held,
            last_change: load.changed.map(format_instant),
        })
    }

    /// Pauses tenants: their identity providers are told to come again later, and nothing is begun for them.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn pause(
        &self,
        scope: &Scope,
        by: &By,
        reason: Option<String>,
    ) -> Result<(), ReportError> {
        let pause = Pause {
            tenant: scope.tenant().cloned(),
            since: self.clock.now(),
            actor: by.actor.clone(),
            reason,
        };
        let entries = self.entries(
            scope,
            by,
            ("tenant.pause", "paused"),
            pause.reason.as_deref(),
        );
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                tx.pause(&pause).await?;
                for entry in &entries {
                    tx.audit(entry).await?;
                }
                Ok::<_, StoreError>(())
            })
        });
        write.await?;
        for tenant in self.concerned(scope) {
            self.tell_of_pause(&tenant).await?;
        }
        Ok(())
    }

    /// Ends a pause; what waited goes on at once. Returns whether there was one.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn resume(&self, scope: &Scope, by: &By) -> Result<bool, ReportError> {
        let entries = self.entries(scope, by, ("tenant.resume", "goes on"), None);
        let tenant = scope.tenant().cloned();
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                let was = tx.resume(tenant.as_ref()).await?;
                for entry in entries.iter().filter(|_| was) {
                    tx.audit(entry).await?;
                }
                Ok::<_, StoreError>(was)
            })
        });
        let was = write.await?;
        for tenant in self.concerned(scope) {
            info!(tenant.id = %tenant.id, actor = by.actor, "A pause of the tenant was ended");
        }
        self.work.notify_one();
        Ok(was)
    }

    /// Says that a tenant is paused, and how many people keep access by it.
    pub(super) async fn tell_of_pause(&self, tenant: &Tenant) -> Result<(), StoreError> {
        if let Some(pause) = self.store.pause_of(&tenant.id).await? {
            let Load {
                losing, pending, ..
            } = self.store.load(&tenant.id).await?;
            warn!(
                tenant.id = %tenant.id, actor = pause.actor, pending, losing,
                "The tenant is paused: {losing} users wait who are to lose access, until scim-bridge tenant resume"
            );
        }
        Ok(())
    }

    fn entries(
        &self,
        scope: &Scope,
        by: &By,
        (kind, outcome): (&'static str, &str),
        reason: Option<&str>,
    ) -> Vec<AuditEntry> {
        let at = self.clock.now();
        let entry = |tenant: &Arc<Tenant>| AuditEntry {
            at,
            tenant: tenant.id.clone(),
            actor: by.actor.clone(),
            request: Some(by.request.clone()),
            kind,
            subject: tenant.id.to_string(),
            outcome: outcome.to_owned(),
            detail: json!({ "ofAll": scope.tenant().is_none(), "reason": reason }),
        };
        self.concerned(scope).iter().map(entry).collect()
    }

    fn concerned(&self, scope: &Scope) -> Vec<Arc<Tenant>> {
        let mut tenants = self.in_order();
        if let Some(id) = scope.tenant() {
            tenants.retain(|tenant| tenant.id == *id);
        }
        tenants
    }

    fn in_order(&self) -> Vec<Arc<Tenant>> {
        let mut tenants: Vec<_> = self.tenants().values().cloned().collect();
        tenants.sort_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
        tenants
    }
}
