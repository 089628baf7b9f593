//! The wire table: every JSON field name on Cloudmore's wire, by the model it is in, in one place. A wrong inference is
//! mended by the operator's own names ([`Wire`]), without a release.
//!
//! How sure each name is stands in `reference/cloudmore-api.md`, section 4. Names are written as here and read without
//! regard to case.

use std::collections::BTreeMap;

macro_rules! named {
    ($(#[$doc:meta])+ $name:ident { $($(#[$each:meta])+ $value:ident = $text:literal,)+ }) => {
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$each])+ $value,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$value),+];

            /// The name: what the operator calls it, and the usual one on the wire.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$value => $text,)+
                }
            }
        }
    };
}

named!(
    /// What Cloudmore sends and takes.
    Model {
        /// A user of an organization.
        User = "user",
        /// An administrator of the broker.
        Administrator = "administrator",
        /// The address of either.
        Address = "address",
        /// A custom property of either.
        CustomProperty = "customProperty",
        /// A role.
        Role = "role",
        /// An organization.
        Organization = "organization",
        /// A service.
        Service = "service",
        /// A subscription.
        Subscription = "subscription",
        /// The assignment of a user to a subscription.
        Seat = "seat",
    }
);

named!(
    /// A field of a model.
    Field {
        /// Id of whatever the object is.
        Id = "id",
        /// Name; of a person the login name, of a custom property what tells it from others.
        Name = "name",
        /// Given name.
        FirstName = "firstName",
        /// Family name.
        LastName = "lastName",
        /// Name as shown.
        DisplayName = "displayName",
        /// Address for reports.
        Email = "email",
        /// Job title.
        Title = "title",
        /// Mobile number, without its prefix.
        CellPhone = "cellPhone",
        /// Country prefix of the mobile number, digits alone.
        CellPhonePrefix = "cellPhonePrefix",
        /// The postal address, an object.
        Address = "address",
        /// The values of the custom properties, an array.
        CustomProperties = "customProperties",
        /// The role, as a number.
        RoleId = "roleId",
        /// The role's name; reply only.
        RoleName = "roleName",
        /// The role as an object with its id; reply only, if it occurs at all.
        Role = "role",
        /// First password; create only.
        Password = "password",
        /// Last sign-in; reply only.
        LastAccessed = "lastAccessedDate",
        /// Country, in two letters.
        CountryCode = "countryCode",
        /// Street and number.
        Street = "street",
        /// Postal code.
        PostalCode = "postalCode",
        /// Town.
        City = "city",
        /// The value of a custom property.
        Value = "value",
        /// The user of an assignment; also a place where the reply to a create may put the id.
        UserId = "userId",
        /// The user's id in the service that is subscribed to.
        ExternalUserId = "externalUserId",
        /// Other spelling of a subscription's id.
        SubscriptionId = "subscriptionId",
        /// Name of the product that is subscribed to.
        ProductName = "productName",
        /// Seats paid for.
        Quantity = "quantity",
        /// State of a subscription, as a word.
        Status = "status",
        /// Whether a subscription of the service takes more than one user.
        AllowMultipleUsers = "allowMultipleUsers",
        /// Whether users are assigned to the service at all.
        UserAssigned = "userAssigned",
    }
);

use Field::{
    Address, AllowMultipleUsers, CellPhone, CellPhonePrefix, City, CountryCode, CustomProperties,
    DisplayName, Email, ExternalUserId, FirstName, Id, LastAccessed, LastName, Name, Password,
    PostalCode, ProductName, Quantity, RoleId, RoleName, Status, Street, SubscriptionId, Title,
    UserAssigned, UserId, Value,
};

const WRITTEN_PERSON: &[Field] = &[
    Name,
    FirstName,
    LastName,
    DisplayName,
    Email,
    Title,
    CellPhonePrefix,
    CellPhone,
    Address,
    CustomProperties,
    RoleId,
];
const CREATED_PERSON: &[Field] = &[
    Name,
    FirstName,
    LastName,
    DisplayName,
    Email,
    Title,
    CellPhonePrefix,
    CellPhone,
    Address,
    CustomProperties,
    RoleId,
    Password,
];
const READ_PERSON: &[Field] = &[
    Id,
    Name,
    FirstName,
    LastName,
    DisplayName,
    Email,
    Title,
    CellPhonePrefix,
    CellPhone,
    Address,
    CustomProperties,
    RoleId,
    LastAccessed,
];
const PERSON: &[Field] = &[
    Id,
    Name,
    FirstName,
    LastName,
    DisplayName,
    Email,
    Title,
    CellPhone,
    CellPhonePrefix,
    Address,
    CustomProperties,
    RoleId,
    RoleName,
    Field::Role,
    Password,
    LastAccessed,
    UserId,
];

