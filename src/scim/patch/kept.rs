//! Changes of attributes and extensions that the schemas do not have and that a tenant keeps as they are sent.

use super::Verb;
use super::bounds::Bounds;
use crate::scim::ScimError;
use crate::scim::normalise::{is_no_value, longest_list};
use crate::scim::reading::Reading;
use scim_v2::filter::PatchPath;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// A change of something kept.
#[derive(Debug, Clone)]
pub(super) struct KeptEdit {
    /// The member of the document, and the member of it, and so on.
    names: Vec<String>,
    verb: Verb,
    value: Value,
}

/// The change that an operation is whose path the schemas do not have; `None` if nothing of that name is kept.
///
/// # Errors
/// 400 `invalidPath` for brackets: nothing is known of the elements that they could select.
pub(super) fn compile(
    verb: Verb,
    path: &PatchPath,
    value: Option<&Value>,
    reading: &Reading<'_>,
) -> Result<Option<KeptEdit>, ScimError> {
    let attr = match path {
        PatchPath::Attr(attr) => attr,
        PatchPath::Value(value) => &value.attr,
    };
    // The grammar takes the last part of a URN that stands alone for an attribute name.
    let whole = match &attr.uri {
        Some(uri) => format!("{uri}:{}", attr.name),
        None => attr.name.clone(),
    };
    let mut names = Vec::new();
    if let Some(kept) = reading.kept(&whole) {
        names.push(kept.to_owned());
    } else if let Some(kept) = attr.uri.as_deref().and_then(|uri| reading.kept(uri)) {
        names.extend([kept.to_owned(), attr.name.clone()]);
    } else {
        return Ok(None);
    }
    names.extend(attr.sub_attr.clone());
    if matches!(path, PatchPath::Value(_)) {
        return Err(ScimError::invalid_path(format!(
            "'{path}': {whole} is kept as it is sent. Change it as a whole."
        )));
    }
    let value = value.filter(|_| verb != Verb::Remove).cloned();
    Ok(Some(KeptEdit {
        names,
        verb,
        value: value.unwrap_or_default(),
    }))
}

/// Performs the change.
///
/// # Errors
/// As for changes of lists: what is kept has limits too.
pub(super) fn apply(
    document: &mut Map<String, Value>,
    edit: KeptEdit,
    bounds: &mut Bounds,
) -> Result<(), ScimError> {
    let Some(name) = edit.names.first().cloned() else {
        return Ok(());
    };
    let longest = |document: &Map<_, _>| document.get(&name).map_or(0, longest_list);
    let before = longest(document);
    bounds.spend(before)?;
    set(document, &edit.names, edit.verb, edit.value);
    bounds.grown(&name, before, longest(document))
}

fn set(holder: &mut Map<String, Value>, names: &[String], verb: Verb, value: Value) {
    let Some((name, inner)) = names.split_first() else {
        return;
    };
    let spelt = holder.keys().find(|known| known.eq_ignore_ascii_case(name));
    let name = spelt.unwrap_or(name).clone();
    let before = holder.get(&name).cloned().unwrap_or_default();
    let after = if inner.is_empty() {
        merged(before, verb, value)
    } else {
        let mut parts = if let Value::Object(parts) = before {
            parts
        } else {
            Map::new()
        };
        set(&mut parts, inner, verb, value);
        Value::Object(parts)
    };
    if is_no_value(&after) || after.as_object().is_some_and(Map::is_empty) {
        holder.shift_remove(&name);
    } else {
        holder.insert(name, after);
    }
}

/// An object takes up the members of another one, and `add` the elements of a list that it does not have yet.
fn merged(before: Value, verb: Verb, value: Value) -> Value {
    match (before, value) {
        (Value::Object(mut parts), Value::Object(more)) => {
            for (name, value) in more {
                set(&mut parts, &[name], verb, value);
            }
            Value::Object(parts)
        }
        (Value::Array(mut elements), Value::Array(more)) if verb == Verb::Add => {
            let mut known: HashSet<_> = elements.iter().cloned().collect();
            let new = more.into_iter();
            elements.extend(new.filter(|element| known.insert(element.clone())));
            Value::Array(elements)
        }
        (_, value) => value,
    }
}
