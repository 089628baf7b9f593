//! Reads what a client sent against the attribute table: canonical names, real JSON types, nothing that is not kept.
//!
//! `null`, `""` and `[]` mean "no value" (RFC 7643 section 2.5), and so do objects of which nothing remains. Unknown
//! attributes and what the server alone sets are dropped.

use super::body::member;
use super::elements;
use super::path::{self, Place};
use super::quirks::{self, Quirk};
use super::reading::Reading;
use super::schema::{Attribute, Schema, Type};
use super::{ResourceKind, ScimError, members};
use serde_json::{Map, Value};

/// The attributes of a resource in `body` that are kept. Of a group's `members`, if the body has a list, the ids are kept.
///
/// # Errors
/// 400 for a body that is no such resource, or that needs a quirk which the dialect does not have.
pub(super) fn resource(
    kind: ResourceKind,
    body: &Value,
    reading: &mut Reading<'_>,
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
            // The standard takes `null` for an empty list.
            let says_nothing = value.is_null() && reading.accepts(Quirk::NullMembers);
            let ids = match says_nothing {
                true => None,
                false => Some(Value::from(members::ids(value, reading)?)),
            };
            keep(&mut kept, members::NAME, ids);
        } else if let Some(attribute) = path::top_level(kind, key) {
            keep(
                &mut kept,
                attribute.name,
                read(None, attribute, value, reading)?,
            );
        } else if let Some(Place::Extension(schema)) = path::schema(kind, key, reading) {
            keep(&mut kept, schema.urn, extension(schema, value, reading)?);
        } else if let Some(name) = reading.kept(key) {
            reading.elements(name, longest_list(value))?;
            let value = (!is_no_value(value)).then(|| value.clone());
            keep(&mut kept, name, value);
        } else {
            reading.unknown(key);
        }
    }
    check_schemas(kind, parts, &kept, reading)?;
    reading.end()?;
    Ok(kept)
}

/// `schemas` names the core schema and every extension that the body uses, and nothing else (RFC 7643 section 3.1).
fn check_schemas(
    kind: ResourceKind,
    body: &Map<String, Value>,
    kept: &Map<String, Value>,
    reading: &mut Reading<'_>,
) -> Result<(), ScimError> {
    let mut names = body.keys();
    let listed = names
        .find(|name| name.eq_ignore_ascii_case("schemas"))
        .and_then(|name| body.get(name)?.as_array())
        .map_or(&[][..], Vec::as_slice);
    let is_listed = |urn: &str| listed.iter().any(|listed| is_urn(listed, urn));
    let core = kind.core().urn;
    let is_known = |listed: &Value| {
        is_urn(listed, core)
            || kind
                .extensions()
                .iter()
                .any(|known| is_urn(listed, known.urn))
            || listed
                .as_str()
                .is_some_and(|listed| reading.kept(listed).is_some())
    };
    let mut used = kept.keys().filter(|name| name.contains(':'));
    let agrees = is_listed(core) && used.all(|urn| is_listed(urn)) && listed.iter().all(is_known);
    if agrees || reading.accepts(Quirk::SchemasDiffer) {
        return Ok(());
    }
    Err(ScimError::invalid_syntax(format!(
        "schemas must list \"{core}\" and the extensions that the body uses, and no others."
    )))
}

fn is_urn(listed: &Value, urn: &str) -> bool {
    listed
        .as_str()
        .is_some_and(|listed| listed.eq_ignore_ascii_case(urn))
}

/// The value of `attribute` in canonical form, or `None` for "no value". `holder` is the attribute it is a part of.
pub(super) fn read(
    holder: Option<&Attribute>,
    attribute: &Attribute,
    value: &Value,
    reading: &mut Reading<'_>,
) -> Result<Option<Value>, ScimError> {
    if !attribute.is_writable() || says_nothing(value, reading)? {
        return Ok(None);
    }
    if !attribute.multi_valued {
        return single(holder, attribute, value, reading);
    }
    let list = quirks::fit_list(attribute, value, reading);
    let list = list.as_array().ok_or_else(|| no_list(attribute))?;
    reading.elements(attribute.name, list.len())?;
    let mut elements = Vec::new();
    for element in list {
        if let Some(element) = single(holder, attribute, element, reading)? {
            elements.push(element);
        }
    }
    let mut elements = elements::each_once(attribute, elements);
    if !keep_one_primary(&mut elements) && !reading.accepts(Quirk::SeveralPrimaries) {
        return Err(ScimError::invalid_value(format!(
            "One value of {} at most can be the primary one.",
            attribute.name
        )));
    }
    Ok((!elements.is_empty()).then_some(Value::Array(elements)))
}

