//! Whoever is signed in. Every page asks for one before anything else.

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Console, cookies, page, sign_in};
use crate::auth::{self, Administrator, Proof, SessionId};

/// Somebody who is signed in.
pub(super) struct SignedIn {
    /// Who, with which role, as of now.
    pub(super) administrator: Administrator,
    /// By which session.
    pub(super) session: SessionId,
}

impl SignedIn {
    /// What the forms of this session carry, so that nobody else can make one. It follows from the session's id, which
    /// only this browser has.
    pub(super) fn form_token(&self) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(self.session.expose().as_bytes());
        // A key of any length will do.
        let mac = mac.map(|mac| mac.chain_update("form").finalize().into_bytes());
        mac.map(|mac| auth::hex(&mac)).unwrap_or_default()
    }
}

impl FromRequestParts<Console> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Self, Response> {
        let session = shown(parts, console);
        let administrator = match &session {
            Some(session) => known(console, session).await?,
            None => None,
        };
        match (session, administrator) {
            (Some(session), Some(administrator)) => Ok(Self {
                administrator,
                session,
            }),
            _ => {
                // Whoever is in front of the bridge may have taken the beginning of the path away.
                let base = &console.place.base;
                let prefix = base.strip_suffix("/admin").unwrap_or_default();
                let asked = (parts.method == Method::GET).then(|| format!("{prefix}{}", parts.uri));
                Err(
                    Redirect::to(&sign_in::address(&console.place, asked.as_deref()))
                        .into_response(),
                )
            }
        }
    }
}

/// The session that a browser shows.
pub(super) fn shown(parts: &Parts, console: &Console) -> Option<SessionId> {
    cookies::read(&parts.headers, &console.place, cookies::SESSION).and_then(SessionId::shown)
}

/// Who has a session, if it goes on and what was shown for it counts still. If it does not, the session ends.
async fn known(console: &Console, session: &SessionId) -> Result<Option<Administrator>, Response> {
    let proof = console.bridge.session(session.hashed()).await;
    let proof = proof.map_err(|error| page::store_failed(console, &error))?;
    let Some(proof) = proof else { return Ok(None) };
    let proof: Option<Proof> = serde_json::from_str(&proof).ok();
    let administrator = proof.and_then(|proof| console.admin.administrator(&proof));
    if administrator.is_none() {
        let ended = console.bridge.end_session(session.hashed(), false).await;
        ended.map_err(|error| page::store_failed(console, &error))?;
    }
    Ok(administrator)
}
