//! A person in Cloudmore: an organization's user or a broker's administrator, who differ in path only.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::domain::model::{AccountId, Profile, RoleId};

use super::fields;
use super::listing::Row;
use super::wire::{self, Lacks, Object};

/// A person as the list shows one; rows may carry less than the detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Cloudmore's id.
    pub id: AccountId,
    /// Login name.
    pub name: String,
    /// Address; empty if the list does not carry it.
    pub email: String,
}

/// A person as the detail shows one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Cloudmore's id.
    pub id: AccountId,
    /// The fields that can come from the directory, the login name among them; absent ones are empty.
    pub profile: Profile,
    /// The role; `None` when Cloudmore does not give its number.
    pub role: Option<RoleId>,
    /// Last sign-in as Cloudmore writes it, for display only: its format is not documented.
    pub last_accessed: Option<String>,
}

impl Row for PersonRow {
    const WHAT: &'static str = "person";

    fn read(row: Object<'_>) -> Result<Self, Lacks> {
        Ok(Self {
            id: AccountId::new(row.required_id(fields::ID)?),
            name: row.required_text(fields::NAME)?,
            email: row.text(fields::EMAIL).unwrap_or_default(),
        })
    }
}

/// Reads a detail. Its id is the one that was asked for.
pub(super) fn read(id: &AccountId, detail: Object<'_>) -> Result<Person, Lacks> {
    let text = |field| detail.text(field).unwrap_or_default();
    Ok(Person {
        id: id.clone(),
        profile: Profile {
            name: detail.required_text(fields::NAME)?,
            first_name: text(fields::FIRST_NAME),
            last_name: text(fields::LAST_NAME),
            display_name: text(fields::DISPLAY_NAME),
            email: text(fields::EMAIL),
            title: detail.text(fields::TITLE),
        },
        role: role(detail),
        last_accessed: detail.text(fields::LAST_ACCESSED),
    })
}

/// The body of a create.
pub(super) fn create(profile: &Profile, role: RoleId, password: &SecretString) -> Value {
    let mut body = Map::new();
    for (field, value) in directory_fields(profile) {
        body.insert(field.to_owned(), Value::from(value));
    }
    body.insert(fields::ROLE_ID.to_owned(), json!(role.0));
    body.insert(
        fields::PASSWORD.to_owned(),
        Value::from(password.expose_secret()),
    );
    Value::Object(body)
}

/// The body of a replace: what Cloudmore has, unknown keys included, with our fields laid over it, because an omitted
/// field may be cleared (`reference/cloudmore-api.md`, section 5). `None` when nothing differs.
pub(super) fn overlay(
    detail: &Map<String, Value>,
    profile: &Profile,
    wanted: RoleId,
) -> Option<Value> {
    let current = Object::new(detail);
    let differing: Vec<_> = directory_fields(profile)
        .filter(|(field, value)| current.text(field).unwrap_or_default() != *value)
        .collect();
    if differing.is_empty() && role(current) == Some(wanted) {
        return None;
    }
    let mut body = detail.clone();
    body.retain(|key, _| {
        !fields::REPLY_ONLY
            .iter()
            .any(|field| key.eq_ignore_ascii_case(field))
    });
    for (field, value) in differing {
        wire::set(&mut body, field, Value::from(value));
    }
    wire::set(&mut body, fields::ROLE_ID, json!(wanted.0));
    Some(Value::Object(body))
}

/// Login names are equal without regard to case (`reference/cloudmore-api.md`, section 5).
pub(super) fn same_name(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn directory_fields(profile: &Profile) -> impl Iterator<Item = (&'static str, &str)> {
    [
        (fields::NAME, Some(profile.name.as_str())),
        (fields::FIRST_NAME, Some(profile.first_name.as_str())),
        (fields::LAST_NAME, Some(profile.last_name.as_str())),
        (fields::DISPLAY_NAME, Some(profile.display_name.as_str())),
        (fields::EMAIL, Some(profile.email.as_str())),
        (fields::TITLE, profile.title.as_deref()),
    ]
    .into_iter()
    .filter_map(|(field, value)| Some((field, value?)))
}

fn role(detail: Object<'_>) -> Option<RoleId> {
    let flat = detail.integer(fields::ROLE_ID);
    flat.or_else(|| detail.object(fields::ROLE)?.integer(fields::ID))
        .map(RoleId)
}
