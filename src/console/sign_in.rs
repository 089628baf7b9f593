//! Signing in with an admin token, and signing out.

use std::time::Duration;

use askama::Template;
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tracing::{info, warn};

use super::attempts::Guesser;
use super::cookies::Set;
use super::page::{Frame, render, store_failed};
use super::place::Place;
use super::posted::{Fields, Posted};
use super::session::{self, SignedIn};
use super::{Console, cookies, oidc};
use crate::auth::{Proof, SessionId};
use crate::http::{CorrelationId, seconds};

/// Where to go on afterwards.
#[derive(Deserialize)]
pub(super) struct Asked {
    pub(super) to: Option<String>,
}

#[derive(Template)]
#[template(path = "sign_in.html", config = "src/console/askama.toml")]
struct Page {
    frame: Frame,
    to: String,
    /// Why somebody is not signed in.
    refused: Option<String>,
    /// Where to sign in with an account of the organization, if that is possible.
    oidc: Option<String>,
    /// Where the console must be opened instead, if what is entered here could be read on its way.
    unguarded: bool,
}

/// The address of the page, from which one goes on to a page that was asked for.
pub(super) fn address(place: &Place, asked: Option<&str>) -> String {
    let to = place.own(asked);
    place.going_on("/sign-in", &to)
}

/// `GET /admin/sign-in`.
pub(super) async fn show(State(console): State<Console>, Query(asked): Query<Asked>) -> Response {
    let to = console.place.own(asked.to.as_deref());
    page(&console, StatusCode::OK, to, None)
}

/// `POST /admin/sign-in`, with a token.
pub(super) async fn token(State(console): State<Console>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (before, id) = (session::shown(&parts, &console), CorrelationId::of(&parts));
    let guesser = Guesser::of(&parts, &console);
    let fields = match Fields::from_request(Request::from_parts(parts, body), &console).await {
        Ok(fields) => fields,
        Err(refused) => return refused,
    };
    let to = console.place.own(fields.get("to"));
    if !console.place.is_guarded {
        return page(&console, StatusCode::FORBIDDEN, to, None);
    }
    let token = fields.get("token").unwrap_or_default().trim();
    if let Some(wait) = guesser.wait(token) {
        return too_many(&console, to, wait);
    }
    match console.admin.sign_in(token) {
        Some(proof) => {
            guesser.was_right(token);
            begin(&console, &proof, before.as_ref(), &to).await
        }
        None => {
            if let Err(wait) = guesser.refused(Some(token)) {
                return too_many(&console, to, wait);
            }
            warn!(request.id = %id.0, "Somebody tried to sign in to the console with a wrong token");
            let words = "This token is wrong, or has expired.".to_owned();
            page(&console, StatusCode::UNAUTHORIZED, to, Some(words))
        }
    }
}

/// Begins a session under a new id, whatever the browser had before, and goes on.
pub(super) async fn begin(
    console: &Console,
    proof: &Proof,
    before: Option<&SessionId>,
    to: &str,
) -> Response {
    let (Ok(session), Ok(kept)) = (SessionId::fresh(), serde_json::to_string(proof)) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let (id, before) = (session.hashed(), before.map(SessionId::hashed));
    let begun = console
        .bridge
        .begin_session(id, (proof.bearer(), kept), before);
    if let Err(error) = begun.await {
        return store_failed(console, &error);
    }
    if let Some(who) = console.admin.administrator(proof) {
        info!(actor = who.id, role = %who.role, "Signed in to the console");
    }
    let answer = Redirect::to(to);
    cookies::with(
        answer,
        &console.place,
        cookies::SESSION,
        &Set::Value(session.expose()),
    )
}

/// `POST /admin/sign-out`, with `everywhere` for all sessions of whoever asks.
pub(super) async fn out(State(console): State<Console>, posted: Posted) -> Response {
    let Posted { by, fields } = posted;
    let SignedIn { session, .. } = by;
    let everywhere = fields.get("everywhere").is_some();
    if let Err(error) = console
        .bridge
        .end_session(session.hashed(), everywhere)
        .await
    {
        return store_failed(&console, &error);
    }
    let answer = Redirect::to(&address(&console.place, None));
    cookies::with(answer, &console.place, cookies::SESSION, &Set::Gone)
}

/// The page for somebody whose address has shown too much that was wrong.
pub(super) fn too_many(console: &Console, to: String, wait: Duration) -> Response {
    let seconds = seconds(wait);
    let words = match seconds {
        1 => "Too many attempts to sign in from your address have failed. Try again in a second."
            .to_owned(),
        _ => format!(
            "Too many attempts to sign in from your address have failed. Try again in {seconds} seconds."
        ),
    };
    let page = page(console, StatusCode::TOO_MANY_REQUESTS, to, Some(words));
    ([(RETRY_AFTER, seconds.to_string())], page).into_response()
}

/// The page, with why somebody is not signed in.
pub(super) fn page(
    console: &Console,
    status: StatusCode,
    to: String,
    refused: Option<String>,
) -> Response {
    let page = Page {
        frame: Frame::open(console),
        oidc: console
            .admin
            .oidc()
            .map(|_| oidc::address(&console.place, &to)),
        to,
        refused,
        unguarded: !console.place.is_guarded,
    };
    (status, render(&page)).into_response()
}
