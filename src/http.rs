//! The HTTP side: routes, extraction, status codes and headers.


use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::auth::Doors;
use crate::provision::Bridge;

/// What all handlers share.
#[derive(Clone, Debug)]
pub struct Http {
    /// The use cases.
    pub bridge: Arc<Bridge>,
    /// The credentials.
    pub doors: Arc<Doors>,
    /// The address under which clients reach the bridge, without a slash at the end.
    pub public_url: Arc<str>,
    /// Largest body that is read, in bytes.
    pub max_body_bytes: usize,
}

impl Http {
    /// All routes.
    pub fn router(self) -> Router {
        let limit = DefaultBodyLimit::max(self.max_body_bytes);
        Router::new()
            .route("/livez", get(operations::livez))
            .route("/readyz", get(operations::readyz))
            .merge(scim::routes())
            .layer(limit)
            .with_state(self)
    }
}

/// The address that clients use when none is configured.
pub fn local_url(addr: SocketAddr) -> String {
    format!("http://{addr}")
}
