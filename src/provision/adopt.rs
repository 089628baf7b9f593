//! Accounts that exist already: one function looks them up, for conflicts and for links alike, so
//! that the two can never disagree.

use std::fmt;

use super::tenant::Tenant;
use super::{Bridge, Refusal, Why};
use crate::cloudmore::{Failure, FailureKind, Person, Target};
use crate::domain::effect::Effect;
use crate::domain::model::{Account, Origin, Profile, RoleId, UserId};
use crate::domain::policy::Adopt;
use crate::scim::fold;
use crate::store::StoreError;

/// Why a step did not have its effect.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A call failed.
    Call(Failure),
    /// A rule of ours forbids it.
    Refused(Refusal),
    /// Something else of ours has to happen first.
    Waits(String),
    /// The store failed.
    Store(StoreError),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(failure) => failure.fmt(f),
            Self::Refused(refusal) => f.write_str(&refusal.words),
            Self::Waits(words) => f.write_str(words),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Call(failure)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Bridge {
    /// The account of this login name that no user of the tenant has yet, read whole.
    async fn unowned(
        &self,
        tenant: &Tenant,
        target: &Target,
        name: &str,
    ) -> Result<Option<Person>, Trouble> {
        let people = target.people().await?;
        let Some(row) = people.iter().find(|row| fold(&row.name) == fold(name)) else {
            return Ok(None);
        };
        if self.store.owner(&tenant.id, &row.id).await?.is_some() {
            return Ok(None);
        }
        Ok(target.person(&row.id).await?)
    }

    /// What it means that Cloudmore refused to give a login name: it may come free, because another
    /// user of ours is about to give it up, or it is that of an account which is not ours.
    async fn after_refused_name(
        &self,
        tenant: &Tenant,
        target: &Target,
        user: &UserId,
        name: &str,
    ) -> Result<Option<Person>, Trouble> {
        if self.store.may_come_free(&tenant.id, user, name).await? {
            return Err(Trouble::Waits(format!(
                "the login name \"{name}\" is still that of another user, whose account is about \
                 to change"
            )));
        }
        self.unowned(tenant, target, name).await
    }

    /// Cloudmore refused to rename an account. A name that is taken is a conflict, whatever Cloudmore
    /// calls it.
    pub(super) async fn after_refused_rename(
        &self,
        tenant: &Tenant,
        target: &Target,
        user: &UserId,
        name: &str,
    ) -> Result<(), Trouble> {
        let holder = self.after_refused_name(tenant, target, user, name).await?;
        holder.map_or(Ok(()), |holder| Err(taken(&holder, "choose another name")))
    }

    /// Cloudmore refused to create an account. If that is because one of the name exists, the
    /// tenant's `adopt` policy decides; `None` if nobody has the name.
    pub(super) async fn after_refused_create(
        &self,
        tenant: &Tenant,
        target: &Target,
        user: &UserId,
        profile: &Profile,
    ) -> Result<Option<Effect>, Trouble> {
        let name = &profile.name;
        let holder = self.after_refused_name(tenant, target, user, name);
        let Some(person) = holder.await? else {
            return Ok(None);
        };
        match tenant.policy.adopt {
            Adopt::Refuse => {
                let advice = "set adopt = \"link\" for the tenant to take it over";
                Err(taken(&person, advice))
            }
            Adopt::Link => Ok(Some(Effect::Linked(Account {
                id: person.id,
                origin: Origin::Adopted,
                profile: person.profile,
                role: person.role,
                seats: Default::default(),
                locked: None,
            }))),
        }
    }

    /// Looks whether a create of unknown outcome had its effect: there is an account of the name, it
    /// was not there before, and it carries exactly what was sent. Anything else is not ours, and the next create will
    /// say so. That the person has signed in meanwhile is no argument against it: taking our own
    /// account for somebody else's would leave a leaver with access.
    ///
    /// If Cloudmore has said that it made the account, then it is there: who is not in the list is not in the list yet.
    pub(super) async fn find_account(
        &self,
        tenant: &Tenant,
        target: &Target,
        (profile, role): (&Profile, RoleId),
        made: bool,
    ) -> Result<Effect, Trouble> {
        let found = self.unowned(tenant, target, &profile.name).await?;
        if let Some(person) = found
            && !self.store.is_foreign(&tenant.id, &person.id).await?
            && (made || is_what_was_sent(&person, profile, role))
        {
            return Ok(Effect::Made(person.id));
        }
        if made {
            return Err(unlisted(&profile.name));
        }
        Ok(Effect::NoAccount)
    }
}

fn unlisted(name: &str) -> Trouble {
    Trouble::Call(Failure {
        kind: FailureKind::Incomplete,
        ambiguous: false,
        words: format!(
            "Cloudmore has made the account \"{name}\" without giving its id, and does not list it. It is looked \
             for until it is listed"
        ),
        status: None,
        errors: Vec::new(),
    })
}

fn taken(holder: &Person, advice: &str) -> Trouble {
    Trouble::Refused(Refusal {
        why: Why::Taken,
        words: format!(
            "Cloudmore already has an account named \"{}\" that this bridge did not make. Remove it \
             there, or {advice}.",
            holder.profile.name
        ),
    })
}

fn is_what_was_sent(person: &Person, profile: &Profile, role: RoleId) -> bool {
    let same = |theirs: &str, ours: &str| fold(theirs.trim()) == fold(ours.trim());
    let theirs = &person.profile;
    person.role.is_none_or(|theirs| theirs == role)
        && same(&theirs.first_name, &profile.first_name)
        && same(&theirs.last_name, &profile.last_name)
        && same(&theirs.display_name, &profile.display_name)
        && same(&theirs.email, &profile.email)
}
