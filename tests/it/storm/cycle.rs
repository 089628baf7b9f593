//! A client's full cycle: everything that the bridge has is read, held against the directory, and mended.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::Value;

use super::connection::Trouble;
use super::directory::{GROUPS, Person};
use super::identity::{id_of, says};
use super::progress::Progress;
use super::work::{Client, Kind, insist};
use super::{entra, okta};

/// How the bridge's directory differs from the client's.
#[derive(Clone, Debug)]
enum Difference {
    /// A person's user is not there under the id that the client was given.
    Missing(Box<Person>, String),
    /// A user is not as the person is.
    Unlike(Box<Person>, String),
    /// Nobody, or no group, has this address.
    Extra(String),
    /// A group is not there.
    NoGroup(usize),
    /// A group is called otherwise.
    Name(usize),
    /// Whether somebody should be a member of a group.
    Member(usize, String, bool),
}

impl Client {
    /// Mends what differs and tells what it was.
    pub async fn full_cycle(&mut self, progress: &Progress) -> Vec<String> {
        let mut told = Vec::new();
        for _ in 0..5 {
            let differences = self.differences(progress).await;
            if differences.is_empty() {
                break;
            }
            for difference in differences {
                told.push(format!("{}: {difference:?}", self.to.tenant));
                self.mend(difference, progress).await;
            }
        }
        told
    }

    /// How the bridge's directory differs, in words.
    pub async fn differs(&self, progress: &Progress) -> Vec<String> {
        let differences = self.differences(progress).await;
        let told = differences
            .iter()
            .map(|one| format!("{}: {one:?}", self.to.tenant));
        told.collect()
    }

    async fn differences(&self, progress: &Progress) -> Vec<Difference> {
        let users = insist(|_| self.to.all("/Users?"), progress).await.unwrap();
        let groups = insist(|_| self.to.all("/Groups?"), progress).await.unwrap();
        let mut differences = Vec::new();

        let mut users: BTreeMap<String, Value> = by_id(users);
        for (person, id) in self.people() {
            let id = id.unwrap_or_default();
            match users.remove(id) {
                None => {
                    differences.push(Difference::Missing(Box::new(person.clone()), id.to_owned()));
                }
                Some(user) if !says(&user, person) => {
                    differences.push(Difference::Unlike(Box::new(person.clone()), id.to_owned()));
                }
                Some(_) => {}
            }
        }
        differences.extend(extra("Users", &users));

        let mut groups = by_id(groups);
        for (at, group) in self.groups.iter().enumerate() {
            let Some(found) = groups.remove(&group.id) else {
                differences.push(Difference::NoGroup(at));
                continue;
            };
            if found["displayName"] != group.name.as_str() {
                differences.push(Difference::Name(at));
            }
            let members = self
                .people()
                .filter(|(person, _)| person.groups.contains(&at));
            let members: BTreeSet<String> = members
                .filter_map(|(_, id)| id.map(str::to_owned))
                .collect();
            let is = found["members"].as_array().cloned().unwrap_or_default();
            let is: BTreeSet<String> = is
                .iter()
                .map(|member| member["value"].as_str().unwrap().to_owned())
                .collect();
            let joins = members
                .difference(&is)
                .map(|id| Difference::Member(at, id.clone(), true));
            let leaves = is
                .difference(&members)
                .map(|id| Difference::Member(at, id.clone(), false));
            differences.extend(joins.chain(leaves));
        }
        differences.extend(extra("Groups", &groups));
        differences
    }

    async fn mend(&mut self, difference: Difference, progress: &Progress) {
        let to = &self.to;
        match difference {
            Difference::Missing(person, id) => {
                panic!("{person:?} has lost the user {id}: an id that was given is good for ever");
            }
            Difference::Unlike(person, id) => {
                let bring = |_| async {
                    match self.kind {
                        Kind::Entra => entra::bring_all(to, &id, &person).await,
                        Kind::Okta => okta::push(to, &id, &person).await,
                    }
                };
                insist(bring, progress).await;
            }
            Difference::Extra(path) => {
                let path = path.as_str();
                let delete = |again: bool| async move {
                    match to.send(Method::DELETE, path, None).await {
                        Err(Trouble::Refused(404, _)) if again => Ok(Value::Null),
                        deleted => deleted,
                    }
                };
                insist(delete, progress).await;
            }
            Difference::NoGroup(at) => {
                self.groups[at].id = self.make_group(GROUPS[at], progress).await;
            }
            Difference::Name(at) => {
                let group = &self.groups[at];
                insist(|_| self.rename_group(&group.id, &group.name), progress).await;
            }
            Difference::Member(at, user, joins) => {
                let group = &self.groups[at].id;
                let op = if joins { "Add" } else { "Remove" };
                let change = |_| async {
                    match self.kind {
                        Kind::Entra => entra::member(to, group, op, &user).await,
                        Kind::Okta => okta::member(to, group, joins, &user).await,
                    }
                };
                insist(change, progress).await;
            }
        }
    }
}

fn by_id(resources: Vec<Value>) -> BTreeMap<String, Value> {
    let with_ids = resources
        .into_iter()
        .map(|resource| (id_of(&resource), resource));
    with_ids.collect()
}

fn extra(path: &str, left: &BTreeMap<String, Value>) -> Vec<Difference> {
    let extra = left
        .keys()
        .map(|id| Difference::Extra(format!("/{path}/{id}")));
    extra.collect()
}
