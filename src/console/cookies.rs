//! The console's cookies: for this host alone, out of reach of scripts, and sent by https only where there is https.

use axum::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Response};

use super::place::Place;

/// The cookie that has the session.
pub(super) const SESSION: &str = "scim-bridge";

/// The value of a cookie of this name; none if a browser sends two of them, for then one is not ours.
pub(super) fn read<'h>(headers: &'h HeaderMap, place: &Place, name: &str) -> Option<&'h str> {
    let name = named(place, name);
    let lines = headers.get_all(COOKIE).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    let mut values = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(each, _)| *each == name)
        .map(|(_, value)| value);
    let value = values.next();
    value.filter(|_| values.next().is_none())
}

/// An answer that sets a cookie for as long as the browser runs, or takes it away if there is no value.
pub(super) fn with(
    answer: impl IntoResponse,
    place: &Place,
    name: &str,
    value: Option<&str>,
) -> Response {
    let secure = if place.is_https { "; Secure" } else { "" };
    let end = if value.is_none() { "; Max-Age=0" } else { "" };
    let cookie = format!(
        "{}={}; Path=/; HttpOnly; SameSite=Lax{secure}{end}",
        named(place, name),
        value.unwrap_or_default()
    );
    let mut response = answer.into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Browsers keep everybody but this host itself from setting a cookie whose name begins so (RFC 6265bis, 4.1.3.2).
fn named(place: &Place, name: &str) -> String {
    let prefix = if place.is_https { "__Host-" } else { "" };
    format!("{prefix}{name}")
}
