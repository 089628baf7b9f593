//! The strict engine: performs edits on a document.

use super::bounds::Bounds;
use super::list;
use super::step::Edit;
use crate::scim::elements;
use crate::scim::path::Target;
use crate::scim::reading::Deviations;
use crate::scim::schema::Schema;
use crate::scim::{ResourceKind, ScimError, normalise};
use serde_json::{Map, Value};

/// Performs one edit.
pub(super) fn edit(
    document: &mut Map<String, Value>,
    edit: Edit,
    bounds: &mut Bounds,
    met: &mut Deviations,
) -> Result<(), ScimError> {
    let (Edit::Value(target, _) | Edit::Match(target, _) | Edit::List(target, _)) = &edit;
    let Some(schema) = target.extension else {
        return in_holder(document, edit, bounds, met);
    };
    let mut extension = take_extension(document, schema);
    let outcome = in_holder(&mut extension, edit, bounds, met);
    if !extension.is_empty() {
        document.insert(schema.urn.to_owned(), Value::Object(extension));
    }
    outcome
}

/// Elements that say nothing are not kept. They may come into being for a moment, as one operation follows another.
pub(super) fn drop_hollow_elements(kind: ResourceKind, document: &mut Map<String, Value>) {
    for attribute in kind
        .core()
        .attributes
        .iter()
        .filter(|attribute| attribute.multi_valued)
    {
        let Some(Value::Array(elements)) = document.get_mut(attribute.name) else {
            continue;
        };
        elements.retain(|element| !element.as_object().is_some_and(normalise::is_hollow));
        if elements.is_empty() {
            document.shift_remove(attribute.name);
        }
    }
}

fn take_extension(document: &mut Map<String, Value>, schema: &Schema) -> Map<String, Value> {
    match document.shift_remove(schema.urn) {
        Some(Value::Object(extension)) => extension,
        _ => Map::new(),
    }
}

fn in_holder(
    holder: &mut Map<String, Value>,
    edit: Edit,
    bounds: &mut Bounds,
    met: &mut Deviations,
) -> Result<(), ScimError> {
    match edit {
        Edit::Value(target, value) => {
            set_value(holder, &target, value);
            Ok(())
        }
        Edit::Match(target, unwanted) => {
            take_matching(holder, &target, &unwanted);
            Ok(())
        }
        Edit::List(target, change) => {
            let entry = holder
                .entry(target.attribute.name)
                .or_insert_with(|| Value::Array(Vec::new()));
            let Value::Array(elements) = entry else {
                return Ok(());
            };
            list::change(target.attribute, elements, change, bounds, met)?;
            if elements.is_empty() {
                holder.shift_remove(target.attribute.name);
            }
            Ok(())
        }
    }
}

fn set_value(holder: &mut Map<String, Value>, target: &Target, value: Option<Value>) {
    let name = target.attribute.name;
    match (target.sub, value) {
        (None, Some(value)) => {
            holder.insert(name.to_owned(), value);
        }
        (None, None) => {
            holder.shift_remove(name);
        }
        (Some(sub), Some(value)) => {
            let entry = holder
                .entry(name)
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(parts) = entry {
                parts.insert(sub.name.to_owned(), value);
            }
        }
        (Some(sub), None) => {
            let Some(Value::Object(parts)) = holder.get_mut(name) else {
                return;
            };
            parts.shift_remove(sub.name);
            if parts.is_empty() {
                holder.shift_remove(name);
            }
        }
    }
}

/// Takes a value away where it is the unwanted one. One of several parts is the unwanted one if its `value` is; without
/// such a part, each part is looked at by itself.
fn take_matching(holder: &mut Map<String, Value>, target: &Target, unwanted: &Value) {
    let held = holder.get(target.attribute.name);
    let held = match target.sub {
        Some(sub) => held.and_then(|held| held.get(sub.name)),
        None => held,
    };
    let leaf = target.sub.unwrap_or(target.attribute);
    match (held, unwanted) {
        (Some(Value::Object(_)), Value::Object(parts)) if !parts.contains_key("value") => {
            for (name, unwanted) in parts {
                let sub = leaf.sub(name);
                take_matching(holder, &Target { sub, ..*target }, unwanted);
            }
        }
        (Some(held), unwanted) if elements::is_value(leaf, held, unwanted) => {
            set_value(holder, target, None);
        }
        (Some(_) | None, _) => {}
    }
}
