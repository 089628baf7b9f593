//! Our extension of User: what became of the user behind the bridge. The server alone writes it, and
//! shows it to whoever asks for it: what it says is read from other places than the user.

use super::{Attribute, Returned, Schema};

const ROLE_PARTS: &[Attribute] =
    &[Attribute::identifier("value", "Cloudmore's number of the role.").read_only()];

const ASSIGNMENT_PARTS: &[Attribute] = &[
    Attribute::identifier("service", "Cloudmore's id of the service.").read_only(),
    Attribute::identifier("subscription", "Cloudmore's id of the subscription.").read_only(),
    Attribute::text(
        "state",
        "Whether the account is assigned: \"uncertain\" while the outcome of a call is not known, \
         \"refused\" when Cloudmore said no.",
    )
    .values(&["assigned", "uncertain", "refused"])
    .read_only(),
    Attribute::identifier(
        "externalUserId",
        "What Cloudmore was told as the person's id in the service.",
    )
    .read_only(),
    Attribute::text(
        "origin",
        "Who assigned the account: the bridge (\"made\"), or somebody else (\"foreign\").",
    )
    .values(&["made", "foreign"])
    .read_only(),
    Attribute::text("reason", "Cloudmore's words, if it refused the assignment.").read_only(),
];

/// Our extension of User.
pub static CLOUDMORE_USER: Schema = Schema {
    urn: "urn:ietf:params:scim:schemas:extension:cloudmore:2.0:User",
    name: "CloudmoreUser",
    description: "Account in Cloudmore",
    attributes: &[
        Attribute::identifier("accountId", "Cloudmore's id of the account.")
            .read_only()
            .returned(Returned::Request),
        Attribute::complex("role", ROLE_PARTS, "The role of the account.")
            .read_only()
            .returned(Returned::Request),
        Attribute::instant(
            "lastAccessedDate",
            "When the person signed in last, as Cloudmore said when the report of inactive people was last made.",
        )
        .read_only()
        .returned(Returned::Request),
        Attribute::complex(
            "assignments",
            ASSIGNMENT_PARTS,
            "The subscriptions that the account is assigned to or was refused.",
        )
        .many()
        .read_only()
        .returned(Returned::Request),
        Attribute::text(
            "syncState",
            "\"synced\" when Cloudmore is as the directory says, \"pending\" while it is not yet, \
             \"held\" until a person decides about an account that was there before, \
             \"failed\" when Cloudmore refused the user.",
        )
        .values(&["synced", "pending", "held", "failed"])
        .read_only()
        .returned(Returned::Request),
        Attribute::text("lastError", "What went wrong last, unless it is synced.")
            .read_only()
            .returned(Returned::Request),
    ],
};
