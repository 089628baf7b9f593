//! Account data: which SCIM attributes fill which fields of a Cloudmore account.

use std::collections::BTreeMap;

use super::model::{Detail, Profile};
use super::phone;
use super::policy::AccountName;
use crate::scim::Document;

/// A field of an account that SCIM attributes fill.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountField {
    /// Given name.
    FirstName,
    /// Family name.
    LastName,
    /// Name as shown.
    DisplayName,
    /// Address for reports.
    Email,
    /// Job title.
    Title,
    /// Mobile number, which Cloudmore takes in two parts.
    CellPhone,
    /// Country of the address; what is not two letters is left out.
    Country,
    /// Street and number.
    Street,
    /// Postal code.
    PostalCode,
    /// Town.
    City,
    /// The custom property of this name.
    Custom(String),
}

/// Where a value may come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The SCIM attribute at this path ([`Document::text`]).
    Path(String),
    /// Always this text.
    Text(String),
}

/// The sources of each field; the first that has something fills it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountData(BTreeMap<AccountField, Vec<Source>>);

/// The sources of fields that a tenant says nothing about.
const USUAL: [(AccountField, &[&str]); 10] = [
    (AccountField::FirstName, &["name.givenName"]),
    (AccountField::LastName, &["name.familyName"]),
    (
        AccountField::DisplayName,
        &["displayName", "name.formatted"],
    ),
    (
        AccountField::Email,
        &[
            "emails[primary eq true]",
            r#"emails[type eq "work"]"#,
            "emails",
        ],
    ),
    (AccountField::Title, &["title"]),
    (
        AccountField::CellPhone,
        &[r#"phoneNumbers[type eq "mobile"]"#],
    ),
    (
        AccountField::Country,
        &[r#"addresses[type eq "work"].country"#],
    ),
    (
        AccountField::Street,
        &[r#"addresses[type eq "work"].streetAddress"#],
    ),
    (
        AccountField::PostalCode,
        &[r#"addresses[type eq "work"].postalCode"#],
    ),
    (
        AccountField::City,
        &[r#"addresses[type eq "work"].locality"#],
    ),
];

impl Default for AccountData {
    fn default() -> Self {
        let usual = USUAL.into_iter().map(|(field, paths)| {
            let paths = paths.iter();
            let sources = paths.map(|path| Source::Path((*path).to_owned()));
            (field, sources.collect())
        });
        Self(usual.collect())
    }
}

impl AccountData {
    /// The same with other sources for a field; without any the field stays as Cloudmore has it.
    #[must_use]
    pub fn with(mut self, field: AccountField, sources: Vec<Source>) -> Self {
        self.0.insert(field, sources);
        self
    }

    /// The account fields of a SCIM user. Cloudmore asks for first name, last name, display name and e-mail
    /// (`reference/cloudmore-api.md`, section 4.3), SCIM for none of them, so each of these has a last resort among what
    /// is always there.
    pub fn profile(&self, document: &Document, account_name: AccountName) -> Profile {
        let user_name = document.user_name();
        let local_part = given(user_name.split('@').next()).unwrap_or(user_name);
        let shown = self.value(&AccountField::DisplayName, document);
        let (shown_first, shown_last) = match shown.and_then(|name| name.rsplit_once(' ')) {
            Some((first, last)) => (Some(first.trim_end()), Some(last)),
            None => (shown, None),
        };
        let first_name = self.value(&AccountField::FirstName, document);
        let first_name = first_name.or(shown_first).unwrap_or(local_part);
        let last_name = self.value(&AccountField::LastName, document);
        let last_name = last_name.or(shown_last).unwrap_or(local_part);
        let email = self.value(&AccountField::Email, document);
        let email = email.unwrap_or(user_name);
        Profile {
            name: match account_name {
                AccountName::UserName => user_name.to_owned(),
                AccountName::Email => email.to_owned(),
            },
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            display_name: shown.map_or_else(|| format!("{first_name} {last_name}"), str::to_owned),
            email: email.to_owned(),
            details: self.details(document),
        }
    }

    fn details(&self, document: &Document) -> BTreeMap<Detail, String> {
        let fields = self.0.keys().filter_map(|field| {
            let value = self.value(field, document)?;
            Some((field, value))
        });
        fields
            .flat_map(|(field, value)| details_of(field, value))
            .collect()
    }

    fn value<'d>(&'d self, field: &AccountField, document: &'d Document) -> Option<&'d str> {
        let mut sources = self.0.get(field)?.iter();
        sources.find_map(|source| match source {
            Source::Path(path) => given(document.text(path)),
            Source::Text(text) => given(Some(text)),
        })
    }
}

/// What Cloudmore would refuse for its form is left out: it would take the whole account with it.
fn details_of(field: &AccountField, value: &str) -> Vec<(Detail, String)> {
    let one = |detail| vec![(detail, value.to_owned())];
    match field {
        AccountField::Title => one(Detail::Title),
        AccountField::CellPhone => match phone::split(value) {
            Some((prefix, number)) => vec![
                (Detail::CellPhonePrefix, prefix),
                (Detail::CellPhone, number),
            ],
            None => Vec::new(),
        },
        AccountField::Country if !is_country_code(value) => Vec::new(),
        AccountField::Country => vec![(Detail::Country, value.to_ascii_uppercase())],
        AccountField::Street => one(Detail::Street),
        AccountField::PostalCode => one(Detail::PostalCode),
        AccountField::City => one(Detail::City),
        AccountField::Custom(name) => one(Detail::Custom(name.clone())),
        AccountField::FirstName
        | AccountField::LastName
        | AccountField::DisplayName
        | AccountField::Email => Vec::new(),
    }
}

fn is_country_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// A text without the blanks around it; one of blanks alone is none.
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
