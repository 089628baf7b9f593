//! What the simulated Cloudmore knows: resellers, their organizations, people, services and who is assigned to what.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Everything. Also the form of a seed file and of a state file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct World {
    /// The brokers.
    pub resellers: Vec<Reseller>,
    /// How many ids were given; the next one follows from it.
    pub ids_given: u64,
}

/// The state a sandbox begins with.
pub type Seed = World;

/// A broker with all that belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reseller {
    /// GUID.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Who may ask for a token.
    pub api_accounts: Vec<ApiAccount>,
    /// The roles of administrators.
    pub roles: Vec<Role>,
    /// The broker's own people.
    pub administrators: Vec<Person>,
    /// What the broker sells.
    pub services: Vec<Service>,
    /// Definitions of custom properties.
    pub custom_properties: Vec<CustomProperty>,
    /// The broker's customers.
    pub organizations: Vec<Organization>,
    /// Groups of organizations, for the broker's key account roles.
    pub organization_groups: Vec<OrganizationGroup>,
}

/// Some organizations of a broker under one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationGroup {
    /// GUID.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Ids of the organizations.
    #[serde(default)]
    pub members: Vec<String>,
}

/// Credentials for the API. They work while an administrator of this name exists and has `allowRestApiAccess`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiAccount {
    /// The administrator's `name`.
    pub username: String,
    /// Its password.
    pub password: String,
    /// The API secret that goes with the client id `ro.customer.client`.
    pub client_secret: String,
}

/// A role that a person can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// A number.
    pub id: i64,
    /// Name for people.
    pub name: String,
}

/// A service that the broker sells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// GUID.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Whether users are assigned to its subscriptions, or it belongs to the organization as a whole.
    pub user_assigned: bool,
    /// Whether one subscription takes more than one user.
    pub allow_multiple_users: bool,
}

/// The definition of a custom property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomProperty {
    /// Id of the property.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Whether a person cannot be created without it.
    #[serde(default)]
    pub mandatory: bool,
}

/// A customer of the broker.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Organization {
    /// GUID.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Domains that user names may have; any when empty. The first is the primary one.
    pub domains: Vec<String>,
    /// The roles of users.
    pub roles: Vec<Role>,
    /// The organization's people.
    pub users: Vec<Person>,
    /// User groups.
    pub groups: Vec<UserGroup>,
    /// Subscriptions, cancelled ones included.
    pub subscriptions: Vec<Subscription>,
}

/// A user of an organization or an administrator of a reseller.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// GUID; given by the sandbox when empty.
    #[serde(default)]
    pub id: String,
    /// When the person last signed in; only Cloudmore writes it.
    #[serde(default, rename = "lastAccessedDate")]
    pub last_accessed_date: Option<String>,
    /// All other fields by their names on the wire: `name`, `firstName`, `roleId` and so on, known to Cloudmore or not.
    /// There is no password: nobody signs in here.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// Some users of an organization under one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserGroup {
    /// GUID.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Ids of the users.
    #[serde(default)]
    pub members: Vec<String>,
}

/// An organization's subscription to a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// GUID.
    pub id: String,
    /// Id of the service.
    pub service: String,
    /// Name of the product.
    pub product: String,
    /// Seats; `None` is without limit.
    #[serde(default)]
    pub quantity: Option<usize>,
    /// Whether it was cancelled.
    #[serde(default)]
    pub cancelled: bool,
    /// Who is assigned.
    #[serde(default)]
    pub assignments: Vec<Assignment>,
}

/// One user on one subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// Id of the user.
    pub user_id: String,
    /// The user's id in the external service.
    #[serde(default)]
    pub external_user_id: Option<String>,
}
