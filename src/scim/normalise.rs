//! Reads what a client sent against the attribute table: canonical names, real JSON types, nothing that is not kept.
//!
//! `null`, `""` and `[]` mean "no value" (RFC 7643 section 2.5), and so do objects of which nothing remains. Unknown
//! attributes and what the server alone sets are dropped.

use super::path::{self, Place};
use super::quirks::{self, Deviations};
use super::schema::{Attribute, Schema, Type};
use super::{ResourceKind, ScimError, members};
use serde_json::{Map, Value};

/// The attributes of a resource in `body` that are kept. Of a group's `members`, if the body has a list, the ids are kept.
pub(super) fn resource(
    kind: ResourceKind,
    body: &Value,
    deviations: &mut Deviations,
) -> Result<Map<String, Value>, ScimError> {
    let Some(parts) = body.as_object() else {
        return Err(ScimError::invalid_syntax(format!(
            "The body must be a JSON object with the attributes of a {}.",
            kind.name()
        )));
    };
    let mut kept = Map::new();
    for (key, value) in parts {
        if kind == ResourceKind::Group && key.eq_ignore_ascii_case(members::NAME) {
            let ids = (!value.is_null())
                .then(|| members::ids(value, deviations))
                .transpose()?;
            keep(&mut kept, members::NAME, ids.map(Value::from));
        } else if let Some(attribute) = path::top_level(kind, key) {
            keep(
                &mut kept,
                attribute.name,
                read(None, attribute, value, deviations)?,
            );
        } else if let Some(Place::Extension(schema)) = path::schema(kind, key, deviations) {
            keep(&mut kept, schema.urn, extension(schema, value, deviations)?);
        } else {
            deviations.note(quirks::UNKNOWN_ATTRIBUTE);
        }
    }
    Ok(kept)
}

/// The value of `attribute` in canonical form, or `None` for "no value". `holder` is the attribute it is a part of.
pub(super) fn read(
    holder: Option<&Attribute>,
    attribute: &Attribute,
    value: &Value,
    deviations: &mut Deviations,
) -> Result<Option<Value>, ScimError> {
    if is_no_value(value) || !attribute.is_writable() {
        return Ok(None);
    }
    if !attribute.multi_valued {
        return single(holder, attribute, value, deviations);
    }
    let list = quirks::fit_list(attribute, value, deviations);
    let mut elements = Vec::new();
    for element in list.as_array().into_iter().flatten() {
        if let Some(element) = single(holder, attribute, element, deviations)? {
            elements.push(element);
        }
    }
    keep_one_primary(&mut elements);
    Ok((!elements.is_empty()).then_some(Value::Array(elements)))
}

/// One value of `attribute`: its only one, or one element of its list.
pub(super) fn single(
    holder: Option<&Attribute>,
    attribute: &Attribute,
    value: &Value,
    deviations: &mut Deviations,
) -> Result<Option<Value>, ScimError> {
    let value = quirks::fit_single(attribute, value, deviations);
    if is_no_value(&value) {
        return Ok(None);
    }
    match (attribute.kind, value.as_ref()) {
        (Type::Boolean, Value::Bool(_)) => Ok(Some(value.into_owned())),
        (Type::Complex, Value::Object(parts)) => {
            let kept = complex(attribute, parts, deviations)?;
            Ok((!is_hollow(&kept)).then_some(Value::Object(kept)))
        }
        (Type::Boolean | Type::Complex, _) => Err(mistyped(holder, attribute)),
        (Type::String | Type::Binary | Type::DateTime | Type::Reference, Value::String(text)) => {
            if text
                .chars()
                .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            {
                return Err(ScimError::invalid_value(format!(
                    "{} contains control characters; send plain text.",
                    name_in(holder, attribute)
                )));
            }
            Ok(Some(value.into_owned()))
        }
        (Type::String | Type::Binary | Type::DateTime | Type::Reference, _) => {
            Err(mistyped(holder, attribute))
        }
    }
}

/// One element of `attribute` as a PATCH may name it in brackets: `None` for "no value", but a part alone is fine.
pub(super) fn element(
    attribute: &Attribute,
    value: &Value,
    deviations: &mut Deviations,
) -> Result<Option<Map<String, Value>>, ScimError> {
    let list_of_one = value.as_array().filter(|elements| elements.len() == 1);
    let value = list_of_one
        .and_then(|elements| elements.first())
        .unwrap_or(value);
    let value = quirks::fit_single(attribute, value, deviations);
    if is_no_value(&value) {
        return Ok(None);
    }
    let parts = value.as_object().ok_or_else(|| mistyped(None, attribute))?;
    complex(attribute, parts, deviations).map(Some)
}

fn complex(
    attribute: &Attribute,
    parts: &Map<String, Value>,
    deviations: &mut Deviations,
) -> Result<Map<String, Value>, ScimError> {
    let mut kept = Map::new();
    for (key, value) in parts {
        match attribute.sub(key) {
            Some(sub) => keep(
                &mut kept,
                sub.name,
                read(Some(attribute), sub, value, deviations)?,
            ),
            None => deviations.note(quirks::UNKNOWN_ATTRIBUTE),
        }
    }
    Ok(kept)
}

fn extension(
    schema: &Schema,
    value: &Value,
    deviations: &mut Deviations,
) -> Result<Option<Value>, ScimError> {
    if is_no_value(value) {
        return Ok(None);
    }
    let Some(parts) = value.as_object() else {
        return Err(ScimError::invalid_value(format!(
            "{} must be an object with the attributes of that extension.",
            schema.urn
        )));
    };
    let mut kept = Map::new();
    for (key, value) in parts {
        match schema.attribute(key) {
            Some(attribute) => keep(
                &mut kept,
                attribute.name,
                read(None, attribute, value, deviations)?,
            ),
            None => deviations.note(quirks::UNKNOWN_ATTRIBUTE),
        }
    }
    Ok((!kept.is_empty()).then_some(Value::Object(kept)))
}

/// Of two spellings of one key the later counts, as with two equal keys in JSON.
fn keep(kept: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => kept.insert(name.to_owned(), value),
        None => kept.remove(name),
    };
}

/// Whether `value` stands for "no value".
pub(super) fn is_no_value(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

/// Whether an element says nothing: what kind of value it would be, but no value.
pub(super) fn is_hollow(parts: &Map<String, Value>) -> bool {
    parts.keys().all(|name| name == "type" || name == "primary")
}

/// At most one element of a list is the primary one (RFC 7643 section 2.4): the first that says so.
pub(super) fn keep_one_primary(elements: &mut [Value]) {
    let mut found = false;
    for primary in elements
        .iter_mut()
        .filter_map(|element| element.get_mut("primary"))
    {
        if *primary == Value::Bool(true) && std::mem::replace(&mut found, true) {
            *primary = Value::Bool(false);
        }
    }
}

/// The error for a value of the wrong JSON type.
pub(super) fn mistyped(holder: Option<&Attribute>, attribute: &Attribute) -> ScimError {
    let wanted = match attribute.kind {
        Type::Boolean => "true or false",
        Type::Complex => "an object",
        Type::String | Type::Binary | Type::DateTime | Type::Reference => "a string",
    };
    let each = if attribute.multi_valued {
        "each value of "
    } else {
        ""
    };
    ScimError::invalid_value(format!(
        "{each}{} must be {wanted}.",
        name_in(holder, attribute)
    ))
}

fn name_in(holder: Option<&Attribute>, attribute: &Attribute) -> String {
    match holder {
        Some(holder) => format!("{}.{}", holder.name, attribute.name),
        None => attribute.name.to_owned(),
    }
}
