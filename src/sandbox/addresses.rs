//! The addresses of the API in the casing of Cloudmore's contract (`reference/cloudmore-api.md`, section 3), with the
//! models that go in and come out.

/// One method on an address.
pub(super) struct Operation {
    /// In lower case.
    pub(super) method: &'static str,
    /// The model of the body.
    pub(super) takes: Option<&'static str>,
    pub(super) gives: Gives,
}

/// What an operation answers with.
#[derive(Clone, Copy)]
pub(super) enum Gives {
    Nothing,
    One(&'static str),
    Many(&'static str),
}

const fn plain(method: &'static str) -> Operation {
    Operation {
        method,
        takes: None,
        gives: Gives::Nothing,
    }
}

const fn one(model: &'static str) -> Operation {
    Operation {
        method: "get",
        takes: None,
        gives: Gives::One(model),
    }
}

const fn list(model: &'static str) -> Operation {
    Operation {
        method: "get",
        takes: None,
        gives: Gives::Many(model),
    }
}

const fn takes(method: &'static str, model: &'static str) -> Operation {
    Operation {
        method,
        takes: Some(model),
        gives: Gives::Nothing,
    }
}

/// An address with what can be done there.
pub(super) type Address = (&'static str, &'static [Operation]);

/// Outside resellers.
const PLATFORM: &[Address] = &[
    ("/api/healthcheck", &[plain("get")]),
    ("/connect/token", &[plain("post")]),
];

/// Below a reseller.
const RESELLER: &[Address] = &[
    ("/ResellerRoles", &[list("RoleViewModel")]),
    (
        "/ResellerAdministrators",
        &[
            list("AdministratorViewModel"),
            takes("post", "AdministratorCreateViewModel"),
        ],
    ),
    (
        "/ResellerAdministrators/{id}",
        &[
            one("AdministratorDetailViewModel"),
            takes("put", "AdministratorUpdateViewModel"),
            plain("delete"),
        ],
    ),
    ("/services", &[list("ServiceViewModel")]),
    (
        "/services/{serviceId}/subscriptions",
        &[list("ServiceSubscriptionViewModel")],
    ),
    (
        "/settings/CustomProperties",
        &[list("CustomPropertyViewModel")],
    ),
    ("/OrganizationGroups", &[plain("get")]),
    ("/OrganizationGroups/{groupId}/Members", &[plain("get")]),
    ("/Organizations", &[list("OrganizationViewModel")]),
    ("/Organizations/{id}", &[one("OrganizationDetailViewModel")]),
];

/// Below an organization.
const ORGANIZATION: &[Address] = &[
    ("/OrganizationRoles", &[list("RoleViewModel")]),
    (
        "/Users",
        &[list("UserViewModel"), takes("post", "UserCreateViewModel")],
    ),
    (
        "/Users/{id}",
        &[
            one("UserDetailViewModel"),
            takes("put", "UserUpdateViewModel"),
            plain("delete"),
        ],
    ),
    (
        "/UserGroups",
        &[
            list("OrganizationUserGroupViewModel"),
            takes("post", "OrganizationUserGroupCreateViewModel"),
        ],
    ),
    (
        "/UserGroups/{id}",
        &[
            one("OrganizationUserGroupViewModel"),
            takes("put", "OrganizationUserGroupUpdateViewModel"),
            plain("delete"),
        ],
    ),
    (
        "/UserGroups/{groupId}/members",
        &[
            list("OrganizationUserGroupMemberViewModel"),
            takes("post", "OrganizationUserGroupMemberAddViewModel"),
        ],
    ),
    ("/UserGroups/{groupId}/members/{id}", &[plain("delete")]),
    ("/services", &[list("ServiceViewModel")]),
    ("/services/{serviceId}", &[one("ServiceViewModel")]),
    (
        "/services/{serviceId}/subscriptions",
        &[list("OrganizationServiceSubscriptionViewModel")],
    ),
    (
        "/services/{serviceId}/subscriptions/{subscriptionId}",
        &[one("OrganizationServiceSubscriptionViewModel")],
    ),
    (
        "/services/{serviceId}/subscriptions/{subscriptionId}/users",
        &[
            list("OrganizationServiceSubscriptionUserViewModel"),
            takes("post", "OrganizationServiceSubscriptionUserCreateViewModel"),
            takes("put", "OrganizationServiceSubscriptionUserUpdateViewModel"),
        ],
    ),
    (
        "/services/{serviceId}/subscriptions/{subscriptionId}/users/{userId}",
        &[plain("delete")],
    ),
];

/// All addresses, whole.
pub(super) fn all() -> impl Iterator<Item = (String, &'static [Operation])> {
    let below = |start: &'static str, addresses: &'static [Address]| {
        addresses
            .iter()
            .map(move |(rest, operations)| (format!("{start}{rest}"), *operations))
    };
    below("", PLATFORM)
        .chain(below("/api/resellers/{resellerId}", RESELLER))
        .chain(below(
            "/api/resellers/{resellerId}/organizations/{organizationId}",
            ORGANIZATION,
        ))
}

/// Whether a path is spelled as one of these, ids aside.
pub(super) fn spells(path: &str) -> bool {
    let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    all().any(|(address, _)| {
        let pieces: Vec<&str> = address.split('/').collect();
        let same = |(piece, part): (&&str, &&str)| piece.starts_with('{') || piece == part;
        pieces.len() == parts.len() && pieces.iter().zip(&parts).all(same)
    })
}
