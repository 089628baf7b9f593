//! What an index can know of a filter: the terms that a store finds by key, and whether they say all.

use super::path::{self, Place, Target};
use super::quirks;
use super::reading::Reading;
use super::schema::Attribute;
use super::{Document, ResourceKind, evaluate, fold, instant};
use scim_v2::filter::{AttrExp, CompValue, CompareOp, Filter as Tree, ValFilter, ValuePath};
use serde_json::Value;
use std::collections::BTreeSet;

/// A condition that a resource must fulfil to match, by which a store can find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// `id`, as sent.
    Id(String),
    /// A user's `userName`, [folded](fold).
    UserName(String),
    /// `externalId`, [folded](fold): finds candidates, among which the case decides.
    ExternalId(String),
    /// `displayName`, [folded](fold).
    DisplayName(String),
    /// The value of one of a user's `emails`, [folded](fold).
    Email(String),
    /// The id of a member of the group.
    Member(String),
    /// Whether the user is active.
    Active(bool),
    /// `meta.lastModified` in Unix microseconds, both ends included. Empty if the ends are the wrong way round.
    Modified {
        /// The earliest.
        from: i64,
        /// The latest.
        to: i64,
    },
}

/// What of a filter the keys can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Every match fulfils all of them.
    pub keys: Vec<Key>,
    /// Whether whatever fulfils the keys matches, so that nothing is left to be evaluated.
    pub is_exact: bool,
}

impl Selection {
    /// All resources.
    pub const ALL: Self = Self {
        keys: Vec::new(),
        is_exact: true,
    };

    /// Whether `externalId` is among the keys: the one attribute that is looked up more generously than it compares
    /// (`reference/idp-behaviour.md`, section 8, decision 2).
    pub fn is_by_external_id(&self) -> bool {
        let is_external_id = |key: &Key| matches!(key, Key::ExternalId(_));
        self.keys.iter().any(is_external_id)
    }
}

impl Document {
    /// The values of `emails`, [folded](fold): what [`Key::Email`] is compared with.
    pub fn email_keys(&self) -> BTreeSet<String> {
        let emails = self.0.get("emails").and_then(Value::as_array);
        let values = emails.into_iter().flatten();
        let values = values.filter_map(|email| email.get("value")?.as_str());
        let values = values.filter(|value| !value.is_empty());
        values.map(fold).collect()
    }

    /// The value of `active`, if there is one: what [`Key::Active`] is compared with.
    pub fn active_key(&self) -> Option<bool> {
        self.0.get("active").and_then(Value::as_bool)
    }
}

/// What a term of a conjunction says to an index.
enum Term {
    /// As much as this key, or (`false`) less.
    Key(Key, bool),
    /// That no resource matches.
    Nothing,
    /// No more than an evaluation of each resource could tell.
    Other,
}

/// The selection that stands for `tree` on resources of `kind`; `None` if none of them can match.
pub(super) fn selection(kind: ResourceKind, tree: &Tree) -> Option<Selection> {
    let mut selection = Selection::ALL;
    let mut open = vec![tree];
    while let Some(tree) = open.pop() {
        if let Tree::And(items) = tree {
            open.extend(items.iter().rev());
            continue;
        }
        match term(kind, tree) {
            Term::Key(key, is_exact) => {
                selection.keys.push(key);
                selection.is_exact &= is_exact;
            }
            Term::Other => selection.is_exact = false,
            Term::Nothing => return None,
        }
    }
    Some(selection)
}

fn term(kind: ResourceKind, tree: &Tree) -> Term {
    match tree {
        Tree::Attr(expression) => {
            let (path, comparison) = evaluate::parts(expression);
            match path::resolve(kind, path, &mut Reading::default()) {
                Some(Place::Attribute(target)) => {
                    let part = target.sub.or_else(|| target.attribute.sub("value"));
                    comparison.map_or(Term::Other, |comparison| {
                        key(kind, target, part, comparison, true)
                    })
                }
                Some(Place::Extension(_) | Place::Resource) => Term::Other,
                None => of_nothing(comparison),
            }
        }
        Tree::ValuePath(ValuePath { attr, filter }) => {
            match path::resolve(kind, attr, &mut Reading::default()) {
                Some(Place::Attribute(target)) => in_brackets(kind, target, filter),
                Some(Place::Extension(_) | Place::Resource) => Term::Other,
                None => Term::Nothing,
            }
        }
        Tree::And(_) | Tree::Or(_) | Tree::Not(_) => Term::Other,
    }
}

