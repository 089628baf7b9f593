//! The worker: takes up what settling left, retries what failed, for as long as the bridge runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use tokio_util::sync::CancellationToken;
use tracing::error;

use super::tenant::Tenant;
use super::{Bridge, Errand, Outcome, clock};
use crate::cloudmore::Standing;
use crate::domain::model::UserId;
use crate::domain::schedule::REFUSED_SEAT_RETRY;
use crate::store::StoreError;

/// Rows looked up at once.
const BATCH: u32 = 256;

/// The longest that the worker rests, so that it sees rows that other means made due.
const REST: Duration = Duration::from_secs(1);

impl Bridge {
    /// Works until `stop`; what is under way then is ended.
    pub async fn work(self: Arc<Self>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.work_until(&stop).await {
                error!(error = %error, "The worker could not use the store");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.work.notified() => {}
                () = tokio::time::sleep(REST) => {}
            }
        }
    }

    /// Keeps an eye on Cloudmore until `stop`: who is there, and what roles are called. Apart from the worker, whom a
    /// Cloudmore that hangs must not hold up.
    pub async fn watch(self: Arc<Self>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = async {
                    self.survey_new().await;
                    self.watch_roles().await;
                    tokio::time::sleep(REST).await;
                } => {}
            }
        }
    }

    /// Converges everything that is due now. Returns how many users it worked on.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn work_once(&self) -> Result<usize, StoreError> {
        self.work_until(&CancellationToken::new()).await
    }

    /// Each tenant's work goes its own way, so that one whose Cloudmore hangs holds up no other.
    async fn work_until(&self, stop: &CancellationToken) -> Result<usize, StoreError> {
        self.retry_refused_seats().await?;
        self.end_grace().await?;
        let tenants = self.tenants();
        let work = tenants.values().map(|tenant| self.work_for(tenant, stop));
        let mut worked = Ok(0);
        for one in futures_util::future::join_all(work).await {
            worked = worked.and_then(|all| Ok(all + one?));
        }
        worked
    }

    /// Goes through what is due of one tenant until nothing is left, or its Cloudmore is out.
    async fn work_for(
        &self,
        tenant: &Arc<Tenant>,
        stop: &CancellationToken,
    ) -> Result<usize, StoreError> {
        let mut worked = 0;
        if tenant.policy.paused {
            return Ok(worked);
        }
        loop {
            // One row is enough to find out whether Cloudmore is back, and while it is out none is touched.
            let most = match tenant.target.standing() {
                Standing::Closed => BATCH,
                Standing::HalfOpen => 1,
                Standing::Open(_) => return Ok(worked),
            };
            let due = self.store.due(&tenant.id, self.clock.now(), most).await?;
            if due.is_empty() {
                return Ok(worked);
            }
            let enough = &AtomicBool::new(false);
            let round = &Errand::new(String::new());
            let work = due.into_iter().map(|row| async move {
                if enough.load(Ordering::Relaxed) || stop.is_cancelled() {
                    return Ok::<_, StoreError>(false);
                }
                let errand = round.named(uuid::Uuid::now_v7());
                let outcome = self.converge(tenant, &row.user, &errand).await?;
                let enough_of_it = matches!(
                    outcome,
                    Outcome::Deferred { outage: true, .. } | Outcome::Paused
                );
                enough.fetch_or(enough_of_it, Ordering::Relaxed);
                Ok(true)
            });
            let running = futures_util::stream::iter(work);
            let mut running = running.buffer_unordered(tenant.concurrency);
            // A row that the store cannot give must not keep the others from their turn.
            let mut failure = Ok(());
            while let Some(ended) = running.next().await {
                match ended {
                    Ok(begun) => worked += usize::from(begun),
                    Err(error) => failure = failure.and(Err(error)),
                }
            }
            failure?;
            if enough.load(Ordering::Relaxed) || stop.is_cancelled() {
                return Ok(worked);
            }
        }
    }

    /// Makes users due that a settle did not get to.
    pub(super) async fn leave_to_worker(&self, tenant: &Tenant, users: Vec<UserId>) {
        let (tenant, now) = (tenant.id.clone(), self.clock.now());
        let made_due: Result<(), StoreError> = self
            .store
            .write(move |tx| Box::pin(async move { tx.make_due(&tenant, &users, now).await }))
            .await;
        if let Err(error) = made_due {
            // They become due by themselves a little later.
            error!(error = %error, "Users could not be handed to the worker");
        }
        self.work.notify_one();
    }

    /// Takes up the locked accounts whose grace period is over.
    async fn end_grace(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        for tenant in self.tenants().values() {
            let Some(grace) = tenant.policy.deprovision.grace else {
                continue;
            };
            let before = now.saturating_sub(clock::micros(grace));
            if !self.store.has_overdue(&tenant.id, before).await? {
                continue;
            }
            let id = tenant.id.clone();
            let write = self
                .store
                .write(move |tx| Box::pin(async move { tx.mark_overdue(&id, before, now).await }));
            let marked: Result<(), StoreError> = write.await;
            marked?;
        }
        Ok(())
    }

    /// Tries refused assignments again after a while: somebody may have bought seats.
    async fn retry_refused_seats(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let before = now.saturating_sub(clock::micros(REFUSED_SEAT_RETRY));
        if !self.store.has_refused_seats(before).await? {
            return Ok(());
        }
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    tx.retry_refused_seats(before, now).await?;
                    Ok(())
                })
            })
            .await
    }
}
