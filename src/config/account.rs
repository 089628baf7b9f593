//! `[tenant.account]`: which SCIM attributes fill which fields of a Cloudmore account.

use crate::domain::account_data::{AccountData, AccountField, Source};
use crate::scim::Document;

use super::reader::At;
use super::tree::Value;

const FIELDS: [(&str, AccountField); 10] = [
    ("first_name", AccountField::FirstName),
    ("last_name", AccountField::LastName),
    ("display_name", AccountField::DisplayName),
    ("email", AccountField::Email),
    ("title", AccountField::Title),
    ("cell_phone", AccountField::CellPhone),
    ("country", AccountField::Country),
    ("street", AccountField::Street),
    ("postal_code", AccountField::PostalCode),
    ("city", AccountField::City),
];

pub(super) fn read(at: &At<'_>) -> Option<AccountData> {
    at.table(|account| {
        let mut data = Some(AccountData::default());
        for (key, field) in FIELDS {
            let sources = account.optional(key, sources);
            data = data.zip(sources).map(|(data, sources)| match sources {
                Some(sources) => data.with(field, sources),
                None => data,
            });
        }
        let properties = account.or("custom_property", Vec::new(), |at| {
            at.items(|property| custom_property(property, &at.key))
        });
        let properties = properties?.into_iter();
        Some(properties.fold(data?, |data, (name, sources)| {
            data.with(AccountField::Custom(name), sources)
        }))
    })
}

/// Reads a custom property of the list at the path `list`.
fn custom_property(at: &At<'_>, list: &str) -> Option<(String, Vec<Source>)> {
    at.table(|property| {
        let name = property.required("name", "Cloudmore's name of it: `name = \"…\"`", |at| {
            let name = at.text()?;
            let which = format!("{list} {}", name.to_lowercase());
            at.claim(
                "property",
                which,
                "it has one source, remove one of the two",
            );
            Some(name)
        });
        let from = property.required("from", "what fills it: `from = \"…\"`", sources);
        Some((name?.to_owned(), from?))
    })
}

/// One source, or several of which the first that has something counts; none leaves the field alone.
fn sources(at: &At<'_>) -> Option<Vec<Source>> {
    if let Value::List(_) = at.node.value {
        return at.items(source);
    }
    source(at).map(|source| vec![source])
}

fn source(at: &At<'_>) -> Option<Source> {
    if let Value::Table(_) = at.node.value {
        return at.table(|constant| {
            let example = "what the field always has: `{ text = \"…\" }`";
            let text = constant.required("text", example, At::text);
            Some(Source::Text(text?.to_owned()))
        });
    }
    let path = at.text()?;
    if !Document::has_text_at(path) {
        return at.wrong(
            "must be the path of a text in a SCIM user, such as \"title\", \"name.givenName\" or \
             'phoneNumbers[type eq \"mobile\"].value', or `{ text = \"…\" }`",
        );
    }
    Some(Source::Path(path.to_owned()))
}
