//! Taking tenants and their mappings into use.

use std::collections::HashMap;
use std::sync::Arc;

use tracing::{info, warn};

use super::Bridge;
use super::tenant::Tenant;
use crate::domain::mapping::GroupSelector;
use crate::domain::model::TenantId;
use crate::store::{GroupRecord, StoreError, Tx};

/// Why tenants cannot be taken into use.
#[derive(Clone, Debug, thiserror::Error)]
pub enum InstallError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The tenant has accounts in another part of Cloudmore than it is pointed at.
    #[error(
        "tenant \"{tenant}\" has accounts in {from} and cannot be pointed at {to}: give the new \
         target a tenant of its own"
    )]
    Moved {
        /// The tenant.
        tenant: TenantId,
        /// Where its accounts are.
        from: String,
        /// Where they would be looked for.
        to: String,
    },
}

impl Bridge {
    /// Ends the claims that an earlier process left behind, without waiting for calls that may be
    /// under way still. Right only where none can be: the Cloudmore of a demo ends with its bridge.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn end_claims(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.store
            .write(move |tx| Box::pin(async move { tx.release_leases(now).await }))
            .await
    }

    /// Takes tenants into use in place of those before. New selectors bind to the groups that bear
    /// their names; if what a tenant grants has changed, even while the bridge was down, its users
    /// are marked.
    ///
    /// # Errors
    /// [`InstallError`] when a tenant's accounts are elsewhere or the store fails.
    pub async fn install(&self, tenants: Vec<Tenant>) -> Result<(), InstallError> {
        let tenants: HashMap<TenantId, Arc<Tenant>> = tenants
            .into_iter()
            .map(|tenant| (tenant.id.clone(), Arc::new(tenant)))
            .collect();
        for tenant in tenants.values() {
            let tenant = Arc::clone(tenant);
            self.store
                .write(move |tx| Box::pin(async move { stays_where_it_is(tx, &tenant).await }))
                .await?;
        }
        for tenant in tenants.values() {
            let tenant = Arc::clone(tenant);
            let known: Result<(), StoreError> = self
                .store
                .write(move |tx| Box::pin(async move { know_selectors(tx, &tenant).await }))
                .await;
            known?;
        }
        self.replace_tenants(tenants.clone());
        // Users are marked for what is in use already, so that nobody who is being worked on is
        // left with what was in use before.
        for tenant in tenants.into_values() {
            if tenant.policy.observe {
                warn!(
                    tenant.id = %tenant.id,
                    "The tenant only observes: nothing is changed in Cloudmore, and leavers keep their access, until \
                     observe = false"
                );
            }
            self.tell_of_pause(&tenant).await?;
            self.mark_if_changed(tenant).await?;
        }
        self.work.notify_one();
        Ok(())
    }

    pub(super) async fn mark_if_changed(&self, tenant: Arc<Tenant>) -> Result<(), StoreError> {
        let now = self.clock.now();
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                let digest = tenant.digest();
                if tx.note_tenant(&tenant.id, &tenant.target_name, &digest).await? {
                    tx.mark_all(&tenant.id, now).await?;
                    info!(tenant.id = %tenant.id, "Mappings are new or changed: all users are looked at");
                }
                Ok::<_, StoreError>(())
            })
        });
        write.await
    }
}

/// A tenant whose accounts are in one part of Cloudmore cannot be pointed at another: its leavers
/// would be looked for where they never were, and found to be gone.
async fn stays_where_it_is(tx: &mut Tx, tenant: &Tenant) -> Result<(), InstallError> {
    match tx.occupied_target(&tenant.id).await? {
        Some(target) if target != tenant.target_name => Err(InstallError::Moved {
            tenant: tenant.id.clone(),
            from: target,
            to: tenant.target_name.clone(),
        }),
        Some(_) | None => Ok(()),
    }
}

/// Binds the selectors that are new, and forgets those that are configured no more: a mapping that
/// comes back is a new one.
pub(super) async fn know_selectors(tx: &mut Tx, tenant: &Tenant) -> Result<(), StoreError> {
    let keys: Vec<String> = tenant.policy.selectors().map(GroupSelector::key).collect();
    tx.retain_selectors(&tenant.id, &keys).await?;
    for selector in tenant.policy.selectors() {
        if !tx.introduce_selector(&tenant.id, &selector.key()).await? {
            continue;
        }
        let groups = tx.groups(&tenant.id).await?;
        if let Some(group) = groups.iter().find(|group| bears(group, selector)) {
            tx.bind(&tenant.id, &selector.key(), &group.id).await?;
        }
    }
    Ok(())
}

/// Binds the free selectors that a group made just now is meant by.
pub(super) async fn bind_new_group(
    tx: &mut Tx,
    tenant: &Tenant,
    group: &GroupRecord,
) -> Result<(), StoreError> {
    for selector in tenant.policy.selectors() {
        if bears(group, selector) {
            tx.bind(&tenant.id, &selector.key(), &group.id).await?;
        }
    }
    Ok(())
}

/// Whether a group bears what a selector looks for.
pub(super) fn bears(group: &GroupRecord, selector: &GroupSelector) -> bool {
    let name = group.document.display_name().unwrap_or_default();
    selector.selects(name, group.document.external_id())
}
