//! One user's plan as the guard sees it: what it takes, and what is left of it if that waits.

use super::{Guard, Reason, Shield, Taken, Takes};
use crate::domain::entitlement::Wanted;
use crate::domain::model::{Account, Known, RoleId};
use crate::domain::plan::{Step, plan};

/// A wish, what is known, and what is protected of it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'c> {
    /// What the user should have.
    pub wanted: &'c Wanted,
    /// What is known of the account.
    pub known: &'c Known,
    /// What the user has that is protected, as remembered.
    pub shield: &'c Shield,
    /// The rules of the tenant.
    pub guard: &'c Guard,
    /// Whether the account's role lets its bearer change everything at the broker.
    pub is_privileged: bool,
}

impl Case<'_> {
    /// What the plan takes.
    pub fn takes(&self) -> Takes {
        let steps = plan(self.wanted, self.known);
        steps.iter().filter_map(|step| self.taken(step)).collect()
    }

    /// What a step takes, if it takes anything.
    pub fn taken(&self, step: &Step) -> Option<Taken> {
        match step {
            Step::Unassign { at } => Some(Taken::Assignment(at.clone())),
            Step::RemoveAccount { .. } => Some(Taken::Account),
            // Whoever is kept out already loses nothing by being kept out in another way.
            Step::LockAccount { .. } => (!self.is_kept_out()).then_some(Taken::Account),
            Step::UpdateAccount { role, .. } => self.loses_by(*role).then_some(Taken::Role),
            Step::FindAccount { .. }
            | Step::FindSeat { .. }
            | Step::ForgetSeat { .. }
            | Step::CreateAccount { .. }
            | Step::Assign { .. }
            | Step::SetExternalUserId { .. } => None,
        }
    }

    /// The steps that are taken while `held` waits.
    pub fn plan_without(&self, held: &Takes) -> Vec<Step> {
        let spared = match (self.wanted, self.role()) {
            (Wanted::Account(wanted), Some(role)) if held.contains(&Taken::Role) => {
                let mut wanted = wanted.clone();
                wanted.role = role;
                Wanted::Account(wanted)
            }
            (wanted, _) => wanted.clone(),
        };
        let mut steps = plan(&spared, self.known);
        steps.retain(|step| self.taken(step).is_none_or(|taken| !held.contains(&taken)));
        steps
    }

    /// Why a person has to be asked before this is taken, however few have lost something.
    pub fn protected(&self, takes: &Takes) -> Option<Reason> {
        let bears = |role| self.guard.protected_roles.contains(&role);
        if self.shield.protects_user(self.guard) {
            Some(Reason::User)
        } else if self.role().is_some_and(bears) {
            Some(Reason::Role)
        } else if self.shield.protects_any(takes, self.role(), self.guard) {
            Some(Reason::Group)
        } else {
            None
        }
    }

    fn account(&self) -> Option<&Account> {
        match self.known {
            Known::Account(account) => Some(account),
            Known::Nothing | Known::Uncertain { .. } => None,
        }
    }

    fn role(&self) -> Option<RoleId> {
        self.account().and_then(|account| account.role)
    }

    fn is_kept_out(&self) -> bool {
        let locked = self.account().and_then(|account| account.locked.as_ref());
        locked.is_some_and(|locked| locked.seen)
    }

    /// Whether the account has a role that matters and loses it for this one. To be given back the role is no loss of
    /// that which a locked account has.
    fn loses_by(&self, role: RoleId) -> bool {
        let is_other = self.role().is_some_and(|now| now != role);
        let matters = |now| self.guard.protected_roles.contains(&now);
        is_other
            && !self.is_kept_out()
            && (self.is_privileged
                || self.role() == self.shield.role
                || self.role().is_some_and(matters))
    }
}
