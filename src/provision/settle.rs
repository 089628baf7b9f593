//! Settling a SCIM write: converge the users concerned right away, wait for the outcome as long as
//! the request has patience, and decide what the IdP is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::mpsc;
use tracing::warn;

use super::refusal::{Refusal, Why};
use super::{Bridge, Context, Errand, Outcome};
use crate::domain::model::{GroupId, TenantId, UserId};
use crate::domain::policy::{OnOutage, OnRefusedAssignment, Policy};
use crate::scim::{ScimError, fold};
use crate::store::{GroupRecord, StoreError, Tx, UserKey, UserRecord};

/// So many changes are carried out at once. Those that come when a Cloudmore that hangs has taken all places are the
/// worker's from the beginning, so that what they hold does not grow.
pub(super) const MOST: usize = 256;

/// A committed SCIM write that waits for its outcome.
#[derive(Debug)]
pub(super) struct Change {
    /// The users whose accounts may differ from what is wanted now.
    pub(super) users: Vec<UserId>,
    /// How to take it back. A change that takes access away has no way back.
    pub(super) undo: Option<Undo>,
    /// What kind of change, for the audit.
    pub(super) kind: &'static str,
    /// The user or group that was written.
    pub(super) subject: String,
}

/// How a change is taken back, if nothing newer came.
#[derive(Debug)]
pub(super) enum Undo {
    /// The user was made by the change.
    Forget(UserRecord),
    /// The user was `before`, and the change made `after` of it.
    Restore {
        before: Box<UserRecord>,
        after: Box<UserRecord>,
    },
    /// The named change added members to the group.
    Leave { group: GroupId, change: String },
    /// The group was made by the change.
    Disband(GroupRecord),
}

/// What settling one change came to.
#[derive(Debug, Default)]
struct Verdict {
    refusal: Option<Refusal>,
    refused_seat: Option<String>,
    deferred: Option<(String, Duration)>,
}

impl Verdict {
    /// Of several refusals that of taking access away counts.
    fn note(&mut self, refusal: Refusal) {
        let weighs = |why: Why| matches!(why, Why::Revocation | Why::Role);
        let held = self.refusal.as_ref().map(|held| held.why);
        if held.is_none_or(|held| !weighs(held) && weighs(refusal.why)) {
            self.refusal = Some(refusal);
        }
    }
}

impl Bridge {
    /// Waits for the outcome of a committed change and answers for it: `Ok` only for what is
    /// durable, either converged or queued.
    pub(super) async fn settle(
        self: &Arc<Self>,
        context: &Context,
        change: Change,
    ) -> Result<(), ScimError> {
        let verdict = self.outcome(context, &change.users).await?;
        if change.undo.is_none() && self.current(&context.tenant).policy.observe {
            warn!(
                tenant.id = %context.tenant.id, subject = change.subject, change = change.kind,
                "The tenant only observes: whoever loses access by this keeps it until observe = false"
            );
        }
        let Some(error) = change.error(verdict, &context.tenant.policy) else {
            return Ok(());
        };
        self.undo(context, change, &error).await?;
        Err(error)
    }

