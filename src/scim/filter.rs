//! Filters (RFC 7644 section 3.4.2.2): parsed, checked against a resource type, evaluated.

use super::evaluate::{self, ExternalId};
use super::key::{self, Selection};
use super::path;
use super::reading::Reading;
use super::schema::Schema;
use super::{ResourceKind, ScimError, grammar};
use scim_v2::filter::{AttrExp, Filter as Tree};
use serde_json::Value;

/// A filter as parsed. [`Filter::check`] it before evaluating: a filter that cannot be evaluated is an error.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    tree: Tree,
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

    /// What of the filter a store can find by keys on resources of `kind`; `None` if none of them can match.
    pub fn selection(&self, kind: ResourceKind) -> Option<Selection> {
        key::selection(kind, &self.tree)
    }

    /// How many comparisons an evaluation makes at most.
    pub fn terms(&self) -> u64 {
        terms(&self.tree)
    }
}

fn mentions(tree: &Tree, attribute: &str) -> bool {
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

fn terms(tree: &Tree) -> u64 {
    match tree {
        Tree::And(items) | Tree::Or(items) => items.iter().map(terms).sum(),
        Tree::Not(inner) => terms(inner),
        Tree::Attr(_) => 1,
        Tree::ValuePath(path) => evaluate::terms(&path.filter),
    }
}
