//! Slashes that say nothing: one at the end of an address, and two where one belongs. A tenant URL that is entered with a
//! slash at its end makes both.

use axum::extract::Request;
use axum::http::Uri;

/// The request without them. What is encoded in the address stays as it is.
pub(super) async fn drop_spare(mut request: Request) -> Request {
    let uri = request.uri();
    let path = uri.path();
    if path.len() > 1 && (path.ends_with('/') || path.contains("//")) {
        let segments = path.split('/').filter(|segment| !segment.is_empty());
        let mut plain: String = segments.flat_map(|segment| ["/", segment]).collect();
        if let Some(query) = uri.query() {
            plain.push('?');
            plain.push_str(query);
        }
        if let Ok(uri) = plain.parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    request
}
