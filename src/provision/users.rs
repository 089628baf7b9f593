//! SCIM writes of users.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use super::settle::{Change, Undo};
use super::{Bridge, Context, clock};
use crate::domain::model::{TenantId, UserId};
use crate::scim::{Deviations, Document, PatchRequest, Quirk, ResourceKind, ScimError, fold};
use crate::store::{StoreError, Tx, UserKey, UserRecord};

impl Bridge {
    /// POST: adds a user, or takes up again an inactive one of the same userName and externalId,
    /// which Okta creates anew instead of reactivating (`reference/idp-behaviour.md`, section 8).
    ///
    /// # Errors
    /// 400 for a bad body, 409 when the userName is taken here or in Cloudmore, and what
    /// settling says.
    pub async fn create_user(
        self: &Arc<Self>,
        context: &Context,
        body: &Value,
    ) -> Result<Arc<UserRecord>, ScimError> {
        let document = self.read(context, |reading| Document::user_from_create(body, reading))?;
        let now = self.clock.now();
        let due_at = self.settled_by(context);
        let made = UserRecord {
            tenant: context.tenant.id.clone(),
            id: UserId::new(Uuid::now_v7().to_string()),
            document,
            version: 1,
            created: now,
            modified: now,
            account: None,
        };
        let caller = context.clone();
        let change = self.store.write_by(context.patience.last(), move |tx| {
            Box::pin(async move {
                let mut met = Deviations::default();
                let (user, undo) = insert_or_reactivate(tx, made, &caller, &mut met).await?;
                let subject = user.id.to_string();
                tx.mark(&user.tenant, std::slice::from_ref(&user.id), due_at)
                    .await?;
                tx.audit(&caller.audit(now, "user.create", &subject, "stored"))
                    .await?;
                let change = Change {
                    users: vec![user.id],
                    undo: Some(undo),
                    kind: "user.create",
                    subject,
                };
                Ok::<_, ScimError>((change, met))
            })
        });
        self.settle_user(context, change.await?).await
    }

    /// PUT: replaces a user's document.
    ///
    /// # Errors
    /// 400 for a bad body, 404 for an unknown id, 409 for a taken userName, and what settling says.
    pub async fn replace_user(
        self: &Arc<Self>,
        context: &Context,
        id: &str,
        body: &Value,
    ) -> Result<Arc<UserRecord>, ScimError> {
        let replacement = self.read(context, |reading| {
            Document::user_from_replace(body, reading)
        })?;
        let edit = move |current: &Document, _: &mut Deviations| Ok(replacement.of(current));
        self.edit_user(context, id, "user.replace", edit).await
    }

    /// PATCH: applies the operations to a user's document, all or none.
    ///
    /// # Errors
    /// 400 for a bad body, 404 for an unknown id, 409 for a taken userName, and what settling says.
    pub async fn patch_user(
        self: &Arc<Self>,
        context: &Context,
        id: &str,
        body: &Value,
    ) -> Result<Arc<UserRecord>, ScimError> {
        let patch = self.read(context, |reading| {
            PatchRequest::parse(body, ResourceKind::User, reading)
        })?;
        let edit =
            move |current: &Document, met: &mut Deviations| patch.apply_to_user(current, met);
        self.edit_user(context, id, "user.patch", edit).await
    }

    /// DELETE: forgets a user; the account goes with it.
    ///
    /// # Errors
    /// 404 for an unknown id, and what settling says. While the account of a user who was deleted
    /// before is still there, deleting again tries again.
    pub async fn delete_user(
        self: &Arc<Self>,
        context: &Context,
        id: &str,
    ) -> Result<(), ScimError> {
        let (now, due_at) = (self.clock.now(), self.settled_by(context));
        let (caller, id) = (context.clone(), UserId::new(id));
        let change = self.store.write_by(context.patience.last(), move |tx| {
            Box::pin(async move {
                let tenant = &caller.tenant.id;
                match tx.user(&by_id(tenant, id.as_str())).await? {
                    Some(user) => {
                        caller.allows_change(user.version)?;
                        tx.touch_groups_of(tenant, &id, now).await?;
                        tx.delete_user(&user).await?;
                    }
                    None if tx.has_account(tenant, &id).await? => {}
                    None => return Err(unknown(id.as_str())),
                }
                tx.mark_urgent(tenant, std::slice::from_ref(&id), due_at)
                    .await?;
                let entry = caller.audit(now, "user.delete", id.as_str(), "stored");
                tx.audit(&entry).await?;
                Ok::<_, ScimError>(Change {
                    subject: id.to_string(),
                    users: vec![id],
                    undo: None,
                    kind: "user.delete",
                })
            })
        });
        self.settle(context, change.await?).await
    }

