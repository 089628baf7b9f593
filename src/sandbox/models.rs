//! The models on the wire and the names of their fields (`reference/cloudmore-api.md`, section 4).

use serde_json::Value;

use super::reply::{first_letter, with_keys};

/// What an object on the wire describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Model {
    User,
    Administrator,
    Address,
    CustomProperty,
    Role,
    Organization,
    Service,
    Subscription,
    Seat,
    /// A user group or a member of one; its fields have no other names.
    UserGroup,
}

const USER: [&str; 17] = [
    "id",
    "name",
    "firstName",
    "lastName",
    "displayName",
    "email",
    "roleId",
    "roleName",
    "role",
    "password",
    "title",
    "cellPhone",
    "cellPhonePrefix",
    "address",
    "customProperties",
    "isActive",
    "lastAccessedDate",
];
const ADMINISTRATOR: [&str; 18] = [
    "id",
    "name",
    "firstName",
    "lastName",
    "displayName",
    "email",
    "roleId",
    "roleName",
    "role",
    "password",
    "title",
    "cellPhone",
    "cellPhonePrefix",
    "address",
    "customProperties",
    "isActive",
    "lastAccessedDate",
    "allowRestApiAccess",
];

impl Model {
    /// Those whose fields can be given other names.
    pub(super) const RENAMABLE: [Self; 9] = [
        Self::User,
        Self::Administrator,
        Self::Address,
        Self::CustomProperty,
        Self::Role,
        Self::Organization,
        Self::Service,
        Self::Subscription,
        Self::Seat,
    ];

    /// The name that the switch for field names has for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Administrator => "administrator",
            Self::Address => "address",
            Self::CustomProperty => "customProperty",
            Self::Role => "role",
            Self::Organization => "organization",
            Self::Service => "service",
            Self::Subscription => "subscription",
            Self::Seat => "seat",
            Self::UserGroup => "userGroup",
        }
    }

    /// The fields that Cloudmore knows, by the names that this program has for them.
    pub(super) fn fields(self) -> &'static [&'static str] {
        match self {
            Self::User => &USER,
            Self::Administrator => &ADMINISTRATOR,
            Self::Address => &["countryCode", "street", "postalCode", "city"],
            Self::CustomProperty => &["propertyId", "name", "value", "mandatory"],
            Self::Role => &["id", "name"],
            Self::Organization => &["id", "name", "primaryDomain", "domains"],
            Self::Service => &["id", "name", "userAssigned", "allowMultipleUsers"],
            Self::Subscription => &[
                "id",
                "subscriptionId",
                "serviceId",
                "productName",
                "product",
                "quantity",
                "status",
                "organizationId",
                "organizationName",
            ],
            Self::Seat => &["userId", "externalUserId", "name", "displayName", "email"],
            Self::UserGroup => &["id", "name", "userId"],
        }
    }

    pub(super) fn knows(self, field: &str) -> bool {
        self.fields().contains(&field)
    }

    /// The model of what is inside a field.
    pub(super) fn inside(self, field: &str) -> Option<Self> {
        match (self, field) {
            (Self::User | Self::Administrator, "address") => Some(Self::Address),
            (Self::User | Self::Administrator, "customProperties") => Some(Self::CustomProperty),
            (Self::User | Self::Administrator, "role") => Some(Self::Role),
            _ => None,
        }
    }
}

/// The value with the first letter of every key lowered, however deep.
pub(super) fn camel(value: Value) -> Value {
    with_keys(value, &camel_key)
}

pub(super) fn camel_key(key: &str) -> String {
    first_letter(key, char::to_ascii_lowercase)
}

/// The name that messages by field have for a field: `CellPhone` for `cellPhone`.
pub(super) fn pascal_key(key: &str) -> String {
    first_letter(key, char::to_ascii_uppercase)
}
