//! A piece of work on several users: whom it is for, and what was seen on the way.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::adopt::listed;
use crate::cloudmore::{Failure, Target};
use crate::domain::adoption::People;
use crate::domain::model::{AccountId, SubscriptionRef};

/// One request, or one round of the worker: the users that it concerns share one look at each subscription. Whoever is
/// assigned by hand while it is under way is not seen by it.
#[derive(Clone, Debug)]
pub struct Errand {
    /// The correlation id that Cloudmore's calls and the audit carry.
    pub(super) request: String,
    seats: Arc<Mutex<HashMap<SubscriptionRef, Seats>>>,
    people: Arc<OnceCell<Arc<People>>>,
}

/// The accounts that are assigned, their ids folded; empty until somebody looks.
type Seats = Arc<OnceCell<HashSet<String>>>;

impl Errand {
    /// An errand for the request of this correlation id.
    pub fn new(request: impl Into<String>) -> Self {
        Self {
            request: request.into(),
            seats: Arc::default(),
            people: Arc::default(),
        }
    }

    /// The same errand under another correlation id.
    pub(super) fn named(&self, request: impl ToString) -> Self {
        Self {
            request: request.to_string(),
            seats: Arc::clone(&self.seats),
            people: Arc::clone(&self.people),
        }
    }

    /// The people who were there when the errand first looked.
    ///
    /// # Errors
    /// [`Failure`] when they cannot be read; the next who asks looks again.
    pub(super) async fn people(&self, target: &Target) -> Result<Arc<People>, Failure> {
        let look = || async { Ok(Arc::new(listed(target).await?)) };
        self.people.get_or_try_init(look).await.cloned()
    }

    /// Whether an account was assigned to a subscription when the errand first looked.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be read; the next who asks looks again.
    pub(super) async fn saw(
        &self,
        target: &Target,
        at: &SubscriptionRef,
        account: &AccountId,
    ) -> Result<bool, Failure> {
        let seats = {
            let mut all = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(at.clone()).or_default())
        };
        let look = || async {
            let seats = target.seats(at).await?;
            let ids = seats.iter().map(|seat| seat.user.folded());
            Ok::<_, Failure>(ids.collect())
        };
        let seats = seats.get_or_try_init(look).await?;
        Ok(seats.contains(&account.folded()))
    }
}
