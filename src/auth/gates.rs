//! The gates of all tenants, and how often each was passed. The count is this process's own: with several replicas each lets
//! through as many.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::rates::Rates;
use crate::domain::gate::Gate;
use crate::domain::model::TenantId;

/// What stands before the doors. Replaced as a whole when the configuration changes.
#[derive(Debug, Default)]
pub struct Gates {
    gates: RwLock<Arc<HashMap<TenantId, Gate>>>,
    passed: Rates<TenantId>,
}

impl Gates {
    /// Replaces all gates.
    pub fn replace(&self, gates: HashMap<TenantId, Gate>) {
        *self.gates.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(gates);
    }

    /// Whether a tenant may be reached from an address. One that does not exist may not.
    pub fn let_in(&self, tenant: &TenantId, address: IpAddr) -> bool {
        let gates = self.current();
        gates.get(tenant).is_some_and(|gate| gate.lets_in(address))
    }

    /// The label of the certificate that somebody showed, if it opens the tenant. It was checked against its authority
    /// before.
    pub fn recognise(
        &self,
        tenant: &TenantId,
        sha256: &[u8; 32],
        names: &[String],
    ) -> Option<String> {
        let gates = self.current();
        let label = gates.get(tenant)?.recognise(sha256, names);
        label.map(str::to_owned)
    }

    /// Counts a request of somebody who was let in, at `now` in microseconds since 1970.
    ///
    /// # Errors
    /// How long the tenant has to wait, if it asks more often than it may.
    pub fn count(&self, tenant: &TenantId, now: i64) -> Result<(), Duration> {
        let gates = self.current();
        match gates.get(tenant).and_then(|gate| gate.rate) {
            Some(rate) => self.passed.take(tenant, rate, now),
            None => Ok(()),
        }
    }

    fn current(&self) -> Arc<HashMap<TenantId, Gate>> {
        Arc::clone(&self.gates.read().unwrap_or_else(PoisonError::into_inner))
    }
}
