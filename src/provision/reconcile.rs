//! Reconciliation: each tenant is compared with Cloudmore now and then, or when somebody asks.
//!
//! A run reads the list of people and one list for each subscription, and walks through the users in chunks. It changes
//! nothing in Cloudmore: what it has seen is written into what is known, and the users are marked, so that convergence
//! does the rest. How far it has come is in the store, and so is who works on it.

mod chunk;
mod lists;
mod look;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::{error, info, warn};

use super::tenant::Tenant;
use super::{Bridge, clock};
use crate::cloudmore::Failure;
use crate::domain::model::TenantId;
use crate::domain::policy::ReconcileMode;
use crate::store::{Due, RunLease, StoreError};
use lists::Lists;

/// How long a claim lasts. Each chunk, and each read of a single account, extends it.
const LEASE: Duration = Duration::from_mins(2);

/// Users who are looked at and recorded together.
const CHUNK: u32 = 20;

/// How long lists count; a run that takes longer reads them anew.
const LISTS: Duration = Duration::from_mins(15);

/// When a run that met an outage goes on.
const RETRY: Duration = Duration::from_mins(10);

/// The longest that it rests, so that it sees what others asked for.
const REST: Duration = Duration::from_secs(5);

/// Why a run did not come to its end.
enum Stopped {
    /// Cloudmore cannot be read.
    Unreadable(Failure),
    /// Somebody else has the run by now.
    Lost,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self::Unreadable(failure)
    }
}

/// A run at work.
struct Run<'b> {
    bridge: &'b Bridge,
    tenant: Arc<Tenant>,
    lease: RunLease,
    lease_until: i64,
}

impl Bridge {
    /// Compares whatever is due until `stop`. Apart from the worker, whom a Cloudmore that hangs must not hold up.
    /// Each tenant's run is a task of its own, so that a long one holds up no other.
    pub async fn reconcile(self: Arc<Self>, stop: CancellationToken) {
        let mut at_work: HashMap<TenantId, AbortOnDropHandle<()>> = HashMap::new();
        while !stop.is_cancelled() {
            at_work.retain(|_, task| !task.is_finished());
            for (id, tenant) in self.tenants().iter() {
                if !at_work.contains_key(id) {
                    let (bridge, tenant, stop) =
                        (Arc::clone(&self), Arc::clone(tenant), stop.clone());
                    let run = async move { bridge.reconcile_until(&tenant, &stop).await };
                    at_work.insert(id.clone(), AbortOnDropHandle::new(tokio::spawn(run)));
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.asked.notified() => {}
                () = tokio::time::sleep(REST) => {}
            }
        }
        join_all(at_work.into_values()).await;
    }

    /// Compares whatever is due now, to its end.
    pub async fn reconcile_once(&self) {
        let (tenants, stop) = (self.tenants(), CancellationToken::new());
        let runs = tenants
            .values()
            .map(|tenant| self.reconcile_until(tenant, &stop));
        join_all(runs).await;
    }

    async fn reconcile_until(&self, tenant: &Arc<Tenant>, stop: &CancellationToken) {
        if let Err(error) = self.reconcile_tenant(tenant, stop).await {
            error!(tenant.id = %tenant.id, error = %error, "The comparison could not use the store");
        }
    }

    async fn reconcile_tenant(
        &self,
        tenant: &Arc<Tenant>,
        stop: &CancellationToken,
    ) -> Result<(), StoreError> {
        let Some(lease) = self.claim_reconcile(tenant).await? else {
            return Ok(());
        };
        let mut run = Run {
            bridge: self,
            tenant: Arc::clone(tenant),
            lease,
            lease_until: self.clock.after(LEASE),
        };
        let ended = tokio::select! {
            () = stop.cancelled() => None,
            ended = run.complete() => Some(ended),
        };
        match ended {
            Some(Ok(())) => run.finish().await,
            // Somebody else goes on with it at once.
            None => run.rest(self.clock.now()).await,
            Some(Err(Stopped::Lost)) => Ok(()),
            Some(Err(Stopped::Store(error))) => Err(error),
            Some(Err(Stopped::Unreadable(failure))) => {
                warn!(tenant.id = %tenant.id, error = %failure, "Cloudmore cannot be compared now");
                run.lease.progress.waits = Some(failure.to_string());
                let wait = failure.retry_after().unwrap_or_default().max(RETRY);
                run.rest(self.clock.after(wait)).await
            }
        }
    }

    async fn claim_reconcile(&self, tenant: &Tenant) -> Result<Option<RunLease>, StoreError> {
        let now = self.clock.now();
        let reconcile = tenant.policy.reconcile;
        let every = reconcile.every.filter(|_| !tenant.policy.observe);
        let latest = every.map_or(i64::MIN, |every| now.saturating_sub(clock::micros(every)));
        let due = Due { now, latest };
        if !self.store.is_reconcile_due(&tenant.id, due).await? {
            return Ok(None);
        }
        let (id, until) = (tenant.id.clone(), self.clock.after(LEASE));
        let lease = uuid::Uuid::now_v7().to_string();
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                let terms = (due, reconcile.mode);
                tx.claim_reconcile(&id, terms, &lease, until).await
            })
        });
        write.await
    }
}

