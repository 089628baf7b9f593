//! The enterprise extension of User (RFC 7643 section 4.3).

use super::{Attribute, Schema};
use scim_v2::schema_urns;

const MANAGER_PARTS: &[Attribute] = &[
    Attribute::identifier("value", "The id of the manager's user."),
    Attribute::reference("$ref", &["User"], "The address of the manager's user.").read_only(),
    Attribute::text("displayName", "The manager's name.").read_only(),
];

/// The enterprise extension of User.
pub static ENTERPRISE_USER: Schema = Schema {
    urn: schema_urns::ENTERPRISE_USER,
    name: "EnterpriseUser",
    description: "Enterprise User",
    attributes: &[
        Attribute::text(
            "employeeNumber",
            "The number that the employer gave the person.",
        ),
        Attribute::text("costCenter", "The cost center."),
        Attribute::text("organization", "The organization."),
        Attribute::text("division", "The division."),
        Attribute::text("department", "The department."),
        Attribute::complex("manager", MANAGER_PARTS, "The person's manager."),
    ],
};
