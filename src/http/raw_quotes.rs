//! Bare quotation marks in the query of an address, which the connection let in as backticks (`listen/tolerant.rs`).

use axum::extract::Request;
use axum::http::Uri;

/// Writes the quotation marks of a query as they should have been written.
pub(super) async fn encode(mut request: Request) -> Request {
    let uri = request.uri();
    if let Some(query) = uri.query().filter(|query| query.contains('`')) {
        let encoded = format!("{}?{}", uri.path(), query.replace('`', "%22"));
        if let Ok(uri) = encoded.parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    request
}
