//! The console: pages for administrators under `/admin`, made on the server, with nothing from elsewhere and no script.
//!
//! A page needs a session (`session`), a change needs besides that the form comes from a page of ours (`posted`). The
//! admin API knows nothing of sessions: cookies open the console and nothing else.

mod assets;
mod attempts;
mod cookies;
mod headers;
mod oidc;
mod overview;
mod page;
mod place;
mod posted;
mod session;
mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};

use crate::auth::{Admin, Attempts};
use crate::provision::{Bridge, Clock};
use place::Place;

/// Forms are small.
const LARGEST_FORM: usize = 16 * 1024;

/// What all pages share.
#[derive(Clone, Debug)]
pub struct Console {
    bridge: Arc<Bridge>,
    clock: Clock,
    admin: Arc<Admin>,
    attempts: Arc<Attempts>,
    place: Arc<Place>,
}

impl Console {
    /// The console of a bridge that administrators reach at `public_url`, which has no slash at its end.
    pub fn new(
        (bridge, clock): (Arc<Bridge>, Clock),
        (admin, attempts): (Arc<Admin>, Arc<Attempts>),
        public_url: &str,
    ) -> Self {
        Self {
            bridge,
            clock,
            admin,
            attempts,
            place: Arc::new(Place::new(public_url)),
        }
    }

    /// All pages.
    pub fn router(self) -> Router {
        let headers = headers::of(&self.place);
        Router::new()
            .route("/admin", get(overview::show))
            .route("/admin/sign-in", get(sign_in::show).post(sign_in::token))
            .route("/admin/sign-in/oidc", get(oidc::begin))
            .route("/admin/sign-in/oidc/callback", get(oidc::finish))
            .route("/admin/sign-out", post(sign_in::out))
            .route("/admin/assets/console.css", get(assets::style))
            .route("/admin/assets/icon.svg", get(assets::icon))
            .route("/admin/{*rest}", get(page::no_such_page))
            .method_not_allowed_fallback(page::method_not_allowed)
            .layer(middleware::from_fn_with_state(self.clone(), page::if_there))
            .layer(middleware::map_response(move |response| {
                headers::add(headers.clone(), response)
            }))
            .layer(DefaultBodyLimit::max(LARGEST_FORM))
            .with_state(self)
    }
}
