//! Mistakes in the configuration: where, which key, and what to change. They never quote a value, for it may be a secret.

use std::fmt;

/// One thing to change before the bridge can start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// `file.toml:12:5` (line and column from 1), or the name of the environment variable.
    pub place: String,
    /// The key's path, such as `tenant[0].mapping[1].role`; empty when the text is not TOML.
    pub key: String,
    /// What is wrong and what to write instead.
    pub says: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key.is_empty() {
            write!(f, "{}: {}", self.place, self.says)
        } else {
            write!(f, "{}: {}: {}", self.place, self.key, self.says)
        }
    }
}

/// All mistakes of a configuration: those in the file by line and column, then those in variables by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    /// The mistakes in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Mistake> {
        self.0.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Orders what was spotted in the text called `name`.
    pub(super) fn new(name: &str, mut spotted: Vec<Spotted>) -> Self {
        spotted.sort_by(|a, b| a.place.cmp(&b.place));
        let mistakes = spotted.into_iter().map(|spotted| Mistake {
            place: match spotted.place {
                Place::File { line, column } => format!("{name}:{line}:{column}"),
                Place::Variable(variable) => variable,
            },
            key: spotted.key,
            says: spotted.says,
        });
        Self(mistakes.collect())
    }

    /// The file called `name` is of no use at all.
    pub(super) fn unreadable(name: &str, says: String) -> Self {
        Self(vec![Mistake {
            place: name.to_owned(),
            key: String::new(),
            says,
        }])
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|mistake| writeln!(f, "{mistake}"))
    }
}

impl std::error::Error for Mistakes {}

impl<'a> IntoIterator for &'a Mistakes {
    type Item = &'a Mistake;
    type IntoIter = std::slice::Iter<'a, Mistake>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Line and column of the file, from 1; the column counts characters.
    File { line: usize, column: usize },
    /// An environment variable, by name.
    Variable(String),
}

/// A mistake before its place is put into words.
pub(super) struct Spotted {
    pub(super) place: Place,
    pub(super) key: String,
    pub(super) says: String,
}