/// What a reply carries and a PUT must not: the rest of a person goes back untouched.
pub(super) const REPLY_ONLY: [Field; 5] = [Id, LastAccessed, RoleName, Field::Role, Password];

impl Model {
    /// The fields that the bridge knows of the model.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::User | Self::Administrator => PERSON,
            Self::Address => &[CountryCode, Street, PostalCode, City],
            Self::CustomProperty => &[Name, Value],
            Self::Role | Self::Organization => &[Id, Name],
            Self::Service => &[Id, Name, AllowMultipleUsers, UserAssigned],
            Self::Subscription => &[Id, SubscriptionId, Name, ProductName, Quantity, Status],
            Self::Seat => &[UserId, ExternalUserId],
        }
    }
}

/// The names on the wire: the usual ones, but for those that the operator has renamed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wire(BTreeMap<(Model, Field), String>);

impl Wire {
    /// The same table with another name for a field of a model.
    #[must_use]
    pub fn with(mut self, model: Model, field: Field, name: impl Into<String>) -> Self {
        self.0.insert((model, field), name.into());
        self
    }

    /// The name of a field of a model.
    pub fn name(&self, model: Model, field: Field) -> &str {
        let renamed = self.0.get(&(model, field));
        renamed.map_or_else(|| field.name(), String::as_str)
    }

    pub(super) fn of(&self, model: Model) -> Names<'_> {
        Names { wire: self, model }
    }
}

/// The names of one model.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'w> {
    wire: &'w Wire,
    model: Model,
}

impl<'w> Names<'w> {
    /// The name of a field.
    pub(super) fn get(self, field: Field) -> &'w str {
        self.wire.name(self.model, field)
    }

    /// The names of another model on the same wire.
    pub(super) fn of(self, model: Model) -> Self {
        Names { model, ..self }
    }
}

/// A schema of the contract that Cloudmore publishes, with the fields that the bridge uses of it.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Its name in the contract.
    pub name: &'static str,
    /// The model that it shows.
    pub model: Model,
    /// Whether the bridge writes it, or reads it.
    pub usage: Usage,
    /// Fields that the bridge writes, or reads.
    pub fields: &'static [Field],
}

/// What the bridge does with a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// Makes something with it.
    Create,
    /// Changes with it what it has read before.
    Update,
    /// Reads it.
    Read,
}

/// The schemas that the bridge depends on (`reference/cloudmore-api.md`, sections 4 and 5).
pub const CONTRACT: &[Schema] = &[
    created("UserCreateViewModel", Model::User, CREATED_PERSON),
    updated("UserUpdateViewModel", Model::User, WRITTEN_PERSON),
    read("UserDetailViewModel", Model::User, READ_PERSON),
    read("UserViewModel", Model::User, &[Id, Name, Email]),
    created(
        "AdministratorCreateViewModel",
        Model::Administrator,
        CREATED_PERSON,
    ),
    updated(
        "AdministratorUpdateViewModel",
        Model::Administrator,
        WRITTEN_PERSON,
    ),
    read(
        "AdministratorDetailViewModel",
        Model::Administrator,
        READ_PERSON,
    ),
    read(
        "AdministratorViewModel",
        Model::Administrator,
        &[Id, Name, Email],
    ),
    read("RoleViewModel", Model::Role, &[Id, Name]),
    read("OrganizationViewModel", Model::Organization, &[Id, Name]),
    created(
        "OrganizationServiceSubscriptionUserCreateViewModel",
        Model::Seat,
        &[UserId, ExternalUserId],
    ),
    updated(
        "OrganizationServiceSubscriptionUserUpdateViewModel",
        Model::Seat,
        &[UserId, ExternalUserId],
    ),
    read(
        "OrganizationServiceSubscriptionUserViewModel",
        Model::Seat,
        &[UserId, ExternalUserId],
    ),
];

const fn created(name: &'static str, model: Model, fields: &'static [Field]) -> Schema {
    schema(name, model, Usage::Create, fields)
}

const fn updated(name: &'static str, model: Model, fields: &'static [Field]) -> Schema {
    schema(name, model, Usage::Update, fields)
}

const fn read(name: &'static str, model: Model, fields: &'static [Field]) -> Schema {
    schema(name, model, Usage::Read, fields)
}

const fn schema(
    name: &'static str,
    model: Model,
    usage: Usage,
    fields: &'static [Field],
) -> Schema {
    Schema {
        name,
        model,
        usage,
        fields,
    }
}
