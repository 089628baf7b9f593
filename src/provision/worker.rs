//! The worker: takes up what settling left, retries what failed, for as long as the bridge runs.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio_util::sync::CancellationToken;
use tracing::error;

use super::tenant::Tenant;
use super::{Bridge, clock};
use crate::domain::model::UserId;
use crate::domain::schedule::REFUSED_SEAT_RETRY;
use crate::store::{DirtyRow, StoreError};

/// Rows looked up at once.
const BATCH: u32 = 256;

/// Users converged at once; how many calls that makes is for each broker's own limits.
const AT_ONCE: usize = 16;

/// The longest that the worker rests, so that it sees rows that other means made due.
const REST: Duration = Duration::from_secs(1);

impl Bridge {
    /// Works until `stop`; what is under way then is ended.
    pub async fn work(self: Arc<Self>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.work_once().await {
                error!(error = %error, "The worker could not use the store");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.work.notified() => {}
                () = tokio::time::sleep(REST) => {}
            }
        }
    }

    /// Converges everything that is due now. Returns how many users it worked on.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn work_once(&self) -> Result<usize, StoreError> {
        self.retry_refused_seats().await?;
        let mut worked = 0;
        loop {
            let tenants = self.tenants();
            let ids: Vec<_> = tenants.keys().cloned().collect();
            let due = self.store.due(&ids, self.clock.now(), BATCH).await?;
            if due.is_empty() {
                return Ok(worked);
            }
            worked += due.len();
            let work = due.into_iter().filter_map(|row| {
                let tenant = tenants.get(&row.tenant)?;
                Some(self.work_on(tenant, row))
            });
            let mut running = futures_util::stream::iter(work).buffer_unordered(AT_ONCE);
            // A row that the store cannot give must not keep the others from their turn.
            let mut failure = Ok(());
            while let Some(outcome) = running.next().await {
                failure = failure.and(outcome);
            }
            failure?;
        }
    }

    async fn work_on(&self, tenant: &Arc<Tenant>, row: DirtyRow) -> Result<(), StoreError> {
        let request = uuid::Uuid::now_v7().to_string();
        self.converge(tenant, &row.user, &request).await?;
        Ok(())
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
