//! Evaluates filters on JSON: the whole of a resource, or the elements of one attribute.

mod operand;

use super::path::{self, Place};
use super::quirks::{self, Quirk};
use super::reading::Reading;
use super::schema::{Attribute, Returned, Type};
use super::{ResourceKind, ScimError};
use operand::Operand;
use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, Filter, ValFilter};
use serde_json::{Map, Value};

/// How `externalId eq` compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExternalId {
    /// As the schema says: exactly.
    Exact,
    /// Without regard to case.
    Folded,
}

/// Whether `filter` selects `resource`. What [`check`] refuses selects nothing in the term concerned.
pub(super) fn resource(
    kind: ResourceKind,
    filter: &Filter,
    resource: &Map<String, Value>,
    external_id: ExternalId,
) -> bool {
    let part = |filter: &Filter| self::resource(kind, filter, resource, external_id);
    match filter {
        Filter::And(items) => items.iter().all(part),
        Filter::Or(items) => items.iter().any(part),
        Filter::Not(inner) => !part(inner),
        Filter::Attr(expression) => attribute(kind, expression, resource, external_id),
        Filter::ValuePath(path) => match place(kind, &path.attr) {
            Some(Place::Attribute(target)) => target
                .elements(resource)
                .iter()
                .any(|candidate| element(target.attribute, &path.filter, candidate)),
            Some(Place::Extension(_) | Place::Resource) | None => false,
        },
    }
}

/// Whether `filter`, which stood in brackets behind `attribute`, selects this element of it.
pub(super) fn element(
    attribute: &'static Attribute,
    filter: &ValFilter,
    candidate: &Value,
) -> bool {
    let part = |filter: &ValFilter| element(attribute, filter, candidate);
    match filter {
        ValFilter::And(items) => items.iter().all(part),
        ValFilter::Or(items) => items.iter().any(part),
        ValFilter::Not(inner) => !part(inner),
        ValFilter::Attr(expression) => {
            let (path, comparison) = parts(expression);
            let Some(sub) = sub_attribute(attribute, path) else {
                return false;
            };
            holds(
                sub,
                sub.case_exact,
                comparison,
                candidate.get(sub.name).into_iter(),
            )
        }
    }
}

fn attribute(
    kind: ResourceKind,
    expression: &AttrExp,
    resource: &Map<String, Value>,
    external_id: ExternalId,
) -> bool {
    let (path, comparison) = parts(expression);
    match place(kind, path) {
        Some(Place::Attribute(target)) => {
            if comparison.is_none() {
                return target
                    .elements(resource)
                    .iter()
                    .any(|element| match target.sub {
                        Some(sub) => element.get(sub.name).is_some_and(is_present),
                        None => is_present(element),
                    });
            }
            let Some(compared) = target.comparable() else {
                return false;
            };
            let is_folded = external_id == ExternalId::Folded
                && compared.name == "externalId"
                && matches!(comparison, Some((CompareOp::Eq, _)));
            let case_exact = compared.case_exact && !is_folded;
            holds(compared, case_exact, comparison, target.values(resource))
        }
        Some(Place::Extension(schema)) => {
            comparison.is_none() && resource.get(schema.urn).is_some_and(is_present)
        }
        Some(Place::Resource) => comparison.is_none(),
        // An attribute of another type is one without a value here (RFC 7644 section 3.4.2.1).
        None => match comparison {
            Some((operator, value)) => is_true_of_nothing(operator, value),
            None => false,
        },
    }
}

/// Whether any of `values` fulfils the comparison, or is present where there is none.
fn holds<'a>(
    attribute: &Attribute,
    case_exact: bool,
    comparison: Option<(&CompareOp, &CompValue)>,
    values: impl Iterator<Item = &'a Value>,
) -> bool {
    let mut values = values.filter(|value| is_present(value)).peekable();
    let Some((operator, value)) = comparison else {
        return values.peek().is_some();
    };
    if values.peek().is_none() {
        return is_true_of_nothing(operator, value);
    }
    match Operand::new(attribute, case_exact, operator, value) {
        Ok(operand) => values.any(|actual| operand.compare(operator, actual)),
        Err(_) => false,
    }
}

/// What a comparison says of an attribute without a value: it equals `null` and differs from everything else.
pub(super) fn is_true_of_nothing(operator: &CompareOp, value: &CompValue) -> bool {
    match operator {
        CompareOp::Eq => *value == CompValue::Null,
        CompareOp::Ne => *value != CompValue::Null,
        CompareOp::Co
        | CompareOp::Sw
        | CompareOp::Ew
        | CompareOp::Gt
        | CompareOp::Ge
        | CompareOp::Lt
        | CompareOp::Le => false,
    }
}

fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(elements) => elements.iter().any(is_present),
        Value::Object(parts) => parts.values().any(is_present),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Refuses what cannot be evaluated on resources of `kind`.
///
/// An attribute that another type has is fine, and has no value here (RFC 7644 section 3.4.2.1). An attribute that
/// nothing has is an error rather than a filter that selects nothing, or, inside `not`, everything.
pub(super) fn check(
    kind: ResourceKind,
    filter: &Filter,
    reading: &mut Reading<'_>,
) -> Result<(), ScimError> {
    match filter {
        Filter::And(items) | Filter::Or(items) => {
            let mut items = items.iter();
            items.try_for_each(|item| check(kind, item, reading))
        }
        Filter::Not(inner) => check(kind, inner, reading),
        Filter::Attr(expression) => {
            let (path, comparison) = parts(expression);
            match (known_place(kind, path, reading)?, comparison) {
                (Place::Attribute(target), None) => visible(target.attribute, path),
                (Place::Attribute(target), Some(comparison)) => {
                    visible(target.attribute, path)?;
                    check_comparison(target.comparable(), comparison, path, reading)
                }
                (Place::Extension(_) | Place::Resource, None) => Ok(()),
                (Place::Extension(_) | Place::Resource, Some(_)) => Err(names_no_value(path)),
            }
        }
        Filter::ValuePath(value_path) => match known_place(kind, &value_path.attr, reading)? {
            Place::Attribute(target) if target.sub.is_none() => {
                check_elements(target.attribute, &value_path.filter, reading)
            }
            Place::Attribute(_) | Place::Extension(_) | Place::Resource => {
                Err(no_brackets(&value_path.attr))
            }
        },
    }
}

