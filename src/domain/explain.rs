//! Why a step is taken: the origin of a role or an assignment, in words.

use super::entitlement::{NoAccount, Wanted, WantedAccount};
use super::plan::Step;
use super::policy::Policy;

/// Says why `step` leads to `wanted` under the policy that it was planned by.
pub fn why(step: &Step, wanted: &Wanted, policy: &Policy) -> String {
    match (wanted, step) {
        (Wanted::Nothing(reason) | Wanted::Locked { why: reason, .. }, _) => {
            no_account(*reason).to_owned()
        }
        (Wanted::Account(wanted), Step::Assign { at, .. } | Step::SetExternalUserId { at, .. }) => {
            let from = wanted.seats.get(at).map_or(&[][..], |seat| &seat.from);
            let reasons: Vec<_> = from.iter().filter_map(|at| whom(*at, policy)).collect();
            reasons.join(" and ")
        }
        (Wanted::Account(_), Step::Unassign { .. } | Step::ForgetSeat { .. }) => {
            "no group or role of the user grants it any more".to_owned()
        }
        (Wanted::Account(wanted), Step::CreateAccount { .. } | Step::UpdateAccount { .. }) => {
            role(wanted, policy)
        }
        (Wanted::Account(_), Step::FindAccount { .. }) => {
            "an earlier call was not answered".to_owned()
        }
        (Wanted::Account(_), Step::FindSeat { .. }) => {
            "it is not known whether the assignment is there".to_owned()
        }
        (Wanted::Account(_), Step::LockAccount { .. } | Step::RemoveAccount { .. }) => {
            String::new()
        }
    }
}

/// Says why a user should have no account.
pub fn no_account(reason: NoAccount) -> &'static str {
    match reason {
        NoAccount::Deleted => "the directory deleted the user",
        NoAccount::Inactive => "the directory deactivated the user",
        NoAccount::NoRole => "no mapping gives the user a role, and there is no default_role",
    }
}

fn role(wanted: &WantedAccount, policy: &Policy) -> String {
    let source = wanted.role_from.and_then(|at| whom(at, policy));
    match source {
        Some(whom) => format!("role {} as {whom}", wanted.role),
        None => format!("role {} by default_role", wanted.role),
    }
}

fn whom(position: usize, policy: &Policy) -> Option<String> {
    let mapping = policy.mappings.get(position)?;
    Some(mapping.whom.to_string())
}
