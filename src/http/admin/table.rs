//! Every route of the admin API, and the role that it needs.

use axum::extract::DefaultBodyLimit;
use axum::routing::{MethodRouter, get, post};

use super::{
    admissions, catalogue, credentials, drift, failed, held, inactive, plan, removals, tenants,
    transfer,
};
use crate::domain::administrator::Role;
use crate::http::Http;

/// A route: what is asked for, by whom at least, and who answers.
pub(super) struct Route {
    method: &'static str,
    pub(super) path: &'static str,
    pub(super) needs: Role,
    pub(super) handler: fn() -> MethodRouter<Http>,
}

/// Reading is for viewers, keeping it running for operators, tenants as a whole for admins.
#[rustfmt::skip]
pub(super) const ROUTES: &[Route] = &[
    read("/tenants", Role::Viewer, || get(tenants::list)),
    read("/admissions", Role::Viewer, || get(admissions::list)),
    read("/tenants/{tenant}/plan", Role::Viewer, || get(plan::plan)),
    read("/tenants/{tenant}/first-sync", Role::Viewer, || get(plan::first_sync)),
    read("/tenants/{tenant}/catalogue", Role::Viewer, || get(catalogue::catalogue)),
    read("/tenants/{tenant}/inactive", Role::Viewer, || get(inactive::report)),
    read("/tenants/{tenant}/drift", Role::Viewer, || get(drift::report)),
    read("/tenants/{tenant}/held", Role::Viewer, || get(held::list)),
    read("/tenants/{tenant}/failed", Role::Viewer, || get(failed::list)),
    change("/tenants/{tenant}/reconcile", Role::Operator, || post(drift::reconcile)),
    change("/tenants/{tenant}/held/{user}", Role::Operator, || post(held::decide)),
    change("/tenants/{tenant}/removals/release", Role::Operator, || post(removals::release)),
    change("/tenants/{tenant}/removals/reject", Role::Operator, || post(removals::reject)),
    change("/tenants/{tenant}/replay", Role::Operator, || post(failed::replay)),
    change("/tenants/{tenant}/pause", Role::Operator, || post(tenants::pause_one)),
    change("/tenants/{tenant}/resume", Role::Operator, || post(tenants::resume_one)),
    change("/pause", Role::Operator, || post(tenants::pause_all)),
    change("/resume", Role::Operator, || post(tenants::resume_all)),
    read("/tenants/{tenant}/credentials", Role::Viewer, || get(credentials::list)),
    change("/tenants/{tenant}/credentials", Role::Admin, || post(credentials::create)),
    change("/tenants/{tenant}/credentials/{id}/rotate", Role::Admin, || post(credentials::rotate)),
    change("/tenants/{tenant}/credentials/{id}/revoke", Role::Operator, || post(credentials::revoke)),
    read("/tenants/{tenant}/export", Role::Admin, || get(transfer::export)),
    change("/tenants/{tenant}/import", Role::Admin, || {
        post(transfer::import).layer(DefaultBodyLimit::max(transfer::LARGEST))
    }),
];

/// Method, path below `/admin/api`, and least role of every route of the admin API.
pub fn admin_routes() -> impl Iterator<Item = (&'static str, &'static str, Role)> {
    ROUTES
        .iter()
        .map(|route| (route.method, route.path, route.needs))
}

const fn read(path: &'static str, needs: Role, handler: fn() -> MethodRouter<Http>) -> Route {
    Route {
        method: "GET",
        path,
        needs,
        handler,
    }
}

const fn change(path: &'static str, needs: Role, handler: fn() -> MethodRouter<Http>) -> Route {
    Route {
        method: "POST",
        path,
        needs,
        handler,
    }
}
