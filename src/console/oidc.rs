//! Signing in with the accounts of an organization: away to the issuer, and back with what it says.
//!
//! Coming back is the one GET that begins a session. It does so only for the browser that went away: the cookie of the
//! sign-in, and the `state` that follows from it, must both be there.

use axum::extract::{Query, RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use tracing::warn;

use super::attempts::Guesser;
use super::cookies::{self, Set};
use super::place::Place;
use super::sign_in::{self, Asked};
use super::{Console, session};
use crate::auth::{Callback, LASTS, Login, Oidc, OidcRefusal};
use crate::http::CorrelationId;

/// Longest address to go on to that is taken along.
const LONGEST: usize = 1000;

/// Where to begin, for somebody who goes on to a page afterwards.
pub(super) fn address(place: &Place, to: &str) -> String {
    place.going_on("/sign-in/oidc", to)
}

/// Where browsers come back to.
fn redirect(place: &Place) -> String {
    format!("{}/sign-in/oidc/callback", place.url())
}

/// `GET /admin/sign-in/oidc`.
pub(super) async fn begin(
    State(console): State<Console>,
    Query(asked): Query<Asked>,
    parts: Parts,
) -> Response {
    let to = asked.to.as_deref().filter(|to| to.len() <= LONGEST);
    let to = console.place.own(to);
    let Some(oidc) = console.admin.oidc() else {
        return nowhere(&console);
    };
    if !console.place.is_guarded {
        return sign_in::page(&console, StatusCode::FORBIDDEN, to, None);
    }
    let now = console.clock.now();
    let Ok(login) = Login::begin(&to, now) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    match oidc.begin(&login, &redirect(&console.place), now).await {
        Ok(address) => cookies::with(
            Redirect::to(&address),
            &console.place,
            cookies::LOGIN,
            &Set::For(LASTS, &login.cookie()),
        ),
        Err(refusal) => refused(&console, &parts, to, &refusal),
    }
}

/// `GET /admin/sign-in/oidc/callback`.
pub(super) async fn finish(
    State(console): State<Console>,
    RawQuery(query): RawQuery,
    parts: Parts,
) -> Response {
    let Some(oidc) = console.admin.oidc() else {
        return nowhere(&console);
    };
    let login = cookies::read(&parts.headers, &console.place, cookies::LOGIN);
    let login = login.and_then(|cookie| Login::shown(cookie, console.clock.now()));
    let to = console.place.own(login.as_ref().map(Login::to));
    let query = query.unwrap_or_default();
    let query: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    // Of two values one is not the issuer's, and nobody can tell which.
    let once = |name: &str| {
        let mut values = query.iter().filter(|(each, _)| each == name);
        let value = values.next().map(|(_, value)| value.as_ref());
        value.filter(|_| values.next().is_none())
    };
    let callback = Callback {
        state: once("state"),
        code: once("code"),
        error: once("error"),
        issuer: once("iss"),
    };
    let guesser = Guesser::of(&parts, &console);
    let may_ask = login.as_ref().map_or(Ok(()), |_| guesser.asks());
    let proved = match may_ask {
        Ok(()) => proof(&console, &oidc, login.as_ref(), &callback).await,
        Err(wait) => {
            let answer = sign_in::too_many(&console, to, wait);
            return cookies::with(answer, &console.place, cookies::LOGIN, &Set::Gone);
        }
    };
    let answer = match proved {
        Ok(proof) => {
            let before = session::shown(&parts, &console);
            sign_in::begin(&console, &proof, before.as_ref(), &to).await
        }
        Err(refusal) => match guesser.refused(None) {
            Ok(()) => refused(&console, &parts, to, &refusal),
            Err(wait) => sign_in::too_many(&console, to, wait),
        },
    };
    // It counts once, whatever came of it.
    cookies::with(answer, &console.place, cookies::LOGIN, &Set::Gone)
}

async fn proof(
    console: &Console,
    oidc: &Oidc,
    login: Option<&Login>,
    callback: &Callback<'_>,
) -> Result<crate::auth::Proof, OidcRefusal> {
    let login = login.ok_or(OidcRefusal::Stray)?;
    let now = console.clock.now();
    oidc.finish(login, callback, &redirect(&console.place), now)
        .await
}

/// The page to sign in, with what somebody can do about it. What came from the issuer is not repeated.
fn refused(console: &Console, parts: &Parts, to: String, refusal: &OidcRefusal) -> Response {
    let CorrelationId(id) = CorrelationId::of(parts);
    warn!(request.id = %id, reason = %refusal, "Somebody could not sign in with their organization");
    let (status, words) = match refusal {
        OidcRefusal::Stray | OidcRefusal::Code => (
            StatusCode::BAD_REQUEST,
            "This sign-in is over, or was begun in another browser. Begin again.".to_owned(),
        ),
        OidcRefusal::Declined(_) => (
            StatusCode::FORBIDDEN,
            "Your organization did not let you sign in here. Ask whoever looks after its accounts.".to_owned(),
        ),
        OidcRefusal::NoRole { claim, wanted, .. } => (
            StatusCode::FORBIDDEN,
            format!(
                "Your organization knows you, but nothing that it says gives you a role here. Ask whoever looks after its \
                 accounts that the claim \"{claim}\" of your account has one of: {}.",
                wanted.join(", ")
            ),
        ),
        OidcRefusal::Trouble(_) => (
            StatusCode::BAD_GATEWAY,
            "The sign-in of your organization is of no use at the moment. The log of the bridge says why. Try again later."
                .to_owned(),
        ),
        OidcRefusal::Token(_) | OidcRefusal::OtherIssuer => (
            StatusCode::BAD_GATEWAY,
            "What the sign-in of your organization said of you cannot be believed. The log of the bridge says why."
                .to_owned(),
        ),
    };
    sign_in::page(console, status, to, Some(words))
}

fn nowhere(console: &Console) -> Response {
    let words = "Nobody can sign in with an organization here. Use an admin token.".to_owned();
    sign_in::page(
        console,
        StatusCode::NOT_FOUND,
        console.place.base.clone(),
        Some(words),
    )
}
