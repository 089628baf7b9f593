//! A person in Cloudmore: an organization's user or a broker's administrator, who differ in path and model only.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::domain::model::{AccountId, Detail, Keepsake, Lock, Profile, RoleId};
use crate::domain::sighting::Sighting;

use super::failure::{Failure, FailureKind};
use super::fields::{Field, Model, Names, REPLY_ONLY};
use super::listing::Row;
use super::record::{Lacks, Record};
use super::sighting;
use super::wire::{self, Object};

/// A person as the list shows one; rows may carry less than the detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Cloudmore's id.
    pub id: AccountId,
    /// Login name.
    pub name: String,
    /// Address; empty if the list does not carry it.
    pub email: String,
    /// Last sign-in as Cloudmore writes it; `None` also if the list does not carry it.
    pub last_accessed: Option<String>,
    /// What the list carries, for comparing.
    pub sighting: Sighting,
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
    /// What the detail shows, for comparing.
    pub sighting: Sighting,
}

impl Row for PersonRow {
    const WHAT: &'static str = "person";

    fn read(row: Record<'_>) -> Result<Self, Lacks> {
        Ok(Self {
            id: AccountId::new(row.required_id(Field::Id)?),
            name: row.required_text(Field::Name)?,
            email: row.text(Field::Email).unwrap_or_default(),
            last_accessed: row.text(Field::LastAccessed),
            sighting: sighting::read(row, false),
        })
    }
}

/// Where a value of the directory stands in the object.
pub(super) enum Place<'p> {
    Own(Field),
    Address(Field),
    Custom(&'p str),
}

/// Reads a detail. Its id is the one that was asked for.
pub(super) fn read(id: &AccountId, detail: Record<'_>) -> Result<Person, Lacks> {
    let sighting = sighting::read(detail, true);
    Ok(Person {
        id: id.clone(),
        profile: Profile {
            name: detail.required_text(Field::Name)?,
            ..sighting.profile()
        },
        role: sighting.role,
        last_accessed: detail.text(Field::LastAccessed),
        sighting,
    })
}

/// The body of a create: what is kept of an account that the person had before, with our fields laid over it.
pub(super) fn create(
    profile: &Profile,
    role: RoleId,
    password: &SecretString,
    kept: Option<&Keepsake>,
    names: Names<'_>,
) -> Value {
    let mut body = kept.map_or_else(Map::new, |Keepsake(kept)| to_put_back(kept, names));
    for (place, value) in given(profile) {
        put(&mut body, &place, value, names);
    }
    *wire::entry(&mut body, names.get(Field::RoleId)) = json!(role.0);
    let password = Value::from(password.expose_secret());
    *wire::entry(&mut body, names.get(Field::Password)) = password;
    Value::Object(body)
}

/// The body of a replace: what Cloudmore has, unknown keys included, with our fields laid over it, because an omitted
/// field may be cleared (`reference/cloudmore-api.md`, section 5). `None` when nothing differs. `unlock` is a field that
/// is to be `true`.
pub(super) fn overlay(
    detail: &Map<String, Value>,
    profile: &Profile,
    wanted: RoleId,
    unlock: Option<&str>,
    names: Names<'_>,
) -> Option<Value> {
    let before = Record::new(detail, names);
    let differing: Vec<_> = given(profile)
        .filter(|(place, value)| current(before, place).unwrap_or_default() != *value)
        .collect();
    let unlock = unlock.filter(|field| flag(detail, field) != Some(true));
    if differing.is_empty() && unlock.is_none() && role(before) == Some(wanted) {
        return None;
    }
    let mut body = to_put_back(detail, names);
    for (place, value) in differing {
        put(&mut body, &place, value, names);
    }
    if let Some(field) = unlock {
        *wire::entry(&mut body, field) = Value::Bool(true);
    }
    *wire::entry(&mut body, names.get(Field::RoleId)) = json!(wanted.0);
    Some(Value::Object(body))
}

