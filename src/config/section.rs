//! One table of the configuration: its keys by name, and no others.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::mistakes::Spotted;
use super::nearest::nearest;
use super::reader::At;
use super::tree::Node;

/// A table being read. What is asked of it is what it may hold.
pub(super) struct Section<'a, 's> {
    at: &'s At<'a>,
    entries: &'a BTreeMap<String, Node>,
    known: RefCell<Vec<&'static str>>,
    unavailable: RefCell<Vec<&'static str>>,
}

impl<'a, 's> Section<'a, 's> {
    pub(super) fn new(at: &'s At<'a>, entries: &'a BTreeMap<String, Node>) -> Self {
        Self {
            at,
            entries,
            known: RefCell::default(),
            unavailable: RefCell::default(),
        }
    }

    /// The value of a key, if it is there.
    pub(super) fn find(&self, key: &'static str) -> Option<At<'a>> {
        let mut known = self.known.borrow_mut();
        if !known.contains(&key) {
            known.push(key);
        }
        self.child(key)
    }

    /// The value of a key that must be there; `example` completes "is missing: add".
    pub(super) fn required<T>(
        &self,
        key: &'static str,
        example: &str,
        read: impl FnOnce(&At<'a>) -> Option<T>,
    ) -> Option<T> {
        match self.find(key) {
            Some(at) => read(&at),
            None => self.missing(key, &format!("is missing: add {example}")),
        }
    }

    /// The value of a key that may be absent; the outer `None` is a mistake.
    pub(super) fn optional<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&At<'a>) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.find(key) {
            Some(at) => read(&at).map(Some),
            None => Some(None),
        }
    }

    /// The value of a key that may be absent and then is `default`.
    pub(super) fn or<T>(
        &self,
        key: &'static str,
        default: T,
        read: impl FnOnce(&At<'a>) -> Option<T>,
    ) -> Option<T> {
        match self.find(key) {
            Some(at) => read(&at),
            None => Some(default),
        }
    }

    /// The one of two keys that is there. Of two, one that a variable put there wins over one of the file.
    pub(super) fn one_of(
        &self,
        keys: [&'static str; 2],
        example: &str,
    ) -> Option<(&'static str, At<'a>)> {
        let [first, second] = keys.map(|key| self.find(key).map(|at| (key, at)));
        match (first, second) {
            (Some(first), Some(second)) => match (first.1.is_override(), second.1.is_override()) {
                (true, false) => Some(first),
                (false, true) => Some(second),
                (true, true) | (false, false) => {
                    let [first, second] = keys;
                    self.at.wrong(format!(
                        "has both `{first}` and `{second}`: remove one of them"
                    ))
                }
            },
            (Some(only), None) | (None, Some(only)) => Some(only),
            (None, None) => self.at.wrong(format!("must say {example}")),
        }
    }

    /// A key that is called something else by now: to use it is a mistake, for nothing would come of it.
    pub(super) fn renamed(&self, key: &'static str, now: &str) {
        self.unavailable.borrow_mut().push(key);
        if let Some(at) = self.child(key) {
            at.wrong::<()>(format!("is called `{now}` now: write `{now}` instead"));
        }
    }

    /// Notes a mistake about a key that is absent.
    pub(super) fn missing<T>(&self, key: &'static str, says: &str) -> Option<T> {
        self.at.reader.note(Spotted {
            place: self.at.node.place.clone(),
            key: self.path(key),
            says: says.to_owned(),
        });
        None
    }

    pub(super) fn refuse_unasked(&self) {
        let known = self.known.borrow();
        for (key, node) in self.entries {
            let key = key.as_str();
            if known.contains(&key) || self.unavailable.borrow().contains(&key) {
                continue;
            }
            let says = match nearest(key, known.iter().copied()) {
                Some(meant) => format!("is not a known key: did you mean `{meant}`?"),
                None => format!("is not a known key; here go: {}", known.join(", ")),
            };
            self.at.reader.note(Spotted {
                place: node.named.clone(),
                key: self.path(key),
                says,
            });
        }
    }

    fn child(&self, key: &str) -> Option<At<'a>> {
        Some(At {
            reader: self.at.reader,
            node: self.entries.get(key)?,
            key: self.path(key),
        })
    }

    fn path(&self, key: &str) -> String {
        match self.at.key.as_str() {
            "" => key.to_owned(),
            parent => format!("{parent}.{key}"),
        }
    }
}
