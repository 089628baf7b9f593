//! What of a body becomes a person's own.

use serde_json::{Map, Value, json};

use super::api::Desk;
use super::population::Population;
use super::refusal::Refusal;
use super::rules;
use super::switches::{
    ActiveFlag, CustomPropertyKeys, NamesCase, UndefinedProperties, UnknownFields,
};
use super::world::CustomProperty;

/// Keys that are never a person's own field.
const NOT_STORED: [&str; 5] = ["id", "roleName", "role", "lastAccessedDate", "password"];

/// The fields of a body that become the person's own, in the form in which they are stored.
///
/// # Errors
/// A custom property that the broker has not defined, if the switch says so.
pub(super) fn own(
    desk: &Desk<'_>,
    whose: Population<'_>,
    incoming: Map<String, Value>,
) -> Result<Map<String, Value>, Refusal> {
    let role = rules::role_id(&incoming);
    let mut fields = Map::new();
    for (key, value) in incoming {
        let known = whose.model().knows(&key);
        let stored = known || desk.switches.unknown_fields == UnknownFields::Stored;
        if value.is_null() || !stored || NOT_STORED.contains(&key.as_str()) {
            continue;
        }
        let value = match key.as_str() {
            "address" => address(value),
            "customProperties" => Some(custom_properties(desk, whose, value)?),
            "isActive" if desk.switches.active_flag == ActiveFlag::Absent => None,
            "name" if desk.switches.names_case == NamesCase::Lowered => {
                value.as_str().map(|name| Value::from(name.to_lowercase()))
            }
            _ => Some(value),
        };
        if let Some(value) = value {
            fields.insert(key, value);
        }
    }
    if let Some(role) = role {
        fields.insert("roleId".to_owned(), Value::from(role));
    }
    Ok(fields)
}

/// An address without empty fields; none when nothing is left.
fn address(value: Value) -> Option<Value> {
    let Value::Object(mut fields) = value else {
        return Some(value);
    };
    fields.retain(|_, value| !value.is_null());
    (!fields.is_empty()).then_some(Value::Object(fields))
}

/// Custom properties with name and value, whichever keys they came with.
fn custom_properties(
    desk: &Desk<'_>,
    whose: Population<'_>,
    value: Value,
) -> Result<Value, Refusal> {
    let Value::Array(entries) = value else {
        return Ok(value);
    };
    let by: &[&str] = match desk.switches.custom_property_keys {
        CustomPropertyKeys::NameAndValue => &["name"],
        CustomPropertyKeys::PropertyIdAndValue => &["propertyId"],
        CustomPropertyKeys::All => &["propertyId", "name"],
    };
    let mut stored = Vec::new();
    for entry in entries {
        let definition = by.iter().find_map(|key| {
            let wanted = entry.get(key)?;
            definition(desk, whose, key, wanted)
        });
        let undefined = desk.switches.undefined_properties;
        let name = match definition {
            Some(definition) => Some(definition.name.as_str()),
            None if undefined == UndefinedProperties::Dropped => continue,
            None if undefined == UndefinedProperties::Stored && by.contains(&"name") => {
                entry.get("name").and_then(Value::as_str)
            }
            None => None,
        };
        let name = name
            .ok_or_else(|| Refusal::Rule(format!("There is no such custom property: {entry}.")))?;
        stored.push(json!({ "name": name, "value": entry.get("value") }));
    }
    Ok(Value::Array(stored))
}

/// The broker's definition of the custom property with this `name` or `propertyId`.
pub(super) fn definition<'d>(
    desk: &'d Desk<'_>,
    whose: Population<'_>,
    key: &str,
    wanted: &Value,
) -> Option<&'d CustomProperty> {
    let wanted = wanted.as_str()?;
    let mut properties = whose.custom_properties(desk.world).iter();
    properties.find(|each| {
        let own = if key == "name" { &each.name } else { &each.id };
        own.eq_ignore_ascii_case(wanted)
    })
}
