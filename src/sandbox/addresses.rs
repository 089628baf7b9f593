//! The addresses of the API in the casing of Cloudmore's contract (`reference/cloudmore-api.md`, section 3).

/// Paths and the methods that each takes.
pub(super) const ADDRESSES: [(&str, &[&str]); 25] = [
    ("/api/healthcheck", &["get"]),
    ("/api/resellers/{resellerId}/ResellerRoles", &["get"]),
    (
        "/api/resellers/{resellerId}/ResellerAdministrators",
        &["get", "post"],
    ),
    (
        "/api/resellers/{resellerId}/ResellerAdministrators/{id}",
        &["get", "put", "delete"],
    ),
    ("/api/resellers/{resellerId}/services", &["get"]),
    (
        "/api/resellers/{resellerId}/services/{serviceId}/subscriptions",
        &["get"],
    ),
    (
        "/api/resellers/{resellerId}/settings/CustomProperties",
        &["get"],
    ),
    ("/api/resellers/{resellerId}/OrganizationGroups", &["get"]),
    (
        "/api/resellers/{resellerId}/OrganizationGroups/{groupId}/Members",
        &["get"],
    ),
    ("/api/resellers/{resellerId}/Organizations", &["get"]),
    ("/api/resellers/{resellerId}/Organizations/{id}", &["get"]),
    (
        "/api/resellers/{resellerId}/organizations/{organizationId}/OrganizationRoles",
        &["get"],
    ),
    (
        "/api/resellers/{resellerId}/organizations/{organizationId}/Users",
        &["get", "post"],
    ),
    (
        "/api/resellers/{resellerId}/organizations/{organizationId}/Users/{id}",
        &["get", "put", "delete"],
    ),
    (
        "/api/resellers/{resellerId}/organizations/{organizationId}/UserGroups",
        &["get", "post"],
    ),
    (
        "/api/resellers/{resellerId}/organizations/{organizationId}/UserGroups/{id}",
        &["get", "put", "delete"],
    ),
    (
        "/api/resellers/{resellerId}/organizations/{organizationId}/UserGroups/{groupId}/members",
        &["get", "post"],
    ),
    (
        "/api/resellers/{resellerId}/organizations/{organizationId}/UserGroups/{groupId}/members/{id}",
        &["delete"],
    ),
    (
        "/api/resellers/{resellerId}/organizations/{organizationId}/services",
        &["get"],
    ),
    (
        "/api/resellers/{resellerId}/organizations/{organizationId}/services/{serviceId}",
        &["get"],
    ),
    (
        "/api/resellers/{resellerId}/organizations/{organizationId}/services/{serviceId}/subscriptions",
        &["get"],
    ),
    (
        "/api/resellers/{resellerId}/organizations/{organizationId}/services/{serviceId}/subscriptions/{subscriptionId}",
        &["get"],
    ),
    (
        "/api/resellers/{resellerId}/organizations/{organizationId}/services/{serviceId}/subscriptions/{subscriptionId}/users",
        &["get", "post", "put"],
    ),
    (
        "/api/resellers/{resellerId}/organizations/{organizationId}/services/{serviceId}/subscriptions/{subscriptionId}/users/{userId}",
        &["delete"],
    ),
    ("/connect/token", &["post"]),
];

/// Whether a path is spelled as one of these, ids aside.
pub(super) fn spells(path: &str) -> bool {
    let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    ADDRESSES.iter().any(|(address, _)| {
        let pieces: Vec<&str> = address.split('/').collect();
        let same = |(piece, part): (&&str, &&str)| piece.starts_with('{') || piece == part;
        pieces.len() == parts.len() && pieces.iter().zip(&parts).all(same)
    })
}
