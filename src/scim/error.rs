//! The one error of the SCIM core, and its body as clients read it (RFC 7644 section 3.12).

use std::time::Duration;

use scim_v2::schema_urns;
use serde_json::{Value, json};

pub use scim_v2::models::errors::ScimType;

/// A refusal: the HTTP status, the `scimType` where RFC 7644 table 9 has one, and a sentence that says what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ScimError {
    /// HTTP status code of the answer.
    pub status: u16,
    /// RFC 7644 table 9 keyword, for the errors that have one.
    pub scim_type: Option<ScimType>,
    /// What is wrong and what to change, for the person who reads the provisioning log.
    pub detail: String,
    /// When the same request is worth another try: the `Retry-After` of the answer.
    pub retry_after: Option<Duration>,
}

impl ScimError {
    fn new(status: u16, scim_type: Option<ScimType>, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self {
            status,
            scim_type,
            detail,
            retry_after: None,
        }
    }

    /// 400: a value is missing, of the wrong type or not acceptable.
    pub fn invalid_value(detail: impl Into<String>) -> Self {
        Self::new(400, Some(ScimType::InvalidValue), detail)
    }

    /// 400: the body is not the JSON structure that the request needs.
    pub fn invalid_syntax(detail: impl Into<String>) -> Self {
        Self::new(400, Some(ScimType::InvalidSyntax), detail)
    }

    /// 400: a filter that cannot be parsed or evaluated.
    pub fn invalid_filter(detail: impl Into<String>) -> Self {
        Self::new(400, Some(ScimType::InvalidFilter), detail)
    }

    /// 400: a malformed PATCH path.
    pub fn invalid_path(detail: impl Into<String>) -> Self {
        Self::new(400, Some(ScimType::InvalidPath), detail)
    }

    /// 400: a PATCH operation that names nothing to work on.
    pub fn no_target(detail: impl Into<String>) -> Self {
        Self::new(400, Some(ScimType::NoTarget), detail)
    }

    /// 400: a change that the attribute's mutability forbids.
    pub fn mutability(detail: impl Into<String>) -> Self {
        Self::new(400, Some(ScimType::Mutability), detail)
    }

    /// 400: a request that would give or do more than the server is willing to.
    pub fn too_many(detail: impl Into<String>) -> Self {
        Self::new(400, Some(ScimType::TooMany), detail)
    }

    /// 400: a cursor that does not belong to the list (RFC 9865 section 2.1).
    pub fn invalid_cursor(detail: impl Into<String>) -> Self {
        Self::new(
            400,
            Some(ScimType::Other("invalidCursor".to_owned())),
            detail,
        )
    }

    /// 400: a cursor that has come too late (RFC 9865 section 2.1).
    pub fn expired_cursor(detail: impl Into<String>) -> Self {
        Self::new(
            400,
            Some(ScimType::Other("expiredCursor".to_owned())),
            detail,
        )
    }

    /// 400: a count that no page with a cursor can have (RFC 9865 section 2.1).
    pub fn invalid_count(detail: impl Into<String>) -> Self {
        Self::new(
            400,
            Some(ScimType::Other("invalidCount".to_owned())),
            detail,
        )
    }

    /// 401: no valid credential.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(401, None, detail)
    }

    /// 403: something that is never done, whoever asks.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(403, None, detail)
    }

    /// 404: no such resource.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(404, None, detail)
    }

    /// 405: the endpoint does not have this method.
    pub fn method_not_allowed(detail: impl Into<String>) -> Self {
        Self::new(405, None, detail)
    }

    /// 408: the request did not come to its end in time.
    pub fn request_timeout(detail: impl Into<String>) -> Self {
        Self::new(408, None, detail)
    }

    /// 409: a unique value is taken.
    pub fn uniqueness(detail: impl Into<String>) -> Self {
        Self::new(409, Some(ScimType::Uniqueness), detail)
    }

    /// 412: the resource is not in the state that the client expects.
    pub fn precondition_failed(detail: impl Into<String>) -> Self {
        Self::new(412, None, detail)
    }

    /// 413: the body is larger than accepted.
    pub fn payload_too_large(detail: impl Into<String>) -> Self {
        Self::new(413, None, detail)
    }

    /// 400 `invalidValue`: a list of more than `most` values.
    pub fn too_long(name: &str, most: usize) -> Self {
        Self::invalid_value(format!("{name} may have {most} values at most."))
    }

    /// 414: the address is longer than accepted.
    pub fn uri_too_long(detail: impl Into<String>) -> Self {
        Self::new(414, None, detail)
    }

    /// 415: the body is not JSON by its content type.
    pub fn unsupported_media_type(detail: impl Into<String>) -> Self {
        Self::new(415, None, detail)
    }

    /// 428: the client must say which version it means to change (RFC 6585 section 3).
    pub fn precondition_required(detail: impl Into<String>) -> Self {
        Self::new(428, None, detail)
    }

    /// 429: the request is right, but too many others are under way (RFC 6585 section 4).
    pub fn too_many_requests(detail: impl Into<String>, retry_after: Duration) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(429, None, detail)
        }
    }

    /// 431: the headers are larger than accepted (RFC 6585 section 5).
    pub fn headers_too_large(detail: impl Into<String>) -> Self {
        Self::new(431, None, detail)
    }

    /// 500: a fault of ours.
    pub fn internal(detail: impl Into<String>) -> Self {
        Self::new(500, None, detail)
    }

    /// 501: a part of SCIM that is not offered.
    pub fn not_implemented(detail: impl Into<String>) -> Self {
        Self::new(501, None, detail)
    }

    /// 503: the request is right, but cannot be served for about `retry_after`.
    pub fn unavailable(detail: impl Into<String>, retry_after: Duration) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(503, None, detail)
        }
    }

    /// The error body of RFC 7644 section 3.12; `status` is a string there.
    pub fn to_json(&self) -> Value {
        let mut body = json!({
            "schemas": [schema_urns::ERROR],
            "status": self.status.to_string(),
            "detail": self.detail,
        });
        if let (Some(scim_type), Some(members)) = (&self.scim_type, body.as_object_mut()) {
            members.insert("scimType".to_owned(), Value::from(scim_type.as_str()));
        }
        body
    }
}
