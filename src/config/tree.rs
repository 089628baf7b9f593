//! The configuration as a tree whose values know their place. It does not print: a secret may stand in it by mistake.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::mistakes::{Place, Spotted};

/// A value and where it stands.
pub(super) struct Node {
    /// Where its key is written; for an item of a list, where the item begins.
    pub(super) named: Place,
    /// Where the value begins; for a `[section]`, its opening bracket.
    pub(super) place: Place,
    pub(super) value: Value,
    /// Where the file has a single value that a variable replaced: a secret must not stand there either.
    pub(super) covered: Option<Place>,
}

impl Node {
    /// Puts a variable's value here.
    pub(super) fn cover(&mut self, place: &Place, value: Value) {
        let is_single = !matches!(self.value, Value::List(_) | Value::Table(_));
        let covered = std::mem::replace(&mut self.place, place.clone());
        if is_single && matches!(covered, Place::File { .. }) {
            self.covered = Some(covered);
        }
        self.value = value;
    }
}

/// What configuration can hold.
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Flag(bool),
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
    /// TOML that no key takes: fractions, dates, integers beyond 64 bits.
    Other,
}

/// Reads TOML.
///
/// # Errors
/// Every syntax error; of those on one line the first, for the others tend to follow from it.
pub(super) fn parse(text: &str) -> Result<Node, Vec<Spotted>> {
    let lines = Lines::of(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(Node {
            named: lines.place(0),
            place: lines.place(0),
            value: lines.table(table.get_ref()),
            covered: None,
        });
    }
    let mut spotted: Vec<_> = errors
        .iter()
        .map(|error| Spotted {
            place: lines.place(error.span().map_or(0, |span| span.start)),
            key: String::new(),
            says: format!("this is not TOML: {}", error.message()),
        })
        .collect();
    spotted.sort_by(|a, b| a.place.cmp(&b.place));
    spotted.dedup_by_key(|spotted| match spotted.place {
        Place::File { line, .. } => Some(line),
        Place::Variable(_) => None,
    });
    Err(spotted)
}

/// The text and where its lines begin.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(after_breaks).collect(),
        }
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|line| self.starts.get(line));
        let before = start.and_then(|start| self.text.get(*start..offset));
        Place::File {
            line,
            column: before.map_or(0, |before| before.chars().count()) + 1,
        }
    }

    fn table(&self, table: &DeTable<'_>) -> Value {
        let entries = table.iter().map(|(key, value)| {
            let node = self.node(self.place(key.span().start), value);
            (key.get_ref().to_string(), node)
        });
        Value::Table(entries.collect())
    }

    fn node(&self, named: Place, value: &Spanned<DeValue<'_>>) -> Node {
        Node {
            named,
            place: self.place(value.span().start),
            value: match value.get_ref() {
                DeValue::String(text) => Value::Text(text.to_string()),
                DeValue::Integer(integer) => whole(integer).map_or(Value::Other, Value::Integer),
                DeValue::Array(items) => Value::List(
                    items
                        .iter()
                        .map(|item| self.node(self.place(item.span().start), item))
                        .collect(),
                ),
                DeValue::Table(table) => self.table(table),
                DeValue::Boolean(flag) => Value::Flag(*flag),
                DeValue::Float(_) | DeValue::Datetime(_) => Value::Other,
            },
            covered: None,
        }
    }
}

fn whole(integer: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}
