//! What each position of each switch makes different: what the operator sets, and what is right instead.

use scim_bridge::sandbox::Switches;

use super::side::{Facts, Target};

/// A position that makes a difference.
pub struct Row {
    /// The position, by the name that [`Switches::every_position`] gives it.
    pub position: &'static str,
    /// Why, and what for.
    pub why: &'static str,
    /// What the operator sets for the broker.
    pub broker: &'static str,
    /// What the operator sets for both tenants.
    pub tenant: &'static str,
    /// What is right instead for the organization; an empty line takes a fact away.
    pub acme: &'static [(&'static str, &'static str)],
    /// What is right instead for the broker.
    pub northwind: &'static [(&'static str, &'static str)],
}

/// How it ends for the organization where nothing makes a difference.
const ACME: &[(&str, &str)] = &[
    (
        "ann@acme.example",
        "ann Example, EE 1 Harbour Road 10111 Tallinn, 5550101, 372, Cost centre=4711, Lead Analyst; role 7; \
         Team plan (ann@acme.example)",
    ),
    (
        "bea.king@acme.example",
        "Bea King, bea@acme.example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, Controller, kept; \
         role 6; Pro seats; Team plan (bea.king@acme.example)",
    ),
    (
        "carl@acme.example",
        "carl Example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, kept; role 6; Pro seats; \
         Team plan (carl@acme.example)",
    ),
    // The assignment is another hand's.
    ("gus@acme.example", "gus Example; role 7; Team plan"),
    (
        "twin@acme.example",
        "twin Example, gus@acme.example; role 7",
    ),
    // The subscription is cancelled.
    ("(still tried)", "POST services/subscriptions/users"),
];

/// How it ends for the broker where nothing makes a difference.
const NORTHWIND: &[(&str, &str)] = &[
    (
        "ann@northwind.example",
        "ann Example, EE 1 Harbour Road 10111 Tallinn, 5550101, 372, Cost centre=4711, Lead Analyst; role 25",
    ),
    (
        "bea.king@northwind.example",
        "Bea King, bea@northwind.example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, Controller, \
         kept; role 2",
    ),
    (
        "carl@northwind.example",
        "carl Example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, kept; role 2",
    ),
    ("gus@northwind.example", "gus Example; role 3"),
    (
        "twin@northwind.example",
        "twin Example, gus@northwind.example; role 3",
    ),
    // The API account may not give the role Super Admin.
    ("(gus@northwind.example)", "pending"),
    ("(still tried)", "PUT ResellerAdministrators"),
];

const NO: Row = Row {
    position: "",
    why: "",
    broker: "",
    tenant: "",
    acme: &[],
    northwind: &[],
};

pub const ROWS: &[Row] = &[
    Row {
        position: "field_names=others",
        why: "A wrong guess is mended by configuration.",
        broker: MENDED_NAMES,
        ..NO
    },
    Row {
        position: "client_auth=basic",
        why: "How the secret travels is configured.",
        broker: "client_auth = \"basic\"",
        ..NO
    },
    Row {
        position: "required_fields=with_title_and_phone",
        why: "What the directory does not give is given by the tenant.",
        tenant: PHONE_AND_TITLE,
        ..NO
    },
    Row {
        position: "required_fields=with_address",
        why: "What the directory does not give is given by the tenant.",
        tenant: COUNTRY,
        ..NO
    },
    Row {
        position: "custom_property_keys=property_id_and_value",
        why: "The tenant goes by the ids of properties.",
        broker: "[[broker.field]]\nmodel = \"customProperty\"\nfield = \"name\"\nname = \"propertyId\"",
        tenant: PROPERTY_BY_ID,
        ..NO
    },
];

