//! Who calls: the tenant of the address and the credential of the header.

use axum::extract::{FromRequestParts, MatchedPath, RawPathParams};
use axum::http::header::{AUTHORIZATION, HeaderName, IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};

use super::Http;
use super::answer::Refused;
use super::entrance::{self, refused};
use super::request_log::CorrelationId;
use super::visitor::Visitor;
use crate::auth::Authority;
use crate::domain::model::TenantId;
use crate::provision::Context;
use crate::scim::{ListQuery, Precondition, Reading, ScimError};

/// A caller who was let in. Every SCIM handler asks for one before anything else.
pub(super) struct Caller {
    /// The context of the use cases.
    pub(super) context: Context,
    /// The tenant's SCIM base address.
    pub(super) base: String,
}

impl Caller {
    /// Reads the query part of the address.
    ///
    /// # Errors
    /// 400 for parameters that cannot be read.
    pub(super) fn query(&self, http: &Http, raw: Option<&str>) -> Result<ListQuery, Refused> {
        let read = |reading: &mut Reading<'_>| ListQuery::parse(raw, reading);
        Ok(http.bridge.read(&self.context, read)?)
    }
}

impl FromRequestParts<Http> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Refused> {
        let params = RawPathParams::from_request_parts(parts, http).await;
        // Before the credential, because the tenant's name may be what is broken. It says nothing
        // about who there is.
        let params = params
            .map_err(|_| ScimError::not_found("The address is not valid percent-encoded UTF-8."))?;
        let tenant = params.iter().find(|(name, _)| *name == "tenant");
        let tenant = TenantId::new(tenant.map(|(_, id)| id).unwrap_or_default());
        let authorization = parts.headers.get(AUTHORIZATION);
        let authorization = authorization.and_then(|value| value.to_str().ok());
        // No store keeps it, so nothing that has it can be found.
        if parts.uri.path().contains("%00") {
            let nul = "There is nothing at an address with the NUL character.";
            return Err(Refused(ScimError::not_found(nul)));
        }
        let CorrelationId(request) = CorrelationId::of(parts);
        let visitor = Visitor::of(parts).ok_or_else(refused)?;
        let attempt = visitor.attempt(&tenant, authorization, wanted(parts), &request);
        let actor = entrance::enter(http, &attempt).await?;
        let base = format!("{}/scim/{tenant}/v2", http.public_url);
        let tenant = http.bridge.tenant(&tenant).ok_or_else(refused)?;
        let precondition = precondition(&parts.headers)?;
        Ok(Self {
            context: Context::new(tenant, actor, request)
                .below(base.clone())
                .given(precondition),
            base,
        })
    }
}

/// A caller who may change something: nobody may while the tenant is paused.
pub(super) struct Writer(pub(super) Caller);

impl FromRequestParts<Http> for Writer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Refused> {
        let caller = Caller::from_request_parts(parts, http).await?;
        http.bridge.takes_writes(&caller.context).await?;
        Ok(Self(caller))
    }
}

/// What the conditional headers of a request demand.
fn precondition(headers: &HeaderMap) -> Result<Precondition, ScimError> {
    let header = |name: HeaderName| {
        let lines = headers.get_all(name).iter();
        let lines: Vec<_> = lines
            .map(|line| String::from_utf8_lossy(line.as_bytes()))
            .collect();
        (!lines.is_empty()).then(|| lines.join(","))
    };
    let (if_match, if_none_match) = (header(IF_MATCH), header(IF_NONE_MATCH));
    Precondition::parse(if_match.as_deref(), if_none_match.as_deref())
}

/// What a request needs. A search is sent by POST and changes nothing (RFC 7644, section 3.4.3).
fn wanted(parts: &Parts) -> Authority {
    let route = parts.extensions.get::<MatchedPath>();
    let searches = route.is_some_and(|route| route.as_str().ends_with("/.search"));
    let looks = parts.method == Method::GET || parts.method == Method::HEAD;
    if looks || (searches && parts.method == Method::POST) {
        Authority::Read
    } else {
        Authority::Full
    }
}

/// An address outside of all tenants that leads nowhere.
pub(super) async fn no_such_address() -> Refused {
    Refused(ScimError::not_found(
        "There is nothing at this address. Check the tenant URL in the provisioning settings: it \
         ends in /scim/, the name of the tenant, and /v2.",
    ))
}

/// An address under the tenant that leads nowhere.
pub(super) async fn no_such_endpoint(_caller: Caller) -> Refused {
    Refused(ScimError::not_found(
        "There is no such endpoint. This service has /Users and /Groups.",
    ))
}

/// A method that the endpoint does not have.
pub(super) async fn method_not_allowed(_caller: Caller) -> Refused {
    Refused(ScimError::method_not_allowed(
        "This endpoint does not take this method.",
    ))
}
