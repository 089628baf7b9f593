//! `/Roles`: the values of the attribute `roles` that the tenant's mappings are about, for clients that offer them to
//! choose from (`reference/idp-behaviour.md`, section 3.11). Where no mapping is, there is no such endpoint.

use axum::extract::{Path, RawQuery, State};
use serde_json::Value;

use super::Http;
use super::answer::{Answer, Refused};
use super::caller::{Caller, no_such_endpoint};
use super::discovery::Asker;
use crate::scim::discovery;
use crate::scim::{Paging, ScimError, list_response};

pub(super) async fn list(
    Asker(caller): Asker,
    State(http): State<Http>,
    RawQuery(query): RawQuery,
) -> Result<Answer, Refused> {
    let roles = roles(&caller);
    if roles.is_empty() {
        return Err(no_such_endpoint(caller).await);
    }
    let query = caller.query(&http, query.as_deref())?;
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
    Ok(Answer::ok(list_response(page.collect(), total, start)))
}

pub(super) async fn read(
    Asker(caller): Asker,
    Path((_, id)): Path<(String, String)>,
) -> Result<Answer, Refused> {
    let mut roles = roles(&caller).into_iter();
    let found = roles.find(|role| role.get("id").and_then(Value::as_str) == Some(id.as_str()));
    let found = found.ok_or_else(|| ScimError::not_found(format!("There is no role \"{id}\".")))?;
    Ok(Answer::ok(found))
}

fn roles(caller: &Caller) -> Vec<Value> {
    let names = caller.context.tenant.policy.scim_roles().into_iter();
    names
        .map(|name| discovery::role(name, &caller.base))
        .collect()
}
