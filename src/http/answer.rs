//! Answers as SCIM clients expect them.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::scim::ScimError;

const SCIM_JSON: HeaderValue = HeaderValue::from_static("application/scim+json");

/// A SCIM body with its status.
pub(super) struct Answer {
    status: StatusCode,
    body: Value,
    location: Option<HeaderValue>,
}

impl Answer {
    pub(super) fn ok(body: Value) -> Self {
        Self {
            status: StatusCode::OK,
            body,
            location: None,
        }
    }

    /// 201 with the `Location` of the resource (RFC 7644, section 3.3), which the body need not
    /// show: the client may have left `meta` out.
    pub(super) fn created(body: Value, location: &str) -> Self {
        Self {
            status: StatusCode::CREATED,
            body,
            location: HeaderValue::from_str(location).ok(),
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let headers = [(header::CONTENT_TYPE, SCIM_JSON)];
        let mut response = (self.status, headers, self.body.to_string()).into_response();
        if let Some(location) = self.location {
            response.headers_mut().insert(header::LOCATION, location);
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
            // Okta reads whole seconds only (`reference/idp-behaviour.md`, section 3.10). Rounded
            // up, so that nobody is told to come too early.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            let seconds = seconds.max(1);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
