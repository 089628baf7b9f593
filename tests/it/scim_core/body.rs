//! Bodies as bytes: JSON in UTF-8 in which every name stands once, in whatever case.

use super::check_error;
use super::properties::any_json;
use proptest::prelude::*;
use scim_bridge::scim::{ScimType, body};
use serde_json::{Value, json};

#[test]
fn a_name_that_stands_twice_is_refused_by_name() {
    let many: Vec<_> = (0..100).map(|n| format!(r#""a{n}":{n}"#)).collect();
    let many = many.join(",");
    for (text, name) in [
        (r#"{"userName":"a","username":"b"}"#.to_owned(), "username"),
        (r#"{"userName":"a","userName":"a"}"#.to_owned(), "userName"),
        (
            r#"{"name":{"givenName":"A","GIVENNAME":"B"}}"#.to_owned(),
            "GIVENNAME",
        ),
        (
            r#"{"emails":[{"value":"a"},{"Value":"b","value":"c"}]}"#.to_owned(),
            "value",
        ),
        (
            r#"{"Operations":[],"operations":[]}"#.to_owned(),
            "operations",
        ),
        (format!(r#"{{{many},"A7":0}}"#), "A7"),
        (format!(r#"{{{many},"A99":0}}"#), "A99"),
    ] {
        let error = body::parse(text.as_bytes()).unwrap_err();
        check_error(
            &error,
            400,
            Some(ScimType::InvalidSyntax),
            &format!("\"{name}\""),
        );
    }
    let once = body::parse(format!("{{{many}}}").as_bytes()).unwrap();
    assert_eq!(once.as_object().unwrap().len(), 100);
}

#[test]
fn one_name_in_two_objects_is_no_duplicate() {
    let text = r#"{"a":{"value":1},"b":[{"value":2},{"VALUE":3}]}"#;
    let read = body::parse(text.as_bytes()).unwrap();
    assert_eq!(
        read,
        json!({"a": {"value": 1}, "b": [{"value": 2}, {"VALUE": 3}]})
    );
}

#[test]
fn what_is_not_json_in_utf_8_is_refused() {
    for bytes in [
        b"".as_slice(),
        b"{",
        b"{} {}",
        b"{'a': 1}",
        b"{\"a\": \"\xff\"}",
        b"{\"a\": \"\\ud800\"}",
        b"[1,]",
        &[b'['; 100_000],
    ] {
        let error = body::parse(bytes).unwrap_err();
        check_error(&error, 400, Some(ScimType::InvalidSyntax), "JSON");
    }
}

proptest! {
    #[test]
    fn json_reads_as_itself(value in any_json()) {
        let text = value.to_string();
        match body::parse(text.as_bytes()) {
            Ok(read) => prop_assert_eq!(read, value),
            Err(error) if error.to_string().contains("NUL") => prop_assert!(has_nul(&value), "{error}"),
            Err(error) => prop_assert!(has_twins(&value), "{error}"),
        }
    }
}

/// Whether a text has the character that not every store keeps.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(elements) => elements.iter().any(has_nul),
        Value::Object(members) => members.values().any(has_nul),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether names of one object differ in case only.
fn has_twins(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.iter().any(has_twins),
        Value::Object(members) => {
            let mut names: Vec<_> = members
                .keys()
                .map(|name| name.to_ascii_lowercase())
                .collect();
            names.sort_unstable();
            names.dedup();
            names.len() < members.len() || members.values().any(has_twins)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}
