//! Removals that the guard holds: who waits, what a person decides, and what will be held.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::json;

use super::tenant::Tenant;
use super::{Bridge, Context, ReportError};
use crate::domain::guard::{Reason, Stage, Taken, Takes};
use crate::domain::model::{TenantId, UserId};
use crate::scim::{fold, format_instant};
use crate::store::{Decided, HeldRemoval, StoreError, Whose};

/// A removal that waits.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WaitingRemoval {
    /// The SCIM id.
    pub user: UserId,
    /// The userName, or the login name of the account if the directory does not know the user any more.
    pub user_name: String,
    /// Since when.
    pub since: String,
    /// What would be taken.
    pub takes: Takes,
    /// Why it waits.
    pub reason: Reason,
    /// Whether somebody has decided.
    pub stage: Stage,
    /// Who did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
}

impl From<HeldRemoval> for WaitingRemoval {
    fn from(held: HeldRemoval) -> Self {
        Self {
            user: held.user,
            user_name: held.user_name,
            since: format_instant(held.since),
            takes: held.hold.takes,
            reason: held.hold.reason,
            stage: held.hold.stage,
            decided_by: held.decided_by,
        }
    }
}

/// How much the guard has let through.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GuardState {
    /// The time within which users are counted, in seconds.
    pub window_seconds: u64,
    /// How many users may lose something within it.
    pub allowed: u64,
    /// How many have, but for those whom somebody released.
    pub counted: u64,
    /// Accounts that were taken within it, released ones among them.
    pub accounts: usize,
    /// Assignments that were.
    pub assignments: usize,
    /// Roles that were.
    pub roles: usize,
}

/// Which removals somebody decides about.
#[derive(Clone, Debug)]
pub enum Chosen {
    /// As many as this, the longest waiting first.
    Count(u32),
    /// Those of these users, by SCIM id or userName.
    Users(Vec<String>),
}

impl Bridge {
    /// The removals of a tenant that wait, the longest waiting first, and those that were rejected.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn held_removals(
        &self,
        tenant: &TenantId,
    ) -> Result<Vec<WaitingRemoval>, ReportError> {
        let held = self.store.held_removals(tenant).await?;
        Ok(held.into_iter().map(WaitingRemoval::from).collect())
    }

    /// How much the guard of a tenant has let through.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn guard_state(&self, tenant: &Tenant) -> Result<GuardState, ReportError> {
        let guard = &tenant.policy.guard;
        let counted = self
            .store
            .counted(&tenant.id, self.window_begins(tenant))
            .await?;
        let number = |is_it: fn(&Taken) -> bool| {
            let all = counted.taken.iter().flatten();
            all.filter(|taken| is_it(taken)).count()
        };
        Ok(GuardState {
            window_seconds: guard.window.as_secs(),
            allowed: guard.allowed(counted.tally.accounts),
            counted: counted.tally.counted,
            accounts: number(|taken| *taken == Taken::Account),
            assignments: number(|taken| matches!(taken, Taken::Assignment(_))),
            roles: number(|taken| *taken == Taken::Role),
        })
    }

    /// Records that somebody wants removals that wait, or does not want them, and makes their users due. Returns the
    /// removals that were decided about; the `Err` has those of `chosen` who have none that waits, and then nothing was
    /// decided.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn decide_removals(
        &self,
        context: &Context,
        chosen: Chosen,
        stage: Stage,
    ) -> Result<Result<Vec<WaitingRemoval>, Vec<String>>, ReportError> {
        let tenant = context.tenant.id.clone();
        let whose = match chosen {
            Chosen::Count(number) => Whose::Longest(number),
            Chosen::Users(names) => match found(&self.store.held_removals(&tenant).await?, names) {
                Ok(users) => Whose::Users(users),
                Err(unknown) => return Ok(Err(unknown)),
            },
        };
        let now = self.clock.now();
        let (kind, outcome) = match stage {
            Stage::Rejected => ("held.reject", "rejected"),
            Stage::Released | Stage::Waiting => ("held.release", "released"),
        };
        let entry = context.audit(now, kind, "", outcome);
        let id = tenant.clone();
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                let decided = Decided {
                    stage,
                    by: entry.actor.clone(),
                };
                let users = tx.decide_removals(&tenant, &whose, &decided).await?;
                tx.mark(&tenant, &users, now).await?;
                for user in &users {
                    let mut entry = entry.clone();
                    entry.subject = user.to_string();
                    entry.detail = json!({ "byCount": matches!(whose, Whose::Longest(_)) });
                    tx.audit(&entry).await?;
                }
                Ok::<_, StoreError>(users)
            })
        });
        let users: HashSet<UserId> = write.await?.into_iter().collect();
        self.work.notify_one();
        let mut decided = self.held_removals(&id).await?;
        decided.retain(|removal| users.contains(&removal.user));
        Ok(Ok(decided))
    }
}

/// The users of these names, or the names that nobody has.
fn found(held: &[HeldRemoval], names: Vec<String>) -> Result<Vec<UserId>, Vec<String>> {
    let (mut users, mut unknown) = (Vec::new(), Vec::new());
    for name in names {
        let is_it = |held: &&HeldRemoval| {
            held.user.as_str() == name || fold(&held.user_name) == fold(&name)
        };
        match held.iter().find(is_it) {
            Some(held) => users.push(held.user.clone()),
            None => unknown.push(name),
        }
    }
    if unknown.is_empty() {
        Ok(users)
    } else {
        Err(unknown)
    }
}