/// The same for a filter in brackets behind `attribute`.
pub(super) fn check_elements(
    attribute: &'static Attribute,
    filter: &ValFilter,
    reading: &mut Reading<'_>,
) -> Result<(), ScimError> {
    match filter {
        ValFilter::And(items) | ValFilter::Or(items) => items
            .iter()
            .try_for_each(|item| check_elements(attribute, item, reading)),
        ValFilter::Not(inner) => check_elements(attribute, inner, reading),
        ValFilter::Attr(expression) => {
            let (path, comparison) = parts(expression);
            let Some(sub) = sub_attribute(attribute, path) else {
                return Err(ScimError::invalid_filter(format!(
                    "{} has no part named '{path}'.",
                    attribute.name
                )));
            };
            comparison.map_or(Ok(()), |comparison| {
                check_comparison(Some(sub), comparison, path, reading)
            })
        }
    }
}

/// Whether the attribute has all parts that a filter in brackets behind it names.
pub(super) fn knows_parts(attribute: &Attribute, filter: &ValFilter) -> bool {
    match filter {
        ValFilter::And(items) | ValFilter::Or(items) => {
            items.iter().all(|item| knows_parts(attribute, item))
        }
        ValFilter::Not(inner) => knows_parts(attribute, inner),
        ValFilter::Attr(expression) => sub_attribute(attribute, parts(expression).0).is_some(),
    }
}

/// How many comparisons an evaluation of a filter in brackets makes at most.
pub(super) fn terms(filter: &ValFilter) -> u64 {
    match filter {
        ValFilter::And(items) | ValFilter::Or(items) => items.iter().map(terms).sum(),
        ValFilter::Not(inner) => terms(inner),
        ValFilter::Attr(_) => 1,
    }
}

fn check_comparison(
    attribute: Option<&Attribute>,
    (operator, value): (&CompareOp, &CompValue),
    path: &AttrPath,
    reading: &mut Reading<'_>,
) -> Result<(), ScimError> {
    let attribute = attribute.ok_or_else(|| names_no_value(path))?;
    let operand = Operand::new(attribute, attribute.case_exact, operator, value);
    let fits = operand.and_then(|_| match mistyped(attribute, value) {
        Some(quirk) if !reading.accepts(quirk) => Err("the value is of another type"),
        Some(_) | None => Ok(()),
    });
    fits.map_err(|reason| {
        ScimError::invalid_filter(format!("'{path} {operator} {value}': {reason}."))
    })
}

/// The quirk that a comparison with a value of another type than the attribute's needs.
fn mistyped(attribute: &Attribute, value: &CompValue) -> Option<Quirk> {
    match (attribute.kind, value) {
        (Type::Boolean, CompValue::Str(text)) => {
            quirks::boolean(text).map(|_| Quirk::BooleanAsString)
        }
        (Type::String, CompValue::Number(_)) => Some(Quirk::NumberAsString),
        _ => None,
    }
}

fn visible(attribute: &Attribute, path: &AttrPath) -> Result<(), ScimError> {
    match attribute.returned {
        Returned::Never => Err(ScimError::invalid_filter(format!(
            "'{path}' is never returned and cannot be searched."
        ))),
        Returned::Always | Returned::Default | Returned::Request => Ok(()),
    }
}

fn names_no_value(path: &AttrPath) -> ScimError {
    ScimError::invalid_filter(format!("'{path}' has several parts; compare one of them."))
}

fn no_brackets(path: &AttrPath) -> ScimError {
    ScimError::invalid_filter(format!(
        "'{path}' has no parts that brackets could select by."
    ))
}

/// The place in resources of `kind`, or of another type if they have none.
fn known_place(
    kind: ResourceKind,
    path: &AttrPath,
    reading: &mut Reading<'_>,
) -> Result<Place, ScimError> {
    std::iter::once(kind)
        .chain(ResourceKind::ALL)
        .find_map(|kind| path::resolve(kind, path, reading))
        .ok_or_else(|| {
            ScimError::invalid_filter(format!(
                "'{path}' is not an attribute of a {}.",
                kind.name()
            ))
        })
}

/// The place as any dialect finds it: what a filter of a narrower one could not name, [`check`] has refused.
fn place(kind: ResourceKind, path: &AttrPath) -> Option<Place> {
    path::resolve(kind, path, &mut Reading::default())
}

/// The part of `attribute` that a path in its brackets names.
pub(super) fn sub_attribute(attribute: &Attribute, path: &AttrPath) -> Option<&'static Attribute> {
    match (&path.uri, &path.sub_attr) {
        (None, None) => attribute.sub(&path.name),
        _ => None,
    }
}

pub(super) fn parts(expression: &AttrExp) -> (&AttrPath, Option<(&CompareOp, &CompValue)>) {
    match expression {
        AttrExp::Present(path) => (path, None),
        AttrExp::Comparison(path, operator, value) => (path, Some((operator, value))),
    }
}
