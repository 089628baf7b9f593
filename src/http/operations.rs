//! Whether the bridge lives and is ready.

use axum::extract::State;
use axum::http::StatusCode;

use super::Http;

/// The process answers.
pub(super) async fn livez() -> &'static str {
    "ok\n"
}

/// The store answers, so requests can be served. Cloudmore's state does not count: while it is
/// away, changes are still taken and kept.
pub(super) async fn readyz(State(http): State<Http>) -> (StatusCode, &'static str) {
    match http.bridge.store().ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the store does not answer\n",
        ),
    }
}