/// One value of `attribute`: its only one, or one element of its list.
pub(super) fn single(
    holder: Option<&Attribute>,
    attribute: &Attribute,
    value: &Value,
    reading: &mut Reading<'_>,
) -> Result<Option<Value>, ScimError> {
    let value = quirks::fit_single(attribute, value, reading);
    if says_nothing(&value, reading)? {
        return Ok(None);
    }
    match (attribute.kind, value.as_ref()) {
        (Type::Boolean, Value::Bool(_)) => Ok(Some(value.into_owned())),
        (Type::Complex, Value::Object(parts)) => {
            let kept = complex(attribute, parts, reading)?;
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
    reading: &mut Reading<'_>,
) -> Result<Option<Map<String, Value>>, ScimError> {
    let list_of_one = value.as_array().filter(|elements| elements.len() == 1);
    let value = list_of_one
        .and_then(|elements| elements.first())
        .unwrap_or(value);
    let value = quirks::fit_single(attribute, value, reading);
    if says_nothing(&value, reading)? {
        return Ok(None);
    }
    let parts = value.as_object().ok_or_else(|| mistyped(None, attribute))?;
    complex(attribute, parts, reading).map(Some)
}

fn complex(
    attribute: &Attribute,
    parts: &Map<String, Value>,
    reading: &mut Reading<'_>,
) -> Result<Map<String, Value>, ScimError> {
    let mut kept = Map::new();
    for (key, value) in parts {
        match attribute.sub(key) {
            Some(sub) => keep(
                &mut kept,
                sub.name,
                read(Some(attribute), sub, value, reading)?,
            ),
            None => reading.unknown(format!("{}.{key}", attribute.name)),
        }
    }
    kept.extend(referred(attribute, parts).map(|id| ("value".to_owned(), id)));
    Ok(kept)
}

/// The id of the resource whose address alone is given: the last part of `$ref`.
pub(super) fn referred(attribute: &Attribute, parts: &Map<String, Value>) -> Option<Value> {
    attribute
        .sub("$ref")
        .filter(|_| member(parts, "value").is_none())?;
    let address = member(parts, "$ref")?.as_str()?;
    let (_, id) = address.rsplit_once('/')?;
    (!id.is_empty()).then(|| Value::from(id))
}

fn extension(
    schema: &Schema,
    value: &Value,
    reading: &mut Reading<'_>,
) -> Result<Option<Value>, ScimError> {
    if says_nothing(value, reading)? {
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
                read(None, attribute, value, reading)?,
            ),
            None => reading.unknown(format!("{}:{key}", schema.urn)),
        }
    }
    Ok((!kept.is_empty()).then_some(Value::Object(kept)))
}

/// A [body](super::body) has every name once; of two spellings in a value made otherwise, the later counts.
fn keep(kept: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => kept.insert(name.to_owned(), value),
        None => kept.remove(name),
    };
}

/// Whether `value` stands for "no value", in whatever dialect.
pub(super) fn is_no_value(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

/// How many elements the longest list in `value` has.
pub(super) fn longest_list(value: &Value) -> usize {
    match value {
        Value::Array(elements) => {
            let within = elements.iter().map(longest_list).max();
            elements.len().max(within.unwrap_or_default())
        }
        Value::Object(parts) => parts.values().map(longest_list).max().unwrap_or_default(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// Whether `value` stands for "no value" in the dialect.
///
/// # Errors
/// 400 for `""` where it does not.
pub(super) fn says_nothing(value: &Value, reading: &mut Reading<'_>) -> Result<bool, ScimError> {
    let is_text = value.is_string();
    match is_no_value(value) {
        true if is_text && !reading.accepts(Quirk::EmptyText) => Err(ScimError::invalid_value(
            "\"\" is no value: send null, or leave the attribute out.",
        )),
        is_no_value => Ok(is_no_value),
    }
}

/// Whether an element says nothing: what kind of value it would be, but no value.
pub(super) fn is_hollow(parts: &Map<String, Value>) -> bool {
    parts.keys().all(|name| name == "type" || name == "primary")
}

/// At most one element of a list is the primary one (RFC 7643 section 2.4): the first that says so. Answers whether that
/// was so already.
pub(super) fn keep_one_primary(elements: &mut [Value]) -> bool {
    let (mut found, mut was_so) = (false, true);
    for primary in elements
        .iter_mut()
        .filter_map(|element| element.get_mut("primary"))
    {
        if *primary == Value::Bool(true) && std::mem::replace(&mut found, true) {
            *primary = Value::Bool(false);
            was_so = false;
        }
    }
    was_so
}

/// The error for a single value where a list belongs.
pub(super) fn no_list(attribute: &Attribute) -> ScimError {
    ScimError::invalid_value(format!("{} must be a list.", attribute.name))
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
