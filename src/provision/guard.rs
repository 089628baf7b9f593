//! The guard at work: what it sees of a plan, what it says, and what it will say.

use std::collections::HashSet;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::tenant::Tenant;
use super::{Bridge, ReportError, clock};
use crate::domain::entitlement::{DirectoryUser, Wanted};
use crate::domain::guard::{
    Case, Guard, Reason, Removal, Shield, Stage, Takes, Tally, Verdict, decide,
};
use crate::domain::model::{Known, UserId};
use crate::store::Person;

impl Bridge {
    /// A plan as the guard sees it.
    pub(super) fn case<'c>(
        &self,
        tenant: &'c Tenant,
        wanted: &'c Wanted,
        known: &'c Known,
        shield: &'c Shield,
    ) -> Case<'c> {
        let role = match known {
            Known::Account(account) => account.role,
            Known::Nothing | Known::Uncertain { .. } => None,
        };
        let is_broker = !tenant.target.has_subscriptions();
        Case {
            wanted,
            known,
            shield,
            guard: &tenant.policy.guard,
            is_privileged: is_broker && role.is_some_and(|role| self.is_privileged(tenant, role)),
        }
    }

    /// When the guard's window begins that ends now.
    pub(super) fn window_begins(&self, tenant: &Tenant) -> i64 {
        let window = clock::micros(tenant.policy.guard.window);
        self.clock.now().saturating_sub(window)
    }

    /// What the guard will make of the plans of a tenant.
    pub(super) async fn foresight(&self, tenant: &Tenant) -> Result<Foresight, ReportError> {
        let since = self.window_begins(tenant);
        let counted = self.store.counted(&tenant.id, since).await?;
        Ok(Foresight {
            tally: counted.tally,
            counted: counted.users,
        })
    }
}

/// Why a removal waits, for people.
pub(super) fn words(reason: Reason, is_rejected: bool, guard: &Guard) -> String {
    if is_rejected {
        return "The removal was rejected: the user keeps what would be taken until the directory changes \
                something about the user."
            .to_owned();
    }
    format!(
        "The guard holds the removal until somebody releases or rejects it: {}.",
        reason.words(guard)
    )
}

/// Stands for what the directory says of a user.
pub(super) fn fingerprint(user: Option<&DirectoryUser>) -> String {
    let said = user.map(|user| json!([user.document, user.groups]));
    let digest = Sha256::digest(json!(said).to_string());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the guard lets through while plans are looked at one after the other, as when they are done.
pub(super) struct Foresight {
    tally: Tally,
    counted: HashSet<UserId>,
}

impl Foresight {
    /// What of a user's plan will be held, and why.
    pub(super) fn held(
        &mut self,
        case: &Case<'_>,
        id: &UserId,
        person: &Person,
    ) -> Option<(Takes, String)> {
        let takes = case.takes();
        if takes.is_empty() {
            return None;
        }
        let removal = Removal {
            takes: &takes,
            protected: case.protected(&takes),
            wish: &fingerprint(person.user.as_ref()),
            counted: self.counted.contains(id),
        };
        let verdict = decide(removal, &person.guard, case.guard, self.tally);
        let hold = person.guard.held.as_ref();
        let told = match verdict {
            Verdict::Continues | Verdict::CountedAlready | Verdict::Released => return None,
            Verdict::Counted => {
                self.tally.counted += 1;
                self.counted.insert(id.clone());
                return None;
            }
            Verdict::Held(reason) => words(reason, false, case.guard),
            Verdict::Waits => {
                let is_rejected = hold.is_some_and(|hold| hold.stage == Stage::Rejected);
                let reason = hold.map_or(Reason::Count, |hold| hold.reason);
                words(reason, is_rejected, case.guard)
            }
        };
        let held = takes.into_iter();
        let held = held.filter(|taken| !person.guard.taking.contains(taken));
        Some((held.collect(), told))
    }
}
