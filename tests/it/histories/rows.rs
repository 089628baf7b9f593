//! The positions that make a difference: what the operator sets, and what is right instead.

use super::operator::{COUNTRY, MENDED_NAMES, PHONE_AND_TITLE, PROPERTY_BY_ID};
use super::undone::UNDONE;

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

/// A position that makes no difference.
pub const NO: Row = Row {
    position: "",
    why: "",
    broker: "",
    tenant: "",
    acme: &[],
    northwind: &[],
};

/// All of them.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().chain(UNDONE)
}

const ROWS: &[Row] = &[
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
        position: "custom_property_keys=property_id_and_value",
        why: "The tenant goes by the ids of properties.",
        broker: "[[broker.field]]\nmodel = \"customProperty\"\nfield = \"name\"\nname = \"propertyId\"",
        tenant: PROPERTY_BY_ID,
        ..NO
    },
    Row {
        position: "required_fields=with_title_and_phone",
        why: "What the directory does not give is given by the tenant, over what a person entered.",
        tenant: PHONE_AND_TITLE,
        acme: &[
            (
                "bea.king@acme.example",
                "Bea King, bea@acme.example, EE 2 Mill Lane 10112 Tartu, 8000000, 46, Department=Books, Controller, kept; \
                 role 6; Pro seats; Team plan (bea.king@acme.example)",
            ),
            (
                "carl@acme.example",
                "carl Example, EE 2 Mill Lane 10112 Tartu, 8000000, 46, Department=Books, Staff, kept; \
                 role 6; Pro seats; Team plan (carl@acme.example)",
            ),
            (
                "gus@acme.example",
                "gus Example, 8000000, 46, Staff; role 7; Team plan",
            ),
            (
                "twin@acme.example",
                "twin Example, gus@acme.example, 8000000, 46, Staff; role 7",
            ),
        ],
        northwind: &[
            (
                "bea.king@northwind.example",
                "Bea King, bea@northwind.example, EE 2 Mill Lane 10112 Tartu, 8000000, 46, Department=Books, Controller, kept; \
                 role 2",
            ),
            (
                "carl@northwind.example",
                "carl Example, EE 2 Mill Lane 10112 Tartu, 8000000, 46, Department=Books, Staff, kept; \
                 role 2",
            ),
            (
                "gus@northwind.example",
                "gus Example, 8000000, 46, Staff; role 3",
            ),
            (
                "twin@northwind.example",
                "twin Example, gus@northwind.example, 8000000, 46, Staff; role 3",
            ),
        ],
        ..NO
    },
    Row {
        position: "required_fields=with_address",
        why: "What the directory does not give is given by the tenant.",
        tenant: COUNTRY,
        acme: &[
            ("gus@acme.example", "gus Example, EE; role 7; Team plan"),
            (
                "twin@acme.example",
                "twin Example, gus@acme.example, EE; role 7",
            ),
        ],
        northwind: &[
            ("gus@northwind.example", "gus Example, EE; role 3"),
            (
                "twin@northwind.example",
                "twin Example, gus@northwind.example, EE; role 3",
            ),
        ],
        ..NO
    },
    Row {
        position: "unknown_fields=dropped",
        why: "A new account cannot be given a field that Cloudmore does not know, not even back.",
        acme: &[(
            "carl@acme.example",
            "carl Example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books; \
             role 6; Pro seats; Team plan (carl@acme.example)",
        )],
        northwind: &[(
            "carl@northwind.example",
            "carl Example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books; role 2",
        )],
        ..NO
    },
    Row {
        position: "duplicate=conflict",
        why: "A name that is taken elsewhere in Cloudmore is a conflict if Cloudmore says so.",
        northwind: &[("(somebody of another domain comes)", "409")],
        ..NO
    },
    Row {
        position: "names=unique_in_list",
        why: "The name is taken elsewhere, which is no matter.",
        northwind: &[
            ("(somebody of another domain comes)", "201"),
            (
                "vera.reader@acme.example",
                "namesake Example, namesake@northwind.example; role 3",
            ),
        ],
        ..NO
    },
    Row {
        position: "names_case=significant",
        why: "It is another name.",
        acme: &[
            ("(a namesake in capitals comes)", "201"),
            (
                "OLGA.FIRST@ACME.EXAMPLE",
                "namesake Example, namesake@acme.example; role 7",
            ),
        ],
        northwind: &[
            ("(a namesake in capitals comes)", "201"),
            (
                "HANNA.BOSS@NORTHWIND.EXAMPLE",
                "namesake Example, namesake@northwind.example; role 3",
            ),
        ],
        ..NO
    },
    Row {
        position: "emails=unique",
        why: "Two people cannot have one address.",
        acme: &[
            ("(a twin with the address of gus comes)", "400"),
            ("twin@acme.example", ""),
        ],
        northwind: &[
            ("(a twin with the address of gus comes)", "400"),
            ("twin@northwind.example", ""),
        ],
        ..NO
    },
    Row {
        position: "domains=accepted",
        why: "Any domain will do.",
        acme: &[
            ("(somebody of another domain comes)", "201"),
            (
                "zoe@elsewhere.example",
                "namesake Example, namesake@acme.example; role 7",
            ),
        ],
        ..NO
    },
    Row {
        position: "super_admin_grant=allowed",
        why: "The role can be given.",
        northwind: &[
            ("(gus@northwind.example)", ""),
            ("gus@northwind.example", "gus Example; role 1"),
            ("(still tried)", ""),
        ],
        ..NO
    },
    Row {
        position: "cancelled=accepts",
        why: "The subscription takes users.",
        acme: &[
            (
                "gus@acme.example",
                "gus Example; role 7; Starter plan; Team plan",
            ),
            ("(still tried)", ""),
        ],
        ..NO
    },
];
