//! The attributes that every resource has (RFC 7643 section 3.1). They belong to no schema and are not published in one.

use super::{Attribute, Returned};

const META_PARTS: &[Attribute] = &[
    Attribute::text("resourceType", "The name of the resource type.")
        .case_exact()
        .read_only(),
    Attribute::instant("created", "When the resource came into being.").read_only(),
    Attribute::instant("lastModified", "When the resource last changed.").read_only(),
    Attribute::reference("location", &["uri"], "The address of the resource.").read_only(),
    Attribute::text("version", "The weak entity tag of the resource as it is.")
        .case_exact()
        .read_only(),
];

/// The attributes that every resource has.
pub static COMMON: &[Attribute] = &[
    Attribute::reference("schemas", &["uri"], "The URNs of the schemas in use.")
        .many()
        .read_only()
        .returned(Returned::Always),
    Attribute::identifier(
        "id",
        "The id that the server gave the resource; it never changes.",
    )
    .read_only()
    .unique()
    .returned(Returned::Always),
    Attribute::identifier("externalId", "The id that the client gave the resource."),
    Attribute::complex(
        "meta",
        META_PARTS,
        "What the server knows about the resource.",
    )
    .read_only(),
];