/// Positions of the switches that have none to step through, and positions that are worth trying together.
pub fn more_positions() -> Vec<(String, Switches)> {
    let texts = [
        ("page_size=2", "page_size = 2"),
        ("token_lifetime_seconds=1", "token_lifetime_seconds = 1"),
        ("field_names=others", OTHER_NAMES),
        (
            "created_id=neither list_lag=1",
            "created_id = \"neither\"\nlist_lag = 1",
        ),
        (
            "created_id=neither list_lag=3",
            "created_id = \"neither\"\nlist_lag = 3",
        ),
        (
            "created_id=neither list_lag=12",
            "created_id = \"neither\"\nlist_lag = 12",
        ),
        (
            "created_id=neither page_size=2",
            "created_id = \"neither\"\npage_size = 2",
        ),
        (
            "missing_is=bad_request delete=keeps",
            "missing_is = \"bad_request\"\ndelete = \"keeps\"",
        ),
        (
            "missing_is=bad_request refusals=empty",
            "missing_is = \"bad_request\"\nrefusals = \"empty\"",
        ),
        (
            "missing_is=null delete_missing=no_content",
            "missing_is = \"null\"\ndelete_missing = \"no_content\"",
        ),
        (
            "duplicate=empty refusals=empty",
            "duplicate = \"empty\"\nrefusals = \"empty\"",
        ),
    ];
    let read = |(name, text): (&str, &str)| (name.to_owned(), toml::from_str(text).unwrap());
    texts.into_iter().map(read).collect()
}

const OTHER_NAMES: &str = r#"
[field_names.user]
name = "loginName"
firstName = "givenName"
email = "mail"
roleId = "organizationRoleId"
cellPhone = "mobile"
title = "jobTitle"
address = "postalAddress"
customProperties = "properties"
password = "initialPassword"
[field_names.administrator]
name = "userName"
roleId = "resellerRoleId"
[field_names.address]
countryCode = "country"
[field_names.customProperty]
value = "content"
[field_names.seat]
userId = "organizationUserId"
externalUserId = "externalId"
"#;

/// As the operator mends them.
const MENDED_NAMES: &str = r#"
[[broker.field]]
model = "user"
field = "name"
name = "loginName"
[[broker.field]]
model = "user"
field = "firstName"
name = "givenName"
[[broker.field]]
model = "user"
field = "email"
name = "mail"
[[broker.field]]
model = "user"
field = "roleId"
name = "organizationRoleId"
[[broker.field]]
model = "user"
field = "cellPhone"
name = "mobile"
[[broker.field]]
model = "user"
field = "title"
name = "jobTitle"
[[broker.field]]
model = "user"
field = "address"
name = "postalAddress"
[[broker.field]]
model = "user"
field = "customProperties"
name = "properties"
[[broker.field]]
model = "user"
field = "password"
name = "initialPassword"
[[broker.field]]
model = "administrator"
field = "name"
name = "userName"
[[broker.field]]
model = "administrator"
field = "roleId"
name = "resellerRoleId"
[[broker.field]]
model = "address"
field = "countryCode"
name = "country"
[[broker.field]]
model = "customProperty"
field = "value"
name = "content"
[[broker.field]]
model = "seat"
field = "userId"
name = "organizationUserId"
[[broker.field]]
model = "seat"
field = "externalUserId"
name = "externalId"
"#;

const PHONE_AND_TITLE: &str = r#"
[tenant.account]
title = ["title", { text = "Staff" }]
cell_phone = ['phoneNumbers[type eq "mobile"]', { text = "+46 8 000 000" }]
[[tenant.account.custom_property]]
name = "Cost centre"
from = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter"
"#;

const COUNTRY: &str = r#"
[tenant.account]
country = ['addresses[type eq "work"].country', { text = "EE" }]
[[tenant.account.custom_property]]
name = "Cost centre"
from = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter"
"#;

/// The id of the property Cost centre in place of its name.
const PROPERTY_BY_ID: &str = r#"
[tenant.account]
[[tenant.account.custom_property]]
name = "d4c3b2a1-0001-4c9d-8f44-6b8a0c2e6001"
from = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter"
"#;

/// What is right at the end.
pub fn expected(row: Option<&Row>, target: Target, before: Facts) -> Facts {
    let (usual, instead) = match target {
        Target::Acme => (ACME, row.map(|row| row.acme)),
        Target::Northwind => (NORTHWIND, row.map(|row| row.northwind)),
    };
    let mut facts = before;
    for (what, how) in usual.iter().chain(instead.unwrap_or_default()) {
        if how.is_empty() {
            facts.remove(*what);
        } else {
            facts.insert((*what).to_owned(), (*how).to_owned());
        }
    }
    facts
}
