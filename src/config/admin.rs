//! `[admin]`: who may administer the bridge.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::administrator::Role;

use super::oidc::{self, Oidc};
use super::reader::At;
use super::section::Section;
use super::token::{self, Token};
use super::tree::Value;

/// Who may administer the bridge.
#[derive(Clone, Debug)]
pub struct Admin {
    /// The tokens that open the admin API and the console; at least one, all distinct.
    pub tokens: Vec<AdminToken>,
    /// Whose accounts open the console besides.
    pub oidc: Option<Oidc>,
}

/// A token of an administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminToken {
    /// The token.
    pub token: Token,
    /// What its bearer may do.
    pub role: Role,
    /// When it ends, microseconds since 1970; `None`: never.
    pub expires: Option<i64>,
}

/// The roles and how they are written.
pub(super) const ROLES: [(&str, Role); 3] = [
    ("viewer", Role::Viewer),
    ("operator", Role::Operator),
    ("admin", Role::Admin),
];

pub(super) fn read(at: &At<'_>) -> Option<Admin> {
    at.table(|admin| {
        let only = only(admin);
        let listed = match admin.find("token") {
            Some(at) if is_list(&at) => at.some_items(listed),
            Some(_) | None => Some(Vec::new()),
        };
        let oidc = admin.optional("oidc", oidc::read);
        let mut tokens = listed?;
        tokens.extend(only?);
        Some(Admin {
            tokens,
            oidc: oidc?,
        })
    })
}

/// The one token of the section itself, which may do everything. It can be left out where others are listed.
fn only(admin: &Section<'_, '_>) -> Option<Option<AdminToken>> {
    let read = match admin.find("token") {
        Some(at) if is_list(&at) => {
            let label = admin.optional("label", At::text);
            let sha256 = admin.optional("sha256", token::sha256);
            let label = label?.map(str::to_owned);
            sha256?.map(|sha256| Token { sha256, label })
        }
        Some(_) | None => Some(token::shown(admin)?),
    };
    Some(read.map(|token| AdminToken {
        token,
        role: Role::Admin,
        expires: None,
    }))
}

/// An entry of `[[admin.token]]`.
fn listed(at: &At<'_>) -> Option<AdminToken> {
    at.table(|entry| {
        let token = token::shown(entry);
        let role = entry.required(
            "role",
            "what its bearer may do: `role = \"viewer\"`",
            |at| at.choice(&ROLES),
        );
        let expires = entry.optional("expires", |at| at.parsed(moment));
        Some(AdminToken {
            token: token?,
            role: role?,
            expires: expires?,
        })
    })
}

fn is_list(at: &At<'_>) -> bool {
    matches!(at.node.value, Value::List(_))
}

/// A day, at whose beginning (UTC) the token ends, or a moment.
fn moment(text: &str) -> Result<i64, String> {
    let day = text.parse::<Date>().ok().filter(|_| text.len() == 10);
    let moment = match day {
        Some(day) => TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)),
        None => text.parse(),
    };
    moment.map(Timestamp::as_microsecond).map_err(|_| {
        "must be a day such as \"2027-03-31\" or a moment such as \"2027-03-31T12:00:00Z\", in quotes"
            .to_owned()
    })
}
