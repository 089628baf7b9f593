//! What goes on at a connection, and how long it may go on like that.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::bounds::Bounds;
use super::places::Place;

/// The state of a connection, shared by all that see something of it.
#[derive(Debug)]
pub(super) struct Activity {
    bounds: Bounds,
    place: Place,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    /// How many requests are being served.
    under_way: usize,
    /// Whether a request has begun whose head is not there yet.
    head_begun: bool,
    /// Since when all this is so.
    since: Instant,
}

/// A request that is being served. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct UnderWay(Arc<Activity>);

impl Activity {
    /// A new connection, whose first request is due.
    pub(super) fn new(bounds: Bounds, place: Place) -> Arc<Self> {
        Arc::new(Self {
            bounds,
            place,
            state: Mutex::new(State {
                under_way: 0,
                head_begun: true,
                since: Instant::now(),
            }),
            changed: Notify::new(),
        })
    }

    /// The first bytes of a request came.
    pub(super) fn head_begins(&self) {
        let mut state = self.state();
        if state.under_way == 0 && !state.head_begun {
            state.head_begun = true;
            state.since = Instant::now();
            self.changed.notify_one();
        }
    }

    /// The client takes something of an answer that was handed over whole, which may last.
    pub(super) fn answer_goes_on(&self) {
        let mut state = self.state();
        if state.under_way == 0 && !state.head_begun {
            state.since = Instant::now();
        }
    }

    /// A request begins to be served.
    pub(super) fn begin(self: &Arc<Self>) -> UnderWay {
        let mut state = self.state();
        state.under_way += 1;
        state.head_begun = false;
        if state.under_way == 1 {
            self.place.becomes_busy();
            self.changed.notify_one();
        }
        UnderWay(Arc::clone(self))
    }

    /// Whether nothing is being served.
    pub(super) fn is_idle(&self) -> bool {
        self.state().under_way == 0
    }

    /// Waits until the place is needed for another connection.
    pub(super) async fn place_is_needed(&self) {
        self.place.needed().await;
    }

    /// Waits until the client has taken too long to ask something.
    pub(super) async fn is_over(&self) {
        loop {
            let changed = self.changed.notified();
            match self.deadline() {
                None => changed.await,
                Some(deadline) => {
                    let in_time = timeout_at(deadline, changed).await.is_ok();
                    if !in_time && self.deadline() == Some(deadline) {
                        return;
                    }
                }
            }
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let state = self.state();
        let longest = if state.head_begun {
            self.bounds.header_timeout
        } else {
            self.bounds.idle_timeout
        };
        (state.under_way == 0).then(|| state.since + longest)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let Self(activity) = self;
        let mut state = activity.state();
        state.under_way -= 1;
        if state.under_way == 0 {
            state.since = Instant::now();
            activity.place.becomes_idle();
            activity.changed.notify_one();
        }
    }
}