/// The body of a replace that locks. `None` when the person is locked already.
pub(super) fn locking(detail: &Map<String, Value>, lock: &Lock, names: Names<'_>) -> Option<Value> {
    if is_locked(detail, lock, names) {
        return None;
    }
    let mut body = to_put_back(detail, names);
    // A PUT without the role is refused (`reference/cloudmore-api.md`, section 4.3).
    let role = match lock {
        Lock::Role(role) => Some(*role),
        Lock::Flag(field) => {
            *wire::entry(&mut body, field) = Value::Bool(false);
            role(Record::new(detail, names))
        }
    };
    if let Some(role) = role {
        *wire::entry(&mut body, names.get(Field::RoleId)) = json!(role.0);
    }
    Some(Value::Object(body))
}

/// Whether a person is seen to be locked.
pub(super) fn is_locked(detail: &Map<String, Value>, lock: &Lock, names: Names<'_>) -> bool {
    match lock {
        Lock::Role(wanted) => role(Record::new(detail, names)) == Some(*wanted),
        Lock::Flag(field) => flag(detail, field) == Some(false),
    }
}

/// A yes or no under a name that the wire table does not have.
pub(super) fn flag(detail: &Map<String, Value>, field: &str) -> Option<bool> {
    flag_of(Object::new(detail).value(field)?)
}

/// A value that is yes or no.
pub(super) fn flag_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.to_ascii_lowercase().parse().ok(),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What of a detail can be sent again.
pub(super) fn to_put_back(detail: &Map<String, Value>, names: Names<'_>) -> Map<String, Value> {
    let mut body = detail.clone();
    body.retain(|key, _| {
        let is = |field: &Field| key.eq_ignore_ascii_case(names.get(*field));
        !REPLY_ONLY.iter().any(is)
    });
    body
}

/// The same body with the phone numbers that `before` has, which may be none. `None` if that makes no difference.
pub(super) fn with_phone_of(
    before: &Map<String, Value>,
    body: &Value,
    names: Names<'_>,
) -> Option<Value> {
    let mut after = body.as_object()?.clone();
    for field in PHONE {
        let name = names.get(field);
        match Record::new(before, names).text(field) {
            Some(number) => *wire::entry(&mut after, name) = Value::from(number),
            None => after.retain(|key, _| !key.eq_ignore_ascii_case(name)),
        }
    }
    let after = Value::Object(after);
    (after != *body).then_some(after)
}

/// Whether a refusal names phone numbers and nothing else.
pub(super) fn is_about_phones(failure: &Failure, names: Names<'_>) -> bool {
    let is_phone = |path: &str| {
        let field = last_part(path);
        let mut phone = PHONE.iter().map(|field| names.get(*field));
        phone.any(|name| field.eq_ignore_ascii_case(name))
    };
    let fields = failure.errors.iter().map(|error| error.field.as_deref());
    failure.kind == FailureKind::Refused
        && !failure.errors.is_empty()
        && fields.into_iter().all(|field| field.is_some_and(is_phone))
}

/// The same body without the fields that a refusal names. `None` if it names none of them.
pub(super) fn without_refused(body: &Value, failure: &Failure, names: Names<'_>) -> Option<Value> {
    let mut named: Vec<_> = failure.fields().map(last_part).collect();
    let phone = PHONE.map(|field| names.get(field));
    if named
        .iter()
        .any(|name| phone.iter().any(|part| part.eq_ignore_ascii_case(name)))
    {
        // Neither part is taken without the other.
        named.extend(phone);
    }
    let mut less = body.as_object()?.clone();
    less.retain(|key, _| !named.iter().any(|name| key.eq_ignore_ascii_case(name)));
    let less = Value::Object(less);
    (failure.kind == FailureKind::Refused && less != *body).then_some(less)
}

/// The field that a path such as `User.CellPhone` ends with.
fn last_part(path: &str) -> &str {
    path.rsplit(['.', '/']).next().unwrap_or(path)
}

const PHONE: [Field; 2] = [Field::CellPhonePrefix, Field::CellPhone];

