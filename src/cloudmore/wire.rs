//! Reading Cloudmore's JSON: keys without regard to case, ids as text or number.

use serde_json::{Map, Value};

/// A JSON object, read with the tolerance that the undocumented parts of the API need.
#[derive(Clone, Copy)]
pub(super) struct Object<'a>(&'a Map<String, Value>);

impl<'a> Object<'a> {
    /// Looks at an object.
    pub(super) fn new(map: &'a Map<String, Value>) -> Self {
        Self(map)
    }

    /// The value of a field; one that is spelled exactly goes before one that differs in case.
    pub(super) fn value(self, field: &str) -> Option<&'a Value> {
        self.0.get(field).or_else(|| {
            let key = key_of(self.0, field)?;
            self.0.get(key)
        })
    }

    /// All keys as they are, with their values.
    pub(super) fn entries(self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// A text with something in it; numbers count as text.
    pub(super) fn text(self, field: &str) -> Option<String> {
        self.value(field)
            .and_then(text_of)
            .filter(|text| !text.is_empty())
    }

    /// An id, sent as text or as number.
    pub(super) fn id(self, field: &str) -> Option<String> {
        self.value(field).and_then(id_of)
    }

    /// A whole number, sent as number or as text.
    pub(super) fn integer(self, field: &str) -> Option<i64> {
        self.value(field).and_then(integer_of)
    }
}

/// Parses a body. Some servers put a byte order mark before their JSON.
pub(super) fn json(body: &[u8]) -> Option<Value> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    serde_json::from_slice(body).ok()
}

/// The key under which an object holds a field, whatever its case.
fn key_of<'a>(map: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    map.keys()
        .find(|key| key.eq_ignore_ascii_case(field))
        .map(String::as_str)
}

/// The value under a key, whatever its case, made if it is not there.
pub(super) fn entry<'a>(map: &'a mut Map<String, Value>, field: &str) -> &'a mut Value {
    let key = match map.get(field) {
        Some(_) => field.to_owned(),
        None => key_of(map, field).unwrap_or(field).to_owned(),
    };
    map.entry(key).or_insert(Value::Null)
}

/// An id as text: ids are opaque, and none is empty.
pub(super) fn id_of(value: &Value) -> Option<String> {
    text_of(value).filter(|id| !id.trim().is_empty())
}

/// A whole number, sent as number or as text.
pub(super) fn integer_of(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))
}

/// A text; numbers count as text.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
