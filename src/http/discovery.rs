//! `/ServiceProviderConfig`, `/ResourceTypes`, `/Schemas`, and `/Me`, which no credential has.

use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use serde_json::Value;

use super::Http;
use super::answer::{Answer, Refused};
use super::caller::Caller;
use crate::scim::discovery::{self, BulkLimits, Features};
use crate::scim::{Limits, ScimError, has_filter, list_response};

type Name = Path<(String, String)>;

/// A caller who asks what there is: all of it, or one by name.
pub(super) struct Asker(pub(super) Caller);

impl FromRequestParts<Http> for Asker {
    type Rejection = Refused;

    /// A filter is refused, as RFC 7644, section 4 has it: it would have to be understood to be safe to ignore.
    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Refused> {
        let caller = Caller::from_request_parts(parts, http).await?;
        if has_filter(parts.uri.query())? {
            return Err(Refused(ScimError::forbidden(
                "This endpoint cannot be filtered. Add the name or URN of what you look for to the address.",
            )));
        }
        Ok(Self(caller))
    }
}

/// What runs, within the limits in force. The one place that says so.
fn features(limits: &Limits, max_body_bytes: usize) -> Features {
    Features {
        default_page_size: limits.usual_page(),
        max_page_size: limits.page_size,
        sort: true,
        etag: true,
        bulk: Some(BulkLimits {
            operations: limits.bulk_operations,
            payload_bytes: max_body_bytes,
        }),
        cursor_timeout: Some(limits.cursor_timeout.as_secs()),
    }
}

pub(super) async fn service_provider_config(
    Asker(caller): Asker,
    State(http): State<Http>,
) -> Answer {
    let features = features(&caller.context.tenant.dialect.limits, http.max_body_bytes);
    Answer::ok(discovery::service_provider_config(&features, &caller.base))
}

pub(super) async fn resource_types(Asker(caller): Asker) -> Answer {
    list(types(&caller))
}

pub(super) async fn resource_type(
    Asker(caller): Asker,
    Path((_, name)): Name,
) -> Result<Answer, Refused> {
    one(types(&caller), "resource type", &name)
}

pub(super) async fn schemas(Asker(caller): Asker) -> Answer {
    list(schemas_of(&caller))
}

pub(super) async fn schema(Asker(caller): Asker, Path((_, urn)): Name) -> Result<Answer, Refused> {
    one(schemas_of(&caller), "schema", &urn)
}

fn types(caller: &Caller) -> Vec<Value> {
    discovery::resource_types(&caller.base, has_roles(caller))
}

fn schemas_of(caller: &Caller) -> Vec<Value> {
    discovery::schemas(&caller.base, has_roles(caller))
}

fn has_roles(caller: &Caller) -> bool {
    !caller.context.tenant.policy.scim_roles().is_empty()
}

/// `/Me` is the user of the credential (RFC 7644, section 3.11), and a credential here is a client's, not a person's.
pub(super) async fn me(_caller: Caller) -> Refused {
    Refused(ScimError::not_implemented(
        "The token belongs to no user. Find the user with a filter on /Users.",
    ))
}

fn list(all: Vec<Value>) -> Answer {
    let total = all.len() as u64;
    Answer::ok(list_response(all, total, 1))
}

/// The one of that id, which is read without regard to case.
fn one(all: Vec<Value>, what: &str, id: &str) -> Result<Answer, Refused> {
    let is_it = |each: &Value| {
        let theirs = each.get("id").and_then(Value::as_str);
        theirs.is_some_and(|theirs| theirs.eq_ignore_ascii_case(id))
    };
    let found = all.into_iter().find(is_it);
    Ok(Answer::ok(found.ok_or_else(|| unknown(what, id))?))
}

fn unknown(what: &str, name: &str) -> ScimError {
    ScimError::not_found(format!("There is no {what} \"{name}\"."))
}
