//! Accounts that exist already: who in Cloudmore may be the person that a user of the directory is, and what the
//! tenant does about it. One lookup and one decision, for creating, linking, holding and reporting alike, so that they
//! never disagree.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::model::{AccountId, Profile};
use super::policy::{Adopt, AdoptBy, Policy};
use crate::scim::fold;

/// An account as the list of people shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Cloudmore's id.
    pub id: AccountId,
    /// Login name.
    pub name: String,
    /// Address; empty if the list does not carry it.
    pub email: String,
}

/// Whose an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Nobody's that the bridge knows.
    Stranger,
    /// That of another user of the tenant.
    Ours,
    /// That of a user of another tenant of this bridge.
    AnotherTenants,
    /// It is the account that the bridge itself signs in with.
    ApiAccount,
}

/// What an account was found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// It has the wanted login name.
    Name,
    /// It has the wanted address and another name.
    Email,
}

/// The people of a target, found by name and address without regard to case.
#[derive(Debug, Default)]
pub struct People {
    listed: Vec<Listed>,
    by_name: HashMap<String, Vec<usize>>,
    by_email: HashMap<String, Vec<usize>>,
}

impl FromIterator<Listed> for People {
    fn from_iter<I: IntoIterator<Item = Listed>>(listed: I) -> Self {
        let mut people = Self::default();
        for (at, each) in listed.into_iter().enumerate() {
            people.by_name.entry(key(&each.name)).or_default().push(at);
            if !each.email.trim().is_empty() {
                let same = people.by_email.entry(key(&each.email)).or_default();
                same.push(at);
            }
            people.listed.push(each);
        }
        people
    }
}

impl People {
    /// All of them, in Cloudmore's order.
    pub fn iter(&self) -> std::slice::Iter<'_, Listed> {
        self.listed.iter()
    }

    /// Those who may be the person with this profile: whoever has the name, then, if the tenant looks for it, whoever
    /// has the address and another name.
    pub fn like(&self, profile: &Profile, adopt_by: AdoptBy) -> Vec<(&Listed, By)> {
        let all = |index: &HashMap<String, Vec<usize>>, text: &str| {
            let found = index.get(&key(text)).into_iter().flatten();
            let found = found.filter_map(|at| self.listed.get(*at));
            found.collect::<Vec<_>>()
        };
        let named = all(&self.by_name, &profile.name);
        let mut like: Vec<_> = named.into_iter().map(|each| (each, By::Name)).collect();
        if adopt_by == AdoptBy::Email && !profile.email.trim().is_empty() {
            for each in all(&self.by_email, &profile.email) {
                if !like.iter().any(|(named, _)| named.id == each.id) {
                    like.push((each, By::Email));
                }
            }
        }
        like
    }
}

fn key(text: &str) -> String {
    fold(text.trim())
}

/// What a person said about an account that was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// It is the user's: take it over.
    Link,
    /// It is not: refuse the user.
    Refuse,
}

/// What is done about a user who has no account yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Course {
    /// Nobody is in the way: an account is created.
    Create,
    /// The name is that of another user's account.
    NameIsOurs(Listed),
    /// The account is taken over.
    Link(Listed, By),
    /// A person has to decide, told in these words.
    Hold(Listed, By, String),
    /// The user is refused, in these words.
    Conflict(String),
}

