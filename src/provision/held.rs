//! Users who wait until a person decides whether an account that was there before is theirs.

use serde::Serialize;
use serde_json::json;

use super::{Bridge, Context, ReportError};
use crate::domain::adoption::{By, Decision, Listed};
use crate::domain::model::{AccountId, TenantId, UserId};
use crate::scim::{fold, format_instant};
use crate::store::{Held, StoreError};

/// A user who waits, or about whom was decided.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldUser {
    /// The SCIM id.
    pub user: UserId,
    /// The userName.
    pub user_name: String,
    /// The account that was there.
    pub account: Listed,
    /// What it was found by.
    pub by: By,
    /// Since when.
    pub since: String,
    /// What was decided, if it was.
    pub decision: Option<Decision>,
}

impl HeldUser {
    fn new((held, user_name): (Held, String)) -> Self {
        Self {
            user: held.user,
            user_name,
            account: held.account,
            by: held.by,
            since: format_instant(held.since),
            decision: held.decision,
        }
    }
}

impl Bridge {
    /// The users of a tenant who wait for a decision; the longest waiting first.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn held(&self, tenant: &TenantId) -> Result<Vec<HeldUser>, ReportError> {
        let held = self.store.held(tenant).await?.into_iter();
        let held = held.filter(|(held, _)| held.decision.is_none());
        Ok(held.map(HeldUser::new).collect())
    }

    /// Records what a person decided about the account that a user waits for, and makes the user due. `user` is a SCIM id
    /// or a userName. If an account is named, the decision is only taken if the user waits for that one. `None` if the
    /// user does not wait.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn decide(
        &self,
        context: &Context,
        user: &str,
        account: Option<&AccountId>,
        decision: Decision,
    ) -> Result<Option<HeldUser>, ReportError> {
        let tenant = context.tenant.id.clone();
        let held = self.store.held(&tenant).await?;
        let found = held.into_iter().find(|(held, name)| {
            held.decision.is_none()
                && (held.user.as_str() == user || fold(name) == fold(user))
                && account.is_none_or(|account| *account == held.account.id)
        });
        let Some((held, name)) = found else {
            return Ok(None);
        };
        let now = self.clock.now();
        let mut entry = context.audit(
            now,
            match decision {
                Decision::Link => "held.link",
                Decision::Refuse => "held.refuse",
            },
            held.user.as_str(),
            "decided",
        );
        entry.detail = json!({ "account": held.account });
        let (id, about) = (held.user.clone(), held.account.id.clone());
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                if !tx.decide(&tenant, &id, &about, decision).await? {
                    return Ok::<_, StoreError>(false);
                }
                tx.mark(&tenant, std::slice::from_ref(&id), now).await?;
                tx.audit(&entry).await?;
                Ok(true)
            })
        });
        let decided = write.await?;
        self.work.notify_one();
        let held = Held {
            decision: Some(decision),
            ..held
        };
        Ok(decided.then(|| HeldUser::new((held, name))))
    }
}
