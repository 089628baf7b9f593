//! Stopping well: nothing new is begun, and what is under way ends.

use std::future::Future;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Bridge;
use super::tenant::Tenant;
use crate::scim::ScimError;
use crate::store::StoreError;

/// Whether the bridge is to end, and what is under way still.
#[derive(Debug, Default)]
pub(super) struct Ending {
    told: CancellationToken,
    under_way: TaskTracker,
}

impl Bridge {
    /// From here on nothing is begun on Cloudmore. Steps under way end, and rows at hand are given back.
    pub fn halt(&self) {
        self.ending.told.cancel();
        self.ending.under_way.close();
        self.work.notify_one();
    }

    /// Waits until what was under way when the bridge was told to [halt](Self::halt) has ended.
    pub async fn ended(&self) {
        self.ending.under_way.wait().await;
    }

    /// Whether the bridge was told to halt.
    pub(super) fn is_halted(&self) -> bool {
        self.ending.told.is_cancelled()
    }

    /// Whether nothing may be begun for a tenant.
    pub(super) async fn halts(&self, tenant: &Tenant) -> Result<bool, StoreError> {
        let observes = self
            .tenant(&tenant.id)
            .map_or(tenant.policy.observe, |current| current.policy.observe);
        Ok(observes || self.is_halted() || self.store.pause_of(&tenant.id).await?.is_some())
    }

    /// Starts something that a stop waits for.
    pub(super) fn start(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.ending.under_way.spawn(work);
    }

    /// Runs a write to its end even if its caller goes away: a client that hangs up must not leave a
    /// half-settled change behind.
    ///
    /// # Errors
    /// What the write says, or 500 when it broke down.
    pub async fn undisturbed<T: Send + 'static>(
        &self,
        write: impl Future<Output = Result<T, ScimError>> + Send + 'static,
    ) -> Result<T, ScimError> {
        let write = self.ending.under_way.spawn(write);
        write.await.unwrap_or_else(|error| {
            tracing::error!(error = %error, "A write broke down");
            Err(ScimError::internal(
                "The bridge could not finish the change. Try again.",
            ))
        })
    }
}
