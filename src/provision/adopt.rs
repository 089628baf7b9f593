//! Accounts that exist already: looking for them where a user is to get an account, and doing what the rules decide
//! (`domain/adoption.rs`).

use std::fmt;

use super::tenant::Tenant;
use super::{Bridge, Errand, Refusal, Why};
use crate::cloudmore::{Failure, FailureKind, Person, Target};
use crate::domain::adoption::{self, By, Course, Decision, Listed, Owner, People};
use crate::domain::effect::Effect;
use crate::domain::model::{Account, AccountId, Origin, Profile, RoleId, UserId};
use crate::domain::policy::{Adopt, AdoptBy};
use crate::scim::fold;
use crate::store::{Held, Owned, StoreError};

/// Why a step did not have its effect.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A call failed.
    Call(Failure),
    /// A rule of ours forbids it.
    Refused(Refusal),
    /// Something else of ours has to happen first.
    Waits(String),
    /// A person has to decide.
    Held(Box<Waiting>),
    /// The store failed.
    Store(StoreError),
}

/// An account that may be a user's, about which a person has to decide.
#[derive(Debug)]
pub(super) struct Waiting {
    /// The account.
    pub(super) account: Listed,
    /// What it was found by.
    pub(super) by: By,
    /// What people are told.
    pub(super) words: String,
    /// Whether the user has waited for it before.
    pub(super) again: bool,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(failure) => failure.fmt(f),
            Self::Refused(refusal) => f.write_str(&refusal.words),
            Self::Waits(words) => f.write_str(words),
            Self::Held(waiting) => f.write_str(&waiting.words),
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

/// Whose an account is.
pub(super) fn owner(tenant: &Tenant, owned: &Owned, listed: &Listed) -> Owner {
    if tenant.is_api_account(&listed.name) {
        Owner::ApiAccount
    } else if owned.has_elsewhere(&listed.id) {
        Owner::AnotherTenants
    } else if owned.has(&listed.id, &listed.name) {
        Owner::Ours
    } else {
        Owner::Stranger
    }
}

impl Bridge {
    /// What is done about a user who wants this profile and has no account, with these people there.
    pub(super) async fn course(
        &self,
        tenant: &Tenant,
        user: &UserId,
        (profile, adopt_by): (&Profile, AdoptBy),
        people: &People,
        held: Option<&Held>,
    ) -> Result<Course, StoreError> {
        let like = people.like(profile, adopt_by);
        if like.is_empty() {
            return Ok(Course::Create);
        }
        let is_shared = self
            .store
            .is_shared(&tenant.id, user, &profile.email)
            .await?;
        let owned = self
            .store
            .owned(&tenant.id, &tenant.target_name, Some(user))
            .await?;
        let like: Vec<_> = like
            .into_iter()
            .map(|(listed, by)| (listed, by, owner(tenant, &owned, listed)))
            .collect();
        Ok(adoption::course(
            &like,
            &tenant.policy,
            is_shared,
            |account| decided(held, account),
        ))
    }

    /// Looks for an account before one is created. By address it must be done before, because Cloudmore may take a
    /// second account of one address. By name it is left to Cloudmore's refusal, which costs nothing where nobody is in the
    /// way, unless the user is waiting already.
    pub(super) async fn before_create(
        &self,
        tenant: &Tenant,
        (target, errand): (&Target, &Errand),
        user: &UserId,
        profile: &Profile,
    ) -> Result<Option<Effect>, Trouble> {
        let held = self.waiting(tenant, user).await?;
        if tenant.policy.adopt_by == AdoptBy::Name && held.is_none() {
            return Ok(None);
        }
        let people = errand.people(target).await?;
        let met = self.meet(tenant, target, user, profile, &people, held.as_ref());
        let met = met.await?;
        if met.is_none() && held.is_some() {
            let (tenant, user) = (tenant.id.clone(), user.clone());
            let write = self
                .store
                .write(move |tx| Box::pin(async move { tx.release(&tenant, &user).await }));
            let released: Result<(), StoreError> = write.await;
            released?;
        }
        Ok(met)
    }

