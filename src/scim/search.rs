//! The body of a `POST …/.search` (RFC 7644 section 3.4.3): the parameters of a list as JSON.

use super::query::Given;
use super::reading::Reading;
use super::{ListQuery, ScimError};
use scim_v2::schema_urns;
use serde_json::Value;

/// What the URNs of all messages begin with.
const MESSAGES: &str = "urn:ietf:params:scim:api:messages:";

/// Reads a search request. Names are read without regard to case, `null` is as good as nothing, and what is unknown is
/// ignored. `schemas` may be missing; only a body that says it is another message is refused.
///
/// # Errors
/// 400 `invalidSyntax` for a body that is no search request, `invalidValue` for a parameter of the wrong type or given
/// twice, and what [`ListQuery::parse`] says of the parameters.
pub fn search_request(body: &Value, reading: &mut Reading<'_>) -> Result<ListQuery, ScimError> {
    let Value::Object(members) = body else {
        return Err(ScimError::invalid_syntax(
            "The body must be a JSON object with the parameters of the search, such as filter and count.",
        ));
    };
    let find = |name: &'static str| {
        let mut values = members
            .iter()
            .filter(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_null())
            .map(|(_, value)| value);
        let value = values.next();
        match values.next() {
            Some(_) => Err(given_twice(name)),
            None => Ok(value),
        }
    };
    if let Some(schemas) = find("schemas")? {
        check_schemas(&strings("schemas", schemas)?)?;
    }
    let text = |name| match find(name)? {
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(mistyped(name, "a string")),
        None => Ok(None),
    };
    let number = |name| match find(name)? {
        Some(value) => value
            .as_i64()
            .map(Some)
            .ok_or_else(|| mistyped(name, "a whole number")),
        None => Ok(None),
    };
    let list = |name| {
        let values = find(name)?.map(|value| strings(name, value)).transpose();
        values.map(|values| values.map(|values| values.join(",")))
    };
    Given {
        filter: text("filter")?,
        sort_by: text("sortBy")?,
        sort_order: text("sortOrder")?,
        cursor: text("cursor")?,
        start_index: number("startIndex")?,
        count: number("count")?,
        attributes: list("attributes")?,
        excluded: list("excludedAttributes")?,
    }
    .into_query(reading)
}

/// A list of strings, or a single one in place of a list of one.
fn strings<'a>(name: &str, value: &'a Value) -> Result<Vec<&'a str>, ScimError> {
    let values = match value.as_array() {
        Some(values) => values.as_slice(),
        None => std::slice::from_ref(value),
    };
    let strings: Option<Vec<_>> = values.iter().map(Value::as_str).collect();
    strings.ok_or_else(|| mistyped(name, "a list of strings"))
}

fn check_schemas(schemas: &[&str]) -> Result<(), ScimError> {
    let is_search = |urn: &&str| urn.eq_ignore_ascii_case(schema_urns::SEARCH_REQUEST);
    let is_message = |urn: &&str| {
        urn.get(..MESSAGES.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(MESSAGES))
    };
    if schemas.iter().any(is_message) && !schemas.iter().any(is_search) {
        return Err(ScimError::invalid_syntax(format!(
            "schemas says that the body is no search. Send {}.",
            schema_urns::SEARCH_REQUEST
        )));
    }
    Ok(())
}

fn given_twice(name: &str) -> ScimError {
    ScimError::invalid_value(format!("{name} is given twice; send it once."))
}

fn mistyped(name: &str, wanted: &str) -> ScimError {
    ScimError::invalid_value(format!("{name} must be {wanted}."))
}
