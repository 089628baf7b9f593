//! The style and the icon, which are part of the program.

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

/// `GET /admin/assets/console.css`.
pub(super) async fn style() -> impl IntoResponse {
    let style = include_str!("assets/console.css");
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], style)
}

/// `GET /admin/assets/icon.svg`.
pub(super) async fn icon() -> impl IntoResponse {
    let icon = include_str!("assets/icon.svg");
    ([(CONTENT_TYPE, "image/svg+xml")], icon)
}
