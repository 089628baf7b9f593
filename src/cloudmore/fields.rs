//! Every JSON field name on Cloudmore's wire, in one table: a wrong inference is corrected here and nowhere else.
//!
//! How sure each name is stands in `reference/cloudmore-api.md`, section 4. Names are written as here and read without
//! regard to case.

/// Id of whatever the object is.
pub(super) const ID: &str = "id";
/// Name; of a person the login name.
pub(super) const NAME: &str = "name";
/// Given name.
pub(super) const FIRST_NAME: &str = "firstName";
/// Family name.
pub(super) const LAST_NAME: &str = "lastName";
/// Name as shown.
pub(super) const DISPLAY_NAME: &str = "displayName";
/// Address for reports.
pub(super) const EMAIL: &str = "email";
/// Job title.
pub(super) const TITLE: &str = "title";
/// The role, as a number.
pub(super) const ROLE_ID: &str = "roleId";
/// The role's name; reply only.
pub(super) const ROLE_NAME: &str = "roleName";
/// The role as an object with its id; reply only, if it occurs at all.
pub(super) const ROLE: &str = "role";
/// First password; create only.
pub(super) const PASSWORD: &str = "password";
/// Last sign-in; reply only.
pub(super) const LAST_ACCESSED: &str = "lastAccessedDate";
/// The user of an assignment; also a place where the reply to a create may put the id.
pub(super) const USER_ID: &str = "userId";
/// The user's id in the service that is subscribed to.
pub(super) const EXTERNAL_USER_ID: &str = "externalUserId";
/// Other spelling of a subscription's id.
pub(super) const SUBSCRIPTION_ID: &str = "subscriptionId";
/// Name of the product that is subscribed to.
pub(super) const PRODUCT_NAME: &str = "productName";
/// Seats paid for.
pub(super) const QUANTITY: &str = "quantity";
/// State of a subscription, as a word.
pub(super) const STATUS: &str = "status";

/// What a reply carries and a PUT must not: the rest of a person goes back untouched.
pub(super) const REPLY_ONLY: [&str; 5] = [ID, LAST_ACCESSED, ROLE_NAME, ROLE, PASSWORD];

/// A model of Cloudmore's contract, with the names that the bridge uses of it.
#[derive(Clone, Copy, Debug)]
pub struct Model {
    /// Name of the model in Cloudmore's published contract.
    pub name: &'static str,
    /// Fields that the bridge writes, or reads.
    pub fields: &'static [&'static str],
}

const WRITTEN_PERSON: &[&str] = &[
    NAME,
    FIRST_NAME,
    LAST_NAME,
    DISPLAY_NAME,
    EMAIL,
    TITLE,
    ROLE_ID,
];
const CREATED_PERSON: &[&str] = &[
    NAME,
    FIRST_NAME,
    LAST_NAME,
    DISPLAY_NAME,
    EMAIL,
    TITLE,
    ROLE_ID,
    PASSWORD,
];
const READ_PERSON: &[&str] = &[
    ID,
    NAME,
    FIRST_NAME,
    LAST_NAME,
    DISPLAY_NAME,
    EMAIL,
    TITLE,
    ROLE_ID,
    LAST_ACCESSED,
];
const LISTED_PERSON: &[&str] = &[ID, NAME, EMAIL];
const SEAT: &[&str] = &[USER_ID, EXTERNAL_USER_ID];
const NAMED: &[&str] = &[ID, NAME];

/// The models that the bridge depends on, to be compared with the contract that Cloudmore publishes
/// (`reference/cloudmore-api.md`, sections 4 and 5).
pub const MODELS: &[Model] = &[
    Model {
        name: "UserCreateViewModel",
        fields: CREATED_PERSON,
    },
    Model {
        name: "UserUpdateViewModel",
        fields: WRITTEN_PERSON,
    },
    Model {
        name: "UserDetailViewModel",
        fields: READ_PERSON,
    },
    Model {
        name: "UserViewModel",
        fields: LISTED_PERSON,
    },
    Model {
        name: "AdministratorCreateViewModel",
        fields: CREATED_PERSON,
    },
    Model {
        name: "AdministratorUpdateViewModel",
        fields: WRITTEN_PERSON,
    },
    Model {
        name: "AdministratorDetailViewModel",
        fields: READ_PERSON,
    },
    Model {
        name: "AdministratorViewModel",
        fields: LISTED_PERSON,
    },
    Model {
        name: "RoleViewModel",
        fields: NAMED,
    },
    Model {
        name: "OrganizationViewModel",
        fields: NAMED,
    },
    Model {
        name: "OrganizationServiceSubscriptionUserCreateViewModel",
        fields: SEAT,
    },
    Model {
        name: "OrganizationServiceSubscriptionUserUpdateViewModel",
        fields: SEAT,
    },
    Model {
        name: "OrganizationServiceSubscriptionUserViewModel",
        fields: SEAT,
    },
];
