//! What Cloudmore asks of a person's fields (`reference/cloudmore-api.md`, sections 2, 4.2 and 4.3).

use serde_json::{Map, Value};

use super::api::Desk;
use super::people::Population;
use super::reply::Refusal;
use super::switches::Names;
use super::world::Person;

/// Fields that a create must have, with the names that the model validation calls them.
const REQUIRED: [(&str, &str); 7] = [
    ("name", "Name"),
    ("firstName", "FirstName"),
    ("lastName", "LastName"),
    ("displayName", "DisplayName"),
    ("email", "Email"),
    ("password", "Password"),
    ("roleId", "RoleId"),
];

/// What the fields are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose<'a> {
    Create,
    /// A PUT of the person with this id. Only the role is required.
    Replace(&'a str),
}

/// Checks the model first, then the business rules, as the server does.
pub(super) fn check(
    desk: &Desk<'_>,
    whose: Population<'_>,
    fields: &Map<String, Value>,
    purpose: Purpose<'_>,
) -> Result<(), Refusal> {
    check_model(fields, purpose)?;
    let name = text(fields, "name");
    let role = role_id(fields);
    if !whose
        .roles(desk.world)
        .iter()
        .any(|each| Some(each.id) == role)
    {
        return Err(Refusal::Rule("Invalid role.".to_owned()));
    }
    check_domain(name, whose.domains(desk.world))?;
    if !text(fields, "password").is_empty() {
        check_password(fields)?;
    }
    let own = match purpose {
        Purpose::Create => "",
        Purpose::Replace(id) => id,
    };
    let lowered = name.to_lowercase();
    let same =
        |other: &&super::world::Person| other.id != own && other.name().to_lowercase() == lowered;
    let taken = match desk.switches.names {
        Names::UniqueEverywhere => desk.world.people().any(|other| same(&other)),
        Names::UniqueInList => whose.people(desk.world).iter().any(|other| same(&other)),
    };
    if taken {
        return Err(Refusal::Taken(format!("User name {name} already exists.")));
    }
    Ok(())
}

fn check_model(fields: &Map<String, Value>, purpose: Purpose<'_>) -> Result<(), Refusal> {
    let mut wrong = Vec::new();
    for (field, model_name) in REQUIRED {
        let wanted = purpose == Purpose::Create || field == "roleId";
        let given = match fields.get(field) {
            None | Some(Value::Null) => false,
            Some(value) => value.as_str() != Some(""),
        };
        if wanted && !given {
            wrong.push((model_name, format!("The {model_name} field is required.")));
        } else if given && field == "roleId" && role_id(fields).is_none() {
            wrong.push((model_name, "The role is not a number.".to_owned()));
        } else if given && field != "roleId" && text(fields, field).is_empty() {
            wrong.push((model_name, format!("The {model_name} field is not a text.")));
        }
    }
    for (field, model_name) in [("name", "Name"), ("email", "Email")] {
        let address = text(fields, field);
        if !address.is_empty() && !is_address(address) {
            wrong.push((
                model_name,
                format!("The {model_name} field is not a valid e-mail address."),
            ));
        }
    }
    wrong.extend(phone_mistakes(fields));
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Fields(wrong))
    }
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    }) && !text.contains(char::is_whitespace)
}

/// Digits only, the country prefix without `+`, and neither without the other.
fn phone_mistakes(fields: &Map<String, Value>) -> Vec<(&'static str, String)> {
    let number = fields.get("cellPhone").unwrap_or(&Value::Null);
    let prefix = fields.get("cellPhonePrefix").unwrap_or(&Value::Null);
    let absent = |value: &Value| value.is_null() || value.as_str() == Some("");
    if absent(number) && absent(prefix) {
        return Vec::new();
    }
    let digits = |value: &Value, least: usize, most: usize| {
        value.as_str().is_some_and(|text| {
            (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let mut wrong = Vec::new();
    if !digits(number, 4, 15) {
        wrong.push((
            "CellPhone",
            "Phone number is not in valid format.".to_owned(),
        ));
    }
    if !digits(prefix, 1, 4) {
        wrong.push((
            "CellPhonePrefix",
            "Phone prefix is not in valid format.".to_owned(),
        ));
    }
    wrong
}

fn check_domain(name: &str, domains: &[String]) -> Result<(), Refusal> {
    let domain = name.rsplit('@').next().unwrap_or_default();
    if domains.is_empty() || domains.iter().any(|each| each.eq_ignore_ascii_case(domain)) {
        Ok(())
    } else {
        Err(Refusal::Rule(format!(
            "Invalid domain/website: {domain} is not a domain of this organization."
        )))
    }
}

/// Eight characters of four kinds, and no part of the name in it.
fn check_password(fields: &Map<String, Value>) -> Result<(), Refusal> {
    let password = text(fields, "password");
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    let strong = password.chars().count() >= 8
        && has(char::is_uppercase)
        && has(char::is_lowercase)
        && has(|letter| letter.is_numeric())
        && has(|letter| !letter.is_alphanumeric() && letter != '_');
    if !strong {
        return Err(Refusal::Rule(
            "The password needs at least 8 characters with upper and lower case, a digit and another character."
                .to_owned(),
        ));
    }
    let lowered = password.to_lowercase();
    let account = text(fields, "name").split('@').next().unwrap_or_default();
    let names = [account, text(fields, "firstName"), text(fields, "lastName")];
    let contains_part = names
        .iter()
        .flat_map(|name| name.split(|letter: char| !letter.is_alphanumeric()))
        .filter(|part| part.chars().count() >= 3)
        .any(|part| lowered.contains(&part.to_lowercase()));
    if contains_part {
        return Err(Refusal::Rule(
            "The password must not contain parts of the account name or full name.".to_owned(),
        ));
    }
    Ok(())
}

/// The role id, which may come as a number or as its digits.
pub(super) fn role_id(fields: &Map<String, Value>) -> Option<i64> {
    let value = fields.get("roleId")?;
    value
        .as_i64()
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

fn text<'a>(fields: &'a Map<String, Value>, field: &str) -> &'a str {
    fields
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
