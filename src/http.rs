//! The HTTP side: routes, extraction, status codes and headers.

mod admin;
mod answer;
mod attempts;
mod bulk;
mod caller;
mod discovery;
mod entrance;
mod load;
mod oauth;
mod operations;
mod pace;
mod raw_quotes;
mod request_log;
mod resources;
mod roles;
mod scim_body;
mod search;
mod sizes;
mod slashes;
mod visitor;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::{any, get, post};
use tokio::sync::Semaphore;

pub use admin::admin_routes;
pub use answer::seconds;
pub use request_log::CorrelationId;
pub use visitor::{Proxies, origin_of};

use crate::auth::{Admin, Attempts, Doors};
use crate::listen::Bounds;
use crate::provision::{Bridge, Clock};
use crate::scim::ResourceKind;

/// What all handlers share.
#[derive(Clone, Debug)]
pub struct Http {
    /// The use cases.
    pub bridge: Arc<Bridge>,
    /// The credentials.
    pub doors: Arc<Doors>,
    /// The door of the admin API.
    pub admin: Arc<Admin>,
    /// The address under which clients reach the bridge, without a slash at the end.
    pub public_url: Arc<str>,
    /// Largest body that is read, in bytes.
    pub max_body_bytes: usize,
    /// How many SCIM requests are under way at once, at most.
    pub max_requests: usize,
    /// What requests have to keep to, as connections do.
    pub bounds: Bounds,
    /// The wrong credentials that were shown.
    pub attempts: Arc<Attempts>,
    /// The proxies in front.
    pub proxies: Proxies,
    /// The time.
    pub clock: Clock,
}

impl Http {
    /// All routes, those of the console among them.
    pub fn router(self, console: Router) -> Router {
        let places = Arc::new(Semaphore::new(self.max_requests));
        let scim = Router::new()
            .merge(resources::routes(ResourceKind::User))
            .merge(resources::routes(ResourceKind::Group))
            .route("/Roles", get(roles::list))
            .route("/Roles/{id}", get(roles::read))
            .route("/Bulk", post(bulk::perform))
            .route(
                "/ServiceProviderConfig",
                get(discovery::service_provider_config),
            )
            .route("/ResourceTypes", get(discovery::resource_types))
            .route("/ResourceTypes/{name}", get(discovery::resource_type))
            .route("/Schemas", get(discovery::schemas))
            .route("/Schemas/{urn}", get(discovery::schema))
            .route("/Me", any(discovery::me))
            .route("/.search", post(search::everything))
            .fallback(caller::no_such_endpoint)
            .method_not_allowed_fallback(caller::method_not_allowed)
            .layer(middleware::from_fn_with_state(places, load::bound));
        let patient = |refuse: attempts::Refuse| {
            let state = (self.clone(), refuse);
            middleware::from_fn_with_state(state, attempts::slow_down)
        };
        let mut routes = Router::new()
            .nest("/scim/{tenant}/v2", scim)
            .fallback(caller::no_such_address)
            .layer(patient(answer::too_many));
        if self.doors.grants_tokens() {
            let oauth = oauth::routes().layer(patient(oauth::too_many));
            routes = routes.nest("/oauth", oauth);
        }
        let routes = routes
            .nest(
                "/admin/api",
                admin::routes().layer(patient(admin::too_many)),
            )
            .with_state(self.clone())
            // It counts what is entered in its forms by itself.
            .merge(console)
            .layer(middleware::map_request(raw_quotes::encode))
            .layer(middleware::from_fn_with_state(self.bounds, sizes::bound))
            .layer(middleware::from_fn_with_state(self.bounds, pace::keep))
            .layer(middleware::from_fn(request_log::observe))
            .layer(middleware::from_fn_with_state(
                self.proxies.clone(),
                visitor::find,
            ))
            .route("/livez", get(operations::livez))
            .route("/readyz", get(operations::readyz).with_state(self));
        // Around the routes, not within them, so that it comes before the choice of one.
        Router::new()
            .fallback_service(routes)
            .layer(middleware::map_request(slashes::drop_spare))
    }
}
