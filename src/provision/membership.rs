//! Moving members in and out of groups, as a write of the group says.

use std::collections::BTreeSet;

use tracing::warn;

use super::Context;
use super::read::member;
use crate::domain::model::UserId;
use crate::scim::{Deviations, Dialect, MemberChange, Quirk, ScimError};
use crate::store::{GroupRecord, Tx};

/// What a write did to a group's membership.
#[derive(Debug, Default)]
pub(super) struct Moved {
    pub(super) added: BTreeSet<UserId>,
    pub(super) removed: BTreeSet<UserId>,
    /// Named by the write, but already as it says.
    pub(super) unmoved: Vec<UserId>,
    /// Named by the write as new members, but no users of the tenant.
    pub(super) unknown: Vec<String>,
}

impl Moved {
    /// Whether nobody came or went.
    pub(super) fn is_nothing(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// Whether the change can be taken back: it takes nothing away from anybody.
    pub(super) fn only_adds(&self) -> bool {
        !self.added.is_empty() && self.removed.is_empty()
    }

    fn note_unmoved(&mut self, named: Vec<String>, moved: &[UserId]) {
        let moved: BTreeSet<&str> = moved.iter().map(UserId::as_str).collect();
        let unmoved = named.into_iter().filter(|id| !moved.contains(id.as_str()));
        self.unmoved.extend(unmoved.map(UserId::new));
    }
}

/// Carries out membership changes in their order. `label` names the memberships that they add.
///
/// # Errors
/// 400 `tooMany` for a filter on members that is as much work as no list may be, and what the store says.
pub(super) async fn move_members(
    tx: &mut Tx,
    group: &GroupRecord,
    changes: Vec<MemberChange>,
    label: &str,
    caller: &Context,
) -> Result<Moved, ScimError> {
    let (tenant, id) = (&group.tenant, &group.id);
    let mut moved = Moved::default();
    for change in changes {
        let (remove, add) = match change {
            MemberChange::Add(users) => (Vec::new(), users),
            MemberChange::Remove(users) => (users, Vec::new()),
            MemberChange::RemoveAll => (ids(tx.members(tenant, id).await?), Vec::new()),
            MemberChange::RemoveWhere(filter) => {
                let links = tx.member_links(tenant, id).await?;
                let work = filter.terms().saturating_mul(links.len() as u64);
                if work > caller.tenant.dialect.limits.list_work {
                    return Err(too_much());
                }
                let members = links.into_iter().map(member);
                let matching = members.filter(|member| filter.selects(member, &caller.base));
                (matching.map(|member| member.id).collect(), Vec::new())
            }
            MemberChange::Replace(users) => {
                let kept: BTreeSet<&String> = users.iter().collect();
                let members = ids(tx.members(tenant, id).await?);
                let leaving = members.into_iter().filter(|id| !kept.contains(id));
                (leaving.collect(), users)
            }
        };
        if !remove.is_empty() {
            let removed = tx.remove_members(tenant, id, &remove).await?;
            moved.note_unmoved(remove, &removed);
            moved.removed.extend(removed);
        }
        if !add.is_empty() {
            let added = tx.add_members(tenant, id, &add, label).await?;
            if added.len() < add.len() {
                let known = tx.known_users(tenant, &add).await?;
                let is_known = |id: &String| known.contains(&UserId::new(id));
                let (known, unknown) = add.into_iter().partition(is_known);
                moved.note_unmoved(known, &added);
                moved.unknown.extend::<Vec<String>>(unknown);
            }
            moved.added.extend(added);
        }
    }
    Ok(moved)
}

/// Decides about members that are no users of the tenant: the dialect skips them, or refuses the write. A group among
/// them is a deviation of its own: groups within groups are not kept (`reference/idp-behaviour.md`, section 2.9).
///
/// # Errors
/// 400 `invalidValue` that names the first of those which may not be skipped.
pub(super) async fn skip_strangers(
    tx: &mut Tx,
    group: &GroupRecord,
    moved: &Moved,
    dialect: &Dialect,
    met: &mut Deviations,
) -> Result<(), ScimError> {
    if moved.unknown.is_empty() {
        return Ok(());
    }
    let (tenant, id) = (&group.tenant, &group.id);
    let groups = tx.known_groups(tenant, &moved.unknown).await?;
    for stranger in &moved.unknown {
        let (quirk, error) = if groups.contains(stranger) {
            (Quirk::NestedGroup, nested(stranger))
        } else {
            (Quirk::UnknownMember, unknown(stranger))
        };
        if !dialect.accepts(quirk) {
            return Err(error);
        }
        met.note(quirk);
    }
    warn!(
        tenant.id = %tenant, group.id = %id, skipped = moved.unknown.len(), groups = groups.len(),
        "A group change names members that are no users of this tenant; they are skipped"
    );
    Ok(())
}

fn too_much() -> ScimError {
    ScimError::too_many(
        "The filter in the path would have to look at too many members for one request. Name the members by value eq, or \
         use fewer terms.",
    )
}

fn nested(id: &str) -> ScimError {
    ScimError::invalid_value(format!(
        "members: \"{id}\" is a group, and a group cannot be a member of a group. Name the users in it."
    ))
}

fn unknown(id: &str) -> ScimError {
    ScimError::invalid_value(format!(
        "members: there is no user with the id \"{id}\". Create the users first."
    ))
}

fn ids(users: Vec<UserId>) -> Vec<String> {
    users.into_iter().map(|user| user.to_string()).collect()
}
