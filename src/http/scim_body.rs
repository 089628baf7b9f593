//! The body of a SCIM write: JSON by its content type and in fact.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use futures_util::StreamExt;
use serde_json::Value;
use tokio::time::timeout;

use super::Http;
use super::answer::Refused;
use crate::domain::deadlines::WORK;
use crate::scim::{ScimError, body};

/// How many times the limit is read before the connection is given up. A client that is still
/// writing when the connection closes sees that instead of the answer.
const READ_ON: usize = 8;

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
        // Nothing is unpacked, so nothing small can become large.
        let encoding = request.headers().get(CONTENT_ENCODING);
        if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Err(Refused(ScimError::unsupported_media_type(
                "Send the body as it is, without Content-Encoding: this service does not unpack any.",
            )));
        }
        let read = read(request.into_body(), http.max_body_bytes);
        let bytes = timeout(WORK, read).await.map_err(|_| {
            ScimError::invalid_syntax("The body did not end in time. Send it again.")
        })??;
        Ok(Self(body::parse(&bytes)?))
    }
}

/// The body, of `limit` bytes at most. What goes beyond is not kept.
async fn read(body: Body, limit: usize) -> Result<Vec<u8>, ScimError> {
    let mut chunks = body.into_data_stream();
    let (mut kept, mut size) = (Vec::new(), 0_usize);
    while size <= limit.saturating_mul(READ_ON) {
        let Some(chunk) = chunks.next().await else {
            break;
        };
        let chunk = chunk.map_err(|_| {
            ScimError::invalid_syntax("The body could not be read whole. Send it again.")
        })?;
        size = size.saturating_add(chunk.len());
        if size <= limit {
            kept.extend_from_slice(&chunk);
        }
    }
    if size > limit {
        return Err(ScimError::payload_too_large(format!(
            "The body is larger than {limit} bytes. Send less at a time."
        )));
    }
    Ok(kept)
}

/// `application/scim+json`, `application/json` and their like, with any parameters.
fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default();
    let media_type = media_type.trim().to_ascii_lowercase();
    media_type.ends_with("/json") || media_type.ends_with("+json")
}