/// Login names are equal without regard to case (`reference/cloudmore-api.md`, section 5).
pub(super) fn same_name(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// The details that are not custom properties.
pub(super) const DETAILS: [Detail; 7] = [
    Detail::Title,
    Detail::CellPhonePrefix,
    Detail::CellPhone,
    Detail::Country,
    Detail::Street,
    Detail::PostalCode,
    Detail::City,
];

pub(super) fn place(detail: &Detail) -> Place<'_> {
    match detail {
        Detail::Title => Place::Own(Field::Title),
        Detail::CellPhonePrefix => Place::Own(Field::CellPhonePrefix),
        Detail::CellPhone => Place::Own(Field::CellPhone),
        Detail::Country => Place::Address(Field::CountryCode),
        Detail::Street => Place::Address(Field::Street),
        Detail::PostalCode => Place::Address(Field::PostalCode),
        Detail::City => Place::Address(Field::City),
        Detail::Custom(name) => Place::Custom(name),
    }
}

/// The values that the directory gives, each with its place.
fn given(profile: &Profile) -> impl Iterator<Item = (Place<'_>, &str)> {
    let always = [
        (Field::Name, profile.name.as_str()),
        (Field::FirstName, profile.first_name.as_str()),
        (Field::LastName, profile.last_name.as_str()),
        (Field::DisplayName, profile.display_name.as_str()),
        (Field::Email, profile.email.as_str()),
    ];
    let always = always.map(|(field, value)| (Place::Own(field), value));
    let details = profile.details.iter();
    let details = details.map(|(detail, value)| (place(detail), value.as_str()));
    always.into_iter().chain(details)
}

pub(super) fn current(person: Record<'_>, place: &Place<'_>) -> Option<String> {
    match place {
        Place::Own(field) => person.text(*field),
        Place::Address(field) => person.inner(Field::Address, Model::Address)?.text(*field),
        Place::Custom(name) => person
            .elements(Field::CustomProperties, Model::CustomProperty)
            .find(|property| is_named(property.text(Field::Name).as_deref(), name))?
            .text(Field::Value),
    }
}

fn put(body: &mut Map<String, Value>, place: &Place<'_>, value: &str, names: Names<'_>) {
    match place {
        Place::Own(field) => *wire::entry(body, names.get(*field)) = Value::from(value),
        Place::Address(field) => {
            let address = wire::entry(body, names.get(Field::Address));
            if !address.is_object() {
                *address = json!({});
            }
            if let Some(address) = address.as_object_mut() {
                let name = names.of(Model::Address).get(*field);
                *wire::entry(address, name) = Value::from(value);
            }
        }
        Place::Custom(name) => {
            let properties = wire::entry(body, names.get(Field::CustomProperties));
            if !properties.is_array() {
                *properties = json!([]);
            }
            if let Some(properties) = properties.as_array_mut() {
                put_property(properties, name, value, names.of(Model::CustomProperty));
            }
        }
    }
}

fn put_property(properties: &mut Vec<Value>, name: &str, value: &str, names: Names<'_>) {
    let theirs = properties.iter_mut().filter_map(Value::as_object_mut);
    let mut theirs = theirs.filter(|property| {
        let theirs = Record::new(property, names).text(Field::Name);
        is_named(theirs.as_deref(), name)
    });
    if let Some(property) = theirs.next() {
        *wire::entry(property, names.get(Field::Value)) = Value::from(value);
        return;
    }
    let mut property = Map::new();
    property.insert(names.get(Field::Name).to_owned(), Value::from(name));
    property.insert(names.get(Field::Value).to_owned(), Value::from(value));
    properties.push(Value::Object(property));
}

fn is_named(theirs: Option<&str>, name: &str) -> bool {
    theirs.is_some_and(|theirs| theirs.eq_ignore_ascii_case(name))
}

pub(super) fn role(detail: Record<'_>) -> Option<RoleId> {
    let flat = detail.integer(Field::RoleId);
    flat.or_else(|| detail.inner(Field::Role, Model::Role)?.integer(Field::Id))
        .map(RoleId)
}
