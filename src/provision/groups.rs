//! SCIM writes of groups and their membership.

use std::sync::Arc;

use serde_json::{Value, json};
use tracing::{info, warn};
use uuid::Uuid;

use super::mappings::{bears, bind_new_group};
use super::membership::{Moved, move_members, skip_strangers};
use super::settle::{Change, Undo};
use super::tenant::Tenant;
use super::{Bridge, Context};
use crate::domain::model::{GroupId, UserId};
use crate::scim::{
    Deviations, Dialect, Document, MemberChange, PatchRequest, Precondition, ResourceKind,
    ScimError, fold,
};
use crate::store::{AuditEntry, GroupRecord, StoreError, Tx};

type GroupEdit = Result<(Document, Vec<MemberChange>), ScimError>;

impl Bridge {
    /// POST: adds a group with its members.
    ///
    /// # Errors
    /// 400 for a bad body or an unknown member, 409 when the displayName is taken.
    pub async fn create_group(
        self: &Arc<Self>,
        context: &Context,
        body: &Value,
    ) -> Result<GroupRecord, ScimError> {
        let (document, members) = self.read(context, |reading| {
            Document::group_from_create(body, reading)
        })?;
        let (now, due_at) = (self.clock.now(), self.settled_by(context));
        let group = GroupRecord {
            tenant: context.tenant.id.clone(),
            id: GroupId::new(Uuid::now_v7().to_string()),
            document,
            version: 1,
            created: now,
            modified: now,
        };
        let (caller, made) = (context.clone(), group.clone());
        let change = self.store.write_by(context.patience.last(), move |tx| {
            Box::pin(async move {
                name_is_free(tx, &made, &caller.precondition).await?;
                tx.insert_group(&made).await?;
                bind_new_group(tx, &caller.tenant, &made).await?;
                let changes = vec![MemberChange::Add(members)];
                let moved = move_members(tx, &made, changes, made.id.as_str(), &caller).await?;
                // No client sends members with a new group, so strangers are a mistake in any dialect.
                let strict = Dialect::strict();
                skip_strangers(tx, &made, &moved, &strict, &mut Deviations::default()).await?;
                tx.audit(&entry(&caller, now, "group.create", &made, &moved))
                    .await?;
                let undo = Some(Undo::Disband(made.clone()));
                concerned(tx, &made, "group.create", moved, undo, due_at).await
            })
        });
        self.settle(context, change.await?).await?;
        Ok(group)
    }

    /// PUT: replaces a group's document and, if the body names members, its membership. Ids that
    /// the tenant does not know are skipped.
    ///
    /// # Errors
    /// 400 for a bad body, 404 for an unknown id, 409 for a taken displayName, and what settling
    /// says.
    pub async fn replace_group(
        self: &Arc<Self>,
        context: &Context,
        id: &str,
        body: &Value,
    ) -> Result<GroupRecord, ScimError> {
        let (document, members) = self.read(context, |reading| {
            Document::group_from_replace(body, reading)
        })?;
        let changes = members.map(MemberChange::Replace).into_iter().collect();
        let edit = move |_: &Document, _: &mut Deviations| Ok((document, changes));
        self.edit_group(context, id, "group.replace", edit).await
    }

    /// PATCH: applies the operations, all or none. Costs by the size of the change, not of the
    /// group. Ids that the tenant does not know are skipped, because Okta gives up the whole delta
    /// on an error (`reference/idp-behaviour.md`, section 8).
    ///
    /// # Errors
    /// 400 for a bad body, 404 for an unknown id, 409 for a taken displayName, and what settling
    /// says.
    pub async fn patch_group(
        self: &Arc<Self>,
        context: &Context,
        id: &str,
        body: &Value,
    ) -> Result<GroupRecord, ScimError> {
        let patch = self.read(context, |reading| {
            PatchRequest::parse(body, ResourceKind::Group, reading)
        })?;
        let edit =
            move |current: &Document, met: &mut Deviations| patch.apply_to_group(current, met);
        self.edit_group(context, id, "group.patch", edit).await
    }

    /// DELETE: forgets a group. Its members stay and lose what it gave them.
    ///
    /// # Errors
    /// 404 for an unknown id, and what settling says.
    pub async fn delete_group(
        self: &Arc<Self>,
        context: &Context,
        id: &str,
    ) -> Result<(), ScimError> {
        let (now, due_at) = (self.clock.now(), self.settled_by(context));
        let (caller, id) = (context.clone(), id.to_owned());
        let change = self.store.write_by(context.patience.last(), move |tx| {
            Box::pin(async move {
                let tenant = &caller.tenant.id;
                let Some(group) = tx.group(tenant, &id).await? else {
                    return Err(unknown(&id));
                };
                caller.allows_change(group.version)?;
                let moved = Moved {
                    removed: tx.members(tenant, &group.id).await?.into_iter().collect(),
                    ..Moved::default()
                };
                tx.audit(&entry(&caller, now, "group.delete", &group, &moved))
                    .await?;
                let change = concerned(tx, &group, "group.delete", moved, None, due_at).await?;
                tx.delete_group(tenant, &group.id).await?;
                Ok(change)
            })
        });
        self.settle(context, change.await?).await
    }

