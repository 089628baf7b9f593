//! A chunk of users: looked at one after the other, recorded in one transaction with how far the run has come. Whoever
//! changed meanwhile is left alone.

use serde_json::{Map, Value, json};
use tracing::warn;

use super::lists::Lists;
use super::look::{Compared, Looked};
use super::{LEASE, Run, Stopped};
use crate::domain::drift::{Difference, lesson};
use crate::domain::entitlement::Wanted;
use crate::domain::model::{TenantId, UserId};
use crate::domain::plan::plan;
use crate::domain::policy::ReconcileMode;
use crate::store::{AuditEntry, DriftRow, Progress, RunLease, StoreError, Subject, Tx};

/// What is to be recorded of a user.
struct Finding {
    user: UserId,
    before: Subject,
    wanted: Wanted,
    compared: Compared,
}

impl Run<'_> {
    pub(super) async fn chunk(&mut self, lists: &Lists, users: Vec<UserId>) -> Result<(), Stopped> {
        self.tenant = self.bridge.current(&self.tenant);
        let mut run = self.lease.clone();
        let mut findings = Vec::new();
        for user in users {
            let looked = self.look(lists, user).await?;
            run.last_user.clone_from(&looked.user);
            run.progress.done += 1;
            match self.finding(looked) {
                Some(finding) => findings.push(finding),
                None => run.progress.pending += 1,
            }
        }
        let (now, until) = (self.bridge.clock.now(), self.bridge.clock.after(LEASE));
        let marks = run.progress.marked;
        let write = self.bridge.store.write(move |tx| {
            Box::pin(async move {
                // Whoever lost the lease records nothing.
                if !tx.note_progress(&run, until).await? {
                    return Ok(None);
                }
                for finding in &findings {
                    let mut progress = std::mem::take(&mut run.progress);
                    record(tx, (&run, now), finding, &mut progress).await?;
                    run.progress = progress;
                }
                tx.note_progress(&run, until).await?;
                Ok::<_, StoreError>(Some(run))
            })
        });
        self.lease = write.await?.ok_or(Stopped::Lost)?;
        self.lease_until = until;
        if self.lease.progress.marked > marks {
            self.bridge.work.notify_one();
        }
        Ok(())
    }

    fn finding(&self, looked: Looked) -> Option<Finding> {
        Some(Finding {
            wanted: self.bridge.wish(&self.tenant, &looked.before.person),
            compared: looked.compared?,
            user: looked.user,
            before: looked.before,
        })
    }
}

async fn record(
    tx: &mut Tx,
    (run, now): (&RunLease, i64),
    finding: &Finding,
    progress: &mut Progress,
) -> Result<(), StoreError> {
    let Finding { user, compared, .. } = finding;
    let tenant = &run.tenant;
    if has_moved(tx, tenant, finding).await? {
        progress.pending += 1;
        return Ok(());
    }
    let repairs = run.mode == ReconcileMode::Repair;
    let differences = compared.differences.iter();
    let taught: Vec<_> = differences
        .filter(|difference| repairs || difference.is_lost_revocation())
        .collect();
    let known = &finding.before.person.known;
    let after = lesson(known, taught.iter().copied(), now);
    let is_work = !plan(&finding.wanted, &after).is_empty();
    let marks = is_work
        && (repairs || !taught.is_empty())
        && !tx.belongs_to_another(tenant, user, &after).await?;
    if marks {
        tx.remember(tenant, user, known, &after, now).await?;
        tx.mark(tenant, std::slice::from_ref(user), now).await?;
        tx.audit(&entry(tenant, user, now, &taught)).await?;
        progress.marked += 1;
    }
    if taught.iter().any(|each| each.is_lost_revocation()) {
        warn!(tenant.id = %tenant, user.id = %user, "A user has access in Cloudmore that was taken away, or should be");
        progress.lost_revocations += 1;
    }
    let mut rows: Vec<_> = compared
        .differences
        .iter()
        .map(|difference| {
            let repairing = marks && difference.is_ours() && taught.contains(&difference);
            row(difference, repairing, now)
        })
        .collect();
    rows.extend(compared.unknown.iter().map(|why| DriftRow {
        kind: "unknown".to_owned(),
        place: String::new(),
        detail: json!({ "why": why }),
        repairing: false,
        seen_at: now,
    }));
    tx.note_drift(tenant, user, &rows).await
}

/// Whether something else is known of the user by now, or about to be, than when the user was looked at.
async fn has_moved(tx: &mut Tx, tenant: &TenantId, finding: &Finding) -> Result<bool, StoreError> {
    let now = tx.subject(tenant, &finding.user).await?;
    let before = &finding.before;
    Ok(now.is_busy || now.person.known != before.person.known || now.changed != before.changed)
}

fn entry(tenant: &TenantId, user: &UserId, at: i64, taught: &[&Difference]) -> AuditEntry {
    let differences = taught.iter().map(|difference| {
        let mut told = detail(difference);
        told.insert("kind".to_owned(), difference.kind().into());
        told.insert("place".to_owned(), difference.place().into());
        Value::Object(told)
    });
    AuditEntry {
        at,
        tenant: tenant.clone(),
        actor: "scim-bridge".to_owned(),
        request: None,
        kind: "drift",
        subject: user.to_string(),
        outcome: "to be mended".to_owned(),
        detail: json!({ "differences": differences.collect::<Vec<_>>() }),
    }
}

fn row(difference: &Difference, repairing: bool, seen_at: i64) -> DriftRow {
    DriftRow {
        kind: difference.kind().to_owned(),
        place: difference.place(),
        detail: Value::Object(detail(difference)),
        repairing,
        seen_at,
    }
}

/// What is, and what should be.
fn detail(difference: &Difference) -> Map<String, Value> {
    let (should, is) = match difference {
        Difference::Role { should, is } => (json!(should), json!(is)),
        Difference::Field { should, is, .. } => (json!(should), json!(is)),
        Difference::ExternalUserId { should, is, .. } => (json!(should), json!(is)),
        Difference::AssignmentMissing {
            refused: Some(words),
            ..
        } => {
            let mut told = Map::new();
            told.insert("refused".to_owned(), json!(words));
            return told;
        }
        Difference::AccountBack(survivor) => {
            let mut told = Map::new();
            told.insert("name".to_owned(), json!(survivor.sighting.profile().name));
            return told;
        }
        Difference::AccountMissing
        | Difference::AccountExtra
        | Difference::Unlocked { .. }
        | Difference::LockedOut { .. }
        | Difference::AssignmentMissing { refused: None, .. }
        | Difference::AssignmentExtra { .. }
        | Difference::AssignmentForeign { .. } => return Map::new(),
    };
    Map::from_iter([("should".to_owned(), should), ("is".to_owned(), is)])
}
