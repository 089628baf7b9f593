//! What the first sync will do, foreseen for every user of the directory and every account in Cloudmore: the same wish
//! and the same decision as when it is done.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use super::adoption::{By, Course, Decision, Listed, Owner, People, course};
use super::entitlement::{Wanted, WantedAccount};
use super::explain;
use super::model::{AccountId, Known, Origin, RoleId, SubscriptionRef, UserId};
use super::policy::Policy;
use crate::scim::fold;

/// A user of the directory, or one whose account outlived it.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The SCIM id.
    pub id: UserId,
    /// The userName; empty for a user that the directory does not know any more.
    pub user_name: String,
    /// What the user should have.
    pub wanted: Wanted,
    /// What is known of the user's account.
    pub known: Known,
    /// Whether another user of the directory has the user's address as well.
    pub is_shared: bool,
    /// What a person decided about an account that the user waited for.
    pub decided: Option<(AccountId, Decision)>,
    /// Why the guard holds what would be taken from the user, if it does.
    pub guarded: Option<String>,
    /// Why the user cannot have an account, whoever is there.
    pub refused: Option<String>,
}

/// What becomes of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The user has an account of ours already.
    Ours,
    /// The user gets an account that is there.
    Linked,
    /// An account is made.
    Created,
    /// A person has to decide.
    Held,
    /// The user is refused.
    Conflict,
    /// The user should have no account.
    Without,
}

/// What will become of one user, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Prospect {
    /// The SCIM id.
    pub id: UserId,
    /// The userName.
    pub user_name: String,
    /// What becomes of the user.
    pub outcome: Outcome,
    /// The account that is there, for a user who is linked or held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Listed>,
    /// What that account was found by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// The role that it has now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_now: Option<RoleId>,
    /// The role that the user will have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<RoleId>,
    /// The subscriptions that the user will have.
    pub subscriptions: Vec<SubscriptionRef>,
    /// Why, for a user who gets no account or has to wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What somebody should know.
    pub warnings: Vec<String>,
}

/// What the first sync will do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FirstSync {
    /// How many users come to which end.
    pub totals: BTreeMap<Outcome, usize>,
    /// Every user.
    pub users: Vec<Prospect>,
    /// Accounts in Cloudmore that belong to no user of the directory, and will not.
    pub unmanaged: Vec<Listed>,
    /// The account that the bridge itself signs in with, which it never touches.
    pub api_accounts: Vec<Listed>,
    /// What somebody should know of the whole.
    pub warnings: Vec<String>,
}

/// Foresees what becomes of the subjects, in the order in which they will be worked on.
pub fn foresee(
    subjects: &[Subject],
    people: &People,
    owner: impl Fn(&Listed) -> Owner,
    policy: &Policy,
) -> FirstSync {
    let mut claims = Claims::new(subjects);
    let mut report = FirstSync::default();
    for subject in subjects {
        let prospect = prospect(subject, people, &owner, policy, &mut claims);
        *report.totals.entry(prospect.outcome).or_default() += 1;
        report.users.push(prospect);
    }
    for listed in people.iter() {
        match owner(listed) {
            Owner::ApiAccount => report.api_accounts.push(listed.clone()),
            Owner::Stranger if !claims.accounts.contains(&listed.id) => {
                report.unmanaged.push(listed.clone());
            }
            Owner::Stranger | Owner::Ours | Owner::AnotherTenants => {}
        }
    }
    let blind = people.iter().all(|listed| listed.email.is_empty()) && people.iter().len() > 0;
    if policy.adopt_by == super::policy::AdoptBy::Email && blind {
        let says =
            "Cloudmore's list of people shows no e-mail addresses, so nobody can be found by one.";
        report.warnings.push(says.to_owned());
    }
    report
}

/// What subjects before have taken.
struct Claims {
    accounts: HashSet<AccountId>,
    names: HashSet<String>,
}

impl Claims {
    fn new(subjects: &[Subject]) -> Self {
        let names = subjects.iter().filter_map(|subject| match &subject.known {
            Known::Account(account) => Some(fold(&account.profile.name)),
            Known::Uncertain { profile, .. } => Some(fold(&profile.name)),
            Known::Nothing => None,
        });
        Self {
            accounts: HashSet::new(),
            names: names.collect(),
        }
    }
}

