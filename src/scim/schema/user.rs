//! The core User schema (RFC 7643 section 4.1).

use super::build::{PRIMARY, element};
use super::{Attribute, Mutability, Returned, Schema};
use scim_v2::schema_urns;

const NAME_PARTS: &[Attribute] = &[
    Attribute::text("formatted", "The whole name as it is written."),
    Attribute::text("familyName", "The family name."),
    Attribute::text("givenName", "The given name."),
    Attribute::text("middleName", "The middle names."),
    Attribute::text(
        "honorificPrefix",
        "The title before the name, such as \"Dr.\".",
    ),
    Attribute::text("honorificSuffix", "What follows the name, such as \"III\"."),
];

const EMAIL_PARTS: &[Attribute] = &element(
    Attribute::text("value", "The e-mail address."),
    &["work", "home", "other"],
);

const PHONE_PARTS: &[Attribute] = &element(
    Attribute::text("value", "The number, in whatever notation it was sent."),
    &["work", "home", "mobile", "fax", "pager", "other"],
);

const IM_PARTS: &[Attribute] = &element(
    Attribute::text("value", "The address in the messaging service."),
    &["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"],
);

const PHOTO_PARTS: &[Attribute] = &element(
    Attribute::reference("value", &["external"], "Where the picture is."),
    &["photo", "thumbnail"],
);

const ADDRESS_PARTS: &[Attribute] = &[
    Attribute::text(
        "formatted",
        "The whole address as it is written on an envelope.",
    ),
    Attribute::text("streetAddress", "Street, house number and the like."),
    Attribute::text("locality", "The town."),
    Attribute::text("region", "The state or region."),
    Attribute::text("postalCode", "The postal code."),
    Attribute::text("country", "The country."),
    Attribute::text("type", "What the address is for.").values(&["work", "home", "other"]),
    PRIMARY,
];

const ENTITLEMENT_PARTS: &[Attribute] = &element(
    Attribute::text("value", "The name of the entitlement."),
    &[],
);

const ROLE_PARTS: &[Attribute] = &element(Attribute::text("value", "The name of the role."), &[]);

const CERTIFICATE_PARTS: &[Attribute] = &element(
    Attribute::binary("value", "The certificate in DER, as base64 text."),
    &[],
);

const GROUP_PARTS: &[Attribute] = &[
    Attribute::identifier("value", "The id of the group.").read_only(),
    Attribute::reference("$ref", &["Group"], "The address of the group.").read_only(),
    Attribute::text("display", "The name of the group.").read_only(),
    Attribute::text("type", "How the user is in the group.")
        .values(&["direct"])
        .read_only(),
];

/// The core User schema.
pub static USER: Schema = Schema {
    urn: schema_urns::USER,
    name: "User",
    description: "User Account",
    attributes: &[
        Attribute::text("userName", "The name that the person signs in with.")
            .required()
            .unique(),
        Attribute::complex("name", NAME_PARTS, "The parts of the person's name."),
        Attribute::text("displayName", "The name by which people know the person."),
        Attribute::text("nickName", "What the person is called by friends."),
        Attribute::reference(
            "profileUrl",
            &["external"],
            "Where more about the person is.",
        ),
        Attribute::text("title", "The job title."),
        Attribute::text(
            "userType",
            "The relation to the organization, such as \"Contractor\".",
        ),
        Attribute::text("preferredLanguage", "The language that the person prefers."),
        Attribute::text(
            "locale",
            "The region whose notation of dates and numbers to use.",
        ),
        Attribute::text("timezone", "The time zone, such as \"Europe/Oslo\"."),
        Attribute::flag("active", "Whether the person may have an account."),
        Attribute::text("password", "Taken and forgotten.")
            .mutability(Mutability::WriteOnly)
            .returned(Returned::Never),
        Attribute::complex("emails", EMAIL_PARTS, "The e-mail addresses.").many(),
        Attribute::complex("phoneNumbers", PHONE_PARTS, "The telephone numbers.").many(),
        Attribute::complex("ims", IM_PARTS, "The addresses in messaging services.").many(),
        Attribute::complex("photos", PHOTO_PARTS, "Pictures of the person.").many(),
        Attribute::complex("addresses", ADDRESS_PARTS, "The postal addresses.").many(),
        Attribute::complex("groups", GROUP_PARTS, "The groups that the person is in.")
            .many()
            .read_only(),
        Attribute::complex(
            "entitlements",
            ENTITLEMENT_PARTS,
            "What the client says that the person may have. Kept, without effect here.",
        )
        .many(),
        Attribute::complex(
            "roles",
            ROLE_PARTS,
            "What the client says that the person is. Has an effect where a mapping names it.",
        )
        .many(),
        Attribute::complex("x509Certificates", CERTIFICATE_PARTS, "The certificates.").many(),
    ],
};
