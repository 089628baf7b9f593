//! How hard one broker's client may press Cloudmore: so many requests at once, so many a second, shared fairly between
//! its targets.

use std::num::NonZeroU32;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};

/// The limits of one client, shared by all its targets. Cloudmore documents none of its own
/// (`reference/cloudmore-api.md`, section 5), so they are the operator's.
pub(super) struct Limits {
    places: Semaphore,
    rate: DefaultDirectRateLimiter,
}

/// The queue of one target. Only its first stands in line for a place, so that the line has one of each target at most
/// and goes round: whoever has thousands of calls waiting delays the single call of another by one.
#[derive(Debug, Default)]
pub(super) struct Lane(Mutex<()>);

impl Limits {
    /// Limits of `concurrency` requests at once and `per_second` requests a second.
    pub(super) fn new(concurrency: NonZeroU32, per_second: NonZeroU32) -> Self {
        let places = usize::try_from(concurrency.get()).unwrap_or(Semaphore::MAX_PERMITS);
        Self {
            places: Semaphore::new(places.min(Semaphore::MAX_PERMITS)),
            rate: RateLimiter::direct(Quota::per_second(per_second)),
        }
    }

    /// Waits until one more request of the lane may be sent. The place is held until it is dropped. Lanes take turns, and
    /// within a lane it is first come first served; whoever goes away gives up their place in the queue.
    pub(super) async fn enter(&self, lane: &Lane) -> Option<SemaphorePermit<'_>> {
        let first = lane.0.lock().await;
        // `None` only for a closed semaphore, and nobody closes it.
        let place = self.places.acquire().await.ok();
        drop(first);
        // Only those who have a place wait for the rate: as few as there are places, whoever waits behind them.
        self.rate.until_ready().await;
        place
    }
}
