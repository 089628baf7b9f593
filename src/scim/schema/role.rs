//! The role that a user may be given by name, as Okta reads it (`reference/idp-behaviour.md`, section 3.11).

use super::{Attribute, Schema};

/// Okta's schema of a role.
pub static ROLE: Schema = Schema {
    urn: "urn:okta:scim:schemas:core:1.0:Role",
    name: "Role",
    description: "A value of the attribute roles that gives a user something",
    attributes: &[Attribute::text("displayName", "The name of the role.")
        .required()
        .read_only()],
};
