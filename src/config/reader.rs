//! Takes typed values out of the tree and collects what is wrong, so that one run finds every mistake.
//!
//! Every getter answers `None` for a value that is wrong and has then noted why. A section is read completely before
//! its values are unwrapped with `?`; mistakes anywhere mean that no configuration comes out.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;

use super::environment::Environment;
use super::mistakes::{Place, Spotted};
use super::section::Section;
use super::tree::{Node, Value};

/// What all sections share while they are read.
pub(super) struct Reader<'a> {
    pub(super) environment: &'a Environment,
    pub(super) base_dir: &'a Path,
    mistakes: RefCell<Vec<Spotted>>,
    /// Values that may stand once in the whole configuration: of which kind, and the key that has it.
    claims: RefCell<BTreeMap<(&'static str, String), String>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(environment: &'a Environment, base_dir: &'a Path) -> Self {
        Self {
            environment,
            base_dir,
            mistakes: RefCell::default(),
            claims: RefCell::default(),
        }
    }

    pub(super) fn note(&self, mistake: Spotted) {
        self.mistakes.borrow_mut().push(mistake);
    }

    pub(super) fn root(&'a self, node: &'a Node) -> At<'a> {
        At {
            reader: self,
            node,
            key: String::new(),
        }
    }

    pub(super) fn into_mistakes(self) -> Vec<Spotted> {
        self.mistakes.into_inner()
    }
}

/// A value at its place in the tree.
pub(super) struct At<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) node: &'a Node,
    /// The path of keys that leads here.
    pub(super) key: String,
}

impl<'a> At<'a> {
    /// Notes a mistake here.
    pub(super) fn wrong<T>(&self, says: impl Into<String>) -> Option<T> {
        self.reader.note(Spotted {
            place: self.node.place.clone(),
            key: self.key.clone(),
            says: says.into(),
        });
        None
    }

    /// Whether an environment variable put the value here.
    pub(super) fn is_override(&self) -> bool {
        matches!(self.node.place, Place::Variable(_))
    }

    /// Text that is not blank.
    pub(super) fn text(&self) -> Option<&'a str> {
        let Value::Text(text) = &self.node.value else {
            return self.wrong("must be text in quotes");
        };
        if text.is_empty() || text.trim() != text {
            return self.wrong("must not be empty, nor begin or end with blanks");
        }
        Some(text)
    }

    /// Text of a certain form; `form` says what is wrong with it.
    pub(super) fn parsed<T>(&self, form: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        match form(self.text()?) {
            Ok(value) => Some(value),
            Err(says) => self.wrong(says),
        }
    }

    /// A whole number, which an environment variable gives as text.
    pub(super) fn integer<T: TryFrom<i64>>(&self, range: RangeInclusive<i64>) -> Option<T> {
        let number = match &self.node.value {
            Value::Integer(number) => Some(*number),
            Value::Text(text) if self.is_override() => text.parse().ok(),
            Value::Text(_) | Value::Flag(_) | Value::List(_) | Value::Table(_) | Value::Other => {
                None
            }
        };
        match number
            .filter(|number| range.contains(number))
            .map(T::try_from)
        {
            Some(Ok(number)) => Some(number),
            Some(Err(_)) | None => {
                let (least, most) = range.into_inner();
                self.wrong(format!(
                    "must be a whole number, without quotes, from {least} to {most}"
                ))
            }
        }
    }

    /// `true` or `false`, which an environment variable gives as text.
    pub(super) fn flag(&self) -> Option<bool> {
        let flag = match &self.node.value {
            Value::Flag(flag) => Some(*flag),
            Value::Text(text) if self.is_override() => text.parse().ok(),
            Value::Text(_)
            | Value::Integer(_)
            | Value::List(_)
            | Value::Table(_)
            | Value::Other => None,
        };
        flag.or_else(|| self.wrong("must be true or false, without quotes"))
    }

    /// One of several words.
    pub(super) fn choice<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let listed: Vec<_> = words
            .iter()
            .map(|(word, _)| format!("\"{word}\""))
            .collect();
        let listed = listed.join(" or ");
        let Value::Text(text) = &self.node.value else {
            return self.wrong(format!("must be {listed}"));
        };
        match words.iter().find(|(word, _)| word == text) {
            Some((_, meaning)) => Some(*meaning),
            None => self.wrong(format!("must be {listed}")),
        }
    }

    /// The items of a list; all of them are read even when some are wrong.
    pub(super) fn items<T>(&self, read: impl Fn(&At<'a>) -> Option<T>) -> Option<Vec<T>> {
        let Value::List(items) = &self.node.value else {
            let header = self
                .key
                .replace(|c: char| matches!(c, '[' | ']') || c.is_ascii_digit(), "");
            return self.wrong(format!(
                "must be a list: write each entry under `[[{header}]]`, with two brackets"
            ));
        };
        let read: Vec<_> = items
            .iter()
            .enumerate()
            .map(|(number, node)| {
                read(&At {
                    reader: self.reader,
                    node,
                    key: format!("{}[{number}]", self.key),
                })
            })
            .collect();
        read.into_iter().collect()
    }

    /// The items of a list that must have some.
    pub(super) fn some_items<T>(&self, read: impl Fn(&At<'a>) -> Option<T>) -> Option<Vec<T>> {
        match self.items(read) {
            Some(items) if items.is_empty() => self.wrong("must have at least one entry"),
            items => items,
        }
    }

    /// Whether this is a list and an item of it has the key.
    pub(super) fn some_item_has(&self, key: &str) -> bool {
        let has =
            |item: &Node| matches!(&item.value, Value::Table(entries) if entries.contains_key(key));
        matches!(&self.node.value, Value::List(items) if items.iter().any(has))
    }

    /// The keys of a table; those that `read` did not ask for are mistakes.
    pub(super) fn table<T>(&self, read: impl FnOnce(&Section<'a, '_>) -> Option<T>) -> Option<T> {
        let Value::Table(entries) = &self.node.value else {
            return self.wrong("must be a table: `[section]` or `{ key = value }`");
        };
        let section = Section::new(self, entries);
        let read = read(&section);
        section.refuse_unasked();
        read
    }

    /// Notes that this key has the value; a second key with it is a mistake.
    pub(super) fn claim(&self, kind: &'static str, value: String, advice: &str) {
        let mut claims = self.reader.claims.borrow_mut();
        if let Some(first) = claims.get(&(kind, value.clone())) {
            self.wrong::<()>(format!("is the same {kind} as {first}: {advice}"));
        } else {
            claims.insert((kind, value), self.key.clone());
        }
    }

    /// Whether some key read so far has the value.
    pub(super) fn is_claimed(&self, kind: &'static str, value: &str) -> bool {
        self.reader
            .claims
            .borrow()
            .contains_key(&(kind, value.to_owned()))
    }
}