fn prospect(
    subject: &Subject,
    people: &People,
    owner: &impl Fn(&Listed) -> Owner,
    policy: &Policy,
    claims: &mut Claims,
) -> Prospect {
    let mut prospect = Prospect {
        id: subject.id.clone(),
        user_name: subject.user_name.clone(),
        outcome: Outcome::Ours,
        account: None,
        by: None,
        role_now: None,
        role: None,
        subscriptions: Vec::new(),
        reason: None,
        warnings: subject.guarded.clone().into_iter().collect(),
    };
    let wanted = match &subject.wanted {
        Wanted::Account(wanted) => wanted,
        Wanted::Nothing(why) | Wanted::Locked { why, .. } => {
            prospect.outcome = Outcome::Without;
            prospect.reason = Some(explain::no_account(*why).to_owned());
            if matches!(&subject.known, Known::Account(account) if account.origin == Origin::Adopted)
            {
                let says =
                    "The account was there before it was taken over, and goes as a leaver's does.";
                prospect.warnings.push(says.to_owned());
            }
            return prospect;
        }
    };
    let refused = subject.refused.clone();
    let (outcome, reason) = match (&subject.known, refused) {
        (Known::Account(_) | Known::Uncertain { .. }, _) => (Outcome::Ours, None),
        (Known::Nothing, Some(words)) => (Outcome::Conflict, Some(words)),
        (Known::Nothing, None) => {
            let met = meet(subject, wanted, people, owner, policy, claims);
            let (outcome, found, reason) = met;
            (prospect.account, prospect.by) = found.unzip();
            (outcome, reason)
        }
    };
    (prospect.outcome, prospect.reason) = (outcome, reason);
    if matches!(outcome, Outcome::Ours | Outcome::Linked | Outcome::Created) {
        prospect.role = Some(wanted.role);
        prospect.subscriptions = wanted.seats.keys().cloned().collect();
        warn(&mut prospect, wanted);
    }
    prospect
}

fn meet(
    subject: &Subject,
    wanted: &WantedAccount,
    people: &People,
    owner: &impl Fn(&Listed) -> Owner,
    policy: &Policy,
    claims: &mut Claims,
) -> (Outcome, Option<(Listed, By)>, Option<String>) {
    let name = &wanted.profile.name;
    let whose = |listed: &Listed| {
        if claims.accounts.contains(&listed.id) {
            Owner::Ours
        } else {
            owner(listed)
        }
    };
    let like = people.like(&wanted.profile, policy.adopt_by);
    let like: Vec<_> = like
        .into_iter()
        .map(|(listed, by)| (listed, by, whose(listed)))
        .collect();
    let decided = |account: &AccountId| {
        let decided = subject.decided.as_ref();
        decided
            .filter(|(id, _)| id == account)
            .map(|(_, said)| *said)
    };
    match course(&like, policy, subject.is_shared, decided) {
        Course::Link(listed, by) => {
            claims.accounts.insert(listed.id.clone());
            claims.names.insert(fold(name));
            (Outcome::Linked, Some((listed, by)), None)
        }
        Course::Hold(listed, by, words) => (Outcome::Held, Some((listed, by)), Some(words)),
        Course::Conflict(words) => (Outcome::Conflict, None, Some(words)),
        // Whoever had the name until now has been linked to another user, and renamed.
        Course::NameIsOurs(_) if !comes_free(&like, claims) => refuse_name(name),
        Course::Create | Course::NameIsOurs(_) if claims.names.insert(fold(name)) => {
            (Outcome::Created, None, None)
        }
        Course::Create | Course::NameIsOurs(_) => refuse_name(name),
    }
}

fn comes_free(like: &[(&Listed, By, Owner)], claims: &Claims) -> bool {
    let mut named = like.iter().filter(|(_, by, _)| *by == By::Name);
    named.all(|(listed, ..)| claims.accounts.contains(&listed.id))
}

fn refuse_name(name: &str) -> (Outcome, Option<(Listed, By)>, Option<String>) {
    let words = format!(
        "The login name \"{name}\" is that of another user's account. Give each person a name of their own."
    );
    (Outcome::Conflict, None, Some(words))
}

fn warn(prospect: &mut Prospect, wanted: &WantedAccount) {
    let profile = &wanted.profile;
    if !profile.name.eq_ignore_ascii_case(&profile.email) {
        prospect.warnings.push(format!(
            "The account's name will be \"{}\" and its e-mail address \"{}\": single sign-on that sends the address \
             will not find it. Check account_name of the tenant.",
            profile.name, profile.email
        ));
    }
    if let Some(listed) = &prospect.account
        && fold(&listed.name) != fold(&profile.name)
    {
        prospect.warnings.push(format!(
            "The account is renamed from \"{}\" to \"{}\".",
            listed.name, profile.name
        ));
    }
}
