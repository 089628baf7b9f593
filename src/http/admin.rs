//! The admin API: what operators ask of a running bridge, under `/admin/api`. One file for each subject.

mod admissions;
mod catalogue;
mod credentials;
mod drift;
mod failed;
mod held;
mod inactive;
mod plan;
mod removals;
mod table;
mod tenants;
mod transfer;

use std::time::Duration;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::handler::Handler;
use axum::http::StatusCode;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Extension, Router};
use serde::Serialize;
use serde_json::json;

use super::Http;
use super::answer::seconds;
use super::attempts::WORDS;
use super::request_log::CorrelationId;
use super::visitor::Visitor;
use crate::domain::administrator::Role;
use crate::domain::model::TenantId;
use crate::listen::origin;
use crate::provision::{Context, ReportError};
use table::ROUTES;
pub use table::admin_routes;

/// Which role a request needs.
#[derive(Clone, Copy)]
struct Needs(Role);

/// All routes, each of them closed to roles below the one that it needs.
pub(super) fn routes() -> Router<Http> {
    let routes = ROUTES.iter().fold(Router::new(), |router, route| {
        let handler = (route.handler)().layer(Extension(Needs(route.needs)));
        router.route(route.path, handler)
    });
    let anybody = Extension(Needs(Role::Viewer));
    // A route and not a fallback, because the console has one for whatever is below /admin.
    routes
        .route("/{*rest}", any(no_such_address.layer(anybody)))
        .method_not_allowed_fallback(method_not_allowed.layer(anybody))
}

/// Whoever showed a token of the admin API whose role is enough. Each handler asks for one before anything else.
struct Admitted {
    actor: String,
    request: String,
}

impl FromRequestParts<Http> for Admitted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Problem> {
        if !http.admin.is_there() {
            return Err(Problem::new(
                StatusCode::NOT_FOUND,
                "This bridge has no admin API. Add [admin] with a token to its configuration.",
            ));
        }
        let authorization = parts.headers.get(AUTHORIZATION);
        let authorization = authorization.and_then(|value| value.to_str().ok());
        let token = http.admin.admit(authorization).ok_or_else(|| {
            Problem::new(
                StatusCode::UNAUTHORIZED,
                "The token of the admin API is missing or wrong. Send one that [admin] of the configuration has.",
            )
        })?;
        if let Some(visitor) = Visitor::of(parts) {
            let from = origin(visitor.address);
            http.attempts
                .was_right(from, authorization, http.clock.now());
        }
        // A route that is in no table is nobody's but an admin's.
        let needs = parts.extensions.get::<Needs>();
        let Needs(needed) = needs.copied().unwrap_or(Needs(Role::Admin));
        if token.role < needed {
            let words = format!(
                "This needs the role {needed}, and the token \"{}\" has the role {}. Use a token whose role is enough.",
                token.label, token.role
            );
            return Err(Problem::new(StatusCode::FORBIDDEN, words));
        }
        let CorrelationId(request) = CorrelationId::of(parts);
        Ok(Self {
            actor: token.label,
            request,
        })
    }
}

/// An operator who asks about a tenant.
struct Operator {
    context: Context,
}

impl FromRequestParts<Http> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Problem> {
        let Admitted { actor, request } = Admitted::from_request_parts(parts, http).await?;
        let params = RawPathParams::from_request_parts(parts, http).await;
        let params = params.map_err(|_| {
            let words = "The address is not valid percent-encoded UTF-8.";
            Problem::new(StatusCode::NOT_FOUND, words)
        })?;
        let id = params.iter().find(|(name, _)| *name == "tenant");
        let id = TenantId::new(id.map(|(_, id)| id).unwrap_or_default());
        let tenant = http.bridge.tenant(&id).ok_or_else(|| {
            let words = format!("There is no tenant \"{id}\". Name one of the configuration.");
            Problem::new(StatusCode::NOT_FOUND, words)
        })?;
        Ok(Self {
            context: Context::new(tenant, actor, request),
        })
    }
}

/// An answer: plain JSON.
struct Told<T>(T);

impl<T: Serialize> IntoResponse for Told<T> {
    fn into_response(self) -> Response {
        json_response(StatusCode::OK, &json!(self.0))
    }
}

/// A request that was not carried out, in words that say what to change.
struct Problem {
    status: StatusCode,
    words: String,
}

impl Problem {
    fn new(status: StatusCode, words: impl Into<String>) -> Self {
        let words = words.into();
        Self { status, words }
    }
}

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Cloudmore(failure) => {
                let words = format!("Cloudmore could not be read: {failure}");
                Self::new(StatusCode::BAD_GATEWAY, words)
            }
            ReportError::Store(error) => {
                tracing::error!(error = %error, "The store failed");
                let words = "The bridge could not use its store. Its log says why.";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, words)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = json_response(self.status, &json!({ "error": self.words }));
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"admin\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Whoever has shown too much that was wrong.
pub(super) fn too_many(wait: Duration) -> Response {
    let mut response = Problem::new(StatusCode::TOO_MANY_REQUESTS, WORDS).into_response();
    let wait = HeaderValue::from(seconds(wait));
    response.headers_mut().insert(RETRY_AFTER, wait);
    response
}

fn json_response(status: StatusCode, body: &serde_json::Value) -> Response {
    const JSON: HeaderValue = HeaderValue::from_static("application/json");
    const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
    const NO_SNIFF: HeaderValue = HeaderValue::from_static("nosniff");
    // Some answers have a secret that is shown once.
    let headers = [
        (CONTENT_TYPE, JSON),
        (CACHE_CONTROL, NO_STORE),
        (X_CONTENT_TYPE_OPTIONS, NO_SNIFF),
    ];
    (status, headers, body.to_string()).into_response()
}

async fn no_such_address(_admitted: Admitted) -> Problem {
    let words = "There is nothing at this address of the admin API. This bridge may be older than the command.";
    Problem::new(StatusCode::NOT_FOUND, words)
}

async fn method_not_allowed(_admitted: Admitted) -> Problem {
    let words = "This address of the admin API does not take this method.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, words)
}
