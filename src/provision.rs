//! The use cases: SCIM writes and reads, convergence of each user, and the worker behind them.
//!
//! A write commits directory, audit and dirty rows in one transaction, then settles: it converges
//! the users concerned and waits for the outcome for a while. Whatever is left over is the worker's.

mod adopt;
mod bulk;
mod catalogue;
mod clock;
mod converge;
mod deviations;
mod drift;
mod errand;
mod foresee;
mod groups;
mod held;
mod inactive;
mod list;
mod mappings;
mod membership;
mod patience;
mod perform;
mod read;
mod reconcile;
mod refusal;
mod resource;
mod run;
mod seats;
mod settle;
mod status;
mod survey;
mod tenant;
mod trail;
mod turns;
mod users;
mod verdict;
mod worker;

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{Notify, OnceCell};

pub use catalogue::{Offer, Renamed};
pub use clock::Clock;
pub use converge::Outcome;
pub use drift::{DriftEntry, DriftReport, DriftRun, DriftState};
pub use errand::Errand;
pub use foresee::UserPlan;
pub use held::HeldUser;
pub use inactive::{Inactive, LastAccess, ReportError};
pub use mappings::InstallError;
pub use refusal::{Refusal, Why};
pub use resource::{Resource, Shown};
pub use tenant::{Context, Tenant};

use crate::domain::model::TenantId;
use crate::scim::{CursorKey, ScimError};
use crate::store::Store;
use catalogue::Catalogues;
use deviations::Counts;
use survey::Surveys;
use turns::Turns;

/// What all use cases share.
#[derive(Debug)]
pub struct Bridge {
    store: Store,
    clock: Clock,
    tenants: RwLock<Arc<HashMap<TenantId, Arc<Tenant>>>>,
    turns: Turns,
    surveys: Surveys,
    catalogues: Catalogues,
    deviations: Counts,
    /// Rung when rows are left to the worker.
    work: Notify,
    /// Rung when somebody asks for a comparison.
    asked: Notify,
    /// Read when it is wanted for the first time.
    cursor_key: OnceCell<CursorKey>,
}

impl Bridge {
    /// A bridge on a store, without tenants yet.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self {
            store,
            clock,
            tenants: RwLock::default(),
            turns: Turns::default(),
            surveys: Surveys::default(),
            catalogues: Catalogues::default(),
            deviations: Counts::default(),
            work: Notify::new(),
            asked: Notify::new(),
            cursor_key: OnceCell::new(),
        }
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The tenant of this id, as last configured.
    pub fn tenant(&self, id: &TenantId) -> Option<Arc<Tenant>> {
        self.tenants().get(id).cloned()
    }

    /// The tenant as it is configured by now, or as it was when it is configured no more.
    fn current(&self, tenant: &Arc<Tenant>) -> Arc<Tenant> {
        self.tenant(&tenant.id)
            .unwrap_or_else(|| Arc::clone(tenant))
    }

    fn tenants(&self) -> Arc<HashMap<TenantId, Arc<Tenant>>> {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&tenants)
    }

    fn replace_tenants(&self, tenants: HashMap<TenantId, Arc<Tenant>>) {
        let mut current = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(tenants);
    }
}

/// Runs a write to its end even if its caller goes away: a client that hangs up must not leave a
/// half-settled change behind.
///
/// # Errors
/// What the write says, or 500 when it broke down.
pub async fn undisturbed<T: Send + 'static>(
    write: impl Future<Output = Result<T, ScimError>> + Send + 'static,
) -> Result<T, ScimError> {
    tokio::spawn(write).await.unwrap_or_else(|error| {
        tracing::error!(error = %error, "A write broke down");
        Err(ScimError::internal(
            "The bridge could not finish the change. Try again.",
        ))
    })
}
