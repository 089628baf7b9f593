//! What an operator picks ids from: roles, services, subscriptions, organizations. Read only.

use serde_json::{Value, json};

use super::api::{Desk, Outcome};
use super::reply::{Answer, Refusal};
use super::world::{Organization, Reseller, Role, Service, Subscription};

pub(super) fn reseller_roles(desk: &Desk<'_>, reseller: &str) -> Outcome {
    Ok(roles(desk, &find(desk, reseller)?.roles))
}

pub(super) fn organization_roles(desk: &Desk<'_>, organization: &str) -> Outcome {
    Ok(roles(desk, &customer(desk, organization)?.roles))
}

pub(super) fn reseller_services(desk: &Desk<'_>, reseller: &str) -> Outcome {
    let services = &find(desk, reseller)?.services;
    Ok(Answer::list(
        services.iter().map(service_row).collect(),
        "services",
    ))
}

pub(super) fn custom_properties(desk: &Desk<'_>, reseller: &str) -> Outcome {
    let rows = find(desk, reseller)?
        .custom_properties
        .iter()
        .map(|each| json!({ "propertyId": each.id, "name": each.name }))
        .collect();
    Ok(Answer::list(rows, "custom properties"))
}

pub(super) fn organizations(desk: &Desk<'_>, reseller: &str) -> Outcome {
    let rows = find(desk, reseller)?
        .organizations
        .iter()
        .map(organization_row)
        .collect();
    Ok(Answer::list(rows, "organizations"))
}

pub(super) fn organization(desk: &Desk<'_>, organization: &str) -> Outcome {
    let organization = customer(desk, organization)?;
    let note = format!("reads organization {}", organization.name);
    Ok(Answer::one(organization_row(organization), note))
}

/// The services that the organization has a subscription to.
pub(super) fn organization_services(
    desk: &Desk<'_>,
    reseller: &str,
    organization: &str,
) -> Outcome {
    let rows = services_of(desk, reseller, organization)?
        .into_iter()
        .map(service_row)
        .collect();
    Ok(Answer::list(rows, "services of the organization"))
}

pub(super) fn organization_service(
    desk: &Desk<'_>,
    reseller: &str,
    organization: &str,
    service: &str,
) -> Outcome {
    let service = services_of(desk, reseller, organization)?
        .into_iter()
        .find(|each| each.id.eq_ignore_ascii_case(service))
        .ok_or(Refusal::NotFound)?;
    let note = format!("reads service {}", service.name);
    Ok(Answer::one(service_row(service), note))
}

pub(super) fn subscriptions(desk: &Desk<'_>, organization: &str, service: &str) -> Outcome {
    let rows: Vec<Value> = customer(desk, organization)?
        .subscriptions
        .iter()
        .filter(|each| each.service.eq_ignore_ascii_case(service))
        .map(subscription_row)
        .collect();
    if rows.is_empty() {
        return Err(Refusal::NotFound);
    }
    Ok(Answer::list(rows, "subscriptions"))
}

pub(super) fn subscription(
    desk: &Desk<'_>,
    organization: &str,
    service: &str,
    subscription: &str,
) -> Outcome {
    let subscription = customer(desk, organization)?
        .subscription(subscription)
        .filter(|each| each.service.eq_ignore_ascii_case(service))
        .ok_or(Refusal::NotFound)?;
    let note = format!("reads subscription {}", subscription.product);
    Ok(Answer::one(subscription_row(subscription), note))
}

/// One service's subscriptions of all organizations.
pub(super) fn subscriptions_everywhere(desk: &Desk<'_>, reseller: &str, service: &str) -> Outcome {
    let reseller = find(desk, reseller)?;
    let service = reseller.service(service).ok_or(Refusal::NotFound)?;
    let mut rows = Vec::new();
    for organization in &reseller.organizations {
        for subscription in &organization.subscriptions {
            if subscription.service.eq_ignore_ascii_case(&service.id) {
                let mut row = subscription_row(subscription);
                if let Value::Object(fields) = &mut row {
                    let (id, name) = (organization.id.clone(), organization.name.clone());
                    fields.insert("organizationId".to_owned(), Value::from(id));
                    fields.insert("organizationName".to_owned(), Value::from(name));
                }
                rows.push(row);
            }
        }
    }
    Ok(Answer::list(
        rows,
        &format!("subscriptions to {}", service.name),
    ))
}

fn find<'d>(desk: &'d Desk<'_>, reseller: &str) -> Result<&'d Reseller, Refusal> {
    desk.world.reseller(reseller).ok_or(Refusal::NotFound)
}

fn customer<'d>(desk: &'d Desk<'_>, organization: &str) -> Result<&'d Organization, Refusal> {
    desk.world
        .organization(organization)
        .ok_or(Refusal::NotFound)
}

fn services_of<'d>(
    desk: &'d Desk<'_>,
    reseller: &str,
    organization: &str,
) -> Result<Vec<&'d Service>, Refusal> {
    let organization = customer(desk, organization)?;
    let has = |service: &&Service| {
        organization
            .subscriptions
            .iter()
            .any(|each| each.service.eq_ignore_ascii_case(&service.id))
    };
    Ok(find(desk, reseller)?.services.iter().filter(has).collect())
}

fn roles(desk: &Desk<'_>, roles: &[Role]) -> Answer {
    let rows = roles
        .iter()
        .map(|role| json!({ "id": desk.role_id(role.id), "name": role.name }))
        .collect();
    Answer::list(rows, "roles")
}

fn service_row(service: &Service) -> Value {
    json!({
        "id": service.id,
        "name": service.name,
        "userAssigned": service.user_assigned,
        "allowMultipleUsers": service.allow_multiple_users,
    })
}

fn subscription_row(subscription: &Subscription) -> Value {
    let status = if subscription.cancelled {
        "Cancelled"
    } else {
        "Active"
    };
    json!({
        "id": subscription.id,
        "serviceId": subscription.service,
        "productName": subscription.product,
        "quantity": subscription.quantity,
        "status": status,
    })
}

fn organization_row(organization: &Organization) -> Value {
    json!({
        "id": organization.id,
        "name": organization.name,
        "primaryDomain": organization.domains.first(),
        "domains": organization.domains,
    })
}
