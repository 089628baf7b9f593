//! References to what a Bulk request makes: `bulkId:` and a name in place of an id (RFC 7644 section 3.7.2). They stand for
//! a whole text, end an address, or are quoted in the path of a PATCH.

use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};

const MARK: &str = "bulkid:";

/// A part of a text.
#[derive(Clone, Copy)]
enum Piece<'a> {
    Plain(&'a str),
    Reference(&'a str),
}

/// The names that a text refers to.
pub(super) fn in_text(text: &str) -> BTreeSet<String> {
    let names = pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Reference(name) => Some(name.to_owned()),
        Piece::Plain(_) => None,
    });
    names.collect()
}

/// The names that the texts in a value refer to.
pub(super) fn in_value(value: &Value) -> BTreeSet<String> {
    match value {
        Value::String(text) => in_text(text),
        Value::Array(elements) => elements.iter().flat_map(in_value).collect(),
        Value::Object(members) => members.values().flat_map(in_value).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => BTreeSet::new(),
    }
}

/// The text with ids in place of references; `None` if it refers to what is not in `made`.
pub(super) fn resolved(text: &str, made: &HashMap<String, String>) -> Option<String> {
    let pieces = pieces(text).into_iter().map(|piece| match piece {
        Piece::Plain(text) => Some(text),
        Piece::Reference(name) => made.get(name).map(String::as_str),
    });
    pieces.collect()
}

/// The value with ids in place of references. What refers to something that is not in `made` is left out: of a list the
/// element, of an object the member.
pub(super) fn known_part(value: &Value, made: &HashMap<String, String>) -> Value {
    let Some(members) = value.as_object() else {
        return known(value, made).unwrap_or_default();
    };
    let known = |(name, value): (&String, &Value)| Some((name.clone(), known(value, made)?));
    Value::Object(members.iter().filter_map(known).collect())
}

/// An object that says itself whom it refers to, as a member or a manager does, means nothing without that.
fn known(value: &Value, made: &HashMap<String, String>) -> Option<Value> {
    match value {
        Value::String(text) => resolved(text, made).map(Value::String),
        Value::Array(elements) => Some(
            elements
                .iter()
                .filter_map(|each| known(each, made))
                .collect(),
        ),
        Value::Object(members) => {
            let mut kept = Map::new();
            for (name, value) in members {
                match known(value, made) {
                    Some(value) => kept.insert(name.clone(), value),
                    None if value.is_string() => return None,
                    None => continue,
                };
            }
            Some(Value::Object(kept))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(value.clone()),
    }
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let lowercase = text.to_ascii_lowercase();
    let mut pieces = Vec::new();
    let mut done = 0;
    for (at, _) in lowercase.match_indices(MARK) {
        let begins = at + MARK.len();
        let Some((before, after)) = text.split_at_checked(begins) else {
            continue;
        };
        let end = match text.get(..at).and_then(|before| before.chars().next_back()) {
            None | Some('/') => after.len(),
            Some('"') => after.find('"').unwrap_or(after.len()),
            Some(_) => continue,
        };
        let name = after.get(..end).unwrap_or_default();
        if at < done || name.is_empty() {
            continue;
        }
        pieces.extend(before.get(done..at).map(Piece::Plain));
        pieces.push(Piece::Reference(name));
        done = begins + end;
    }
    pieces.extend(text.get(done..).map(Piece::Plain));
    pieces
}
