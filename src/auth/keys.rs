//! The keys of an issuer: fetched once for all who wait, kept for a while, and never asked for in a loop.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use reqwest::Client;
use tokio::sync::Mutex;
use tracing::{debug, warn};

use super::issuer::{Issuer, Key, Trouble};
use super::refusal::Refusal;

/// How long keys are used without a look whether they are still those. A key that the issuer has
/// withdrawn opens nothing after this.
const LIFETIME: Duration = Duration::from_hours(1);
/// How long keys are used while the issuer cannot be asked for them.
const STALE: Duration = Duration::from_hours(24);
/// How long the issuer is left alone after it was asked, however many unknown keys are named: anybody
/// can name one.
pub(super) const PAUSE: Duration = Duration::from_secs(30);

/// The keys of one issuer, shared by all who trust it.
#[derive(Debug)]
pub(super) struct Keys {
    issuer: Issuer,
    http: Client,
    known: RwLock<Known>,
    /// Held by whoever asks the issuer. Those whose key is known do not wait for it.
    asking: Mutex<()>,
}

/// What is known of the keys; times are in microseconds since 1970.
#[derive(Debug)]
struct Known {
    keys: Vec<Arc<Key>>,
    fetched_at: i64,
    asked_at: i64,
    /// Whether nothing usable came of asking.
    failed: bool,
}

impl Keys {
    /// Asks nobody yet.
    pub(super) fn new(issuer: Issuer, http: Client) -> Self {
        let known = Known {
            keys: Vec::new(),
            fetched_at: i64::MIN,
            asked_at: i64::MIN,
            failed: false,
        };
        Self {
            issuer,
            http,
            known: RwLock::new(known),
            asking: Mutex::default(),
        }
    }

    /// The key with this id. The issuer is asked, if it may be, when the key is not known or was not
    /// looked at for long.
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`] if the issuer has no such key, [`Refusal::KeysUnreachable`] if that
    /// cannot be told.
    pub(super) async fn find(self: &Arc<Self>, id: &str, now: i64) -> Result<Arc<Key>, Refusal> {
        if let Some(outcome) = self.look(id, now) {
            return outcome;
        }
        // In a task of its own: what comes of it must be remembered even if this caller goes away.
        let (keys, id) = (Arc::clone(self), id.to_owned());
        let asked = tokio::spawn(async move { keys.ask(&id, now).await });
        asked.await.unwrap_or(Err(Refusal::KeysUnreachable))
    }

    async fn ask(&self, id: &str, now: i64) -> Result<Arc<Key>, Refusal> {
        let _asking = self.asking.lock().await;
        // Somebody else may have asked meanwhile.
        if let Some(outcome) = self.look(id, now) {
            return outcome;
        }
        let fetched = self.issuer.fetch(&self.http).await;
        self.remember(fetched, now);
        self.look(id, now).unwrap_or(Err(Refusal::KeysUnreachable))
    }

    fn remember(&self, fetched: Result<Vec<Key>, Trouble>, now: i64) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.asked_at = now;
        known.failed = fetched.is_err();
        let issuer = &self.issuer.name;
        match fetched {
            Ok(keys) => {
                debug!(issuer, keys = keys.len(), "Fetched the keys of an issuer");
                known.keys = keys.into_iter().map(Arc::new).collect();
                known.fetched_at = now;
            }
            Err(trouble) => {
                warn!(issuer, error = %trouble, "The keys of an issuer cannot be fetched");
            }
        }
    }

    /// What can be said without asking, if anything.
    fn look(&self, id: &str, now: i64) -> Option<Result<Arc<Key>, Refusal>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let age = since(known.fetched_at, now);
        let may_ask = since(known.asked_at, now) >= PAUSE;
        match known.keys.iter().find(|key| key.id == id) {
            Some(key) if age < LIFETIME || (!may_ask && age < STALE) => Some(Ok(Arc::clone(key))),
            _ if may_ask => None,
            _ if known.failed => Some(Err(Refusal::KeysUnreachable)),
            _ => Some(Err(Refusal::UnknownKey)),
        }
    }
}

/// The time from one moment to another; none if the clock was set back.
fn since(then: i64, now: i64) -> Duration {
    let micros = now.saturating_sub(then);
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}
