//! From the bytes of a body to JSON in which every name stands once.
//!
//! Names differ in more than case, because SCIM reads them without regard to it (RFC 7643 section 2.1): of two spellings
//! of one name nobody could say which counts.

use super::ScimError;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::collections::HashSet;
use std::fmt;

/// As many names of one object are compared with each other before they are put into a set.
const FEW: usize = 32;

/// The mark that some libraries put before UTF-8 (RFC 8259 section 8.1 lets a reader ignore it).
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads a body.
///
/// # Errors
/// 400 `invalidSyntax` for what is not JSON in UTF-8, and for a name that stands twice in one object; 400 `invalidValue` for
/// a text with the NUL character.
pub fn parse(body: &[u8]) -> Result<Value, ScimError> {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = Unique.deserialize(&mut deserializer);
    let value = value.and_then(|value| deserializer.end().map(|()| value));
    let value = value.map_err(|error| {
        ScimError::invalid_syntax(format!(
            "The body cannot be read as JSON: {error}. Correct it and send it again."
        ))
    })?;
    if has_nul(&value) {
        return Err(ScimError::invalid_value(
            "A text must not contain the NUL character. Leave it out and send it again.",
        ));
    }
    Ok(value)
}

/// Whether a text in it has the character that not every store keeps.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(elements) => elements.iter().any(has_nul),
        Value::Object(members) => members.values().any(has_nul),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The member of that name, without regard to case; of several the last, as with equal names in JSON.
pub(super) fn member<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    members
        .iter()
        .rfind(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

struct Unique;

impl<'de> DeserializeSeed<'de> for Unique {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(Self)? {
            list.push(element);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        let mut folded = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.len() == FEW {
                folded.extend(object.keys().map(|name| name.to_ascii_lowercase()));
            }
            let is_new = if object.len() < FEW {
                !object.keys().any(|known| known.eq_ignore_ascii_case(&name))
            } else {
                folded.insert(name.to_ascii_lowercase())
            };
            if !is_new {
                return Err(A::Error::custom(format_args!(
                    "\"{name}\" stands twice in one object"
                )));
            }
            object.insert(name, members.next_value_seed(Self)?);
        }
        Ok(Value::Object(object))
    }
}
