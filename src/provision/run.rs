//! One claim at work: plan, perform, record, until wanted and known agree.

mod give_back;
mod guard;
mod record;

use std::sync::Arc;

use tracing::debug;

use super::adopt::Trouble;
use super::converge::Outcome;
use super::tenant::Tenant;
use super::trail::Trail;
use super::verdict::{ends_the_plan, is_news, may_be_under_way, may_have_happened, takes_away};
use super::{Bridge, Errand, clock};
use crate::domain::deadlines::{LEASE, MARGIN};
use crate::domain::effect::{Effect, apply, begin};
use crate::domain::entitlement::{Moment, Wanted, wanted};
use crate::domain::model::Known;
use crate::domain::plan::{Step, plan};
use crate::store::{Lease, Person, StoreError};
use guard::Admission;

/// Plans that one claim carries out at most; looks and moving wishes need more than one.
const ROUNDS: usize = 8;

/// The work under one lease.
pub(super) struct Run<'b> {
    bridge: &'b Bridge,
    tenant: Arc<Tenant>,
    lease: Lease,
    lease_until: i64,
    errand: &'b Errand,
    known: Known,
    /// What was known before the intent of the step at hand.
    before_intent: Known,
    refused: Vec<String>,
    /// A call may be under way still.
    under_way: bool,
    /// Somebody is to lose access, or may be.
    urgent: bool,
    /// The user is to have no access at all.
    leaves: bool,
    /// The guard holds something.
    is_held: bool,
}

/// How a round of steps ended.
enum Round {
    /// All steps had their effect and the row is gone.
    Finished,
    /// Something came to light, or the wish moved: plan again.
    Again,
    /// A step failed.
    Troubled(Step, Box<Trouble>),
    /// The lease is lost or about to end; whoever has the row next starts from what is recorded.
    LeaseOver,
}

impl<'b> Run<'b> {
    pub(super) fn new(
        bridge: &'b Bridge,
        tenant: Arc<Tenant>,
        lease: Lease,
        errand: &'b Errand,
    ) -> Self {
        Self {
            bridge,
            tenant,
            lease,
            lease_until: bridge.clock.after(LEASE),
            errand,
            known: Known::Nothing,
            before_intent: Known::Nothing,
            refused: Vec::new(),
            under_way: false,
            urgent: false,
            leaves: false,
            is_held: false,
        }
    }

    pub(super) async fn complete(mut self, person: Person) -> Result<Outcome, StoreError> {
        let mut person = Some(person);
        for _ in 0..ROUNDS {
            let Some(now_known) = person else { break };
            // Asked for after the wish was read: whoever changes the mappings marks the users once
            // the new ones are in use.
            self.tenant = self.bridge.current(&self.tenant);
            if self.bridge.halts(&self.tenant).await? {
                self.step_back().await?;
                return Ok(Outcome::Halted);
            }
            let policy = &self.tenant.policy;
            let moment = Moment::new(self.bridge.clock.now(), &now_known.known);
            let wanted = wanted(now_known.user.as_ref(), policy, &now_known.bindings, moment);
            self.known = now_known.known;
            let admitted = self.admit(&wanted, now_known.user.as_ref(), &now_known.guard);
            let steps = match admitted.await? {
                Admission::Steps(steps) => steps,
                Admission::Held(words) => return Ok(Outcome::Held { words }),
                Admission::Moved => {
                    person = self.reread().await?;
                    continue;
                }
            };
            self.urgent = takes_away(&wanted, &steps, &self.known);
            self.leaves = !matches!(wanted, Wanted::Account(_));
            let kinds: Vec<_> = steps.iter().map(Step::kind).collect();
            debug!(tenant.id = %self.tenant.id, user.id = %self.lease.user, steps = ?kinds, "planned");
            match self.round(&wanted, &steps).await? {
                Round::Finished => {
                    return Ok(Outcome::Converged {
                        refused: self.refused,
                    });
                }
                Round::Troubled(step, trouble) => {
                    if let Some(outcome) = self.give_back(&step, *trouble).await? {
                        return Ok(outcome);
                    }
                }
                Round::Again => {}
                Round::LeaseOver => break,
            }
            person = self.reread().await?;
        }
        Ok(Outcome::Deferred {
            words: "the work was interrupted and goes on by itself".into(),
            retry_in: LEASE,
            outage: false,
        })
    }