    /// Converges the users, a few at a time, until all are done, Cloudmore fails, or the request has
    /// no patience left; what is left is made due for the worker.
    async fn outcome(
        self: &Arc<Self>,
        context: &Context,
        users: &[UserId],
    ) -> Result<Verdict, StoreError> {
        let mut verdict = Verdict::default();
        if users.is_empty() {
            return Ok(verdict);
        }
        let place = Arc::clone(&self.settling).try_acquire_owned().ok();
        let place = place.filter(|_| !context.patience.is_over());
        let Some(place) = place else {
            self.leave_to_worker(&context.tenant, users.to_vec()).await;
            verdict.deferred = Some(late());
            return Ok(verdict);
        };
        let (report, mut reports) = mpsc::channel(users.len());
        // Spawned, so that a step under way ends well even if nobody waits for it any more.
        let work = Arc::clone(self).work_off(context.clone(), users.to_vec(), report);
        self.start(async move {
            work.await;
            drop(place);
        });
        let deadline = tokio::time::sleep_until(context.patience.deadline());
        tokio::pin!(deadline);
        let mut open = users.len();
        while open > 0 {
            let outcome = tokio::select! {
                outcome = reports.recv() => outcome,
                () = &mut deadline => None,
            };
            let Some(outcome) = outcome else {
                verdict.deferred.get_or_insert_with(late);
                break;
            };
            open -= 1;
            match outcome? {
                Outcome::Converged { refused } => {
                    verdict.refused_seat = verdict.refused_seat.or(refused.into_iter().next());
                }
                Outcome::Refused(refusal) => verdict.note(refusal),
                // The change is durable, and nothing went wrong.
                Outcome::Held { .. } | Outcome::Halted => {}
                Outcome::Deferred {
                    words,
                    retry_in,
                    outage,
                } => {
                    if outage {
                        context.patience.end();
                    }
                    verdict.deferred.get_or_insert((words, retry_in));
                }
            }
        }
        Ok(verdict)
    }

    /// Goes on until the users are done, an outage shows, or nobody listens any more. What was
    /// begun is ended; users that were not begun are left to the worker, due at once.
    async fn work_off(
        self: Arc<Self>,
        context: Context,
        users: Vec<UserId>,
        report: mpsc::Sender<Result<Outcome, StoreError>>,
    ) {
        let tenant = &context.tenant;
        let stopped = &AtomicBool::new(false);
        let errand = &Errand::new(context.request.clone());
        let converge = |user: UserId| {
            let (bridge, report) = (&self, &report);
            async move {
                // Another request may be at work on the user for longer than this one waits.
                let turn = tokio::select! {
                    turn = bridge.turns.take(&tenant.id, &user) => Some(turn),
                    () = report.closed() => None,
                };
                let is_over = stopped.load(Ordering::Relaxed) || report.is_closed();
                let Some(turn) = turn.filter(|_| !is_over) else {
                    return (user, None);
                };
                let outcome = bridge.converge_in_turn(tenant, &user, errand, turn).await;
                (user, Some(outcome))
            }
        };
        let mut running = futures_util::stream::iter(users)
            .map(converge)
            .buffer_unordered(tenant.concurrency);
        let mut left = Vec::new();
        while let Some((user, ended)) = running.next().await {
            let halted = matches!(&ended, None | Some(Ok(Outcome::Halted)));
            if halted {
                left.push(user);
            }
            if let Some(outcome) = ended {
                let outage = matches!(&outcome, Ok(Outcome::Deferred { outage: true, .. }));
                let unheard = report.try_send(outcome).is_err();
                stopped.fetch_or(outage || unheard, Ordering::Relaxed);
            }
        }
        if !left.is_empty() {
            self.leave_to_worker(tenant, left).await;
        }
    }

    async fn undo(
        &self,
        context: &Context,
        change: Change,
        error: &ScimError,
    ) -> Result<(), StoreError> {
        let kept = format!("kept and tried again: {}", error.detail);
        let undone = format!("undone: {}", error.detail);
        let mut entry = context.audit(self.clock.now(), change.kind, &change.subject, kept);
        let tenant = context.tenant.id.clone();
        let (undo, users) = (change.undo, change.users);
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    if let Some(undo) = undo {
                        // An account that was taken over for this change is no leaver's.
                        let let_go = tx.let_go(&tenant, &users).await?;
                        tx.mark(&tenant, &let_go, entry.at).await?;
                        // What was assigned to such an account would go only with it; then the change stays.
                        if !tx.has_fresh_links(&tenant, &users).await? {
                            undo.run(tx, &tenant, entry.at).await?;
                            entry.outcome = undone;
                        }
                    }
                    tx.audit(&entry).await
                })
            })
            .await?;
        self.work.notify_one();
        Ok(())
    }
}

/// What the IdP is told when a request has no patience left.
fn late() -> (String, Duration) {
    let words = "Cloudmore does not answer in time. Try again in a while.";
    (words.to_owned(), Duration::from_secs(5))
}

