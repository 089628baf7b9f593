//! One line in the log for each request, and one correlation id from the request to Cloudmore.

use std::time::Instant;

use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::info;
use uuid::Uuid;

use super::visitor::Visitor;

/// The id that ties a request, its audit entries and Cloudmore's calls together.
#[derive(Clone, Debug)]
pub struct CorrelationId(pub String);

impl CorrelationId {
    /// The id that [`observe`] gave the request.
    pub fn of(parts: &Parts) -> Self {
        Self::among(&parts.extensions)
    }

    /// The same of a whole request.
    pub(super) fn among(extensions: &Extensions) -> Self {
        let given = extensions.get::<Self>().cloned();
        given.unwrap_or_else(Self::new)
    }

    fn new() -> Self {
        Self(Uuid::now_v7().to_string())
    }
}

/// Gives the request its correlation id, answers it in `X-Correlation-Id`, and logs the request
/// without its query, which can name people.
pub(super) async fn observe(mut request: Request, next: Next) -> Response {
    let id = CorrelationId::new();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let client = Visitor::among(request.extensions()).map(|visitor| visitor.address);
    request.extensions_mut().insert(id.clone());
    let begun = Instant::now();
    let mut response = next.run(request).await;
    info!(
        request.id = %id.0, client = client.map(tracing::field::display), %method, path, status = response.status().as_u16(),
        ms = begun.elapsed().as_millis(), "Answered"
    );
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert("x-correlation-id", id);
    }
    response
}
