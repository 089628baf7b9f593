//! Rewrites of attribute values.

use super::Quirk;
use crate::scim::reading::Reading;
use crate::scim::schema::{Attribute, Type};
use serde_json::{Value, json};
use std::borrow::Cow;

/// A rewrite: the value that is meant, or `None` where the habit is not met.
type Rewrite = fn(&Attribute, &Value) -> Option<Value>;

const LISTS: &[(Quirk, Rewrite)] = &[(Quirk::LoneElement, lone_element)];

const SINGLES: &[(Quirk, Rewrite)] = &[
    (Quirk::SingleValueInList, single_value_in_list),
    (Quirk::SimpleValueInObject, simple_value_in_object),
    (Quirk::BooleanAsString, boolean_as_string),
    (Quirk::NumberAsString, number_as_string),
    (Quirk::PlainValueForComplex, plain_value_for_complex),
];

/// The value of a multi-valued attribute in the form that the standard asks for, as far as the client's intent is plain.
pub(in crate::scim) fn fit_list<'a>(
    attribute: &Attribute,
    value: &'a Value,
    reading: &mut Reading<'_>,
) -> Cow<'a, Value> {
    fit(LISTS, attribute, value, reading)
}

/// The same for a single value, which an element of a list is too.
pub(in crate::scim) fn fit_single<'a>(
    attribute: &Attribute,
    value: &'a Value,
    reading: &mut Reading<'_>,
) -> Cow<'a, Value> {
    fit(SINGLES, attribute, value, reading)
}

fn fit<'a>(
    rewrites: &[(Quirk, Rewrite)],
    attribute: &Attribute,
    value: &'a Value,
    reading: &mut Reading<'_>,
) -> Cow<'a, Value> {
    let mut fitting = Cow::Borrowed(value);
    for (quirk, rewrite) in rewrites {
        if let Some(meant) = rewrite(attribute, &fitting)
            && reading.accepts(*quirk)
        {
            fitting = Cow::Owned(meant);
        }
    }
    fitting
}

/// One element where a list belongs: `"emails": {...}`, or `"members": "id"` (Q090).
fn lone_element(_: &Attribute, value: &Value) -> Option<Value> {
    (!value.is_array()).then(|| json!([value]))
}

/// A list of one where a single value belongs (Q054, Q066).
fn single_value_in_list(attribute: &Attribute, value: &Value) -> Option<Value> {
    match value.as_array()?.as_slice() {
        [only] if !attribute.multi_valued => Some(only.clone()),
        _ => None,
    }
}

/// `{"$ref":null,"value":"Maja"}` where plain text belongs (Q066).
fn simple_value_in_object(attribute: &Attribute, value: &Value) -> Option<Value> {
    let members = value.as_object()?;
    if attribute.kind == Type::Complex {
        return None;
    }
    let inner = members
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case("value"))?
        .1;
    Some(inner.clone())
}

/// `"True"` and `"false"` where a boolean belongs (Q021, Q023, Q032 to Q034).
fn boolean_as_string(attribute: &Attribute, value: &Value) -> Option<Value> {
    let text = value.as_str().filter(|_| attribute.kind == Type::Boolean)?;
    boolean(text).map(Value::Bool)
}

/// A number where text belongs (section 0.1, rule 5).
fn number_as_string(attribute: &Attribute, value: &Value) -> Option<Value> {
    let number = value
        .as_number()
        .filter(|_| attribute.kind == Type::String)?;
    Some(Value::String(number.to_string()))
}

/// A plain value where an object with `value` belongs: a manager's or a member's id (Q020, Q052, Q090).
fn plain_value_for_complex(attribute: &Attribute, value: &Value) -> Option<Value> {
    let is_plain = value.is_string() || value.is_number();
    let has_value = attribute.kind == Type::Complex && attribute.sub("value").is_some();
    (is_plain && has_value).then(|| json!({ "value": value }))
}

/// The boolean that `text` spells, in any case.
pub(in crate::scim) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}
