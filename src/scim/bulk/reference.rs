//! References to what a Bulk request makes: `bulkId:` and a name in place of an id (RFC 7644 section 3.7.2). They stand for
//! a whole text, end an address, or are quoted in the path of a PATCH, and only where an id belongs: with members and
//! managers. Elsewhere such a text is a text.

use crate::scim::body::member;
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

/// The names that the body of an operation refers to.
pub(super) fn in_body(body: &Value) -> BTreeSet<String> {
    in_value(body, false)
}

fn in_value(value: &Value, is_id: bool) -> BTreeSet<String> {
    match value {
        Value::String(text) if is_id => in_text(text),
        Value::Array(elements) => {
            let each = elements.iter();
            each.flat_map(|element| in_value(element, is_id)).collect()
        }
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| in_value(value, holds_id(members, name, is_id)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => BTreeSet::new(),
    }
}

/// Whether the member `name` of an object holds ids, or something that does. `is_id` says so of the object itself.
fn holds_id(object: &Map<String, Value>, name: &str, is_id: bool) -> bool {
    let is = |word: &str| name.eq_ignore_ascii_case(word);
    if is_id {
        return is("value") || is("$ref");
    }
    // In an operation of a PATCH it is the path that tells.
    let path = member(object, "path").and_then(Value::as_str);
    is("path") || names_people(name) || is("value") && path.is_some_and(names_people)
}

/// Whether a path leads to members or a manager.
fn names_people(path: &str) -> bool {
    let attribute = path.split('[').next().unwrap_or_default();
    let attribute = attribute.rsplit(':').next().unwrap_or_default();
    let attribute = attribute.split('.').next().unwrap_or_default();
    ["members", "manager"]
        .iter()
        .any(|name| attribute.trim().eq_ignore_ascii_case(name))
}

/// The text with ids in place of references; `None` if it refers to what is not in `made`.
pub(super) fn resolved(text: &str, made: &HashMap<String, String>) -> Option<String> {
    let pieces = pieces(text).into_iter().map(|piece| match piece {
        Piece::Plain(text) => Some(text),
        Piece::Reference(name) => made.get(name).map(String::as_str),
    });
    pieces.collect()
}

/// The body with ids in place of references. What refers to something that is not in `made` is left out: of a list the
/// element, of an object the member.
pub(super) fn known_part(body: &Value, made: &HashMap<String, String>) -> Value {
    let Some(members) = body.as_object() else {
        return known(body, false, made).unwrap_or_default();
    };
    let known = |(name, value): (&String, &Value)| {
        let value = known(value, holds_id(members, name, false), made)?;
        Some((name.clone(), value))
    };
    Value::Object(members.iter().filter_map(known).collect())
}

/// An object that says itself whom it refers to, as a member or a manager does, means nothing without that.
fn known(value: &Value, is_id: bool, made: &HashMap<String, String>) -> Option<Value> {
    match value {
        Value::String(text) if is_id => resolved(text, made).map(Value::String),
        Value::Array(elements) => {
            let each = elements.iter();
            Some(each.filter_map(|each| known(each, is_id, made)).collect())
        }
        Value::Object(members) => {
            let mut kept = Map::new();
            for (name, value) in members {
                match known(value, holds_id(members, name, is_id), made) {
                    Some(value) => kept.insert(name.clone(), value),
                    None if value.is_string() => return None,
                    None => continue,
                };
            }
            Some(Value::Object(kept))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Some(value.clone()),
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