impl Run<'_> {
    async fn complete(&mut self) -> Result<(), Stopped> {
        self.lease.progress.waits = None;
        let total = self.bridge.store.count_users(&self.tenant.id).await?;
        self.lease.progress.total = total;
        let mut lists = self.read_lists().await?;
        loop {
            if lists.read_at < self.bridge.clock.now().saturating_sub(clock::micros(LISTS)) {
                lists = self.read_lists().await?;
            }
            let store = &self.bridge.store;
            let after = &self.lease.last_user;
            let users = store.users_after(&self.tenant.id, after, CHUNK).await?;
            if users.is_empty() {
                return Ok(());
            }
            self.chunk(&lists, users).await?;
        }
    }

    async fn read_lists(&mut self) -> Result<Lists, Stopped> {
        let lists = Lists::read(self).await?;
        let progress = &mut self.lease.progress;
        progress.foreign_accounts = lists.foreign;
        progress.unknown.clone_from(&lists.unknown);
        for unknown in &lists.unknown {
            warn!(tenant.id = %self.tenant.id, "Not compared: {unknown}");
        }
        Ok(lists)
    }

    /// Whether absence may be concluded from lists that look wrong, because each account is then asked for on its own.
    fn is_insisted_on(&self) -> bool {
        self.lease.asked && self.lease.mode == ReconcileMode::Repair
    }

    /// Extends the lease if half of it is over.
    async fn keep(&mut self) -> Result<(), Stopped> {
        let half = LEASE / 2;
        if self.bridge.clock.after(half) < self.lease_until {
            return Ok(());
        }
        let (lease, until) = (self.lease.clone(), self.bridge.clock.after(LEASE));
        let write = self
            .bridge
            .store
            .write(move |tx| Box::pin(async move { tx.note_progress(&lease, until).await }));
        let kept: Result<bool, StoreError> = write.await;
        if !kept? {
            return Err(Stopped::Lost);
        }
        self.lease_until = until;
        Ok(())
    }

    async fn rest(&self, due_at: i64) -> Result<(), StoreError> {
        let lease = self.lease.clone();
        let write = self
            .bridge
            .store
            .write(move |tx| Box::pin(async move { tx.rest_reconcile(&lease, due_at).await }));
        write.await
    }

    /// The end: what Cloudmore refused to assign is tried again.
    async fn finish(&self) -> Result<(), StoreError> {
        let (lease, now) = (self.lease.clone(), self.bridge.clock.now());
        let write = self.bridge.store.write(move |tx| {
            Box::pin(async move {
                let ended = tx.finish_reconcile(&lease, now).await?;
                if ended {
                    let before = lease.started;
                    tx.retry_refused_seats_of(&lease.tenant, before, now)
                        .await?;
                }
                Ok::<_, StoreError>(ended)
            })
        });
        if write.await? {
            let progress = &self.lease.progress;
            info!(
                tenant.id = %self.tenant.id, users = progress.done, pending = progress.pending,
                marked = progress.marked, lost_revocations = progress.lost_revocations,
                "Compared with Cloudmore"
            );
            self.bridge.work.notify_one();
        }
        Ok(())
    }
}
