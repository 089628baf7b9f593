//! Whether the fields of a person fit the model, with all mistakes at once
//! (`reference/cloudmore-api.md`, sections 2, 4.2 and 4.3).

use serde_json::{Map, Value};

use super::api::Desk;
use super::population::Population;
use super::refusal::Refusal;
use super::rules::{Purpose, role_id, text};
use super::switches::{
    ActiveFlag, CustomPropertyKeys, PhoneFormat, PutExtra, RequiredFields, RequiredOnPut,
    RoleIdsTaken, RoleOnPut, Switches,
};

/// Texts that every create must have, in the order in which they are asked for.
const CORE: [&str; 6] = [
    "name",
    "firstName",
    "lastName",
    "displayName",
    "email",
    "password",
];
/// Fields that only Cloudmore writes, and the password, which is for creates.
const EXTRA: [&str; 5] = ["id", "roleName", "role", "lastAccessedDate", "password"];

/// The fields that a PUT must have. Whether the role is among them is a switch of its own.
pub(super) fn required_on_put(switches: &Switches) -> Vec<&'static str> {
    let mut fields = match switches.required_on_put {
        RequiredOnPut::Nothing => vec!["roleId"],
        RequiredOnPut::AsOnCreate => required(switches),
    };
    fields.retain(|field| match *field {
        "roleId" => switches.role_on_put == RoleOnPut::Required,
        other => other != "password",
    });
    fields
}

/// The fields that a create must have.
pub(super) fn required(switches: &Switches) -> Vec<&'static str> {
    let more: &[&str] = match switches.required_fields {
        RequiredFields::Core => &["roleId"],
        RequiredFields::WithTitleAndPhone => &["roleId", "title", "cellPhone", "cellPhonePrefix"],
        RequiredFields::WithAddress => &["roleId", "address"],
    };
    [CORE.as_slice(), more].concat()
}

/// Refuses a body that does not fit, with a message for each field that is wrong.
pub(super) fn check(
    desk: &Desk<'_>,
    whose: Population<'_>,
    fields: &Map<String, Value>,
    purpose: Purpose<'_>,
) -> Result<(), Refusal> {
    let label = |field: &str| desk.switches.field_names.label(whose.model(), field);
    let mut wrong = Vec::new();
    let creates = purpose == Purpose::Create;
    let demanded = if creates {
        required(desk.switches)
    } else {
        required_on_put(desk.switches)
    };
    for field in demanded {
        if !given(fields, field) {
            wrong.push((field, format!("The {} field is required.", label(field))));
        }
    }
    if !creates && desk.switches.put_extra == PutExtra::Refuses {
        for field in EXTRA.into_iter().filter(|field| given(fields, field)) {
            wrong.push((field, format!("The {} field is read only.", label(field))));
        }
    }
    for field in CORE {
        if given(fields, field) && text(fields, field).is_empty() {
            wrong.push((field, format!("The {} field is not a text.", label(field))));
        }
    }
    if given(fields, "roleId") && !is_role_id(desk.switches, fields) {
        wrong.push(("roleId", "The role is not a number.".to_owned()));
    }
    for field in ["name", "email"] {
        let address = text(fields, field);
        if !address.is_empty() && !is_address(address) {
            let message = format!("The {} field is not a valid e-mail address.", label(field));
            wrong.push((field, message));
        }
    }
    if desk.switches.phone_format == PhoneFormat::Strict {
        wrong.extend(phone_mistakes(fields));
    }
    if given(fields, "address") && !fields.get("address").is_some_and(Value::is_object) {
        wrong.push(("address", "The address is not an object.".to_owned()));
    }
    let flag_counts = desk.switches.active_flag != ActiveFlag::Absent;
    if flag_counts
        && given(fields, "isActive")
        && !fields.get("isActive").is_some_and(Value::is_boolean)
    {
        wrong.push((
            "isActive",
            format!("The {} field is neither true nor false.", label("isActive")),
        ));
    }
    if let Some(message) = property_mistake(desk, whose, fields, creates) {
        wrong.push(("customProperties", message));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let labelled = wrong.into_iter().map(|(field, why)| (label(field), why));
    Err(Refusal::Fields(labelled.collect()))
}

fn given(fields: &Map<String, Value>, field: &str) -> bool {
    match fields.get(field) {
        None | Some(Value::Null) => false,
        Some(value) => value.as_str() != Some(""),
    }
}

fn is_role_id(switches: &Switches, fields: &Map<String, Value>) -> bool {
    match switches.role_ids_taken {
        RoleIdsTaken::NumberOrString => role_id(fields).is_some(),
        RoleIdsTaken::NumberOnly => fields.get("roleId").is_some_and(Value::is_i64),
    }
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    }) && !text.contains(char::is_whitespace)
}

/// Digits only, the country prefix without `+`, and neither without the other.
fn phone_mistakes(fields: &Map<String, Value>) -> Vec<(&'static str, String)> {
    if !given(fields, "cellPhone") && !given(fields, "cellPhonePrefix") {
        return Vec::new();
    }
    let digits = |field: &str, least: usize, most: usize| {
        let text = text(fields, field);
        (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut wrong = Vec::new();
    if !digits("cellPhone", 4, 15) {
        let message = "Phone number is not in valid format.".to_owned();
        wrong.push(("cellPhone", message));
    }
    if !digits("cellPhonePrefix", 1, 4) {
        let message = "Phone prefix is not in valid format.".to_owned();
        wrong.push(("cellPhonePrefix", message));
    }
    wrong
}

/// Custom properties are a list of objects, and a create has all that are mandatory.
fn property_mistake(
    desk: &Desk<'_>,
    whose: Population<'_>,
    fields: &Map<String, Value>,
    creates: bool,
) -> Option<String> {
    let empty = Vec::new();
    let entries = match fields.get("customProperties") {
        None | Some(Value::Null) => &empty,
        Some(Value::Array(entries)) if entries.iter().all(Value::is_object) => entries,
        Some(_) => return Some("The custom properties are not a list of objects.".to_owned()),
    };
    let has = |key: &str, wanted: &str| {
        entries.iter().any(|entry| {
            let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
            text(key).eq_ignore_ascii_case(wanted) && !text("value").is_empty()
        })
    };
    let by_name = desk.switches.custom_property_keys != CustomPropertyKeys::PropertyIdAndValue;
    let by_id = desk.switches.custom_property_keys != CustomPropertyKeys::NameAndValue;
    let mut definitions = whose.custom_properties(desk.world).iter();
    let lacking = definitions.find(|each| {
        let there = (by_name && has("name", &each.name)) || (by_id && has("propertyId", &each.id));
        creates && each.mandatory && !there
    })?;
    Some(format!("The property {} is required.", lacking.name))
}
