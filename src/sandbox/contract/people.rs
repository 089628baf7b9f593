//! The contract's models of a person: what a create and an update take, what a detail and a list row give.

use serde_json::Value;

use super::schema::{Schema, Use};
use crate::sandbox::models::Model;
use crate::sandbox::switches::{
    ActiveFlag, CustomPropertyKeys, LastAccessedFormat, ListRows, RoleShown, Switches,
};
use crate::sandbox::validation;
use crate::sandbox::view::{MINIMAL_ROW, SHORT_ROW};

/// What a client may write at any time, besides the role, the flags and the password.
const WRITTEN: [&str; 10] = [
    "name",
    "firstName",
    "lastName",
    "displayName",
    "email",
    "title",
    "cellPhone",
    "cellPhonePrefix",
    "address",
    "customProperties",
];

/// The models of users and of administrators, by name.
pub(super) fn schemas(switches: &Switches) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (family, model) in [
        ("User", Model::User),
        ("Administrator", Model::Administrator),
    ] {
        let of = |usage, model| Schema {
            switches,
            model,
            family,
            usage,
        };
        let row = of(Use::Detail, model).object(&row(switches, model), &[]);
        all.push((format!("{family}ViewModel"), row));
        for usage in [Use::Create, Use::Update, Use::Detail] {
            let word = usage.word();
            let person = of(usage, model);
            let person = person.object(&fields(switches, model, usage), &required(switches, usage));
            all.push((format!("{family}{word}ViewModel"), person));
            let address = of(usage, Model::Address).object(Model::Address.fields(), &[]);
            all.push((format!("{family}Address{word}ViewModel"), address));
            let property = of(usage, Model::CustomProperty).object(keys(switches), &[]);
            all.push((format!("{family}{word}CustomProperty"), property));
        }
    }
    all
}

fn fields(switches: &Switches, model: Model, usage: Use) -> Vec<&'static str> {
    let mut fields = WRITTEN.to_vec();
    if switches.active_flag != ActiveFlag::Absent {
        fields.push("isActive");
    }
    if model == Model::Administrator {
        fields.push("allowRestApiAccess");
    }
    match usage {
        Use::Create => fields.extend(["roleId", "password"]),
        Use::Update => fields.push("roleId"),
        Use::Detail => {
            fields.push("id");
            fields.extend(only_read(switches));
        }
    }
    fields
}

/// What every answer but a minimal row has, besides the id.
fn only_read(switches: &Switches) -> Vec<&'static str> {
    let mut fields = match switches.role_shown {
        RoleShown::IdAndName => vec!["roleId", "roleName"],
        RoleShown::IdOnly => vec!["roleId"],
        RoleShown::Object => vec!["role"],
    };
    if switches.last_accessed_format != LastAccessedFormat::Absent {
        fields.push("lastAccessedDate");
    }
    fields
}

fn row(switches: &Switches, model: Model) -> Vec<&'static str> {
    match switches.list_rows {
        ListRows::Full => fields(switches, model, Use::Detail),
        ListRows::Minimal => [["id"].as_slice(), &MINIMAL_ROW].concat(),
        ListRows::Short => [["id"].as_slice(), &SHORT_ROW, &only_read(switches)].concat(),
    }
}

fn required(switches: &Switches, usage: Use) -> Vec<&'static str> {
    match usage {
        Use::Create => validation::required(switches),
        Use::Update => validation::required_on_put(switches),
        Use::Detail => Vec::new(),
    }
}

fn keys(switches: &Switches) -> &'static [&'static str] {
    match switches.custom_property_keys {
        CustomPropertyKeys::NameAndValue => &["name", "value"],
        CustomPropertyKeys::PropertyIdAndValue => &["propertyId", "value"],
        CustomPropertyKeys::All => &["propertyId", "name", "value"],
    }
}
