//! The body of a SCIM write: JSON by its content type and in fact.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::Value;

use super::Http;
use super::answer::Refused;
use crate::scim::ScimError;

/// A body that was read whole.
pub(super) struct ScimBody(pub(super) Value);

impl FromRequest<Http> for ScimBody {
    type Rejection = Refused;

    async fn from_request(request: Request, http: &Http) -> Result<Self, Refused> {
        let content_type = request.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        if !content_type.is_some_and(is_json) {
            return Err(Refused(ScimError::unsupported_media_type(
                "Send the body as JSON, with Content-Type: application/scim+json.",
            )));
        }
        let limit = http.max_body_bytes;
        let bytes = Bytes::from_request(request, http).await.map_err(|error| {
            // The one thing besides its size that can go wrong is the connection.
            if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                ScimError::payload_too_large(format!(
                    "The body is larger than {limit} bytes. Send less at a time."
                ))
            } else {
                ScimError::invalid_syntax("The body could not be read whole. Send it again.")
            }
        })?;
        let body = serde_json::from_slice(&bytes).map_err(|error| {
            ScimError::invalid_syntax(format!(
                "The body cannot be read as JSON: {error}. Correct it and send it again."
            ))
        })?;
        Ok(Self(body))
    }
}

/// `application/scim+json`, `application/json` and their like, with any parameters.
fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default();
    let media_type = media_type.trim().to_ascii_lowercase();
    media_type.ends_with("/json") || media_type.ends_with("+json")
}
