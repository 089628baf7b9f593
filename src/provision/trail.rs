//! What a step leaves in the audit trail.

use serde_json::json;

use super::adopt::Trouble;
use crate::domain::effect::Effect;
use crate::domain::entitlement::Wanted;
use crate::domain::explain;
use crate::domain::plan::Step;
use crate::domain::policy::Policy;
use crate::store::{AuditEntry, Lease};

/// In whose name, when and for which request steps are taken.
pub(super) struct Trail<'r> {
    pub(super) at: i64,
    pub(super) lease: &'r Lease,
    pub(super) request: &'r str,
    pub(super) policy: &'r Policy,
}

impl Trail<'_> {
    /// The entry for a step, with its reason and how it went.
    pub(super) fn entry(
        &self,
        wanted: &Wanted,
        step: &Step,
        performed: &Result<Effect, Trouble>,
    ) -> AuditEntry {
        AuditEntry {
            at: self.at,
            tenant: self.lease.tenant.clone(),
            actor: "scim-bridge".to_owned(),
            request: Some(self.request.to_owned()),
            kind: "step",
            subject: self.lease.user.to_string(),
            outcome: outcome(performed),
            detail: json!({
                "step": step,
                "why": explain::why(step, wanted, self.policy),
            }),
        }
    }
}

fn outcome(performed: &Result<Effect, Trouble>) -> String {
    match performed {
        Ok(Effect::SeatRefused(words)) => format!("refused: {words}"),
        Ok(Effect::Seat(_)) => "found".to_owned(),
        Ok(Effect::NoAccount | Effect::NoSeat) => "not there".to_owned(),
        Ok(Effect::Unlisted) => "done, and not listed yet".to_owned(),
        Ok(Effect::Linked(_)) => "linked to the account that was there".to_owned(),
        Ok(Effect::Done | Effect::Made(_)) => "done".to_owned(),
        Err(Trouble::Held(waiting)) => format!("held: {}", waiting.words),
        Err(trouble) => format!("failed: {trouble}"),
    }
}
