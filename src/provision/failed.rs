//! Users whose accounts could not be made as wanted, and trying them again.

use serde::Serialize;
use serde_json::json;

use super::foresee::user_name;
use super::status::words;
use super::{Bridge, Context, ReportError, Tenant};
use crate::domain::model::UserId;
use crate::scim::{fold, format_instant};
use crate::store::{AuditEntry, StoreError, Troubled, UserKey};

/// Users that are told of at once.
const SHOWN: u32 = 1000;

/// Users whose accounts could not be made as wanted.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedUsers {
    /// How many there are.
    pub total: i64,
    /// The first of them: those who keep access that they should not have come first.
    pub users: Vec<FailedUser>,
}

/// A user whose account could not be made as wanted.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedUser {
    /// The SCIM id.
    pub user: UserId,
    /// The userName, if the directory has the user still.
    pub user_name: Option<String>,
    /// Whether the bridge goes on trying by itself, or waits for a person or a new change.
    pub state: FailedState,
    /// Whether the user keeps access that is to be taken away.
    pub keeps_access: bool,
    /// What went wrong last.
    pub reason: String,
    /// Since when.
    pub since: String,
    /// Failed attempts since the last change.
    pub attempts: u32,
    /// When it is tried again.
    pub next: Option<String>,
}

/// What becomes of a user whose account could not be made as wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FailedState {
    /// It waits for a person or a new change.
    Failed,
    /// It is tried again and again.
    Retrying,
}

impl Bridge {
    /// The users of a tenant who were refused for good, or whom the bridge has tried again and again.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn failed(&self, tenant: &Tenant) -> Result<FailedUsers, ReportError> {
        let mut users = Vec::new();
        for troubled in self.store.troubled(&tenant.id, SHOWN).await? {
            users.push(self.failed_user(tenant, troubled).await?);
        }
        users.sort_by_key(|user| !user.keeps_access);
        Ok(FailedUsers {
            total: self.store.count_troubled(&tenant.id).await?,
            users,
        })
    }

    async fn failed_user(
        &self,
        tenant: &Tenant,
        Troubled {
            row,
            user_name: name,
        }: Troubled,
    ) -> Result<FailedUser, StoreError> {
        let (keeps_access, name) = match self.store.person(&tenant.id, &row.user).await {
            Ok(person) => {
                let name = person.user.is_some().then(|| user_name(&person));
                (self.takes_from(tenant, &person), name)
            }
            Err(error) if error.is_corrupt() => (row.urgent, name),
            Err(error) => return Err(error),
        };
        Ok(FailedUser {
            user_name: name,
            state: match row.failed {
                true => FailedState::Failed,
                false => FailedState::Retrying,
            },
            keeps_access,
            reason: words(row.last_error.as_deref().unwrap_or_default()),
            since: format_instant(row.since.unwrap_or(row.due_at)),
            attempts: row.attempts,
            next: (!row.failed).then(|| format_instant(row.due_at.max(row.free_at))),
            user: row.user,
        })
    }

    /// Tries users again who could not be done, now and as if they had not failed before. `named` are SCIM ids or
    /// userNames. Says who is tried again, or, if some of those who are named did not fail, who that is; then nobody is.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn replay(
        &self,
        context: &Context,
        named: &[String],
    ) -> Result<Result<Vec<UserId>, Vec<String>>, ReportError> {
        let tenant = &context.tenant.id;
        let (mut users, mut unknown) = (Vec::new(), Vec::new());
        for name in named {
            let key = UserKey::Name(tenant.clone(), fold(name));
            let id = match self.store.user(key).await? {
                Some(user) => user.id.clone(),
                None => UserId::new(name.as_str()),
            };
            let row = self.store.dirty(tenant, &id).await?;
            match row.and_then(|row| row.last_error) {
                Some(_) => users.push(id),
                None => unknown.push(name.clone()),
            }
        }
        if !unknown.is_empty() {
            return Ok(Err(unknown));
        }
        let now = self.clock.now();
        let entry = context.audit(now, "user.replay", "", "tried again");
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                let users = tx.replay(&entry.tenant, &users, now).await?;
                for user in &users {
                    let subject = user.to_string();
                    tx.audit(&AuditEntry {
                        subject,
                        ..entry.clone()
                    })
                    .await?;
                }
                Ok::<_, StoreError>(users)
            })
        });
        let users = write.await?;
        self.work.notify_one();
        Ok(Ok(users))
    }

    /// Tries all users of a tenant again who could not be done. Says who that is.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn replay_all(&self, context: &Context) -> Result<Vec<UserId>, ReportError> {
        let now = self.clock.now();
        let tenant = context.tenant.id.clone();
        let mut entry = context.audit(now, "tenant.replay", tenant.as_str(), "tried again");
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                let users = tx.replay_all(&tenant, now).await?;
                entry.detail = json!({ "users": users.len() });
                tx.audit(&entry).await?;
                Ok::<_, StoreError>(users)
            })
        });
        let users = write.await?;
        self.work.notify_one();
        Ok(users)
    }
}
