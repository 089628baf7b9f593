//! The core Group schema (RFC 7643 section 4.2).

use super::{Attribute, Mutability, Schema};
use scim_v2::schema_urns;

const MEMBER_PARTS: &[Attribute] = &[
    Attribute::identifier("value", "The id of the user.").mutability(Mutability::Immutable),
    Attribute::reference("$ref", &["User"], "The address of the user.")
        .mutability(Mutability::Immutable),
    Attribute::text("display", "The name of the user.").read_only(),
    Attribute::text(
        "type",
        "What the member is. Groups are not kept as members.",
    )
    .values(&["User"])
    .mutability(Mutability::Immutable),
];

/// The members of a group, which are kept apart from its document.
pub const MEMBERS: Attribute =
    Attribute::complex("members", MEMBER_PARTS, "The users who are in the group.").many();

/// The core Group schema.
pub static GROUP: Schema = Schema {
    urn: schema_urns::GROUP,
    name: "Group",
    description: "Group",
    attributes: &[
        Attribute::text("displayName", "The name of the group.")
            .required()
            .unique(),
        MEMBERS,
    ],
};
