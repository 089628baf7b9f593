//! A client at work: teams at the same time, each person's steps in their order, and everything repeated until it is
//! certain.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;

use super::chance::Chance;
use super::connection::{Connection, Trouble};
use super::directory::{Deed, GROUPS, Person, Step, Team};
use super::identity::Identity;
use super::progress::Progress;
use super::{entra, okta};

/// Teams of a client, which work at the same time.
const TEAMS: usize = 4;

/// Steps of a team between two changes of groups.
const STEPS: usize = 8;

/// How often Okta repeats a task before it leaves it to an administrator, who repeats it later.
const OKTA_ATTEMPTS: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Entra,
    Okta,
}

/// An identity provider with the directory that it pushes.
pub struct Client {
    pub kind: Kind,
    pub to: Connection,
    pub teams: Vec<Crew>,
    pub groups: Vec<Group>,
    chance: Chance,
}

/// A team and the ids of its people's users.
pub struct Crew {
    pub team: Team,
    pub ids: BTreeMap<usize, Option<String>>,
}

/// A group of the directory: what it is called at present, and its id.
#[derive(Clone, Debug, Default)]
pub struct Group {
    pub name: String,
    pub id: String,
}

impl Client {
    pub fn new(kind: Kind, to: Connection, domain: &str, seed: u64) -> Self {
        let stream = if kind == Kind::Entra { 100 } else { 200 };
        let crew = |number: usize| {
            let label = format!("{}{number}", to.tenant);
            let chance = Chance::new(seed, stream + number as u64 + 1);
            Crew {
                team: Team::new(chance, &label, domain, kind == Kind::Entra),
                ids: BTreeMap::new(),
            }
        };
        Self {
            teams: (0..TEAMS).map(crew).collect(),
            groups: Vec::new(),
            chance: Chance::new(seed, stream),
            kind,
            to,
        }
    }

    /// Everybody in the directory, with the id of the user.
    pub fn people(&self) -> impl Iterator<Item = (&Person, Option<&str>)> {
        self.teams.iter().flat_map(|crew| {
            let id = |place| crew.ids.get(place).and_then(Option::as_deref);
            let people = crew.team.people.iter();
            people.map(move |(place, person)| (person, id(place)))
        })
    }

    /// Works until enough was done.
    pub async fn work(&mut self, progress: &Progress) {
        for name in GROUPS {
            let id = self.make_group(name, progress).await;
            let name = name.to_owned();
            self.groups.push(Group { name, id });
        }
        while !progress.is_enough() {
            let groups: Vec<String> = self.groups.iter().map(|group| group.id.clone()).collect();
            let (kind, to) = (self.kind, &self.to);
            let teams = self.teams.iter_mut();
            join_all(teams.map(|crew| crew.round(kind, to, &groups, progress))).await;
            if self.chance.one_in(2) {
                self.change_group(progress).await;
            }
        }
    }

    /// Renames a group, or deletes it and creates it anew.
    async fn change_group(&mut self, progress: &Progress) {
        let at = self.chance.below(GROUPS.len());
        let Group { name, id } = self.groups[at].clone();
        let original = GROUPS[at];
        if self.chance.one_in(2) {
            let new = if name == original {
                format!("{original} of old")
            } else {
                original.to_owned()
            };
            insist(|_| self.rename_group(&id, &new), progress).await;
            self.groups[at].name = new;
            return;
        }
        insist(|again| self.delete_group(&id, again), progress).await;
        for crew in &mut self.teams {
            crew.team.disband(at);
        }
        let id = self.make_group(original, progress).await;
        let name = original.to_owned();
        self.groups[at] = Group { name, id };
    }

    pub async fn make_group(&self, name: &str, progress: &Progress) -> String {
        let make = |_| async {
            match self.kind {
                Kind::Entra => entra::group(&self.to, name).await,
                Kind::Okta => okta::group(&self.to, name).await,
            }
        };
        insist(make, progress).await.unwrap()
    }

