//! The model: a directory that people join, move within and leave at random, and what each of them should have in
//! Cloudmore by it.

use std::collections::{BTreeMap, BTreeSet};

use super::chance::Chance;

/// The groups of a directory, by their names at the start. The first two are mapped.
pub const GROUPS: [&str; 4] = ["Cloudmore Finance", "Cloudmore Sales", "Book club", "Choir"];
pub const FINANCE: usize = 0;
pub const SALES: usize = 1;

/// Somebody in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The given name. It never changes and nobody else ever has it, so it says whose an account is.
    pub mark: String,
    pub family: String,
    pub user_name: String,
    pub active: bool,
    /// The groups that the person is a member of, by their number.
    pub groups: BTreeSet<usize>,
}

impl Person {
    /// What the person should have in Cloudmore, a line.
    pub fn account(&self) -> Option<String> {
        let (role, plans) = if self.groups.contains(&FINANCE) {
            (6, "Pro seats, Team plan")
        } else if self.groups.contains(&SALES) {
            (7, "Team plan")
        } else {
            (7, "")
        };
        let Self {
            mark,
            family,
            user_name,
            ..
        } = self;
        self.active.then(|| {
            let name = format!("{mark} {family}");
            format!("{user_name} is {name} ({name}) <{user_name}>, role {role}; {plans}")
        })
    }
}

/// What happens in the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Hire,
    /// Another family name.
    Marry,
    /// Another userName.
    Rename,
    Deactivate,
    Reactivate,
    Delete,
    Join(usize),
    Leave(usize),
}

/// Something that happens to the person in a place, who is nobody before a hire and after a deletion.
#[derive(Clone, Debug)]
pub struct Step {
    pub place: usize,
    pub deed: Deed,
    pub before: Option<Person>,
    pub after: Option<Person>,
}

impl Step {
    /// The person, as the step leaves or deletes them.
    pub fn person(&self) -> &Person {
        self.after.as_ref().or(self.before.as_ref()).unwrap()
    }

    /// The userNames that the step takes or sets free.
    pub fn user_names(&self) -> BTreeSet<&str> {
        let ends = [self.before.as_ref(), self.after.as_ref()];
        let people = ends.into_iter().flatten();
        people.map(|person| person.user_name.as_str()).collect()
    }
}

/// A part of the directory whose people nobody else changes.
pub struct Team {
    /// The person of each place.
    pub people: BTreeMap<usize, Person>,
    chance: Chance,
    label: String,
    places: usize,
    deletes: bool,
    /// The userNames that are gone round with, so that what one gives up another takes.
    names: Vec<String>,
    /// Who had a place last.
    former: BTreeMap<usize, String>,
    made: usize,
}

impl Team {
    /// `deletes`: whether people are deleted in the end, or only ever deactivated.
    pub fn new(chance: Chance, label: &str, domain: &str, deletes: bool) -> Self {
        const PLACES: usize = 10;
        let names = (0..PLACES + 3).map(|number| format!("{PREFIX}{label}-{number}@{domain}"));
        Self {
            people: BTreeMap::new(),
            chance,
            label: label.to_owned(),
            places: PLACES,
            deletes,
            names: names.collect(),
            former: BTreeMap::new(),
            made: 0,
        }
    }

    /// Lets something happen.
    pub fn step(&mut self) -> Step {
        let place = self.chance.below(self.places);
        let before = self.people.get(&place).cloned();
        let deed = before
            .as_ref()
            .map_or(Deed::Hire, |person| self.deed(person));
        let after = self.after(place, before.as_ref(), deed);
        match &after {
            Some(person) => self.people.insert(place, person.clone()),
            None => self.people.remove(&place),
        };
        Step {
            place,
            deed,
            before,
            after,
        }
    }

    fn deed(&mut self, person: &Person) -> Deed {
        let group = self.chance.below(GROUPS.len());
        let moves = |group| {
            if person.groups.contains(&group) {
                Deed::Leave(group)
            } else {
                Deed::Join(group)
            }
        };
        let wanes = if person.active {
            Deed::Deactivate
        } else {
            Deed::Reactivate
        };
        let goes = if self.deletes { Deed::Delete } else { wanes };
        let deeds = [
            moves(group),
            moves(FINANCE),
            moves(FINANCE),
            moves(SALES),
            Deed::Marry,
            Deed::Rename,
            wanes,
            wanes,
            goes,
        ];
        self.chance.one_of(&deeds)
    }

    fn after(&mut self, place: usize, before: Option<&Person>, deed: Deed) -> Option<Person> {
        let Some(before) = before else {
            return Some(self.hired(place));
        };
        let mut person = before.clone();
        match deed {
            Deed::Hire => {}
            Deed::Marry => person.family = self.family(),
            Deed::Rename => person.user_name = self.free_name(),
            Deed::Deactivate => person.active = false,
            Deed::Reactivate => person.active = true,
            Deed::Delete => {
                self.former.insert(place, person.user_name);
                return None;
            }
            Deed::Join(group) => {
                person.groups.insert(group);
            }
            Deed::Leave(group) => {
                person.groups.remove(&group);
            }
        }
        Some(person)
    }

    fn hired(&mut self, place: usize) -> Person {
        self.made += 1;
        let comes_back = !self.chance.one_in(3);
        let former = self.former.get(&place);
        let back = former
            .filter(|name| comes_back && self.is_free(name))
            .cloned();
        Person {
            mark: format!("Kim{}x{}", self.label, self.made),
            family: self.family(),
            user_name: back.unwrap_or_else(|| self.free_name()),
            active: true,
            groups: BTreeSet::new(),
        }
    }

    fn family(&mut self) -> String {
        format!("Lind{}", self.chance.below(1000))
    }

    fn free_name(&mut self) -> String {
        let free: Vec<String> = self
            .names
            .iter()
            .filter(|name| self.is_free(name))
            .cloned()
            .collect();
        self.chance.one_of(&free)
    }

    fn is_free(&self, name: &str) -> bool {
        !self.people.values().any(|person| person.user_name == name)
    }

    /// Takes everybody out of a group that is deleted.
    pub fn disband(&mut self, group: usize) {
        for person in self.people.values_mut() {
            person.groups.remove(&group);
        }
    }
}

/// How the login names of the directory's people begin, and no others.
pub const PREFIX: &str = "storm.";
