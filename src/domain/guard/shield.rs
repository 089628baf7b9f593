//! What a user has that is protected. It is remembered, because whoever lost a group, or is deleted, does not show it any
//! more.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Guard, Taken, Takes};
use crate::domain::entitlement::{DirectoryUser, Wanted};
use crate::domain::mapping::GroupSelector;
use crate::domain::model::{Known, RoleId, SubscriptionRef};
use crate::domain::policy::Policy;
use crate::scim::fold;

/// What is protected of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shield {
    /// The protected userName that the user bears, or bore before being renamed or deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The role that came by a protected group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<RoleId>,
    /// Assignments that came by protected groups.
    pub seats: BTreeSet<SubscriptionRef>,
}

impl Shield {
    /// What is protected of a user now. What came by a protected group stays so until it was taken.
    #[must_use]
    pub fn renewed(
        &self,
        user: Option<&DirectoryUser>,
        (wanted, known): (&Wanted, &Known),
        takes: &Takes,
        policy: &Policy,
    ) -> Self {
        if user.is_none() && *known == Known::Nothing {
            return Self::default();
        }
        let guard = &policy.guard;
        let name = user.map(|user| fold(user.document.user_name()));
        let listed = |name: &String| guard.protected_users.contains(name);
        let mut shield = Self {
            user: name.filter(listed).or(self.user.clone().filter(listed)),
            ..Self::default()
        };
        if guard.protected_groups.is_empty() {
            return shield;
        }
        let is_taken = |at: &&SubscriptionRef| takes.contains(&Taken::Assignment((*at).clone()));
        shield.seats = self.seats.iter().filter(is_taken).cloned().collect();
        if takes.contains(&Taken::Account) || takes.contains(&Taken::Role) {
            shield.role = self.role;
        }
        if let Wanted::Account(wanted) = wanted {
            let is_protected = |position: &usize| {
                let mapping = policy.mappings.get(*position);
                let group = mapping.and_then(|mapping| mapping.group());
                group.is_some_and(|group| names(guard, group))
            };
            let is_given = wanted.role_from.as_ref().is_some_and(is_protected);
            shield.role = shield.role.or(is_given.then_some(wanted.role));
            let granted = wanted.seats.iter();
            let granted = granted.filter(|(_, seat)| seat.from.iter().any(is_protected));
            shield.seats.extend(granted.map(|(at, _)| at.clone()));
        }
        shield
    }

    pub(super) fn protects_user(&self, guard: &Guard) -> bool {
        let user = self.user.as_ref();
        user.is_some_and(|user| guard.protected_users.contains(user))
    }

    /// Whether something is protected of what would be taken from an account with this role.
    pub(super) fn protects_any(&self, takes: &Takes, role: Option<RoleId>, guard: &Guard) -> bool {
        let is_protected = |taken: &Taken| match taken {
            Taken::Account | Taken::Role => role.is_some() && role == self.role,
            Taken::Assignment(at) => self.seats.contains(at),
        };
        !guard.protected_groups.is_empty() && takes.iter().any(is_protected)
    }
}

fn names(guard: &Guard, group: &GroupSelector) -> bool {
    let mut protected = guard.protected_groups.iter();
    protected.any(|selector| selector.key() == group.key())
}