    /// Performs the steps in order. A revocation that fails for its own reasons does not stop the
    /// others: a leaver loses what can be taken.
    async fn round(&mut self, wanted: &Wanted, steps: &[Step]) -> Result<Round, StoreError> {
        let Some(first) = steps.first() else {
            return self.finish_or_again().await;
        };
        self.before_intent = self.known.clone();
        let intent = begin(&self.known, first);
        if intent != self.known && !self.record(intent, None, false).await?.stands {
            return Ok(Round::LeaseOver);
        }
        let mut troubled = None;
        let mut rest = steps;
        while let [step, later @ ..] = rest {
            if self.bridge.clock.after(MARGIN) >= self.lease_until {
                return Ok(Round::LeaseOver);
            }
            // Waiting for a turn may take until after that moment, and a step may be several writes.
            let end = self.lease_until.saturating_sub(clock::micros(MARGIN));
            let target = self.tenant.target.with_correlation(&self.errand.request);
            let target = target.until(end);
            let performed = self
                .bridge
                .perform(
                    &self.tenant,
                    (&target, self.errand),
                    &self.lease.user,
                    &self.known,
                    step,
                )
                .await;
            let stop = ends_the_plan(step, &performed);
            let entry = is_news(&performed).then(|| self.trail().entry(wanted, step, &performed));
            let after = self.after(step, &performed);
            // What is not begun needs no intent.
            let stop = stop || !later.is_empty() && self.bridge.halts(&self.tenant).await?;
            rest = if stop { &[] } else { later };
            if let Err(trouble) = performed {
                self.under_way |= may_be_under_way(&trouble);
                troubled.get_or_insert((step.clone(), trouble));
            }
            // That is the end as well if a step failed and a later one did its work: a removed
            // account takes the assignments along that could not be taken one by one.
            let last = rest.is_empty() && plan(wanted, &after).is_empty();
            self.before_intent = after.clone();
            let after = rest
                .first()
                .map_or(after.clone(), |next| begin(&after, next));
            let recorded = self.record(after, entry, last).await?;
            if recorded.finished {
                return Ok(Round::Finished);
            }
            if !recorded.stands {
                return Ok(Round::LeaseOver);
            }
            if !recorded.ours {
                return Ok(Round::Again);
            }
        }
        Ok(match troubled {
            Some((step, trouble)) => Round::Troubled(step, Box::new(trouble)),
            None => Round::Again,
        })
    }

    fn trail(&self) -> Trail<'_> {
        Trail {
            at: self.bridge.clock.now(),
            lease: &self.lease,
            request: &self.errand.request,
            policy: &self.tenant.policy,
        }
    }

    async fn finish_or_again(&mut self) -> Result<Round, StoreError> {
        let lease = self.lease.clone();
        let write = self
            .bridge
            .store
            .write(move |tx| Box::pin(async move { tx.finish(&lease).await }));
        Ok(if write.await? {
            Round::Finished
        } else {
            Round::Again
        })
    }

    /// What is known after a step, whether it had its effect or not.
    fn after(&mut self, step: &Step, performed: &Result<Effect, Trouble>) -> Known {
        match performed {
            Ok(effect) => {
                if let Effect::SeatRefused(words) = effect {
                    self.refused.push(words.clone());
                }
                apply(self.known.clone(), step, effect.clone())
            }
            Err(trouble) if may_have_happened(step, trouble) => self.known.clone(),
            Err(_) => self.before_intent.clone(),
        }
    }

    /// Reads the user again under the same lease; `None` when the lease is lost.
    async fn reread(&mut self) -> Result<Option<Person>, StoreError> {
        let lease = self.lease.clone();
        let until = self.bridge.clock.after(LEASE);
        let write = self.bridge.store.write(move |tx| {
            Box::pin(async move {
                let Some(generation) = tx.renew(&lease, until).await? else {
                    return Ok(None);
                };
                let person = tx.person(&lease.tenant, &lease.user).await?;
                Ok::<_, StoreError>(Some((generation, person)))
            })
        });
        Ok(write.await?.map(|(generation, person)| {
            self.lease.generation = generation;
            self.lease_until = until;
            person
        }))
    }
}
