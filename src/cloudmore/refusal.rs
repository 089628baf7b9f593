//! The body of an answer that is not a success, in any of the shapes that Cloudmore or a proxy before it may send.

use serde_json::{Map, Value};

use super::failure::ApiError;
use super::wire::{self, Object};

/// Errors kept of one answer, and characters kept of one message: enough for a person, too little to flood a log.
const MAX_ERRORS: usize = 20;
const MAX_MESSAGE: usize = 300;

/// Reads an error body. `secrets` are blotted out wherever the server repeats them.
///
/// Documented are a list of errors and an object of field paths with messages; a single error, RFC 7807 with or without
/// `errors`, `{"message"}`, OAuth's `{"error", "error_description"}` and text occur in this server family
/// (`reference/cloudmore-api.md`, section 2).
pub(super) fn read(body: &[u8], secrets: &[&str]) -> Vec<ApiError> {
    let mut errors = match wire::json(body) {
        Some(body) => errors_of(&body),
        None => vec![message(&text_of_page(&String::from_utf8_lossy(body)))],
    };
    for error in &mut errors {
        error.message = readable(&error.message, secrets);
        for part in [&mut error.code, &mut error.name, &mut error.field] {
            *part = part.take().map(|text| readable(&text, secrets));
        }
    }
    errors.retain(|error| error != &ApiError::default());
    errors.truncate(MAX_ERRORS);
    errors
}

/// Text for people: one line, no control characters, not too long, no secrets.
pub(super) fn readable(text: &str, secrets: &[&str]) -> String {
    let blotted = secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), |text, secret| {
            text.replace(secret, "[secret]")
        });
    let spaced: String = blotted
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

fn errors_of(body: &Value) -> Vec<ApiError> {
    match body {
        Value::Array(errors) => errors.iter().flat_map(errors_of).collect(),
        Value::Object(object) => errors_of_object(object),
        Value::String(text) => vec![message(text)],
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

fn errors_of_object(object: &Map<String, Value>) -> Vec<ApiError> {
    let fields = Object::new(object);
    // Text is OAuth's code (RFC 6749 section 5.2); an object is an error of its own.
    let oauth = fields.text("error");
    let words = [
        "errorMessage",
        "error_description",
        "message",
        "detail",
        "title",
    ]
    .iter()
    .find_map(|name| fields.text(name))
    .or_else(|| oauth.clone());
    let nested: Vec<ApiError> = match (fields.value("errors"), fields.value("error")) {
        (Some(Value::Object(by_field)), _) => errors_by_field(by_field),
        (Some(list @ Value::Array(_)), _) => errors_of(list),
        (_, Some(inner @ (Value::Object(_) | Value::Array(_)))) => errors_of(inner),
        _ => Vec::new(),
    };
    if !nested.is_empty() {
        return nested;
    }
    let name = fields.text("errorName").or(oauth);
    let code = fields.text("errorCode").or_else(|| fields.text("code"));
    match words {
        Some(message) => vec![ApiError {
            code,
            name,
            field: None,
            message,
        }],
        None if name.is_some() || code.is_some() => {
            let message = name.clone().unwrap_or_else(|| "no message".to_owned());
            vec![ApiError {
                code,
                name,
                field: None,
                message,
            }]
        }
        None => errors_by_field(object),
    }
}

/// Model validation: each field path with its messages.
fn errors_by_field(object: &Map<String, Value>) -> Vec<ApiError> {
    let messages = |value: &Value| match value {
        Value::Array(messages) => messages.iter().flat_map(errors_of).collect(),
        Value::String(_) | Value::Object(_) => errors_of(value),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    };
    let named = |(field, value): (&String, &Value)| {
        let field = Some(field.clone()).filter(|field| !field.is_empty());
        let errors = messages(value).into_iter();
        errors
            .map(move |error| ApiError {
                field: field.clone(),
                ..error
            })
            .collect::<Vec<_>>()
    };
    object.iter().flat_map(named).collect()
}

fn message(text: &str) -> ApiError {
    ApiError {
        message: text.to_owned(),
        ..ApiError::default()
    }
}

/// What a person would read of a page: the text without its tags. Plain text stays as it is.
fn text_of_page(page: &str) -> String {
    if !page.trim_start().starts_with('<') {
        return page.to_owned();
    }
    let mut text = String::new();
    for part in page.split('<') {
        if let Some((_, words)) = part.split_once('>') {
            text.push_str(words);
            text.push(' ');
        }
    }
    text
}
