//! A tenant at work, and the context of a request to it.

use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::patience::Patience;

use crate::cloudmore::Target;
use crate::domain::model::TenantId;
use crate::domain::policy::Policy;
use crate::scim::{Dialect, Precondition, ScimError};
use crate::store::AuditEntry;

/// A tenant: whose directory, which Cloudmore target, by which rules.
#[derive(Debug)]
pub struct Tenant {
    /// Its id, as in the address.
    pub id: TenantId,
    /// Its rules.
    pub policy: Policy,
    /// How its requests are read.
    pub dialect: Dialect,
    /// The organization or the broker whose accounts it keeps.
    pub target: Target,
    /// What the target is called, for people; it tells one part of Cloudmore from another.
    pub target_name: String,
    /// The login name of the API account, which is never touched.
    pub api_account: String,
    /// Calls to Cloudmore that may be under way at once.
    pub concurrency: usize,
}

impl Tenant {
    /// Changes whenever what the tenant grants, whom it can have refused, or whom it protects may have changed.
    pub(super) fn digest(&self) -> String {
        let policy = &self.policy;
        let mut grants = format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            policy.account_name,
            policy.account_data,
            policy.allowed_domains,
            policy.account_domain,
            policy.default_role,
            policy.adopt,
            policy.adopt_by,
            policy.deprovision,
            policy.privileged_roles,
            policy.mappings
        );
        // What is protected is remembered with each user. How many may lose something concerns nobody by name.
        let guard = &policy.guard;
        if !guard.protected_users.is_empty() || !guard.protected_groups.is_empty() {
            grants += &format!("{:?} {:?}", guard.protected_users, guard.protected_groups);
        }
        let digest = Sha256::digest(grants);
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

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
    /// The SCIM base address that resources are shown below.
    pub(super) base: String,
    /// Whether a user who is there already, and inactive, may be taken up again instead of making one.
    pub(super) takes_up: bool,
    /// What must hold of the resource.
    pub(super) precondition: Precondition,
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
            base: String::new(),
            takes_up: true,
            precondition: Precondition::default(),
            patience,
        }
    }

    /// The context of a request to this SCIM base address.
    #[must_use]
    pub fn below(self, base: String) -> Self {
        Self { base, ..self }
    }

    /// The context in which nobody is taken up again, because what is made may have to be removed.
    #[must_use]
    pub(super) fn making_anew(self) -> Self {
        Self {
            takes_up: false,
            ..self
        }
    }

    /// The context under conditions of the client's.
    #[must_use]
    pub fn given(self, precondition: Precondition) -> Self {
        Self {
            precondition,
            ..self
        }
    }

    /// Lets a change of a resource pass that is at `version`. Asked within the transaction that changes it.
    ///
    /// # Errors
    /// 412 when the client means another version, 428 when the tenant demands that it names one and it does not.
    pub(super) fn allows_change(&self, version: i64) -> Result<(), ScimError> {
        if self.tenant.dialect.require_if_match && !self.precondition.names_a_version() {
            return Err(ScimError::precondition_required(
                "Changes need the header If-Match (in a Bulk request the member version) with the version of the \
                 resource that was read. Add it, or set require_if_match = false for the tenant.",
            ));
        }
        self.precondition.allows_change(version)
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
