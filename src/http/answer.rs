//! Answers as SCIM clients expect them.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::attempts::WORDS;
use crate::provision::Shown;
use crate::scim::{ScimError, entity_tag};

const SCIM_JSON: HeaderValue = HeaderValue::from_static("application/scim+json");

/// An answer to a request that was carried out.
pub(super) struct Answer {
    status: StatusCode,
    body: Option<Value>,
    location: Option<HeaderValue>,
    tag: Option<HeaderValue>,
}

impl Answer {
    fn new(status: StatusCode, body: Option<Value>) -> Self {
        Self {
            status,
            body,
            location: None,
            tag: None,
        }
    }

    pub(super) fn ok(body: Value) -> Self {
        Self::new(StatusCode::OK, Some(body))
    }

    /// 201 with the `Location` of the resource (RFC 7644, section 3.3), which the body need not
    /// show: the client may have left `meta` out.
    pub(super) fn created(body: Value, location: &str) -> Self {
        Self {
            location: HeaderValue::from_str(location).ok(),
            ..Self::new(StatusCode::CREATED, Some(body))
        }
    }

    /// 204.
    pub(super) fn done() -> Self {
        Self::new(StatusCode::NO_CONTENT, None)
    }

    /// A resource that was read: 304 for a client that has it already.
    pub(super) fn shown(shown: Shown) -> Self {
        let answer = match shown.body {
            Some(body) => Self::ok(body),
            None => Self::new(StatusCode::NOT_MODIFIED, None),
        };
        answer.at(shown.version)
    }

    /// The answer with the entity tag of the resource's version.
    pub(super) fn at(self, version: i64) -> Self {
        Self {
            tag: HeaderValue::from_str(&entity_tag(version)).ok(),
            ..self
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            Some(body) => ([(header::CONTENT_TYPE, SCIM_JSON)], body.to_string()).into_response(),
            None => ().into_response(),
        };
        *response.status_mut() = self.status;
        for (name, value) in [(header::LOCATION, self.location), (header::ETAG, self.tag)] {
            if let Some(value) = value {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// A refused request: the error body of RFC 7644, section 3.12, with the headers that go with it.
pub(super) struct Refused(pub(super) ScimError);

impl From<ScimError> for Refused {
    fn from(error: ScimError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let status =
            StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = error.to_json().to_string();
        let mut response = (status, [(header::CONTENT_TYPE, SCIM_JSON)], body).into_response();
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"scim\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(wait) = error.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds(wait)));
        }
        response
    }
}

/// Whoever has shown too much that was wrong.
pub(super) fn too_many(wait: Duration) -> Response {
    Refused(ScimError::too_many_requests(WORDS, wait)).into_response()
}

/// For `Retry-After`, of which Okta reads whole seconds only (`reference/idp-behaviour.md`, section 3.10). Rounded up, so
/// that nobody is told to come too early.
pub fn seconds(wait: Duration) -> u64 {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    seconds.max(1)
}