    async fn edit_group<E>(
        self: &Arc<Self>,
        context: &Context,
        id: &str,
        kind: &'static str,
        edit: E,
    ) -> Result<GroupRecord, ScimError>
    where
        E: FnOnce(&Document, &mut Deviations) -> GroupEdit + Send + 'static,
    {
        let (now, due_at) = (self.clock.now(), self.settled_by(context));
        let (caller, id) = (context.clone(), id.to_owned());
        let write = self.store.write_by(context.patience.last(), move |tx| {
            Box::pin(async move {
                let tenant = &caller.tenant;
                let Some(before) = tx.group(&tenant.id, &id).await? else {
                    return Err(unknown(&id));
                };
                caller.allows_change(before.version)?;
                let mut met = Deviations::default();
                let (document, changes) = edit(&before.document, &mut met)?;
                let mut after = GroupRecord {
                    document,
                    ..before.clone()
                };
                name_is_free(tx, &after, &caller.precondition).await?;
                let label = Uuid::now_v7().to_string();
                let moved = move_members(tx, &after, changes, &label, &caller).await?;
                skip_strangers(tx, &after, &moved, &tenant.dialect, &mut met).await?;
                let same_document = after.document == before.document;
                if !same_document || !moved.is_nothing() {
                    after.version += 1;
                    after.modified = now;
                    tx.update_group(&after).await?;
                    report_rename(tx, tenant, &before, &after).await?;
                    tx.audit(&entry(&caller, now, kind, &after, &moved)).await?;
                }
                let undo = (same_document && moved.only_adds()).then(|| Undo::Leave {
                    group: after.id.clone(),
                    change: label,
                });
                let change = concerned(tx, &after, kind, moved, undo, due_at).await?;
                Ok((after, change, met))
            })
        });
        let (group, change, met) = write.await?;
        self.met(context, &met);
        self.settle(context, change).await?;
        Ok(group)
    }
}

/// The change as it settles. Only the members of a group that a mapping is bound to need a look;
/// those whom the change names without moving them need one if they are still on their way, for
/// then the IdP tries again what could not be done before.
async fn concerned(
    tx: &mut Tx,
    group: &GroupRecord,
    kind: &'static str,
    moved: Moved,
    undo: Option<Undo>,
    due_at: i64,
) -> Result<Change, ScimError> {
    let mut users: Vec<UserId> = Vec::new();
    if tx.is_bound(&group.tenant, &group.id).await? {
        // Those who lose something come first, so that seats are free before they are taken.
        users.extend(moved.removed.iter().cloned());
        tx.mark_urgent(&group.tenant, &users, due_at).await?;
        let mut others: Vec<UserId> = moved.added.difference(&moved.removed).cloned().collect();
        others.extend(tx.dirty_among(&group.tenant, &moved.unmoved).await?);
        tx.mark(&group.tenant, &others, due_at).await?;
        users.append(&mut others);
    }
    Ok(Change {
        users,
        undo,
        kind,
        subject: group.id.to_string(),
    })
}

/// A rename changes nobody's entitlements; that the names now mislead is reported.
async fn report_rename(
    tx: &mut Tx,
    tenant: &Tenant,
    before: &GroupRecord,
    after: &GroupRecord,
) -> Result<(), StoreError> {
    if before.document.display_name() == after.document.display_name() {
        return Ok(());
    }
    let name = after.document.display_name().unwrap_or_default();
    if tx.is_bound(&tenant.id, &after.id).await? {
        info!(
            tenant.id = %tenant.id, group.id = %after.id,
            "A mapped group was renamed to \"{name}\"; its mappings stay with it"
        );
    }
    let bindings = tx.bindings(&tenant.id).await?;
    if tenant
        .policy
        .selectors()
        .any(|selector| bears(after, selector) && bindings.group(selector) != Some(&after.id))
    {
        warn!(
            tenant.id = %tenant.id, group.id = %after.id,
            "A group was renamed to \"{name}\", which a mapping names; it does not get the mapping"
        );
    }
    Ok(())
}

async fn name_is_free(
    tx: &mut Tx,
    group: &GroupRecord,
    precondition: &Precondition,
) -> Result<(), ScimError> {
    let name = group.document.display_name().unwrap_or_default();
    match tx.group_by_name(&group.tenant, &fold(name)).await? {
        Some(holder) if holder.id != group.id => {
            precondition.allows_existing()?;
            Err(ScimError::uniqueness(format!(
                "There is already a group with the displayName \"{name}\". Find it with a filter \
                 and update it."
            )))
        }
        Some(_) | None => Ok(()),
    }
}

fn entry(
    caller: &Context,
    at: i64,
    kind: &'static str,
    group: &GroupRecord,
    moved: &Moved,
) -> AuditEntry {
    AuditEntry {
        detail: json!({
            "displayName": group.document.display_name(),
            "added": moved.added,
            "removed": moved.removed,
            "skipped": moved.unknown,
        }),
        ..caller.audit(at, kind, group.id.as_str(), "stored")
    }
}

fn unknown(id: &str) -> ScimError {
    ScimError::not_found(format!("There is no group with the id \"{id}\"."))
}
