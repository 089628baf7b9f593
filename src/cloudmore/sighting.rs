//! What a list or a detail shows of a person, for comparing: what it does not carry stays open.

use std::collections::BTreeMap;

use crate::domain::model::Detail;
use crate::domain::sighting::{ProfileField, Sighting};

use super::fields::{Field, Model};
use super::person::{DETAILS, current, flag_of, place, role};
use super::record::Record;

const NAMES: [(ProfileField, Field); 5] = [
    (ProfileField::Name, Field::Name),
    (ProfileField::FirstName, Field::FirstName),
    (ProfileField::LastName, Field::LastName),
    (ProfileField::DisplayName, Field::DisplayName),
    (ProfileField::Email, Field::Email),
];

/// Reads a row of a list, or a detail, which is the whole.
pub(super) fn read(object: Record<'_>, whole: bool) -> Sighting {
    let names = NAMES
        .into_iter()
        .filter_map(|(field, name)| Some((field, object.text(name)?)));
    let details = DETAILS.into_iter().filter_map(|detail| {
        let value = current(object, &place(&detail))?;
        Some((ProfileField::Detail(detail), value))
    });
    let properties = object.elements(Field::CustomProperties, Model::CustomProperty);
    let properties = properties.filter_map(|property| {
        let name = Detail::Custom(property.text(Field::Name)?);
        Some((ProfileField::Detail(name), property.text(Field::Value)?))
    });
    let flags: BTreeMap<_, _> = object
        .entries()
        .filter_map(|(key, value)| Some((key.to_ascii_lowercase(), flag_of(value)?)))
        .collect();
    Sighting {
        fields: names.chain(details).chain(properties).collect(),
        role: role(object),
        flags,
        whole,
    }
}
