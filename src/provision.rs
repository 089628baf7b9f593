//! The use cases: SCIM writes and reads, convergence of each user, and the worker behind them.
//!
//! A write commits directory, audit and dirty rows in one transaction, then settles: it converges
//! the users concerned and waits for the outcome for a while. Whatever is left over is the worker's.

mod adopt;
mod bulk;
mod catalogue;
mod clock;
mod converge;
mod credentials;
mod deviations;
mod drift;
mod errand;
mod failed;
mod foresee;
mod groups;
mod guard;
mod held;
mod inactive;
mod list;
mod mappings;
mod membership;
mod patience;
mod pauses;
mod perform;
mod read;
mod reconcile;
mod refusal;
mod refused_names;
mod removals;
mod resource;
mod run;
mod seats;
mod sessions;
mod settle;
mod status;
mod stopping;
mod survey;
mod tenant;
mod trail;
mod transfer;
mod triage;
mod turns;
mod update;
mod users;
mod verdict;
mod worker;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{Notify, OnceCell, Semaphore};

pub use catalogue::{Offer, Renamed};
pub use clock::Clock;
pub use converge::Outcome;
pub use credentials::{CredentialState, NewCredential, Rotated};
pub use drift::{DriftEntry, DriftReport, DriftRun, DriftState};
pub use errand::Errand;
pub use failed::{FailedState, FailedUser, FailedUsers};
pub use foresee::UserPlan;
pub use held::HeldUser;
pub use inactive::{Inactive, LastAccess, ReportError};
pub use mappings::InstallError;
pub use pauses::{Activity, By, Scope, TenantState};
pub use refusal::{Refusal, Why};
pub use removals::{Chosen, GuardState, WaitingRemoval};
pub use resource::{Resource, Shown};
pub use sessions::{ABSOLUTE, IDLE};
pub use tenant::{Context, Tenant};
pub use transfer::{Export, ImportError};

use crate::domain::model::TenantId;
use crate::scim::CursorKey;
use crate::store::Store;
use catalogue::Catalogues;
use deviations::Counts;
use stopping::Ending;
use survey::Surveys;
use turns::Turns;

/// What all use cases share.
#[derive(Debug)]
pub struct Bridge {
    store: Arc<Store>,
    clock: Clock,
    tenants: RwLock<Arc<HashMap<TenantId, Arc<Tenant>>>>,
    turns: Turns,
    /// Places for what goes on after its request was answered.
    settling: Arc<Semaphore>,
    surveys: Surveys,
    catalogues: Catalogues,
    deviations: Counts,
    /// Rung when rows are left to the worker.
    work: Notify,
    ending: Ending,
    /// Rung when somebody asks for a comparison.
    asked: Notify,
    /// Read when it is wanted for the first time.
    cursor_key: OnceCell<CursorKey>,
}

impl Bridge {
    /// A bridge on a store, without tenants yet.
    pub fn new(store: Arc<Store>, clock: Clock) -> Self {
        Self {
            store,
            clock,
            tenants: RwLock::default(),
            turns: Turns::default(),
            settling: Arc::new(Semaphore::new(settle::MOST)),
            surveys: Surveys::default(),
            catalogues: Catalogues::default(),
            deviations: Counts::default(),
            work: Notify::new(),
            ending: Ending::default(),
            asked: Notify::new(),
            cursor_key: OnceCell::new(),
        }
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// How many changes are being carried out in Cloudmore, whether somebody waits for them or not.
    pub fn settling(&self) -> usize {
        settle::MOST.saturating_sub(self.settling.available_permits())
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
