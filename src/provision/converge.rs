//! Convergence of one user: whoever claims the row brings Cloudmore to what is wanted.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tracing::error;

use super::run::Run;
use super::tenant::Tenant;
use super::turns::Turn;
use super::{Bridge, Errand, Refusal, Why};
use crate::domain::deadlines::LEASE;
use crate::domain::model::UserId;
use crate::domain::schedule::URGENT;
use crate::store::{Lease, Person, StoreError};

/// How the convergence of one user ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Cloudmore is as wanted, but for the assignments it refused, each with its words.
    Converged {
        /// Assignments refused in this run.
        refused: Vec<String>,
    },
    /// Refused for good; the row waits as failed (or goes on, if it takes access away).
    Refused(Refusal),
    /// A person has to decide: whether an account that is there is the user's, who has nothing until then, or whether
    /// something is to be taken from the user, who keeps it until then.
    Held {
        /// What about, in words.
        words: String,
    },
    /// Nothing is begun for the tenant, because it is paused or only observes, or because the bridge stops; the row
    /// waits as it is.
    Halted,
    /// Not now; the worker tries again.
    Deferred {
        /// Why.
        words: String,
        /// When it is tried again.
        retry_in: Duration,
        /// Nothing else of this tenant will work either.
        outage: bool,
    },
}

/// Whether a user can be worked on.
enum Claim {
    /// Here and now.
    Ours(Lease, Box<Person>),
    /// The row is gone, parked, or in other hands.
    Others,
    /// The tenant was taken into use with other mappings since, by another replica: what this one would grant, that one
    /// takes away. It goes on once it has read its configuration again.
    Outdated,
}

impl Bridge {
    /// Converges one user on an errand. A row that cannot be worked on, because what is stored cannot be read or because
    /// the work breaks down, is parked, so that it holds up no other.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; the row stays.
    pub async fn converge(
        &self,
        tenant: &Arc<Tenant>,
        user: &UserId,
        errand: &Errand,
    ) -> Result<Outcome, StoreError> {
        let turn = self.turns.take(&tenant.id, user).await;
        self.converge_in_turn(tenant, user, errand, turn).await
    }

    /// The same for whoever has the user's turn.
    ///
    /// # Errors
    /// As for [`Bridge::converge`].
    pub(super) async fn converge_in_turn(
        &self,
        tenant: &Arc<Tenant>,
        user: &UserId,
        errand: &Errand,
        _turn: Turn,
    ) -> Result<Outcome, StoreError> {
        if self.halts(tenant).await? {
            return Ok(Outcome::Halted);
        }
        let id = uuid::Uuid::now_v7().to_string();
        let work = AssertUnwindSafe(self.under(&id, tenant, user, errand)).catch_unwind();
        match work.await {
            Ok(Err(error)) if error.is_corrupt() => {
                self.park(tenant, user, &id, error.to_string()).await
            }
            Ok(ended) => ended,
            Err(_) => {
                let words = "the work on this user broke down: the log says where";
                self.park(tenant, user, &id, words.to_owned()).await
            }
        }
    }

    /// Converges one user under a lease of this id.
    async fn under(
        &self,
        id: &str,
        tenant: &Arc<Tenant>,
        user: &UserId,
        errand: &Errand,
    ) -> Result<Outcome, StoreError> {
        match self.claim(id.to_owned(), tenant, user).await? {
            Claim::Ours(lease, person) => {
                let run = Run::new(self, Arc::clone(tenant), lease, errand);
                run.complete(*person).await
            }
            Claim::Others => self.outcome_of_others(tenant, user).await,
            Claim::Outdated => Ok(Outcome::Deferred {
                words: "another replica has newer mappings and goes on with them".into(),
                retry_in: LEASE,
                outage: true,
            }),
        }
    }

    async fn claim(
        &self,
        id: String,
        tenant: &Arc<Tenant>,
        user: &UserId,
    ) -> Result<Claim, StoreError> {
        let digest = self.current(tenant).digest();
        let (tenant, user) = (tenant.id.clone(), user.clone());
        let (now, until) = (self.clock.now(), self.clock.after(LEASE));
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    if !tx.has_mappings(&tenant, &digest).await? {
                        return Ok(Claim::Outdated);
                    }
                    let Some(lease) = tx.claim(&tenant, &user, &id, now, until).await? else {
                        return Ok(Claim::Others);
                    };
                    let person = tx.person(&tenant, &user).await?;
                    Ok(Claim::Ours(lease, Box::new(person)))
                })
            })
            .await
    }

    /// The row cannot be worked on.
    async fn park(
        &self,
        tenant: &Tenant,
        user: &UserId,
        lease: &str,
        words: String,
    ) -> Result<Outcome, StoreError> {
        error!(tenant.id = %tenant.id, user.id = %user, error = words, "A user cannot be worked on");
        let refusal = Refusal {
            why: Why::Unworkable,
            words,
        };
        let stored = serde_json::to_string(&refusal).unwrap_or_else(|_| refusal.words.clone());
        let (tenant, user, lease) = (tenant.id.clone(), user.clone(), lease.to_owned());
        let (now, due_at) = (self.clock.now(), self.clock.after(URGENT));
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                let whose = (&tenant, &user);
                tx.park(whose, &lease, (now, due_at), &stored).await
            })
        });
        let parked: Result<(), StoreError> = write.await;
        parked?;
        Ok(Outcome::Refused(refusal))
    }

    /// The row could not be claimed: it converged already, failed for good, or is in other hands.
    async fn outcome_of_others(
        &self,
        tenant: &Tenant,
        user: &UserId,
    ) -> Result<Outcome, StoreError> {
        let Some(row) = self.store.dirty(&tenant.id, user).await? else {
            return Ok(Outcome::Converged {
                refused: Vec::new(),
            });
        };
        if self.halts(tenant).await? {
            return Ok(Outcome::Halted);
        }
        let words = row.last_error.unwrap_or_default();
        if row.failed {
            let refusal = serde_json::from_str(&words).unwrap_or(Refusal {
                why: Why::Invalid,
                words,
            });
            return Ok(Outcome::Refused(refusal));
        }
        let wait = row.free_at.saturating_sub(self.clock.now());
        Ok(Outcome::Deferred {
            words: "an earlier call to Cloudmore for this user may be under way still".into(),
            retry_in: Duration::from_micros(wait.max(0).unsigned_abs()),
            outage: false,
        })
    }
}