    pub(super) async fn waiting(
        &self,
        tenant: &Tenant,
        user: &UserId,
    ) -> Result<Option<Held>, StoreError> {
        match tenant.policy.adopt {
            Adopt::Hold => self.store.held_user(&tenant.id, user).await,
            Adopt::Refuse | Adopt::Link => Ok(None),
        }
    }

    /// Does what is decided about those who are there; `None` if an account is to be created.
    pub(super) async fn meet(
        &self,
        tenant: &Tenant,
        target: &Target,
        user: &UserId,
        profile: &Profile,
        people: &People,
        held: Option<&Held>,
    ) -> Result<Option<Effect>, Trouble> {
        let wanted = (profile, tenant.policy.adopt_by);
        match self.course(tenant, user, wanted, people, held).await? {
            Course::Create => Ok(None),
            Course::NameIsOurs(holder) => {
                let holder = Some(&holder.id);
                self.comes_free(tenant, user, &profile.name, holder).await?;
                Ok(None)
            }
            Course::Conflict(words) => Err(conflict(words)),
            Course::Hold(account, by, words) => Err(Trouble::Held(Box::new(Waiting {
                again: held.is_some_and(|held| held.account.id == account.id),
                account,
                by,
                words,
            }))),
            Course::Link(account, _) => {
                let person = target.person(&account.id).await?;
                // It may have gone or changed hands since the list was read.
                let person = person.filter(|person| {
                    let now = Listed {
                        id: person.id.clone(),
                        name: person.profile.name.clone(),
                        email: person.profile.email.clone(),
                    };
                    let now = People::from_iter([now]);
                    !now.like(profile, tenant.policy.adopt_by).is_empty()
                        && !tenant.is_api_account(&person.profile.name)
                });
                Ok(person.map(|person| {
                    Effect::Linked(Box::new(Account {
                        id: person.id,
                        origin: Origin::Adopted,
                        profile: person.profile,
                        role: person.role,
                        seats: Default::default(),
                        locked: None,
                    }))
                }))
            }
        }
    }

    /// Looks whether a create of unknown outcome had its effect: there is an account of the name, it
    /// was not there before, and it carries exactly what was sent. Anything else is not ours, and the next create will
    /// say so. That the person has signed in meanwhile is no argument against it: taking our own
    /// account for somebody else's would leave a leaver with access.
    ///
    /// If Cloudmore has said that it made the account, then it is there: who is not in the list is not in the list yet. Nor
    /// is it anybody else's: whoever took it for theirs would leave its owner looking for ever.
    pub(super) async fn find_account(
        &self,
        tenant: &Tenant,
        (target, user): (&Target, &UserId),
        (profile, role): (&Profile, RoleId),
        made: bool,
    ) -> Result<Effect, Trouble> {
        let people = listed(target).await?;
        let owned = self
            .store
            .owned(&tenant.id, &tenant.target_name, Some(user))
            .await?;
        for (listed, _) in people.like(profile, AdoptBy::Name) {
            let is_anothers = owned.has(&listed.id, "")
                || owned.has_elsewhere(&listed.id)
                || (!made && owned.has_made(&listed.name));
            if is_anothers || self.store.is_foreign(&tenant.id, &listed.id).await? {
                continue;
            }
            let person = target.person(&listed.id).await?;
            if person.is_some_and(|person| made || is_what_was_sent(&person, profile, role)) {
                return Ok(Effect::Made(listed.id.clone()));
            }
        }
        if made {
            return Err(unlisted(&profile.name));
        }
        Ok(Effect::NoAccount)
    }
}

/// The people of a target as they are now.
pub(super) async fn listed(target: &Target) -> Result<People, Failure> {
    let people = target.people().await?;
    let listed = people.into_iter().map(|row| Listed {
        id: row.id,
        name: row.name,
        email: row.email,
    });
    Ok(listed.collect())
}

/// What a person decided about an account.
pub(super) fn decided(held: Option<&Held>, account: &AccountId) -> Option<Decision> {
    let held = held.filter(|held| held.account.id == *account);
    held.and_then(|held| held.decision)
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

pub(super) fn conflict(words: String) -> Trouble {
    Trouble::Refused(Refusal {
        why: Why::Taken,
        words,
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
