//! `/Roles`: the values of the attribute `roles` that the tenant's mappings are about, for clients that offer them to
//! choose from (`reference/idp-behaviour.md`, section 3.11). Where no mapping is, there is no such endpoint.

use axum::extract::{Path, RawQuery, State};
use serde_json::Value;

use super::Http;
use super::answer::{Answer, Refused};
use super::caller::{Caller, no_such_endpoint};
use super::discovery::Asker;
use crate::scim::discovery;
use crate::scim::{ListQuery, Paging, Position, Reading, ResourceKind, ScimError, list_response};

/// A role has the attributes that a group has, so that filters, sorting and projection read it as one without members.
const LIKE: ResourceKind = ResourceKind::Group;

pub(super) async fn list(
    caller: Caller,
    State(http): State<Http>,
    RawQuery(query): RawQuery,
) -> Result<Answer, Refused> {
    let roles = roles(&caller);
    if roles.is_empty() {
        return Err(no_such_endpoint(caller).await);
    }
    let query = caller.query(&http, query.as_deref())?;
    let roles = selected(roles, &query, &caller)?;
    let view = query.projection.of(LIKE);
    let Paging::Index(start) = query.paging else {
        return Err(Refused(ScimError::invalid_value(
            "Roles are paged by startIndex. Leave the cursor out.",
        )));
    };
    let most = caller.context.tenant.dialect.limits.page_size;
    let count = query.count.unwrap_or(most).min(most);
    let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let total = roles.len() as u64;
    let page = roles.into_iter().skip(whole(start - 1)).take(whole(count));
    let page = page.map(|role| view.apply(role));
    Ok(Answer::ok(list_response(page.collect(), total, start)))
}

/// The roles that the query asks for, in its order.
fn selected(
    mut roles: Vec<Value>,
    query: &ListQuery,
    caller: &Caller,
) -> Result<Vec<Value>, ScimError> {
    let mut reading = Reading::by(&caller.context.tenant.dialect);
    if let Some(filter) = &query.filter {
        filter.check(LIKE, &mut reading)?;
        roles.retain(|role| filter.matches_exactly(LIKE, role));
    }
    if let Some(sort) = &query.sort {
        sort.check(&mut reading)?;
        let value = sort.values(LIKE);
        let position = |role: &Value| Position {
            value: value(role),
            kind: LIKE,
            id: id(role).to_owned(),
        };
        roles.sort_by(|one, other| position(one).compare(&position(other), sort.is_descending()));
    }
    Ok(roles)
}

pub(super) async fn read(
    Asker(caller): Asker,
    State(http): State<Http>,
    Path((_, name)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Answer, Refused> {
    let shown = caller.query(&http, query.as_deref())?.projection;
    let mut roles = roles(&caller).into_iter();
    let found = roles.find(|role| id(role) == name);
    let found =
        found.ok_or_else(|| ScimError::not_found(format!("There is no role \"{name}\".")))?;
    Ok(Answer::ok(shown.apply(LIKE, found)))
}

fn id(role: &Value) -> &str {
    role.get("id").and_then(Value::as_str).unwrap_or_default()
}

fn roles(caller: &Caller) -> Vec<Value> {
    let names = caller.context.tenant.policy.scim_roles().into_iter();
    names
        .map(|name| discovery::role(name, &caller.base))
        .collect()
}
