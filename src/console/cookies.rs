//! The console's cookies: for this host alone, out of reach of scripts, and sent by https only where there is https.

use std::time::Duration;

use axum::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Response};

use super::place::Place;

/// The cookie that has the session.
pub(super) const SESSION: &str = "scim-bridge";

/// The cookie that has a sign-in that was begun elsewhere.
pub(super) const LOGIN: &str = "scim-bridge-sign-in";

/// What becomes of a cookie.
pub(super) enum Set<'v> {
    /// It has this value for as long as the browser runs.
    Value(&'v str),
    /// It has this value for a while.
    For(Duration, &'v str),
    /// It goes.
    Gone,
}

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

/// An answer that sets a cookie.
pub(super) fn with(
    answer: impl IntoResponse,
    place: &Place,
    name: &str,
    set: &Set<'_>,
) -> Response {
    let secure = if place.is_https { "; Secure" } else { "" };
    let (value, end) = match set {
        Set::Value(value) => (*value, String::new()),
        Set::For(lasts, value) => (*value, format!("; Max-Age={}", lasts.as_secs())),
        Set::Gone => ("", "; Max-Age=0".to_owned()),
    };
    let cookie = format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{end}",
        named(place, name)
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
