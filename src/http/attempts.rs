//! Slowing down whoever shows wrong credentials, at every door alike.

use std::time::Duration;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{Extensions, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::Http;
use super::request_log::CorrelationId;
use super::visitor::Visitor;
use crate::auth::Authority;
use crate::domain::model::TenantId;
use crate::listen::origin;

/// What somebody is answered who has to wait.
pub(super) type Refuse = fn(Duration) -> Response;

/// What somebody is told who has to wait.
pub(super) const WORDS: &str = "Too many requests without a valid credential have come from this address. Check the secret token, \
     and try again later.";

/// The credential that was in the body of a request, as it would be in the header: it comes with the refusal.
#[derive(Clone)]
pub(super) struct ShownInBody(pub(super) Option<String>);

/// Lets a request through unless its address has to wait, and counts it if it was refused for want of a right credential.
pub(super) async fn slow_down(
    State((http, too_many)): State<(Http, Refuse)>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
    next: Next,
) -> Response {
    let Some(visitor) = Visitor::among(request.extensions()) else {
        return next.run(request).await;
    };
    let from = origin(visitor.address);
    let authorization = request.headers().get(AUTHORIZATION);
    let authorization = authorization.and_then(|value| value.to_str().ok());
    let authorization = authorization.map(str::to_owned);
    let shown = authorization.as_deref();
    if let Some(wait) = http.attempts.wait(from, shown, http.clock.now()) {
        if let Some(tenant) = tenant(params.ok().as_ref(), request.extensions()) {
            let CorrelationId(id) = CorrelationId::among(request.extensions());
            let attempt = visitor.attempt(&tenant, shown, Authority::Read, &id);
            http.doors.unheard(&attempt);
        }
        return too_many(wait);
    }
    let mut answer = next.run(request).await;
    if answer.status() != StatusCode::UNAUTHORIZED {
        return answer;
    }
    let in_body = answer.extensions_mut().remove();
    let in_body = in_body.and_then(|ShownInBody(shown)| shown);
    let shown = in_body.as_deref().or(shown);
    match http.attempts.refused(from, shown, http.clock.now()) {
        Ok(()) => answer,
        Err(wait) => too_many(wait),
    }
}

/// Whose door it is, if it is a tenant's.
fn tenant(params: Option<&RawPathParams>, extensions: &Extensions) -> Option<TenantId> {
    let route = extensions.get::<MatchedPath>()?.as_str();
    let is_door = route.starts_with("/scim/") || route.starts_with("/oauth/");
    let mut params = params.filter(|_| is_door)?.iter();
    let (_, tenant) = params.find(|(name, _)| *name == "tenant")?;
    Some(TenantId::new(tenant))
}
