//! What Cloudmore offers a tenant: roles, services and subscriptions, to write mappings by.

use axum::extract::State;
use serde::Serialize;

use super::{Operator, Problem, Told};
use crate::http::Http;
use crate::provision::ReportError;

/// The catalogue.
#[derive(Serialize)]
pub(super) struct Catalogue {
    roles: Vec<Role>,
    services: Vec<Service>,
}

#[derive(Serialize)]
struct Role {
    id: i64,
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Service {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_assigned: Option<bool>,
    subscriptions: Vec<Subscription>,
}

#[derive(Serialize)]
struct Subscription {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled: Option<bool>,
}

/// `GET …/catalogue`.
pub(super) async fn catalogue(
    operator: Operator,
    State(http): State<Http>,
) -> Result<Told<Catalogue>, Problem> {
    let tenant = &operator.context.tenant;
    let roles = http.bridge.roles(tenant).await.map_err(ReportError::from)?;
    let offers = http
        .bridge
        .offers(tenant)
        .await
        .map_err(ReportError::from)?;
    let roles = roles.iter().map(|role| Role {
        id: role.id.0,
        name: role.name.clone(),
    });
    let services = offers.iter().map(|offer| Service {
        id: offer.service.id.clone(),
        name: offer.service.name.clone(),
        user_assigned: offer.service.user_assigned,
        subscriptions: offer
            .subscriptions
            .iter()
            .map(|each| Subscription {
                id: each.id.clone(),
                name: each.name.clone(),
                quantity: each.quantity,
                cancelled: each.cancelled,
            })
            .collect(),
    });
    Ok(Told(Catalogue {
        roles: roles.collect(),
        services: services.collect(),
    }))
}
