//! How the history ends rightly, and the positions that no list of switches has.

use scim_bridge::sandbox::Switches;

use super::operator;
use super::rows::Row;
use super::side::{Facts, Target};

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

/// Positions of the switches that have none to step through, and positions that are worth trying together.
pub fn more_positions() -> Vec<(String, Switches)> {
    let texts = [
        ("page_size=2", "page_size = 2"),
        ("token_lifetime_seconds=1", "token_lifetime_seconds = 1"),
        ("field_names=others", operator::OTHER_NAMES),
        (
            "created_id=neither list_lag=1",
            "created_id = \"neither\"\nlist_lag = 1",
        ),
        (
            "created_id=neither list_lag=3",
            "created_id = \"neither\"\nlist_lag = 3",
        ),
        (
            "created_id=neither list_lag=6",
            "created_id = \"neither\"\nlist_lag = 6",
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
