//! What becomes of leavers' accounts: the keys `deprovision`, `deprovision_deleted`, `strip_role` and `grace` of a tenant.

use std::time::Duration;

use crate::domain::model::{Lock, RoleId};
use crate::domain::policy::{Deprovision, Leaving};

use super::reader::At;
use super::role::Roles;
use super::section::Section;
use super::tree::Value;
use super::values;

const SHORTEST_GRACE: Duration = Duration::from_hours(1);
const LONGEST_GRACE: Duration = Duration::from_hours(24 * 366);

pub(super) fn read(tenant: &Section<'_, '_>, roles: &Roles) -> Option<Deprovision> {
    let strip_role = tenant.optional("strip_role", |at| roles.read(at));
    let deactivated = tenant.or("deprovision", Leaving::Delete, |at| {
        leaving(at, strip_role.flatten())
    });
    let deleted = tenant.optional("deprovision_deleted", |at| {
        leaving(at, strip_role.flatten())
    });
    let grace = tenant.optional("grace", |at| {
        at.parsed(|text| values::duration(text, &(SHORTEST_GRACE..=LONGEST_GRACE)))
    });
    strip_role?;
    let (deactivated, deleted, grace) = (deactivated?, deleted?, grace?);
    let deprovision = Deprovision {
        deleted: deleted.unwrap_or_else(|| deactivated.clone()),
        deactivated,
        grace,
    };
    let all = [&deprovision.deactivated, &deprovision.deleted];
    let stays = all.iter().any(|leaving| **leaving != Leaving::Delete);
    if grace.is_some() && !stays {
        let grace = tenant.find("grace")?;
        return grace.wrong(
            "has no account to wait with: leavers' accounts are deleted at once. Set deprovision to \
             \"strip\" or a flag, or remove `grace`",
        );
    }
    Some(deprovision)
}

fn leaving(at: &At<'_>, strip_role: Option<RoleId>) -> Option<Leaving> {
    if let Value::Table(_) = at.node.value {
        return at.table(|table| {
            let example = "Cloudmore's field that is true for active people: `{ flag = \"…\" }`";
            let field = table.required("flag", example, At::text);
            Some(Leaving::Lock(Lock::Flag(field?.to_owned())))
        });
    }
    match &at.node.value {
        Value::Text(text) if text == "delete" => Some(Leaving::Delete),
        Value::Text(text) if text == "strip" => match strip_role {
            Some(role) => Some(Leaving::Lock(Lock::Role(role))),
            None => at.wrong("needs the role that leavers' accounts get: add `strip_role = …`"),
        },
        Value::Text(_)
        | Value::Integer(_)
        | Value::Flag(_)
        | Value::List(_)
        | Value::Table(_)
        | Value::Other => at.wrong("must be \"delete\", \"strip\" or `{ flag = \"…\" }`"),
    }
}
