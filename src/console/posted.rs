//! Forms: taken from pages of ours alone.

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::{HOST, HeaderMap, ORIGIN};
use axum::response::Response;
use subtle::ConstantTimeEq;

use super::Console;
use super::page::{Said, refuse};
use super::place::Place;
use super::session::SignedIn;

/// The field that has the token of the session's forms.
const TOKEN: &str = "form_token";

/// The fields of a form that a page of ours sent; by whom is not known yet.
pub(super) struct Fields(Vec<(String, String)>);

/// A form that somebody who is signed in sent from a page of the same session.
pub(super) struct Posted {
    /// Who.
    pub(super) by: SignedIn,
    /// What.
    pub(super) fields: Fields,
}

impl Fields {
    /// The value of a field.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut fields = self.0.iter();
        let field = fields.find(|(each, _)| each == name);
        field.map(|(_, value)| value.as_str())
    }
}

impl FromRequest<Console> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, console: &Console) -> Result<Self, Response> {
        if !is_ours(request.headers(), &console.place) {
            let words = format!(
                "This form did not come from the console at {}. Open the console there and try again.",
                console.place.url()
            );
            return Err(refuse(console, StatusCode::FORBIDDEN, Said::error(words)));
        }
        let form = Form::<Vec<(String, String)>>::from_request(request, console).await;
        let unreadable = |_| {
            let words = "This form cannot be read.";
            refuse(console, StatusCode::BAD_REQUEST, Said::error(words))
        };
        form.map(|Form(fields)| Self(fields)).map_err(unreadable)
    }
}

impl FromRequest<Console> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, console: &Console) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let by = SignedIn::from_request_parts(&mut parts, console).await?;
        let fields = Fields::from_request(Request::from_parts(parts, body), console).await?;
        let (expected, shown) = (by.form_token(), fields.get(TOKEN).unwrap_or_default());
        if bool::from(shown.as_bytes().ct_eq(expected.as_bytes())) {
            Ok(Self { by, fields })
        } else {
            let words = "This form is of another session. Go back, reload the page and try again.";
            Err(refuse(console, StatusCode::FORBIDDEN, Said::error(words)))
        }
    }
}

/// Whether a browser says that a form comes from a page of ours. Those of today say so themselves (`Sec-Fetch-Site`), and
/// hide `Origin`, because our pages ask them for no referrer.
fn is_ours(headers: &HeaderMap, place: &Place) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = text(ORIGIN.as_str()) else {
        return false;
    };
    let host = origin.split_once("://").map(|(_, host)| host);
    origin.eq_ignore_ascii_case(&place.origin) || (host.is_some() && host == text(HOST.as_str()))
}
