//! Cloudmore's business rules for a person (`reference/cloudmore-api.md`, sections 2, 4.2, 4.3 and 5).

use serde_json::{Map, Value};

use super::api::Desk;
use super::population::Population;
use super::refusal::Refusal;
use super::seed::SUPER_ADMIN;
use super::switches::{Domains, Emails, Names, NamesCase, SuperAdminGrant};
use super::validation;
use super::world::Person;

/// What the fields are for.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Purpose<'a> {
    Create,
    /// A PUT of this person. Only the role is required.
    Replace(&'a Person),
}

impl<'a> Purpose<'a> {
    fn before(self) -> Option<&'a Person> {
        match self {
            Self::Create => None,
            Self::Replace(person) => Some(person),
        }
    }
}

/// Checks the model first, then the business rules, as the server does.
pub(super) fn check(
    desk: &Desk<'_>,
    whose: Population<'_>,
    fields: &Map<String, Value>,
    purpose: Purpose<'_>,
) -> Result<(), Refusal> {
    validation::check(desk, whose, fields, purpose)?;
    check_role(desk, whose, fields, purpose)?;
    let name = text(fields, "name");
    if desk.switches.domains == Domains::Refused {
        check_domain(name, whose.domains(desk.world))?;
    }
    if !text(fields, "password").is_empty() {
        check_password(fields)?;
    }
    check_free(desk, whose, fields, purpose)
}

fn check_role(
    desk: &Desk<'_>,
    whose: Population<'_>,
    fields: &Map<String, Value>,
    purpose: Purpose<'_>,
) -> Result<(), Refusal> {
    let role = role_id(fields);
    let mut roles = whose.roles(desk.world).iter();
    if !roles.any(|each| Some(each.id) == role) {
        return Err(Refusal::Rule("Invalid role.".to_owned()));
    }
    let has_it = purpose.before().and_then(Person::role_id) == role;
    let grants =
        matches!(whose, Population::Administrators { .. }) && role == Some(SUPER_ADMIN) && !has_it;
    if grants && desk.switches.super_admin_grant == SuperAdminGrant::Refused {
        return Err(Refusal::NotAllowed(
            "The account may not make somebody a Super Admin.".to_owned(),
        ));
    }
    Ok(())
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

/// The name must be free, and the e-mail address too if the switch says so.
fn check_free(
    desk: &Desk<'_>,
    whose: Population<'_>,
    fields: &Map<String, Value>,
    purpose: Purpose<'_>,
) -> Result<(), Refusal> {
    let own = purpose.before().map_or("", |person| person.id.as_str());
    let case = desk.switches.names_case;
    let taken = |field: &str, case: NamesCase| {
        let wanted = folded(text(fields, field), case);
        let same = |other: &Person| other.id != own && folded(other.text(field), case) == wanted;
        match desk.switches.names {
            Names::UniqueEverywhere => desk.world.people().any(same),
            Names::UniqueInList => whose.people(desk.world).iter().any(same),
        }
    };
    let refused = |field: &str, what: &str| Refusal::Taken {
        field: desk.switches.field_names.label(whose.model(), field),
        why: format!("{what} {} already exists.", text(fields, field)),
    };
    if taken("name", case) {
        return Err(refused("name", "User name"));
    }
    let email_counts = desk.switches.emails == Emails::Unique && !text(fields, "email").is_empty();
    if email_counts && taken("email", NamesCase::Ignored) {
        return Err(refused("email", "E-mail"));
    }
    Ok(())
}

fn folded(name: &str, case: NamesCase) -> String {
    match case {
        NamesCase::Ignored | NamesCase::Lowered => name.to_lowercase(),
        NamesCase::Significant => name.to_owned(),
    }
}

/// The role id, which may come as a number or as its digits.
pub(super) fn role_id(fields: &Map<String, Value>) -> Option<i64> {
    let value = fields.get("roleId")?;
    value
        .as_i64()
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

/// A text field, empty when there is none.
pub(super) fn text<'a>(fields: &'a Map<String, Value>, field: &str) -> &'a str {
    fields
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