/// Decides what is done about a user, by those who may be the same person, each with its owner. `is_shared` says that
/// another user of the directory has the address as well. `decided` is what a person said about one account; it holds for
/// that account alone.
///
/// Whoever has the name is the one, or one of several. An address alone says less: it counts only if nobody else has it,
/// here or there, and an account that could not be linked anyway is in nobody's way.
pub fn course(
    like: &[(&Listed, By, Owner)],
    policy: &Policy,
    is_shared: bool,
    decided: impl Fn(&AccountId) -> Option<Decision>,
) -> Course {
    let of = |by: By| like.iter().filter(move |(_, found, _)| *found == by);
    let named: Vec<_> = of(By::Name).collect();
    let is_stranger = |owner: &Owner| *owner == Owner::Stranger;
    if let Some((listed, ..)) = named.iter().find(|(.., owner)| *owner == Owner::ApiAccount) {
        return Course::Conflict(protected(&listed.name));
    }
    if let Some((listed, ..)) = named
        .iter()
        .find(|(.., owner)| *owner == Owner::AnotherTenants)
    {
        return Course::Conflict(elsewhere(&listed.name));
    }
    if let Some((listed, ..)) = named.iter().find(|(.., owner)| *owner == Owner::Ours) {
        return Course::NameIsOurs((*listed).clone());
    }
    let mailed: Vec<_> = of(By::Email).collect();
    let unclear = named.is_empty() && mailed.len() > 1;
    let strangers = mailed.iter().filter(|(.., owner)| is_stranger(owner));
    let candidates: Vec<_> = named.iter().chain(strangers).collect();
    match candidates.as_slice() {
        [] => Course::Create,
        [(listed, By::Email, _)] if is_shared => Course::Conflict(shared(listed)),
        [(listed, by, _)] if !unclear => {
            let (listed, by) = ((*listed).clone(), *by);
            match (policy.adopt, decided(&listed.id)) {
                (Adopt::Link, _) | (Adopt::Hold, Some(Decision::Link)) => Course::Link(listed, by),
                (Adopt::Hold, None) => {
                    let words = held(&listed, by);
                    Course::Hold(listed, by, words)
                }
                (Adopt::Hold, Some(Decision::Refuse)) => {
                    Course::Conflict(taken(&listed, by, "choose another name or address"))
                }
                (Adopt::Refuse, _) => {
                    let advice = "set adopt = \"link\" for the tenant to take it over";
                    Course::Conflict(taken(&listed, by, advice))
                }
            }
        }
        _ => {
            let all = named.iter().chain(&mailed);
            Course::Conflict(several(all.map(|(listed, ..)| *listed)))
        }
    }
}

fn has(listed: &Listed, by: By) -> String {
    match by {
        By::Name => format!("an account named \"{}\"", listed.name),
        By::Email => format!(
            "an account with the e-mail address \"{}\", named \"{}\",",
            listed.email, listed.name
        ),
    }
}

/// The words for an account that is in the way.
pub fn taken(listed: &Listed, by: By, advice: &str) -> String {
    format!(
        "Cloudmore already has {} that this bridge did not make. Remove it there, or {advice}.",
        has(listed, by)
    )
}

fn held(listed: &Listed, by: By) -> String {
    format!(
        "Cloudmore already has {} that this bridge did not make (id {}). The user waits until somebody decides: \
         scim-bridge held link takes it over, scim-bridge held refuse does not.",
        has(listed, by),
        listed.id
    )
}

fn elsewhere(name: &str) -> String {
    format!(
        "The account \"{name}\" in Cloudmore is that of a user of another tenant of this bridge. Delete that user \
         first, or choose another name."
    )
}

fn shared(listed: &Listed) -> String {
    format!(
        "Cloudmore already has {} that this bridge did not make, and several users of the directory have the address, so \
         that nobody can say whose it is. Give each person an address of their own.",
        has(listed, By::Email)
    )
}

fn several<'l>(all: impl Iterator<Item = &'l Listed>) -> String {
    let all: Vec<_> = all
        .map(|listed| format!("\"{}\" (e-mail \"{}\")", listed.name, listed.email))
        .collect();
    format!(
        "Several accounts in Cloudmore may be this person: {}. None is taken over. Give each person an address of \
         their own, or remove those that nobody needs.",
        all.join(" and ")
    )
}

/// The words for the account that the bridge itself signs in with.
pub fn protected(name: &str) -> String {
    format!(
        "\"{name}\" is the account that this bridge itself signs in with; it is never touched. \
         Take the user out of the scope of provisioning."
    )
}

/// The words for a login name that no account may have.
pub fn outside(name: &str, policy: &Policy) -> String {
    format!(
        "the login name \"{name}\" is of no domain that accounts may have here ({}). Correct \
         it in the directory, or add the domain to allowed_domains of the tenant.",
        policy.allowed_domains.join(", ")
    )
}
