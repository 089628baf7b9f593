//! How long the address of a request may be, and how large its headers.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::answer::Refused;
use crate::listen::Bounds;
use crate::scim::ScimError;

/// Refuses what is too long. Beyond twice the limits the connection does it, without a body.
pub(super) async fn bound(State(bounds): State<Bounds>, request: Request, next: Next) -> Response {
    let target = request.uri().path_and_query();
    let target = target.map_or(0, |target| target.as_str().len());
    if target > bounds.target_bytes {
        let most = bounds.target_bytes;
        return Refused(ScimError::uri_too_long(format!(
            "The address is longer than {most} bytes. Send a filter in the body of a POST to /.search."
        )))
        .into_response();
    }
    let headers = request.headers().iter();
    let headers: usize = headers
        .map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len())
        .sum();
    if headers > bounds.header_bytes {
        let most = bounds.header_bytes;
        return Refused(ScimError::headers_too_large(format!(
            "The headers are larger than {most} bytes. Send fewer or shorter ones."
        )))
        .into_response();
    }
    next.run(request).await
}
