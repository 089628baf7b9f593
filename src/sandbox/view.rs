//! A person as the API shows one.

use serde_json::{Map, Value, json};

use super::api::Desk;
use super::models::Model;
use super::population::Population;
use super::stored;
use super::switches::{
    ActiveFlag, AddressShown, CustomPropertyKeys, EmptyFields, LastAccessedFormat, ListRows,
    RoleShown,
};
use super::world::Person;

/// What a short list row shows, besides id, role and last sign-in.
pub(super) const SHORT_ROW: [&str; 5] = ["name", "firstName", "lastName", "displayName", "email"];
/// What a minimal list row shows, besides the id.
pub(super) const MINIMAL_ROW: [&str; 1] = ["name"];
/// Fields that may be without a value.
const OPTIONAL: [&str; 5] = [
    "title",
    "cellPhone",
    "cellPhonePrefix",
    "address",
    "customProperties",
];

/// The person with as much as rows of this kind show, under the names that fields have on the wire.
pub(super) fn shown(
    desk: &Desk<'_>,
    whose: Population<'_>,
    person: &Person,
    rows: ListRows,
) -> Value {
    let mut view = Map::new();
    view.insert("id".to_owned(), desk.person_id(&person.id));
    let shows = |key: &str| match rows {
        ListRows::Full => true,
        ListRows::Short => SHORT_ROW.contains(&key),
        ListRows::Minimal => MINIMAL_ROW.contains(&key),
    };
    for (key, value) in person.fields.iter().filter(|(key, _)| shows(key)) {
        view.insert(key.clone(), value.clone());
    }
    if rows == ListRows::Full {
        complete(desk, whose, &mut view);
    }
    if rows != ListRows::Minimal {
        show_role(desk, whose, person, &mut view);
        let accessed = person.last_accessed_date.as_deref();
        if let Some(date) = last_accessed(accessed, desk.switches.last_accessed_format) {
            view.insert("lastAccessedDate".to_owned(), date);
        }
    }
    Value::Object(desk.switches.field_names.written(whose.model(), view))
}

/// What the switches add to all that is stored, or take from it.
fn complete(desk: &Desk<'_>, whose: Population<'_>, view: &mut Map<String, Value>) {
    let switches = desk.switches;
    match switches.active_flag {
        ActiveFlag::Honoured | ActiveFlag::Ignored => {
            view.entry("isActive").or_insert(Value::Bool(true));
        }
        ActiveFlag::Absent => {
            view.remove("isActive");
        }
    }
    if let Some(properties) = view.get_mut("customProperties").map(Value::take) {
        let properties = custom_properties(desk, whose, properties);
        view.insert("customProperties".to_owned(), properties);
    }
    if switches.address_shown == AddressShown::Always {
        let keys = Model::Address.fields().iter();
        let empty: Map<_, _> = keys.map(|key| ((*key).to_owned(), Value::Null)).collect();
        view.entry("address").or_insert(Value::Object(empty));
    }
    if switches.empty_fields == EmptyFields::Null {
        for field in OPTIONAL {
            view.entry(field).or_insert(Value::Null);
        }
    }
}

fn show_role(
    desk: &Desk<'_>,
    whose: Population<'_>,
    person: &Person,
    view: &mut Map<String, Value>,
) {
    let Some(role) = person.role_id() else {
        return;
    };
    let mut roles = whose.roles(desk.world).iter();
    let name = roles
        .find(|each| each.id == role)
        .map(|each| each.name.clone());
    let id = desk.role_id(role);
    match desk.switches.role_shown {
        RoleShown::IdAndName => {
            view.insert("roleId".to_owned(), id);
            view.insert("roleName".to_owned(), Value::from(name));
        }
        RoleShown::IdOnly => {
            view.insert("roleId".to_owned(), id);
        }
        RoleShown::Object => {
            view.remove("roleId");
            view.insert("role".to_owned(), json!({ "id": id, "name": name }));
        }
    }
}

/// Custom properties are stored with name and value.
fn custom_properties(desk: &Desk<'_>, whose: Population<'_>, stored: Value) -> Value {
    let Value::Array(entries) = stored else {
        return stored;
    };
    let shown = |entry: Value| {
        let name = entry.get("name").cloned().unwrap_or_default();
        let value = entry.get("value").cloned().unwrap_or_default();
        let id = || {
            let definition = stored::definition(desk, whose, "name", &name);
            definition.map(|each| each.id.clone())
        };
        match desk.switches.custom_property_keys {
            CustomPropertyKeys::NameAndValue => json!({ "name": name, "value": value }),
            CustomPropertyKeys::PropertyIdAndValue => json!({ "propertyId": id(), "value": value }),
            CustomPropertyKeys::All => {
                json!({ "propertyId": id(), "name": name, "value": value })
            }
        }
    };
    entries.into_iter().map(shown).collect()
}

/// The last sign-in in this format; `None` when the field is left out. It is stored in UTC, with a `Z`.
fn last_accessed(stored: Option<&str>, format: LastAccessedFormat) -> Option<Value> {
    let local = |date: &str| date.trim_end_matches('Z').to_owned();
    let date = match format {
        LastAccessedFormat::Absent => return None,
        LastAccessedFormat::Null => None,
        LastAccessedFormat::Zulu => stored.map(str::to_owned),
        LastAccessedFormat::WithoutZone => stored.map(local),
        LastAccessedFormat::Fraction => stored.map(|date| format!("{}.1234567", local(date))),
        LastAccessedFormat::Offset => stored.map(|date| format!("{}+00:00", local(date))),
        LastAccessedFormat::YearOne => {
            Some(stored.map_or_else(|| "0001-01-01T00:00:00".to_owned(), local))
        }
        LastAccessedFormat::Unparsable => stored.map(|_| "14.03.2025 09.26".to_owned()),
    };
    Some(Value::from(date))
}
