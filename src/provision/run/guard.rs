//! What the guard lets a plan take, decided and counted in one transaction before the first step begins.

use serde_json::json;
use tracing::warn;

use super::super::guard::{fingerprint, words};
use super::Run;
use super::give_back::HOLD;
use crate::domain::deadlines::LEASE;
use crate::domain::entitlement::{DirectoryUser, Wanted};
use crate::domain::guard::{
    Guard, Hold, Reason, Record, Removal, Shield, Stage, Takes, Tally, Verdict, decide,
};
use crate::domain::plan::{Step, plan};
use crate::store::{AuditEntry, Decided, Lease, Setback, StoreError, Tx, Whose};

/// What the guard makes of a plan.
pub(super) enum Admission {
    /// These steps are taken.
    Steps(Vec<Step>),
    /// Nothing is left but what waits; in words, why.
    Held(String),
    /// The wish moved, or the lease is lost.
    Moved,
}

/// A plan that takes something, or whose user is remembered, ready to be decided about.
struct Question {
    lease: Lease,
    takes: Takes,
    protected: Option<Reason>,
    shield: Option<Shield>,
    wish: String,
    guard: Guard,
    request: String,
    now: i64,
    /// When the window begins.
    since: i64,
}

/// What was decided.
struct Answer {
    verdict: Option<Verdict>,
    /// What waits.
    held: Takes,
    words: String,
}

impl Run<'_> {
    /// Asks the guard about the plan that leads from what is known to what is wanted.
    pub(super) async fn admit(
        &mut self,
        wanted: &Wanted,
        user: Option<&DirectoryUser>,
        record: &Record,
    ) -> Result<Admission, StoreError> {
        let known = self.known.clone();
        let tenant = self.tenant.clone();
        let policy = &tenant.policy;
        let case = self.bridge.case(&tenant, wanted, &known, &record.shield);
        let takes = case.takes();
        let shield = record
            .shield
            .renewed(user, (wanted, &known), &takes, policy);
        let is_news = shield != record.shield;
        let goes_on = if takes.is_empty() {
            record.taking.is_empty()
        } else {
            takes.is_subset(&record.taking)
        };
        self.is_held = false;
        if goes_on && record.held.is_none() && !is_news {
            return Ok(Admission::Steps(plan(wanted, &known)));
        }
        let question = Question {
            lease: self.lease.clone(),
            protected: case.protected(&takes),
            takes,
            shield: is_news.then_some(shield),
            wish: fingerprint(user),
            guard: policy.guard.clone(),
            request: self.errand.request.clone(),
            now: self.bridge.clock.now(),
            since: self.bridge.window_begins(&tenant),
        };
        let until = self.bridge.clock.after(LEASE);
        let write = self
            .bridge
            .store
            .write(move |tx| Box::pin(async move { question.answer(tx, until).await }));
        let Some(answer) = write.await? else {
            return Ok(Admission::Moved);
        };
        self.lease_until = until;
        if matches!(answer.verdict, Some(Verdict::Held(_))) {
            warn!(
                tenant.id = %self.lease.tenant, user.id = %self.lease.user, because = answer.words,
                "The guard holds a removal: scim-bridge held list says whose"
            );
        }
        self.is_held = !answer.held.is_empty();
        let steps = if self.is_held {
            case.plan_without(&answer.held)
        } else {
            plan(wanted, &known)
        };
        if !self.is_held || !steps.is_empty() {
            return Ok(Admission::Steps(steps));
        }
        self.wait_for_a_person(answer.words.clone()).await?;
        Ok(Admission::Held(answer.words))
    }

    /// Leaves the row alone until somebody decides or the directory changes. It is looked at now and then all the same.
    async fn wait_for_a_person(&self, words: String) -> Result<(), StoreError> {
        let (lease, now) = (self.lease.clone(), self.bridge.clock.now());
        let setback = Setback {
            now,
            due_at: self.bridge.clock.after(HOLD),
            free_at: now,
            urgent: false,
            counts: false,
            error: words,
        };
        let write = self
            .bridge
            .store
            .write(move |tx| Box::pin(async move { tx.defer(&lease, &setback).await }));
        write.await
    }
}

