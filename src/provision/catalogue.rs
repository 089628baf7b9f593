//! The catalogue: what Cloudmore calls the roles, services and subscriptions of a tenant's target. It is read when somebody
//! wants it and kept for a while, for people to choose from and to be told names instead of numbers. Nothing is decided on
//! it but one thing: a role of a privileged name is not given.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tracing::warn;

use super::tenant::Tenant;
use super::{Bridge, ReportError, clock};
use crate::cloudmore::{Failure, Role, Service, Subscription};
use crate::domain::model::{RoleId, TenantId};
use crate::domain::policy::PRIVILEGED;
use crate::store::StoreError;

/// How long what was read is good.
const LIFETIME: Duration = Duration::from_mins(10);

/// How often the names of roles are looked at.
const WATCH: Duration = Duration::from_hours(1);

/// A service, with its subscriptions, cancelled ones included.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The service.
    pub service: Service,
    /// The subscriptions to it.
    pub subscriptions: Vec<Subscription>,
}

/// A role that has another name than the tenant expects, or than it had before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamed {
    /// The tenant that can give it.
    pub tenant: TenantId,
    /// The role.
    pub role: RoleId,
    /// The name that was expected.
    pub was: String,
    /// The name that Cloudmore has.
    pub is: String,
}

/// What was read of each tenant's target, and when.
#[derive(Debug, Default)]
pub(super) struct Catalogues {
    roles: Kept<Role>,
    offers: Kept<Offer>,
    /// When the names of roles are looked at next.
    watched: Mutex<HashMap<TenantId, i64>>,
}

type Reads<T> = HashMap<TenantId, (i64, Arc<[T]>)>;

#[derive(Debug)]
struct Kept<T>(Mutex<Reads<T>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Kept<T> {
    /// What was read, however long ago.
    fn get(&self, tenant: &TenantId) -> Option<(i64, Arc<[T]>)> {
        let reads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reads.get(tenant).cloned()
    }

    fn put(&self, tenant: &TenantId, now: i64, read: Vec<T>) -> Arc<[T]> {
        let read: Arc<[T]> = read.into();
        let mut reads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reads.insert(tenant.clone(), (now, Arc::clone(&read)));
        read
    }
}

impl Bridge {
    /// The roles that people of a tenant's target can have.
    ///
    /// # Errors
    /// [`Failure`] when they cannot be read.
    pub async fn roles(&self, tenant: &Tenant) -> Result<Arc<[Role]>, Failure> {
        if let Some(read) = self.fresh(&self.catalogues.roles, tenant) {
            return Ok(read);
        }
        let read = tenant.target.roles().await?.into_vec();
        let now = self.clock.now();
        Ok(self.catalogues.roles.put(&tenant.id, now, read))
    }

    /// The services of a tenant's target with their subscriptions; a broker's administrators have none.
    ///
    /// # Errors
    /// [`Failure`] when they cannot be read.
    pub async fn offers(&self, tenant: &Tenant) -> Result<Arc<[Offer]>, Failure> {
        if let Some(read) = self.fresh(&self.catalogues.offers, tenant) {
            return Ok(read);
        }
        let mut read = Vec::new();
        if tenant.target.has_subscriptions() {
            for service in tenant.target.services().await? {
                let subscriptions = tenant.target.subscriptions(&service.id).await?.into_vec();
                read.push(Offer {
                    service,
                    subscriptions,
                });
            }
        }
        let now = self.clock.now();
        Ok(self.catalogues.offers.put(&tenant.id, now, read))
    }

    fn fresh<T>(&self, kept: &Kept<T>, tenant: &Tenant) -> Option<Arc<[T]>> {
        let oldest = self.clock.now().saturating_sub(clock::micros(LIFETIME));
        let (at, read) = kept.get(&tenant.id)?;
        (at > oldest).then_some(read)
    }

    /// Whether a role is one that can change everything at the broker, as far as it is known without asking.
    pub(super) fn is_privileged(&self, tenant: &Tenant, role: RoleId) -> bool {
        let named = |name: &str| {
            PRIVILEGED
                .iter()
                .any(|(_, each)| each.eq_ignore_ascii_case(name))
        };
        let read = self.catalogues.roles.get(&tenant.id);
        let known = read.is_some_and(|(_, roles)| {
            let mut roles = roles.iter();
            roles.any(|each| each.id == role && named(&each.name))
        });
        known || PRIVILEGED.iter().any(|(id, _)| *id == role)
    }

    /// Looks at the names of roles, of each tenant once in a while, and warns of those that changed: what a role permits
    /// may have changed with it. Says which they are.
    pub async fn watch_roles(&self) -> Vec<Renamed> {
        let mut renamed = Vec::new();
        for tenant in self.tenants().values() {
            if !self.is_watch_due(tenant) {
                continue;
            }
            match self.compare_roles(tenant).await {
                Ok(found) => renamed.extend(found),
                Err(error) => {
                    warn!(tenant.id = %tenant.id, error = %error, "The names of roles could not be compared");
                }
            }
        }
        for each in &renamed {
            warn!(
                tenant.id = %each.tenant, role.id = each.role.0,
                "Cloudmore calls role {} \"{}\" now, not \"{}\": look whether it still permits what it should",
                each.role, each.is, each.was
            );
        }
        renamed
    }

    fn is_watch_due(&self, tenant: &Tenant) -> bool {
        let watched = &self.catalogues.watched;
        let mut watched = watched.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        let is_due = watched.get(&tenant.id).is_none_or(|at| *at <= now);
        if is_due {
            watched.insert(tenant.id.clone(), self.clock.after(WATCH));
        }
        is_due
    }

    async fn compare_roles(&self, tenant: &Tenant) -> Result<Vec<Renamed>, ReportError> {
        let roles = self.roles(tenant).await?;
        let before = self.store.role_names(&tenant.id).await?;
        let given = tenant.policy.roles();
        let given = roles.iter().filter(|role| given.contains(&role.id));
        let renamed = given.filter_map(|role| {
            let expected = tenant.policy.role_names.get(&role.id);
            let was = expected.or_else(|| before.get(&role.id))?;
            (*was != role.name).then(|| Renamed {
                tenant: tenant.id.clone(),
                role: role.id,
                was: was.clone(),
                is: role.name.clone(),
            })
        });
        let renamed = renamed.collect();
        let named = roles.iter().map(|role| (role.id, role.name.clone()));
        let now: BTreeMap<_, _> = named.collect();
        if now != before {
            let id = tenant.id.clone();
            let write = self
                .store
                .write(move |tx| Box::pin(async move { tx.note_roles(&id, &now).await }));
            let noted: Result<(), StoreError> = write.await;
            noted?;
        }
        Ok(renamed)
    }
}