/// A term about an attribute that only another resource type has.
fn of_nothing(comparison: Option<(&CompareOp, &CompValue)>) -> Term {
    let is_true =
        comparison.is_some_and(|(operator, value)| evaluate::is_true_of_nothing(operator, value));
    if is_true { Term::Other } else { Term::Nothing }
}

/// The key in `attribute[filter]`, where it stands alone or inside `and`.
fn in_brackets(kind: ResourceKind, target: Target, filter: &ValFilter) -> Term {
    let (terms, is_alone) = match filter {
        ValFilter::And(items) => (items.as_slice(), false),
        ValFilter::Attr(_) | ValFilter::Or(_) | ValFilter::Not(_) => {
            (std::slice::from_ref(filter), true)
        }
    };
    let found = terms.iter().find_map(|term| {
        let ValFilter::Attr(AttrExp::Comparison(path, operator, value)) = term else {
            return None;
        };
        let part = evaluate::sub_attribute(target.attribute, path)?;
        match key(kind, target, Some(part), (operator, value), is_alone) {
            Term::Key(key, is_exact) => Some(Term::Key(key, is_exact)),
            Term::Nothing | Term::Other => None,
        }
    });
    found.unwrap_or(Term::Other)
}

fn key(
    kind: ResourceKind,
    target: Target,
    part: Option<&Attribute>,
    (operator, value): (&CompareOp, &CompValue),
    is_alone: bool,
) -> Term {
    if target.extension.is_some() {
        return Term::Other;
    }
    let name = (target.attribute.name, part.map(|part| part.name));
    let found = match (name, operator, value) {
        (("meta", Some("lastModified")), _, CompValue::Str(text)) => modified(operator, text),
        (("active", None), CompareOp::Eq, _) => flag(value).map(Key::Active),
        (_, CompareOp::Eq, CompValue::Str(text)) => equality(kind, name, text),
        _ => None,
    };
    match found {
        Some(Key::ExternalId(id)) => Term::Key(Key::ExternalId(id), false),
        Some(key) => Term::Key(key, is_alone),
        None => Term::Other,
    }
}

fn equality(kind: ResourceKind, name: (&str, Option<&str>), text: &str) -> Option<Key> {
    match (kind, name) {
        (_, ("id", None)) => Some(Key::Id(text.to_owned())),
        (_, ("externalId", None)) => Some(Key::ExternalId(fold(text))),
        (_, ("displayName", None)) => Some(Key::DisplayName(fold(text))),
        (ResourceKind::User, ("userName", None)) => Some(Key::UserName(fold(text))),
        (ResourceKind::User, ("emails", Some("value"))) => Some(Key::Email(fold(text))),
        (ResourceKind::Group, ("members", Some("value"))) => Some(Key::Member(text.to_owned())),
        _ => None,
    }
}

fn flag(value: &CompValue) -> Option<bool> {
    match value {
        CompValue::True => Some(true),
        CompValue::False => Some(false),
        CompValue::Str(text) => quirks::boolean(text),
        CompValue::Null | CompValue::Number(_) => None,
    }
}

/// The times that compare so with `text`, which may be finer than a microsecond.
fn modified(operator: &CompareOp, text: &str) -> Option<Key> {
    let nanoseconds = instant::parse(text)?.as_nanosecond();
    let floor = i64::try_from(nanoseconds.div_euclid(1_000)).ok()?;
    let ceiling = floor + i64::from(nanoseconds.rem_euclid(1_000) > 0);
    let (from, to) = match operator {
        CompareOp::Eq => (ceiling, floor),
        CompareOp::Gt => (floor + 1, i64::MAX),
        CompareOp::Ge => (ceiling, i64::MAX),
        CompareOp::Lt => (i64::MIN, ceiling - 1),
        CompareOp::Le => (i64::MIN, floor),
        CompareOp::Ne | CompareOp::Co | CompareOp::Sw | CompareOp::Ew => return None,
    };
    Some(Key::Modified { from, to })
}
