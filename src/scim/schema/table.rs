//! The rows of the attribute table (RFC 7643 sections 3.1, 4.1, 4.2, 4.3 and 8.7).
//!
//! It differs from the RFC's printed schemas where the server knows better than a client: a `$ref` is the server's own,
//! identifiers compare exactly, and a group's `displayName` is required and unique (`reference/idp-behaviour.md`, section 8).

use super::{Attribute, Mutability, Returned, Schema, Type, Uniqueness};
use scim_v2::schema_urns;

impl Attribute {
    const fn new(name: &'static str, kind: Type) -> Self {
        Self {
            name,
            kind,
            multi_valued: false,
            required: false,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            case_exact: false,
            uniqueness: Uniqueness::None,
            canonical_values: &[],
            reference_types: &[],
            sub_attributes: &[],
        }
    }

    const fn text(name: &'static str) -> Self {
        Self::new(name, Type::String)
    }

    /// An opaque id: equal only when equal byte for byte.
    const fn identifier(name: &'static str) -> Self {
        Self::text(name).case_exact()
    }

    const fn flag(name: &'static str) -> Self {
        Self::new(name, Type::Boolean)
    }

    const fn instant(name: &'static str) -> Self {
        Self::new(name, Type::DateTime)
    }

    const fn reference(name: &'static str, types: &'static [&'static str]) -> Self {
        let mut attribute = Self::new(name, Type::Reference).case_exact();
        attribute.reference_types = types;
        attribute
    }

    const fn complex(name: &'static str, sub_attributes: &'static [Attribute]) -> Self {
        let mut attribute = Self::new(name, Type::Complex);
        attribute.sub_attributes = sub_attributes;
        attribute
    }

    const fn case_exact(mut self) -> Self {
        self.case_exact = true;
        self
    }

    const fn many(mut self) -> Self {
        self.multi_valued = true;
        self
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn unique(mut self) -> Self {
        self.uniqueness = Uniqueness::Server;
        self
    }

    const fn values(mut self, canonical: &'static [&'static str]) -> Self {
        self.canonical_values = canonical;
        self
    }

    const fn mutability(mut self, mutability: Mutability) -> Self {
        self.mutability = mutability;
        self
    }

    const fn read_only(self) -> Self {
        self.mutability(Mutability::ReadOnly)
    }

    const fn returned(mut self, returned: Returned) -> Self {
        self.returned = returned;
        self
    }
}

/// The four parts that RFC 7643 section 2.4 gives to elements of a list.
const fn element(value: Attribute, types: &'static [&'static str]) -> [Attribute; 4] {
    [
        value,
        Attribute::text("display"),
        Attribute::text("type").values(types),
        Attribute::flag("primary"),
    ]
}

const META_PARTS: &[Attribute] = &[
    Attribute::text("resourceType").case_exact().read_only(),
    Attribute::instant("created").read_only(),
    Attribute::instant("lastModified").read_only(),
    Attribute::reference("location", &["uri"]).read_only(),
    Attribute::text("version").case_exact().read_only(),
];

/// The attributes that every resource has (RFC 7643 section 3.1).
pub static COMMON: &[Attribute] = &[
    Attribute::reference("schemas", &["uri"])
        .many()
        .read_only()
        .returned(Returned::Always),
    Attribute::identifier("id")
        .read_only()
        .unique()
        .returned(Returned::Always),
    Attribute::identifier("externalId"),
    Attribute::complex("meta", META_PARTS).read_only(),
];

const NAME_PARTS: &[Attribute] = &[
    Attribute::text("formatted"),
    Attribute::text("familyName"),
    Attribute::text("givenName"),
    Attribute::text("middleName"),
    Attribute::text("honorificPrefix"),
    Attribute::text("honorificSuffix"),
];

const EMAIL_PARTS: &[Attribute] = &element(Attribute::text("value"), &["work", "home", "other"]);

const PHONE_PARTS: &[Attribute] = &element(
    Attribute::text("value"),
    &["work", "home", "mobile", "fax", "pager", "other"],
);

