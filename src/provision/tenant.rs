//! A tenant at work, and the context of a request to it.

use std::sync::Arc;

use serde_json::Value;

use super::patience::Patience;

use crate::cloudmore::Target;
use crate::domain::model::TenantId;
use crate::domain::policy::Policy;
use crate::store::AuditEntry;

/// A tenant: whose directory, which Cloudmore target, by which rules.
#[derive(Debug)]
pub struct Tenant {
    /// Its id, as in the address.
    pub id: TenantId,
    /// Its rules.
    pub policy: Policy,
    /// The organization or the broker whose accounts it keeps.
    pub target: Target,
    /// The login name of the API account, which is never touched.
    pub api_account: String,
    /// Calls to Cloudmore that may be under way at once.
    pub concurrency: usize,
}

impl Tenant {
    /// Whether a login name is that of the API account, which the bridge itself signs in with.
    pub(super) fn is_api_account(&self, name: &str) -> bool {
        crate::scim::fold(name) == crate::scim::fold(&self.api_account)
    }
}

/// Who asks what of which tenant.
#[derive(Clone, Debug)]
pub struct Context {
    /// The tenant.
    pub tenant: Arc<Tenant>,
    /// Who asks: the label of the credential.
    pub actor: String,
    /// The correlation id of the request.
    pub request: String,
    /// How long it waits for Cloudmore, in all.
    pub(super) patience: Patience,
}

impl Context {
    /// The context of a request that begins here.
    pub fn new(tenant: Arc<Tenant>, actor: String, request: String) -> Self {
        let patience = Patience::new(tenant.policy.settle_timeout);
        Self {
            tenant,
            actor,
            request,
            patience,
        }
    }

    /// An audit entry for something that the caller asked for.
    pub(super) fn audit(
        &self,
        at: i64,
        kind: &'static str,
        subject: &str,
        outcome: impl Into<String>,
    ) -> AuditEntry {
        AuditEntry {
            at,
            tenant: self.tenant.id.clone(),
            actor: self.actor.clone(),
            request: Some(self.request.clone()),
            kind,
            subject: subject.to_owned(),
            outcome: outcome.into(),
            detail: Value::Null,
        }
    }
}
