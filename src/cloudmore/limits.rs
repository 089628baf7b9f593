//! How hard one broker's client may press Cloudmore: so many requests at once, so many a second.

use std::num::NonZeroU32;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{Semaphore, SemaphorePermit};

/// The limits of one client, shared by all its targets. Cloudmore documents none of its own
/// (`reference/cloudmore-api.md`, section 5), so they are the operator's.
pub(super) struct Limits {
    places: Semaphore,
    rate: DefaultDirectRateLimiter,
}

impl Limits {
    /// Limits of `concurrency` requests at once and `per_second` requests a second.
    pub(super) fn new(concurrency: NonZeroU32, per_second: NonZeroU32) -> Self {
        let places = usize::try_from(concurrency.get()).unwrap_or(Semaphore::MAX_PERMITS);
        Self {
            places: Semaphore::new(places.min(Semaphore::MAX_PERMITS)),
            rate: RateLimiter::direct(Quota::per_second(per_second)),
        }
    }

    /// Waits until one more request may be sent. The place is held until it is dropped, first come first served.
    pub(super) async fn enter(&self) -> Option<SemaphorePermit<'_>> {
        // `None` only for a closed semaphore, and nobody closes it.
        let place = self.places.acquire().await.ok();
        self.rate.until_ready().await;
        place
    }
}