    async fn edit_user<E>(
        self: &Arc<Self>,
        context: &Context,
        id: &str,
        kind: &'static str,
        edit: E,
    ) -> Result<Arc<UserRecord>, ScimError>
    where
        E: FnOnce(&Document, &mut Deviations) -> Result<Document, ScimError> + Send + 'static,
    {
        let (now, due_at) = (self.clock.now(), self.settled_by(context));
        let (caller, id) = (context.clone(), id.to_owned());
        let change = self.store.write_by(context.patience.last(), move |tx| {
            Box::pin(async move {
                let tenant = &caller.tenant.id;
                let Some(before) = tx.user(&by_id(tenant, &id)).await? else {
                    return Err(unknown(&id));
                };
                caller.allows_change(before.version)?;
                let mut change = Change {
                    users: vec![before.id.clone()],
                    undo: None,
                    kind,
                    subject: id,
                };
                let mut met = Deviations::default();
                let document = edit(&before.document, &mut met)?;
                if document == before.document {
                    // Nothing to store. If the account is still on its way, try again now.
                    change.users = tx.dirty_among(tenant, &change.users).await?;
                    tx.mark(tenant, &change.users, due_at).await?;
                    return Ok::<_, ScimError>((change, met));
                }
                let after = UserRecord {
                    document,
                    version: before.version + 1,
                    modified: now,
                    ..before.clone()
                };
                name_is_free(tx, &after).await?;
                tx.update_user(&before, &after).await?;
                let takes_access_away = before.document.active() && !after.document.active();
                if takes_access_away {
                    tx.mark_urgent(tenant, &change.users, due_at).await?;
                } else {
                    tx.mark(tenant, &change.users, due_at).await?;
                }
                let entry = caller.audit(now, kind, &change.subject, "stored");
                tx.audit(&entry).await?;
                change.undo = (!takes_access_away).then(|| Undo::Restore {
                    before: Box::new(before),
                    after: Box::new(after),
                });
                Ok((change, met))
            })
        });
        self.settle_user(context, change.await?).await
    }

    async fn settle_user(
        self: &Arc<Self>,
        context: &Context,
        (change, met): (Change, Deviations),
    ) -> Result<Arc<UserRecord>, ScimError> {
        self.met(context, &met);
        let id = change.subject.clone();
        self.settle(context, change).await?;
        let user = self.store.user(by_id(&context.tenant.id, &id)).await?;
        user.ok_or_else(|| unknown(&id))
    }

    /// When the worker takes up a change that no settle ended: the process may die meanwhile.
    pub(super) fn settled_by(&self, context: &Context) -> i64 {
        let wait = clock::micros(context.tenant.policy.settle_timeout);
        self.clock.now().saturating_add(wait)
    }
}

async fn insert_or_reactivate(
    tx: &mut Tx,
    made: UserRecord,
    caller: &Context,
    met: &mut Deviations,
) -> Result<(UserRecord, Undo), ScimError> {
    let name = fold(made.document.user_name());
    let Some(former) = tx.user(&UserKey::Name(made.tenant.clone(), name)).await? else {
        tx.insert_user(&made).await?;
        return Ok((made.clone(), Undo::Forget(made)));
    };
    caller.precondition.allows_existing()?;
    let same_person = made.document.external_id().is_some()
        && made.document.external_id() == former.document.external_id();
    let takes_up = caller.takes_up && !former.document.active() && same_person;
    if !takes_up || !caller.tenant.dialect.accepts(Quirk::CreateReactivates) {
        return Err(taken(&made.document));
    }
    met.note(Quirk::CreateReactivates);
    let after = UserRecord {
        document: made.document,
        version: former.version + 1,
        modified: made.modified,
        ..former.clone()
    };
    tx.update_user(&former, &after).await?;
    let undo = Undo::Restore {
        before: Box::new(former),
        after: Box::new(after.clone()),
    };
    Ok((after, undo))
}

async fn name_is_free(tx: &mut Tx, user: &UserRecord) -> Result<(), ScimError> {
    let name = fold(user.document.user_name());
    let holder = tx.user(&UserKey::Name(user.tenant.clone(), name)).await?;
    match holder {
        Some(holder) if holder.id != user.id => Err(taken(&user.document)),
        Some(_) | None => Ok(()),
    }
}

fn taken(document: &Document) -> ScimError {
    ScimError::uniqueness(format!(
        "There is already a user with the userName \"{}\". Find it with a filter and update it.",
        document.user_name()
    ))
}

fn unknown(id: &str) -> ScimError {
    ScimError::not_found(format!("There is no user with the id \"{id}\"."))
}

fn by_id(tenant: &TenantId, id: &str) -> UserKey {
    UserKey::Id(tenant.clone(), id.to_owned())
}

impl From<StoreError> for ScimError {
    /// The cause goes to the log; the IdP is told to come again. Whether the change is stored
    /// already is not known here.
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Busy) {
            return Self::unavailable(
                "The bridge is busy, and nothing was changed. Send the request again later.",
                Duration::from_secs(5),
            );
        }
        tracing::error!(error = %error, "The store failed");
        Self::unavailable(
            "The bridge could not use its store. Send the change again if it does not show.",
            Duration::from_secs(5),
        )
    }
}
