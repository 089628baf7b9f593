//! The survey: which accounts were there before the bridge made any. After a create whose outcome
//! nobody saw, such an account is certainly not the one that was to be made.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tracing::warn;

use super::Bridge;
use super::adopt::Trouble;
use super::tenant::Tenant;
use crate::domain::model::TenantId;
use crate::store::StoreError;

/// When a survey that failed is tried again.
const RETRY: Duration = Duration::from_secs(60);

/// Which tenants were surveyed since the start; `Some` is when to try again.
#[derive(Debug, Default)]
pub(super) struct Surveys(Mutex<HashMap<TenantId, Option<i64>>>);

impl Surveys {
    fn is_due(&self, tenant: &TenantId, now: i64) -> bool {
        let surveys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match surveys.get(tenant) {
            None => true,
            Some(again_at) => again_at.is_some_and(|at| at <= now),
        }
    }

    fn note(&self, tenant: &TenantId, again_at: Option<i64>) {
        let mut surveys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        surveys.insert(tenant.clone(), again_at);
    }
}

impl Bridge {
    /// Surveys the tenants that were not surveyed since the start. One that cannot be is tried
    /// again later; until then a look after a lost answer goes by what the account carries.
    pub async fn survey_new(&self) {
        for tenant in self.tenants().values() {
            if !self.surveys.is_due(&tenant.id, self.clock.now()) {
                continue;
            }
            let surveyed = self.survey(tenant).await;
            if let Err(trouble) = &surveyed {
                warn!(tenant.id = %tenant.id, error = %trouble, "The accounts that are there could not be listed");
            }
            let again_at = surveyed.is_err().then(|| self.clock.after(RETRY));
            self.surveys.note(&tenant.id, again_at);
        }
    }

    /// Lists the people of a tenant's target and notes those that are not ours.
    async fn survey(&self, tenant: &Tenant) -> Result<(), Trouble> {
        let people = tenant.target.people().await?.into_vec();
        let people: Vec<_> = people.into_iter().map(|row| (row.id, row.name)).collect();
        let id = tenant.id.clone();
        let noted: Result<(), StoreError> = self
            .store
            .write(move |tx| Box::pin(async move { tx.note_foreign(&id, &people).await }))
            .await;
        Ok(noted?)
    }
}
