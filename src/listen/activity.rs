//! What goes on at a connection, and how long it may go on like that.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

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
    /// Since when all this is so. It lies ahead while the client may still read an answer.
    since: Instant,
}

/// A request that is being served. It ends when this is dropped: that the client reads the answer is no part of it, because
/// it may never do so.
#[derive(Debug)]
pub(super) struct UnderWay {
    activity: Arc<Activity>,
    /// How long the client may take to read the answer.
    reading: Duration,
}

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

    /// Whether what comes next is the first byte of a request.
    pub(super) fn awaits_request(&self) -> bool {
        let state = self.state();
        state.under_way == 0 && !state.head_begun
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
        UnderWay {
            activity: Arc::clone(self),
            reading: Duration::ZERO,
        }
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

impl UnderWay {
    /// An answer of so many bytes is handed over.
    pub(super) fn answered(mut self, bytes: u64) {
        self.reading = Bounds::time_for(bytes);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let Self { activity, reading } = self;
        let mut state = activity.state();
        state.under_way -= 1;
        state.since = state.since.max(Instant::now() + *reading);
        if state.under_way == 0 {
            activity.place.becomes_idle();
            activity.changed.notify_one();
        }
    }
}
