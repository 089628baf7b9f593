//! All models of the contract, by the names that Cloudmore's own contract has for them.
//!
//! `ServiceViewModel`, `ServiceSubscriptionViewModel`, `OrganizationServiceSubscriptionViewModel` and
//! `CustomPropertyViewModel` are guesses: what those models are called is not known.

use serde_json::{Map, Value};

use super::people;
use super::schema::{Schema, Use};
use crate::sandbox::models::Model;
use crate::sandbox::switches::{
    ExternalIdOnAssign, GroupMemberKey, OrganizationDomains, Product, SeatRows, SubscriptionKey,
    SubscriptionStatus, Switches, UserAssigned,
};

/// All models by name.
pub(super) fn all(switches: &Switches) -> Map<String, Value> {
    let mut schemas: Map<String, Value> = people::schemas(switches).into_iter().collect();
    let replies = replies(switches).into_iter();
    schemas.extend(replies.map(|(name, model, fields)| {
        let schema = Schema::reply(switches, model);
        (name.to_owned(), schema.object(&fields, &[]))
    }));
    let bodies = bodies(switches).into_iter();
    schemas.extend(bodies.map(|(name, model, fields, required)| {
        let schema = Schema {
            usage: Use::Create,
            ..Schema::reply(switches, model)
        };
        (name.to_owned(), schema.object(&fields, &[required]))
    }));
    schemas
}

type Fields = Vec<&'static str>;

/// What answers have: name, kind of object and fields.
fn replies(switches: &Switches) -> Vec<(&'static str, Model, Fields)> {
    let organization = match switches.organization_domains {
        OrganizationDomains::Shown => Model::Organization.fields().to_vec(),
        OrganizationDomains::Hidden => vec!["id", "name"],
    };
    let service = match switches.user_assigned {
        UserAssigned::Shown => Model::Service.fields().to_vec(),
        UserAssigned::Hidden => vec!["id", "name", "allowMultipleUsers"],
    };
    let seat = match switches.seat_rows {
        SeatRows::WithNames => Model::Seat.fields().to_vec(),
        SeatRows::IdsOnly => vec!["userId", "externalUserId"],
    };
    let named = || vec!["id", "name"];
    let everywhere = ["organizationId", "organizationName"];
    let everywhere = [subscription(switches).as_slice(), &everywhere].concat();
    vec![
        ("RoleViewModel", Model::Role, named()),
        (
            "OrganizationViewModel",
            Model::Organization,
            organization.clone(),
        ),
        (
            "OrganizationDetailViewModel",
            Model::Organization,
            organization,
        ),
        ("ServiceViewModel", Model::Service, service),
        (
            "ServiceSubscriptionViewModel",
            Model::Subscription,
            everywhere,
        ),
        (
            "OrganizationServiceSubscriptionViewModel",
            Model::Subscription,
            subscription(switches),
        ),
        (
            "OrganizationServiceSubscriptionUserViewModel",
            Model::Seat,
            seat,
        ),
        (
            "CustomPropertyViewModel",
            Model::CustomProperty,
            vec!["propertyId", "name", "mandatory"],
        ),
        ("OrganizationUserGroupViewModel", Model::UserGroup, named()),
        (
            "OrganizationUserGroupMemberViewModel",
            Model::UserGroup,
            named(),
        ),
    ]
}

fn subscription(switches: &Switches) -> Fields {
    let key = match switches.subscription_key {
        SubscriptionKey::Id => "id",
        SubscriptionKey::SubscriptionId => "subscriptionId",
    };
    let product = match switches.product {
        Product::Name => "productName",
        Product::Object => "product",
    };
    let mut fields = vec![key, "serviceId", "quantity", product];
    if switches.subscription_status != SubscriptionStatus::Absent {
        fields.push("status");
    }
    fields
}

/// What bodies have, people aside: name, kind of object, fields and the one that is required.
fn bodies(switches: &Switches) -> Vec<(&'static str, Model, Fields, &'static str)> {
    let assigned = match switches.external_id_on_assign {
        ExternalIdOnAssign::Taken => vec!["userId", "externalUserId"],
        ExternalIdOnAssign::Ignored => vec!["userId"],
    };
    let member = match switches.group_member_key {
        GroupMemberKey::Either | GroupMemberKey::UserId => "userId",
        GroupMemberKey::Id => "id",
    };
    vec![
        (
            "OrganizationServiceSubscriptionUserCreateViewModel",
            Model::Seat,
            assigned,
            "userId",
        ),
        (
            "OrganizationServiceSubscriptionUserUpdateViewModel",
            Model::Seat,
            vec!["userId", "externalUserId"],
            "userId",
        ),
        (
            "OrganizationUserGroupCreateViewModel",
            Model::UserGroup,
            vec!["name"],
            "name",
        ),
        (
            "OrganizationUserGroupUpdateViewModel",
            Model::UserGroup,
            vec!["name"],
            "name",
        ),
        (
            "OrganizationUserGroupMemberAddViewModel",
            Model::UserGroup,
            vec![member],
            member,
        ),
    ]
}
