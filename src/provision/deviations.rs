//! What clients send beside the standard: read by the tenant's dialect, logged and counted.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use tracing::debug;

use super::{Bridge, Context};
use crate::domain::model::TenantId;
use crate::scim::{Deviations, Quirk, Reading, ScimError};

/// For each tenant how many requests needed which quirk, since the start.
#[derive(Debug, Default)]
pub(super) struct Counts(Mutex<HashMap<TenantId, BTreeMap<&'static str, u64>>>);

impl Counts {
    fn add(&self, tenant: &TenantId, quirks: impl Iterator<Item = Quirk>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = counts.entry(tenant.clone()).or_default();
        for quirk in quirks {
            *counts.entry(quirk.name()).or_default() += 1;
        }
    }

    fn of(&self, tenant: &TenantId) -> BTreeMap<&'static str, u64> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(tenant).cloned().unwrap_or_default()
    }
}

impl Bridge {
    /// Reads what a client sent by the dialect of its tenant. The deviations that it needed are counted.
    ///
    /// # Errors
    /// What `read` says.
    pub fn read<T>(
        &self,
        context: &Context,
        read: impl FnOnce(&mut Reading<'_>) -> Result<T, ScimError>,
    ) -> Result<T, ScimError> {
        let mut reading = Reading::by(&context.tenant.dialect);
        let outcome = read(&mut reading)?;
        self.met(context, reading.met());
        Ok(outcome)
    }

    /// How many requests of a tenant needed which quirk, by name, since the start.
    pub fn deviations(&self, tenant: &TenantId) -> BTreeMap<&'static str, u64> {
        self.deviations.of(tenant)
    }

    /// Counts deviations that were taken.
    pub(super) fn met(&self, context: &Context, met: &Deviations) {
        if met.is_empty() {
            return;
        }
        let tenant = &context.tenant.id;
        debug!(
            request.id = %context.request, tenant.id = %tenant, quirks = ?met.names(),
            unknown = ?met.unknown, "Read beside the standard"
        );
        self.deviations.add(tenant, met.quirks.iter());
    }
}