impl Question {
    /// `None` if the plan is out of date.
    async fn answer(self, tx: &mut Tx, until: i64) -> Result<Option<Answer>, StoreError> {
        let lease = &self.lease;
        if tx.renew(lease, until).await? != Some(lease.generation) {
            return Ok(None);
        }
        if let Some(shield) = &self.shield {
            tx.note_shield(lease, shield).await?;
        }
        if self.takes.is_empty() {
            tx.note_taking(lease, &self.takes).await?;
            end_hold(tx, lease, self.now, &self.request).await?;
            return Ok(Some(Answer::nothing_waits(None)));
        }
        let record = tx.guard_record(&lease.tenant, &lease.user).await?;
        let window = (self.now, self.since);
        let before = tx.counted_for(lease, self.since).await?;
        let removal = Removal {
            takes: &self.takes,
            protected: self.protected,
            wish: &self.wish,
            counted: before.is_some(),
        };
        // All accounts are counted only for those about whom that decides.
        let is_counted = record.held.is_none() && self.protected.is_none() && before.is_none();
        let tally = if is_counted {
            tx.tally(&lease.tenant, self.since).await?
        } else {
            Tally::default()
        };
        let verdict = decide(removal, &record, &self.guard, tally);
        match verdict {
            Verdict::Continues => end_hold(tx, lease, self.now, &self.request).await?,
            Verdict::CountedAlready | Verdict::Counted | Verdict::Released => {
                let all: Takes = before
                    .unwrap_or_default()
                    .union(&self.takes)
                    .cloned()
                    .collect();
                let takes_a_place = verdict == Verdict::Counted;
                tx.count_removal(lease, &all, window, takes_a_place).await?;
                tx.note_taking(lease, &self.takes).await?;
                tx.drop_hold(lease).await?;
            }
            Verdict::Waits | Verdict::Held(_) => {
                return self.hold(tx, record, verdict).await.map(Some);
            }
        }
        Ok(Some(Answer::nothing_waits(Some(verdict))))
    }

    /// What the work was let take before is taken all the same.
    async fn hold(
        self,
        tx: &mut Tx,
        record: Record,
        verdict: Verdict,
    ) -> Result<Answer, StoreError> {
        let lease = &self.lease;
        let (taking, held): (Takes, Takes) = self
            .takes
            .into_iter()
            .partition(|taken| record.taking.contains(taken));
        if taking != record.taking {
            tx.note_taking(lease, &taking).await?;
        }
        let before = record.held;
        let reason = match (verdict, &before) {
            (Verdict::Held(reason), _) => reason,
            (_, Some(hold)) => hold.reason,
            (_, None) => Reason::Count,
        };
        let is_rejected = matches!(&before, Some(hold) if hold.stage == Stage::Rejected)
            && verdict == Verdict::Waits;
        let words = words(reason, is_rejected, &self.guard);
        if !is_rejected {
            let hold = Hold {
                stage: Stage::Waiting,
                reason,
                takes: held.clone(),
                wish: self.wish,
            };
            if before.as_ref() != Some(&hold) {
                tx.hold_removal(lease, &hold, self.now).await?;
            }
            if let Verdict::Held(_) = verdict {
                let mut entry = trail(lease, self.now, &self.request, "held.removal");
                entry.outcome = format!("held: {words}");
                entry.detail = json!({ "reason": reason, "takes": held });
                tx.audit(&entry).await?;
            }
        }
        Ok(Answer {
            verdict: Some(verdict),
            held,
            words,
        })
    }
}

impl Answer {
    fn nothing_waits(verdict: Option<Verdict>) -> Self {
        Self {
            verdict,
            held: Takes::new(),
            words: String::new(),
        }
    }
}

/// Nothing is to be taken any more. If the removal was released as one of a number, the next one takes its place.
pub(super) async fn end_hold(
    tx: &mut Tx,
    lease: &Lease,
    now: i64,
    request: &str,
) -> Result<(), StoreError> {
    let Some(by) = tx.drop_hold(lease).await? else {
        return Ok(());
    };
    let decided = Decided {
        stage: Stage::Released,
        by: by.clone(),
    };
    let next = tx
        .decide_removals(&lease.tenant, &Whose::Longest(1), &decided)
        .await?;
    tx.mark(&lease.tenant, &next, now).await?;
    for user in next {
        let mut entry = trail(lease, now, request, "held.release");
        entry.actor = by.clone();
        entry.subject = user.to_string();
        entry.outcome =
            "in place of a removal that was released and is not to be done any more".into();
        tx.audit(&entry).await?;
    }
    Ok(())
}

fn trail(lease: &Lease, at: i64, request: &str, kind: &'static str) -> AuditEntry {
    AuditEntry {
        at,
        tenant: lease.tenant.clone(),
        actor: "scim-bridge".to_owned(),
        request: Some(request.to_owned()),
        kind,
        subject: lease.user.to_string(),
        outcome: String::new(),
        detail: serde_json::Value::Null,
    }
}
