//! What an operator picks ids from: roles, services, subscriptions, organizations. Read only.

use serde_json::{Value, json};

use super::api::{Desk, Outcome};
use super::models::Model;
use super::refusal::Refusal;
use super::reply::Answer;
use super::switches::{
    OrganizationDomains, Product, SubscriptionKey, SubscriptionStatus, UserAssigned,
};
use super::world::{Organization, Reseller, Role, Service, Subscription};

pub(super) fn reseller_roles(desk: &Desk<'_>, reseller: &str) -> Outcome {
    Ok(roles(desk, &find(desk, reseller)?.roles))
}

pub(super) fn organization_roles(desk: &Desk<'_>, organization: &str) -> Outcome {
    Ok(roles(desk, &customer(desk, organization)?.roles))
}

pub(super) fn reseller_services(desk: &Desk<'_>, reseller: &str) -> Outcome {
    let services = &find(desk, reseller)?.services;
    let rows = services.iter().map(|each| service_row(desk, each));
    Ok(Answer::list(rows.collect(), "services"))
}

pub(super) fn custom_properties(desk: &Desk<'_>, reseller: &str) -> Outcome {
    let rows = find(desk, reseller)?
        .custom_properties
        .iter()
        .map(|each| {
            let row =
                json!({ "propertyId": each.id, "name": each.name, "mandatory": each.mandatory });
            desk.written(Model::CustomProperty, row)
        })
        .collect();
    Ok(Answer::list(rows, "custom properties"))
}

pub(super) fn organizations(desk: &Desk<'_>, reseller: &str) -> Outcome {
    let rows = find(desk, reseller)?
        .organizations
        .iter()
        .map(|each| organization_row(desk, each))
        .collect();
    Ok(Answer::list(rows, "organizations"))
}

/// Groups of organizations, for the broker's key account roles.
pub(super) fn organization_groups(desk: &Desk<'_>, reseller: &str) -> Outcome {
    let rows = find(desk, reseller)?
        .organization_groups
        .iter()
        .map(|group| json!({ "id": group.id, "name": group.name }))
        .collect();
    Ok(Answer::list(rows, "groups of organizations"))
}

pub(super) fn organization_group_members(desk: &Desk<'_>, reseller: &str, group: &str) -> Outcome {
    let reseller = find(desk, reseller)?;
    let mut groups = reseller.organization_groups.iter();
    let group = groups
        .find(|each| each.id.eq_ignore_ascii_case(group))
        .ok_or(Refusal::NotFound)?;
    let members = group.members.iter();
    let rows = members
        .filter_map(|id| reseller.organization(id))
        .map(|each| json!({ "id": each.id, "name": each.name }))
        .collect();
    let note = format!("organizations of group {}", group.name);
    Ok(Answer::list(rows, &note))
}

pub(super) fn organization(desk: &Desk<'_>, organization: &str) -> Outcome {
    let organization = customer(desk, organization)?;
    let note = format!("reads organization {}", organization.name);
    Ok(Answer::one(organization_row(desk, organization), note))
}

/// The services that the organization has a subscription to.
pub(super) fn organization_services(
    desk: &Desk<'_>,
    reseller: &str,
    organization: &str,
) -> Outcome {
    let rows = services_of(desk, reseller, organization)?
        .into_iter()
        .map(|each| service_row(desk, each))
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
    Ok(Answer::one(service_row(desk, service), note))
}

pub(super) fn subscriptions(desk: &Desk<'_>, organization: &str, service: &str) -> Outcome {
    let rows: Vec<Value> = customer(desk, organization)?
        .subscriptions
        .iter()
        .filter(|each| each.service.eq_ignore_ascii_case(service))
        .map(|each| desk.written(Model::Subscription, subscription_row(desk, each)))
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
    let row = subscription_row(desk, subscription);
    Ok(Answer::one(desk.written(Model::Subscription, row), note))
}

/// One service's subscriptions of all organizations.
pub(super) fn subscriptions_everywhere(desk: &Desk<'_>, reseller: &str, service: &str) -> Outcome {
    let reseller = find(desk, reseller)?;
    let service = reseller.service(service).ok_or(Refusal::NotFound)?;
    let mut rows = Vec::new();
    for organization in &reseller.organizations {
        for subscription in &organization.subscriptions {
            if subscription.service.eq_ignore_ascii_case(&service.id) {
                let mut row = subscription_row(desk, subscription);
                set(&mut row, "organizationId", organization.id.clone());
                set(&mut row, "organizationName", organization.name.clone());
                rows.push(desk.written(Model::Subscription, row));
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
        .map(|role| {
            let row = json!({ "id": desk.role_id(role.id), "name": role.name });
            desk.written(Model::Role, row)
        })
        .collect();
    Answer::list(rows, "roles")
}

fn service_row(desk: &Desk<'_>, service: &Service) -> Value {
    let mut row = json!({ "id": service.id, "name": service.name });
    if desk.switches.user_assigned == UserAssigned::Shown {
        set(&mut row, "userAssigned", service.user_assigned);
    }
    set(&mut row, "allowMultipleUsers", service.allow_multiple_users);
    desk.written(Model::Service, row)
}

fn subscription_row(desk: &Desk<'_>, subscription: &Subscription) -> Value {
    let key = match desk.switches.subscription_key {
        SubscriptionKey::Id => "id",
        SubscriptionKey::SubscriptionId => "subscriptionId",
    };
    let mut row = json!({
        key: subscription.id,
        "serviceId": subscription.service,
        "quantity": subscription.quantity,
    });
    match desk.switches.product {
        Product::Name => set(&mut row, "productName", subscription.product.clone()),
        Product::Object => set(&mut row, "product", json!({ "name": subscription.product })),
    }
    let cancelled = subscription.cancelled;
    let word =
        |cancelled_word: &str| Value::from(if cancelled { cancelled_word } else { "Active" });
    match desk.switches.subscription_status {
        SubscriptionStatus::Word => set(&mut row, "status", word("Cancelled")),
        SubscriptionStatus::OneL => set(&mut row, "status", word("Canceled")),
        SubscriptionStatus::Number => set(&mut row, "status", u8::from(cancelled)),
        SubscriptionStatus::Absent => {}
    }
    row
}

fn organization_row(desk: &Desk<'_>, organization: &Organization) -> Value {
    let mut row = json!({ "id": organization.id, "name": organization.name });
    if desk.switches.organization_domains == OrganizationDomains::Shown {
        set(
            &mut row,
            "primaryDomain",
            organization.domains.first().cloned(),
        );
        set(&mut row, "domains", organization.domains.clone());
    }
    desk.written(Model::Organization, row)
}

fn set(row: &mut Value, key: &str, value: impl Into<Value>) {
    if let Value::Object(fields) = row {
        fields.insert(key.to_owned(), value.into());
    }
}
