//! What will be done, without doing it: the plans of all users, and what the first sync comes to.

use futures_util::{StreamExt, TryStreamExt};
use serde::Serialize;
use serde_json::{Value, json};

use super::adopt::{Trouble, listed, owner};
use super::perform::permits;
use super::tenant::Tenant;
use super::{Bridge, ReportError};
use crate::cloudmore::Failure;
use crate::domain::entitlement::{Moment, Wanted, wanted};
use crate::domain::explain;
use crate::domain::first_sync::{FirstSync, Prospect, Subject, foresee};
use crate::domain::model::UserId;
use crate::domain::plan::plan;
use crate::store::Person;

/// What is planned for one user, by what is known.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserPlan {
    /// The SCIM id.
    pub id: UserId,
    /// The userName; empty for a user that the directory does not know any more.
    pub user_name: String,
    /// The steps in their order, each with `why`, and with `held` if the guard will hold it.
    pub steps: Vec<Value>,
}

impl Bridge {
    /// The steps planned for every user whose account differs from what is wanted, by what is known of it. Cloudmore is
    /// not asked.
    ///
    /// # Errors
    /// [`ReportError`] when the store fails.
    pub async fn plans(&self, tenant: &Tenant) -> Result<Vec<UserPlan>, ReportError> {
        let mut plans = Vec::new();
        let mut guard = self.foresight(tenant).await?;
        for (id, person) in self.store.everybody(&tenant.id).await? {
            let wanted = self.wish(tenant, &person);
            let steps = plan(&wanted, &person.known);
            if steps.is_empty() {
                continue;
            }
            let case = self.case(tenant, &wanted, &person.known, &person.guard.shield);
            let held = guard.held(&case, &id, &person);
            let with_reason = steps.iter().map(|step| {
                let mut told = json!(step);
                let waits = held.as_ref().filter(|(takes, _)| {
                    let taken = case.taken(step);
                    taken.is_some_and(|taken| takes.contains(&taken))
                });
                let why = explain::why(step, &wanted, &tenant.policy);
                if let Some(told) = told.as_object_mut() {
                    told.insert("why".to_owned(), Value::from(why));
                    if let Some((_, words)) = waits {
                        told.insert("held".to_owned(), Value::from(words.as_str()));
                    }
                }
                told
            });
            plans.push(UserPlan {
                id,
                user_name: user_name(&person),
                steps: with_reason.collect(),
            });
        }
        Ok(plans)
    }

    /// What the first sync will do for every user and every account that is there. Reads the list of people, and whoever
    /// is to be linked or decided about once.
    ///
    /// # Errors
    /// [`ReportError`] when Cloudmore cannot be read or the store fails.
    pub async fn first_sync(&self, tenant: &Tenant) -> Result<FirstSync, ReportError> {
        let people = listed(&tenant.target).await?;
        let owned = self
            .store
            .owned(&tenant.id, &tenant.target_name, None)
            .await?;
        let mut subjects = Vec::new();
        let mut guard = self.foresight(tenant).await?;
        for (id, person) in self.store.everybody(&tenant.id).await? {
            let held = self.waiting(tenant, &id).await?;
            let wanted = self.wish(tenant, &person);
            let is_shared = match &wanted {
                Wanted::Account(wanted) => {
                    let email = &wanted.profile.email;
                    self.store.is_shared(&tenant.id, &id, email).await?
                }
                Wanted::Nothing(_) | Wanted::Locked { .. } => false,
            };
            let case = self.case(tenant, &wanted, &person.known, &person.guard.shield);
            let guarded = guard.held(&case, &id, &person);
            subjects.push(Subject {
                id,
                is_shared,
                user_name: user_name(&person),
                refused: self.refused(tenant, &wanted),
                guarded: guarded.map(|(_, words)| words),
                wanted,
                known: person.known,
                decided: held.and_then(|held| Some((held.account.id, held.decision?))),
            });
        }
        let whose = |account: &_| owner(tenant, &owned, account);
        let mut report = foresee(&subjects, &people, whose, &tenant.policy);
        let users = futures_util::stream::iter(std::mem::take(&mut report.users));
        let read = users.map(|prospect| with_role(tenant, prospect));
        report.users = read.buffered(tenant.concurrency).try_collect().await?;
        Ok(report)
    }

    pub(super) fn wish(&self, tenant: &Tenant, person: &Person) -> Wanted {
        let moment = Moment::new(self.clock.now(), &person.known);
        wanted(
            person.user.as_ref(),
            &tenant.policy,
            &person.bindings,
            moment,
        )
    }

    /// Why an account would be refused before anybody is asked.
    fn refused(&self, tenant: &Tenant, wanted: &Wanted) -> Option<String> {
        let Wanted::Account(wanted) = wanted else {
            return None;
        };
        let permitted = permits(tenant, &wanted.profile.name);
        let permitted = permitted.and_then(|()| self.permits_role(tenant, wanted.role));
        permitted.err().map(|trouble: Trouble| trouble.to_string())
    }
}

/// Adds the role that an account has now.
async fn with_role(tenant: &Tenant, mut prospect: Prospect) -> Result<Prospect, Failure> {
    if let Some(account) = &prospect.account {
        let person = tenant.target.person(&account.id).await?;
        prospect.role_now = person.and_then(|person| person.role);
    }
    Ok(prospect)
}

pub(super) fn user_name(person: &Person) -> String {
    let user = person.user.as_ref();
    user.map(|user| user.document.user_name().to_owned())
        .unwrap_or_default()
}
