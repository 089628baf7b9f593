//! Giving a row back that could not be finished: when it is tried again, or that it waits for a person.

use std::time::Duration;

use tracing::{info, warn};

use super::super::Why;
use super::super::adopt::{Trouble, Waiting};
use super::super::converge::Outcome;
use super::super::verdict::{Verdict, verdict};

use super::Run;
use crate::domain::deadlines::LEASE;
use crate::domain::plan::Step;
use crate::domain::schedule;
use crate::store::{Setback, StoreError};

/// How often it is looked at users who wait for a person: what they wait for may have come to an end.
pub(super) const HOLD: Duration = Duration::from_hours(1);

impl Run<'_> {
    /// The attempt failed: gives the row back. `None` when a newer change came meanwhile, which is
    /// then tried at once.
    pub(super) async fn give_back(
        &mut self,
        step: &Step,
        trouble: Trouble,
    ) -> Result<Option<Outcome>, StoreError> {
        let lease = self.lease.clone();
        let verdict = verdict(step, trouble)?;
        if verdict.is_news() {
            warn!(
                tenant.id = %lease.tenant, user.id = %lease.user, attempts = lease.attempts + 1,
                error = verdict.words(), "Converging a user failed"
            );
        }
        let refusal = match verdict {
            Verdict::Refused(refusal) => refusal,
            Verdict::Held(waiting) => return self.hold(waiting).await.map(Some),
            Verdict::Later {
                words,
                wait,
                outage,
                tried,
            } => {
                let retry_in = self.defer(words.clone(), wait, tried).await?;
                return Ok(Some(Outcome::Deferred {
                    words,
                    retry_in,
                    outage,
                }));
            }
        };
        if matches!(refusal.why, Why::Revocation | Why::Role) {
            self.defer(refusal.words.clone(), None, true).await?;
            return Ok(Some(Outcome::Refused(refusal)));
        }
        let stored = serde_json::to_string(&refusal).unwrap_or_else(|_| refusal.words.clone());
        let now = self.bridge.clock.now();
        let write = self
            .bridge
            .store
            .write(move |tx| Box::pin(async move { tx.fail(&lease, now, &stored).await }));
        Ok(write.await?.then_some(Outcome::Refused(refusal)))
    }

    /// What was not tried at all is no attempt of the user's, and is due as soon as it can be.
    async fn defer(
        &self,
        words: String,
        wait: Option<Duration>,
        tried: bool,
    ) -> Result<Duration, StoreError> {
        let lease = self.lease.clone();
        let chance = f64::from(getrandom::u32().unwrap_or(u32::MAX)) / f64::from(u32::MAX);
        let attempts = lease.attempts + 1;
        let retry_in = match wait {
            Some(wait) if !tried => wait,
            None if !tried => schedule::delay(1, None, chance),
            wait if self.urgent => schedule::urgent_delay(attempts, wait, chance),
            wait => schedule::delay(attempts, wait, chance),
        };
        let quiet = self.quiet();
        let setback = Setback {
            now: self.bridge.clock.now(),
            due_at: self.bridge.clock.after(retry_in),
            free_at: self.bridge.clock.after(quiet),
            urgent: self.urgent,
            counts: tried,
            error: words,
        };
        let write = self
            .bridge
            .store
            .write(move |tx| Box::pin(async move { tx.defer(&lease, &setback).await }));
        write.await?;
        self.bridge.work.notify_one();
        Ok(retry_in.max(quiet))
    }

    /// The user waits until a person decides. It is looked at now and then whether the account is still there.
    async fn hold(&self, waiting: Waiting) -> Result<Outcome, StoreError> {
        let lease = self.lease.clone();
        if !waiting.again {
            info!(
                tenant.id = %lease.tenant, user.id = %lease.user, account.id = %waiting.account.id,
                "A user waits until somebody decides about an account that was there before"
            );
        }
        let (now, due_at) = (self.bridge.clock.now(), self.bridge.clock.after(HOLD));
        let words = waiting.words.clone();
        let write = self.bridge.store.write(move |tx| {
            Box::pin(async move {
                let Waiting {
                    account, by, words, ..
                } = waiting;
                tx.hold(&lease.tenant, &lease.user, &account, by, now)
                    .await?;
                let setback = Setback {
                    now,
                    due_at,
                    free_at: now,
                    urgent: false,
                    counts: true,
                    error: words,
                };
                tx.defer(&lease, &setback).await
            })
        });
        let held: Result<(), StoreError> = write.await;
        held?;
        Ok(Outcome::Held { words })
    }

    /// Leaves the row as it was, for whoever may begin again.
    pub(super) async fn step_back(&self) -> Result<(), StoreError> {
        let (lease, now) = (self.lease.clone(), self.bridge.clock.now());
        let free_at = match self.quiet() {
            Duration::ZERO => 0,
            quiet => self.bridge.clock.after(quiet),
        };
        let write = self
            .bridge
            .store
            .write(move |tx| Box::pin(async move { tx.give_up(&lease, now, free_at).await }));
        write.await
    }

    /// How long nobody may begin with the row.
    fn quiet(&self) -> Duration {
        if self.under_way {
            LEASE
        } else {
            Duration::ZERO
        }
    }
}