    pub async fn rename_group(&self, id: &str, name: &str) -> Result<(), Trouble> {
        match self.kind {
            Kind::Entra => entra::rename_group(&self.to, id, name).await,
            Kind::Okta => okta::rename_group(&self.to, id, name).await,
        }
    }

    pub async fn delete_group(&self, id: &str, again: bool) -> Result<(), Trouble> {
        let path = format!("/Groups/{id}");
        match self.to.send(Method::DELETE, &path, None).await {
            Err(Trouble::Refused(404, _)) if again => Ok(()),
            deleted => deleted.map(drop),
        }
    }
}

impl Crew {
    /// Lets some things happen in the team's directory and pushes them. What is not certain yet is repeated when
    /// everything else was tried, and whatever concerns the same people waits for it.
    async fn round(&mut self, kind: Kind, to: &Connection, groups: &[String], progress: &Progress) {
        let steps = (0..STEPS).map(|_| (self.team.step(), false));
        let mut open: Vec<(Step, bool)> = steps.collect();
        while !open.is_empty() {
            let mut later = Vec::new();
            let mut busy = Busy::default();
            for (step, again) in std::mem::take(&mut open) {
                if busy.concerns(&step) {
                    busy.add(&step);
                    later.push((step, again));
                    continue;
                }
                match self.push(kind, to, &step, groups, again).await {
                    Ok(()) => progress.done(),
                    Err(Trouble::Again) => {
                        busy.add(&step);
                        later.push((step, true));
                    }
                    Err(Trouble::Refused(status, words)) => {
                        progress.refused(format!("{step:?} was refused with {status}: {words}"));
                    }
                }
            }
            if !later.is_empty() {
                rest().await;
            }
            open = later;
        }
    }

    async fn push(
        &mut self,
        kind: Kind,
        to: &Connection,
        step: &Step,
        groups: &[String],
        again: bool,
    ) -> Result<(), Trouble> {
        let id = self.ids.entry(step.place).or_default();
        if id.is_none() && !matches!(step.deed, Deed::Hire) {
            return Err(Trouble::Refused(0, "nobody was hired".into()));
        }
        if kind == Kind::Entra {
            return entra::perform(to, step, Identity(id), groups, again).await;
        }
        for attempt in 0..OKTA_ATTEMPTS {
            let again = again || attempt > 0;
            match okta::perform(to, step, Identity(id), groups, again).await {
                Err(Trouble::Again) => rest().await,
                ended => return ended,
            }
        }
        Err(Trouble::Again)
    }
}

/// Whom and what the steps concern that are not certain yet.
#[derive(Default)]
struct Busy {
    places: BTreeSet<usize>,
    names: BTreeSet<String>,
}

impl Busy {
    fn concerns(&self, step: &Step) -> bool {
        let mut names = step.user_names().into_iter();
        self.places.contains(&step.place) || names.any(|name| self.names.contains(name))
    }

    fn add(&mut self, step: &Step) {
        self.places.insert(step.place);
        let names = step.user_names().into_iter().map(str::to_owned);
        self.names.extend(names);
    }
}

/// Repeats something until it is certain; `None` if it is refused.
pub async fn insist<T, F>(mut attempt: impl FnMut(bool) -> F, progress: &Progress) -> Option<T>
where
    F: Future<Output = Result<T, Trouble>>,
{
    let mut again = false;
    loop {
        match attempt(again).await {
            Ok(done) => {
                progress.done();
                return Some(done);
            }
            Err(Trouble::Again) => rest().await,
            Err(Trouble::Refused(status, words)) => {
                progress.refused(format!("refused with {status}: {words}"));
                return None;
            }
        }
        again = true;
    }
}

/// The wait of a client that comes again later; minutes in life.
pub async fn rest() {
    let never = std::future::pending::<()>();
    let _ = tokio::time::timeout(Duration::from_millis(30), never).await;
}
