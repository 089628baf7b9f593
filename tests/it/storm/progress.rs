//! How far a storm has come, for those who wait for it and for the end.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

pub struct Progress {
    done: watch::Sender<usize>,
    enough: usize,
    is_calm: AtomicBool,
    refusals: Mutex<Vec<String>>,
}

impl Progress {
    /// So many operations are enough, once nobody disturbs the bridge any more.
    pub fn new(enough: usize) -> Self {
        Self {
            done: watch::Sender::new(0),
            enough,
            is_calm: AtomicBool::new(false),
            refusals: Mutex::default(),
        }
    }

    /// An operation is certain.
    pub fn done(&self) {
        self.done.send_modify(|done| *done += 1);
    }

    pub fn count(&self) -> usize {
        *self.done.borrow()
    }

    pub fn is_enough(&self) -> bool {
        self.is_calm.load(Ordering::Relaxed) && self.count() >= self.enough
    }

    /// Nobody disturbs the bridge any more.
    pub fn calm(&self) {
        self.is_calm.store(true, Ordering::Relaxed);
    }

    /// Waits until so many operations are certain.
    pub async fn until(&self, count: usize) {
        let mut done = self.done.subscribe();
        done.wait_for(|done| *done >= count).await.unwrap();
    }

    /// A request was refused that a client has every right to send.
    pub fn refused(&self, words: String) {
        self.refusals.lock().unwrap().push(words);
    }

    pub fn refusals(&self) -> Vec<String> {
        self.refusals.lock().unwrap().clone()
    }
}