impl Change {
    /// What the IdP is told, if it is told of an error at all.
    fn error(&self, verdict: Verdict, policy: &Policy) -> Option<ScimError> {
        let refusal = verdict.refusal.map(|refusal| self.seen(refusal));
        let refusal = refusal.filter(|refusal| self.fails_by(refusal));
        if let Some(refusal) = refusal {
            return Some(refusal.into());
        }
        let fails = policy.on_refused_assignment == OnRefusedAssignment::Fail;
        let refused_seat = verdict.refused_seat.filter(|_| fails);
        if let Some(words) = refused_seat.filter(|_| self.adds_one_member()) {
            let words = format!("Cloudmore refuses the assignment: {words}");
            return Some(ScimError::invalid_value(words));
        }
        let (words, retry_in) = verdict.deferred?;
        let fails = policy.on_outage == OnOutage::Fail;
        fails.then(|| ScimError::unavailable(words, retry_in))
    }

    /// A refused role is one that is not given in a change that can be taken back, and one that is
    /// not taken away in a change that cannot.
    fn seen(&self, refusal: Refusal) -> Refusal {
        match refusal.why {
            Why::Role if self.undo.is_none() => Refusal {
                why: Why::Revocation,
                ..refusal
            },
            Why::Role
            | Why::Taken
            | Why::Invalid
            | Why::Protected
            | Why::Revocation
            | Why::Unworkable => refusal,
        }
    }

    /// Whether the IdP is told that a user was refused. That taking away is refused, it always is.
    /// Else in a change to many users each stands alone: the refused ones show as failed; and a
    /// change of a group that stands is no error because its one member is refused for something
    /// else.
    fn fails_by(&self, refusal: &Refusal) -> bool {
        let single = match self.users.as_slice() {
            [user] => self.undo.is_some() || self.subject == user.as_str(),
            _ => false,
        };
        single || refusal.why == Why::Revocation
    }

    fn adds_one_member(&self) -> bool {
        self.users.len() == 1 && matches!(self.undo, Some(Undo::Leave { .. }))
    }
}

impl Undo {
    /// Takes the change back, unless something newer came, and marks whom that concerns.
    async fn run(self, tx: &mut Tx, tenant: &TenantId, now: i64) -> Result<(), StoreError> {
        let concerned = match self {
            Self::Forget(made) => {
                let key = UserKey::Id(tenant.clone(), made.id.to_string());
                let current = tx.user(&key).await?;
                let Some(current) = current.filter(|user| user.version == made.version) else {
                    return Ok(());
                };
                tx.touch_groups_of(tenant, &made.id, now).await?;
                tx.delete_user(&current).await?;
                vec![made.id]
            }
            Self::Restore { before, after } => {
                let key = UserKey::Id(tenant.clone(), after.id.to_string());
                let current = tx.user(&key).await?;
                let Some(current) = current.filter(|user| user.version == after.version) else {
                    return Ok(());
                };
                let name = fold(before.document.user_name());
                let holder = tx.user(&UserKey::Name(tenant.clone(), name)).await?;
                if holder.is_some_and(|holder| holder.id != before.id) {
                    return Ok(());
                }
                let restored = UserRecord {
                    version: current.version + 1,
                    ..*before
                };
                tx.update_user(&current, &restored).await?;
                vec![after.id]
            }
            Self::Leave { group, change } => {
                tx.touch_group(tenant, &group, now).await?;
                tx.undo_members(tenant, &group, &change).await?
            }
            Self::Disband(made) => {
                let current = tx.group(tenant, made.id.as_str()).await?;
                if current.is_none_or(|group| group.version != made.version) {
                    return Ok(());
                }
                let members = tx.members(tenant, &made.id).await?;
                tx.delete_group(tenant, &made.id).await?;
                members
            }
        };
        // What was done for the change meanwhile is to be taken back.
        tx.mark_urgent(tenant, &concerned, now).await
    }
}
