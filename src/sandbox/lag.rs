//! Lists that lag behind: who was just created is left out of the next few.

use std::collections::{HashMap, HashSet};

use super::world::Person;

/// How many more lists leave out whom, by id.
#[derive(Default)]
pub(super) struct Lag(HashMap<String, u32>);

impl Lag {
    /// So many lists leave this person out.
    pub(super) fn begin(&mut self, id: &str, lists: u32) {
        if lists > 0 {
            self.0.insert(id.to_owned(), lists);
        }
    }

    /// Whom a list of these people leaves out.
    pub(super) fn hidden(&mut self, people: &[Person]) -> HashSet<String> {
        let mut hidden = HashSet::new();
        for person in people {
            if let Some(left) = self.0.get_mut(&person.id) {
                *left -= 1;
                hidden.insert(person.id.clone());
            }
        }
        self.0.retain(|_, left| *left > 0);
        hidden
    }
}
