//! Filters (RFC 7644 section 3.4.2.2): parsed, checked against a resource type, evaluated, and searched for a key.

use super::evaluate::{self, ExternalId};
use super::path::{self, Place, Target};
use super::reading::Reading;
use super::schema::{Attribute, Schema};
use super::{ResourceKind, ScimError, fold, grammar};
use scim_v2::filter::{
    AttrExp, AttrPath, CompValue, CompareOp, Filter as Tree, ValFilter, ValuePath,
};
use serde_json::Value;

/// A filter as parsed. [`Filter::check`] it before evaluating: a filter that cannot be evaluated is an error.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    tree: Tree,
}

/// An equality that a resource must fulfil to match, by which a store can find the candidates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// `id`, as sent.
    Id(String),
    /// A user's `userName`, [folded](fold).
    UserName(String),
    /// `externalId`, as sent.
    ExternalId(String),
    /// A group's `displayName`, [folded](fold).
    DisplayName(String),
    /// The id of a member of the group.
    Member(String),
}

impl Filter {
    /// Parses a filter within the limits of the dialect and 1,024 terms.
    ///
    /// # Errors
    /// 400 `invalidFilter` that says what is wrong where.
    pub fn parse(text: &str, reading: &mut Reading<'_>) -> Result<Self, ScimError> {
        let tree = grammar::filter(text, reading).map_err(|reason| {
            ScimError::invalid_filter(format!("The filter is not valid: {reason}."))
        })?;
        Ok(Self { tree })
    }

    /// The syntax tree, for whoever translates it to the query language of a store.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Refuses a filter that cannot be evaluated on resources of `kind`: an attribute that no resource type has, one that
    /// is never returned, an operator or value that does not go with the attribute's type. An attribute that only another
    /// resource type has is fine: it has no value here, as RFC 7644 section 3.4.2.1 demands.
    ///
    /// # Errors
    /// 400 `invalidFilter` that names the term.
    pub fn check(&self, kind: ResourceKind, reading: &mut Reading<'_>) -> Result<(), ScimError> {
        evaluate::check(kind, &self.tree, reading)
    }

    /// Whether the filter selects `resource`, which is rendered in full. `externalId eq` compares without case here,
    /// which holds only where a single record matches: with more, keep those that [`Filter::matches_exactly`] selects
    /// (`reference/idp-behaviour.md`, section 8, decision 2).
    pub fn matches(&self, kind: ResourceKind, resource: &Value) -> bool {
        self.evaluate(kind, resource, ExternalId::Folded)
    }

    /// As [`Filter::matches`], with `externalId` compared as the schema says: exactly.
    pub fn matches_exactly(&self, kind: ResourceKind, resource: &Value) -> bool {
        self.evaluate(kind, resource, ExternalId::Exact)
    }

    fn evaluate(&self, kind: ResourceKind, resource: &Value, external_id: ExternalId) -> bool {
        resource
            .as_object()
            .is_some_and(|resource| evaluate::resource(kind, &self.tree, resource, external_id))
    }

    /// Whether the filter looks at this attribute, which the caller may otherwise leave unread.
    pub fn mentions(&self, attribute: &str) -> bool {
        mentions(&self.tree, attribute)
    }

    /// Whether the filter looks at anything of this extension, which the caller may otherwise leave unread.
    pub fn mentions_extension(&self, kind: ResourceKind, schema: &'static Schema) -> bool {
        mentions_extension(&self.tree, kind, schema)
    }

    /// The equality that narrows the search most, alone or inside `and`; `None` if every resource has to be looked at.
    pub fn key(&self, kind: ResourceKind) -> Option<Key> {
        let terms = match &self.tree {
            Tree::And(items) => items.as_slice(),
            Tree::Attr(_) | Tree::ValuePath(_) | Tree::Or(_) | Tree::Not(_) => {
                std::slice::from_ref(&self.tree)
            }
        };
        terms
            .iter()
            .filter_map(|term| key(kind, term))
            .min_by_key(rank)
    }
}

fn mentions(tree: &scim_v2::filter::Filter, attribute: &str) -> bool {
    use scim_v2::filter::Filter as Tree;
    let name = match tree {
        Tree::And(items) | Tree::Or(items) => {
            return items.iter().any(|item| mentions(item, attribute));
        }
        Tree::Not(inner) => return mentions(inner, attribute),
        Tree::ValuePath(value_path) => &value_path.attr.name,
        Tree::Attr(AttrExp::Present(path) | AttrExp::Comparison(path, ..)) => &path.name,
    };
    name.eq_ignore_ascii_case(attribute)
}

fn mentions_extension(tree: &Tree, kind: ResourceKind, schema: &'static Schema) -> bool {
    let path = match tree {
        Tree::And(items) | Tree::Or(items) => {
            let mut items = items.iter();
            return items.any(|item| mentions_extension(item, kind, schema));
        }
        Tree::Not(inner) => return mentions_extension(inner, kind, schema),
        Tree::ValuePath(value_path) => &value_path.attr,
        Tree::Attr(AttrExp::Present(path) | AttrExp::Comparison(path, ..)) => path,
    };
    path::resolve(kind, path, &mut Reading::default()).is_some_and(|place| place.is_in(schema))
}

/// The fewer resources a key finds, the lower its rank.
fn rank(key: &Key) -> u8 {
    match key {
        Key::Id(_) => 0,
        Key::UserName(_) => 1,
        Key::DisplayName(_) => 2,
        Key::ExternalId(_) => 3,
        Key::Member(_) => 4,
    }
}

fn key(kind: ResourceKind, term: &Tree) -> Option<Key> {
    match term {
        Tree::Attr(AttrExp::Comparison(path, CompareOp::Eq, CompValue::Str(text))) => {
            let target = target(kind, path)?;
            let part = target.sub.or_else(|| target.attribute.sub("value"));
            equality(kind, target.attribute, part, text)
        }
        Tree::ValuePath(ValuePath { attr, filter }) => {
            let ValFilter::Attr(AttrExp::Comparison(path, CompareOp::Eq, CompValue::Str(text))) =
                filter.as_ref()
            else {
                return None;
            };
            let attribute = target(kind, attr)?.attribute;
            equality(
                kind,
                attribute,
                evaluate::sub_attribute(attribute, path),
                text,
            )
        }
        Tree::Attr(_) | Tree::And(_) | Tree::Or(_) | Tree::Not(_) => None,
    }
}

fn target(kind: ResourceKind, path: &AttrPath) -> Option<Target> {
    match path::resolve(kind, path, &mut Reading::default())? {
        Place::Attribute(target) => Some(target),
        Place::Extension(_) | Place::Resource => None,
    }
}

fn equality(
    kind: ResourceKind,
    attribute: &Attribute,
    part: Option<&Attribute>,
    text: &str,
) -> Option<Key> {
    match (kind, attribute.name, part.map(|part| part.name)) {
        (_, "id", None) => Some(Key::Id(text.to_owned())),
        (_, "externalId", None) => Some(Key::ExternalId(text.to_owned())),
        (ResourceKind::User, "userName", None) => Some(Key::UserName(fold(text))),
        (ResourceKind::Group, "displayName", None) => Some(Key::DisplayName(fold(text))),
        (ResourceKind::Group, "members", Some("value")) => Some(Key::Member(text.to_owned())),
        _ => None,
    }
}
