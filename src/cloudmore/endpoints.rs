//! Every address of Cloudmore that the bridge calls, in one table, as Cloudmore's contract spells them
//! (`reference/cloudmore-api.md`, section 3). A test holds it against what is really called.

/// An address that the bridge calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The method.
    pub method: &'static str,
    /// The path; what is in braces is an id.
    pub path: &'static str,
    /// What it is called for.
    pub purpose: &'static str,
}

/// All of them, but for that of the token.
pub const ENDPOINTS: &[Endpoint] = &[
    endpoint(
        "GET",
        "/api/resellers/{resellerId}/Organizations",
        "to check the organizations of tenants",
    ),
    endpoint(
        "GET",
        "/api/resellers/{resellerId}/ResellerRoles",
        "to check the roles of administrators",
    ),
    endpoint(
        "GET",
        "/api/resellers/{resellerId}/ResellerAdministrators",
        "to look who is there",
    ),
    endpoint(
        "POST",
        "/api/resellers/{resellerId}/ResellerAdministrators",
        "to make an administrator",
    ),
    endpoint(
        "GET",
        "/api/resellers/{resellerId}/ResellerAdministrators/{id}",
        "to read one before and after a change",
    ),
    endpoint(
        "PUT",
        "/api/resellers/{resellerId}/ResellerAdministrators/{id}",
        "to change one",
    ),
    endpoint(
        "DELETE",
        "/api/resellers/{resellerId}/ResellerAdministrators/{id}",
        "to delete one",
    ),
    endpoint(
        "GET",
        "/api/resellers/{resellerId}/organizations/{organizationId}/OrganizationRoles",
        "to check the roles of users",
    ),
    endpoint(
        "GET",
        "/api/resellers/{resellerId}/organizations/{organizationId}/Users",
        "to look who is there",
    ),
    endpoint(
        "POST",
        "/api/resellers/{resellerId}/organizations/{organizationId}/Users",
        "to make a user",
    ),
    endpoint(
        "GET",
        "/api/resellers/{resellerId}/organizations/{organizationId}/Users/{id}",
        "to read one before and after a change",
    ),
    endpoint(
        "PUT",
        "/api/resellers/{resellerId}/organizations/{organizationId}/Users/{id}",
        "to change one",
    ),
    endpoint(
        "DELETE",
        "/api/resellers/{resellerId}/organizations/{organizationId}/Users/{id}",
        "to delete one",
    ),
    endpoint(
        "GET",
        "/api/resellers/{resellerId}/organizations/{organizationId}/services",
        "to check the services of mappings",
    ),
    endpoint(
        "GET",
        "/api/resellers/{resellerId}/organizations/{organizationId}/services/{serviceId}/subscriptions",
        "to check the subscriptions of mappings",
    ),
    endpoint(
        "GET",
        "/api/resellers/{resellerId}/organizations/{organizationId}/services/{serviceId}/subscriptions/{subscriptionId}/users",
        "to look who is assigned",
    ),
    endpoint(
        "POST",
        "/api/resellers/{resellerId}/organizations/{organizationId}/services/{serviceId}/subscriptions/{subscriptionId}/users",
        "to assign",
    ),
    endpoint(
        "PUT",
        "/api/resellers/{resellerId}/organizations/{organizationId}/services/{serviceId}/subscriptions/{subscriptionId}/users",
        "to set the external user id",
    ),
    endpoint(
        "DELETE",
        "/api/resellers/{resellerId}/organizations/{organizationId}/services/{serviceId}/subscriptions/{subscriptionId}/users/{userId}",
        "to take an assignment away",
    ),
];

const fn endpoint(method: &'static str, path: &'static str, purpose: &'static str) -> Endpoint {
    Endpoint {
        method,
        path,
        purpose,
    }
}