const IM_PARTS: &[Attribute] = &element(
    Attribute::text("value"),
    &["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"],
);

const PHOTO_PARTS: &[Attribute] = &element(
    Attribute::reference("value", &["external"]),
    &["photo", "thumbnail"],
);

const ADDRESS_PARTS: &[Attribute] = &[
    Attribute::text("formatted"),
    Attribute::text("streetAddress"),
    Attribute::text("locality"),
    Attribute::text("region"),
    Attribute::text("postalCode"),
    Attribute::text("country"),
    Attribute::text("type").values(&["work", "home", "other"]),
    Attribute::flag("primary"),
];

const GRANT_PARTS: &[Attribute] = &element(Attribute::text("value"), &[]);

const CERTIFICATE_PARTS: &[Attribute] =
    &element(Attribute::new("value", Type::Binary).case_exact(), &[]);

const GROUP_OF_USER_PARTS: &[Attribute] = &[
    Attribute::identifier("value").read_only(),
    Attribute::reference("$ref", &["Group"]).read_only(),
    Attribute::text("display").read_only(),
    Attribute::text("type").values(&["direct"]).read_only(),
];

/// The core User schema (RFC 7643 section 4.1).
pub static USER: Schema = Schema {
    urn: schema_urns::USER,
    name: "User",
    description: "User Account",
    attributes: &[
        Attribute::text("userName").required().unique(),
        Attribute::complex("name", NAME_PARTS),
        Attribute::text("displayName"),
        Attribute::text("nickName"),
        Attribute::reference("profileUrl", &["external"]),
        Attribute::text("title"),
        Attribute::text("userType"),
        Attribute::text("preferredLanguage"),
        Attribute::text("locale"),
        Attribute::text("timezone"),
        Attribute::flag("active"),
        Attribute::text("password")
            .mutability(Mutability::WriteOnly)
            .returned(Returned::Never),
        Attribute::complex("emails", EMAIL_PARTS).many(),
        Attribute::complex("phoneNumbers", PHONE_PARTS).many(),
        Attribute::complex("ims", IM_PARTS).many(),
        Attribute::complex("photos", PHOTO_PARTS).many(),
        Attribute::complex("addresses", ADDRESS_PARTS).many(),
        Attribute::complex("groups", GROUP_OF_USER_PARTS)
            .many()
            .read_only(),
        Attribute::complex("entitlements", GRANT_PARTS).many(),
        Attribute::complex("roles", GRANT_PARTS).many(),
        Attribute::complex("x509Certificates", CERTIFICATE_PARTS).many(),
    ],
};

const MEMBER_PARTS: &[Attribute] = &[
    Attribute::identifier("value").mutability(Mutability::Immutable),
    Attribute::reference("$ref", &["User"]).read_only(),
    Attribute::text("display").read_only(),
    Attribute::text("type")
        .values(&["User"])
        .mutability(Mutability::Immutable),
];

/// The members of a group, which are kept apart from its document.
pub const MEMBERS: Attribute = Attribute::complex("members", MEMBER_PARTS).many();

/// The core Group schema (RFC 7643 section 4.2).
pub static GROUP: Schema = Schema {
    urn: schema_urns::GROUP,
    name: "Group",
    description: "Group",
    attributes: &[Attribute::text("displayName").required().unique(), MEMBERS],
};

const MANAGER_PARTS: &[Attribute] = &[
    Attribute::identifier("value"),
    Attribute::reference("$ref", &["User"]).read_only(),
    Attribute::text("displayName").read_only(),
];

/// The enterprise extension of User (RFC 7643 section 4.3).
pub static ENTERPRISE_USER: Schema = Schema {
    urn: schema_urns::ENTERPRISE_USER,
    name: "EnterpriseUser",
    description: "Enterprise User",
    attributes: &[
        Attribute::text("employeeNumber"),
        Attribute::text("costCenter"),
        Attribute::text("organization"),
        Attribute::text("division"),
        Attribute::text("department"),
        Attribute::complex("manager", MANAGER_PARTS),
    ],
};
