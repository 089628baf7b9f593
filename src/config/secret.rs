//! Secrets by reference: `{ env = "NAME" }` or `{ file = "PATH" }`; the configuration file never holds one.

use std::fs;

use secrecy::SecretString;

use super::mistakes::{Place, Spotted};
use super::reader::At;
use super::tree::Value;

/// Fetches a secret and cuts off one trailing newline, which editors and secret stores like to add.
pub(super) fn read(at: &At<'_>) -> Option<SecretString> {
    if let Some(place) = &at.node.covered {
        return in_clear(at, place);
    }
    let text = match &at.node.value {
        // A variable named after the key itself carries the secret; that is as safe as naming one by `env`.
        Value::Text(text) if at.is_override() => text.clone(),
        Value::Table(_) => referenced(at)?,
        Value::Text(_) | Value::Integer(_) | Value::Flag(_) | Value::List(_) | Value::Other => {
            return in_clear(at, &at.node.place);
        }
    };
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return at.wrong("the secret is empty: set the variable or fill the file");
    }
    Some(SecretString::from(text))
}

fn in_clear<T>(at: &At<'_>, place: &Place) -> Option<T> {
    let key = at.key.rsplit('.').next().unwrap_or_default();
    at.reader.note(Spotted {
        place: place.clone(),
        key: at.key.clone(),
        says: format!(
            "a secret must not stand in this file: \
             write `{key} = {{ env = \"NAME\" }}` or `{key} = {{ file = \"PATH\" }}`"
        ),
    });
    None
}

fn referenced(at: &At<'_>) -> Option<String> {
    at.table(|secret| {
        let from = secret.one_of(
            ["env", "file"],
            "where the secret is: `{ env = \"NAME\" }` or `{ file = \"PATH\" }`",
        )?;
        match from {
            ("env", at) => from_variable(&at),
            (_, at) => from_file(&at),
        }
    })
}

/// The name is quoted only when it looks like one, for the secret itself may stand there by mistake.
fn from_variable(at: &At<'_>) -> Option<String> {
    let name = at.text()?;
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if !name.chars().all(fits) {
        return at.wrong(
            "must be the name of an environment variable (A-Z, 0-9 and `_`), not the secret itself",
        );
    }
    match at.reader.environment.get(name) {
        Some(value) => Some(value.to_owned()),
        None => at.wrong(format!(
            "the environment variable {name} is not set, or is not UTF-8 text: set it"
        )),
    }
}

fn from_file(at: &At<'_>) -> Option<String> {
    let base_dir = at.reader.base_dir;
    match fs::read_to_string(base_dir.join(at.text()?)) {
        Ok(text) => Some(text),
        Err(error) => at.wrong(format!(
            "the file cannot be read: {error} (a relative path starts at the folder `{}`)",
            base_dir.display()
        )),
    }
}
