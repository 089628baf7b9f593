//! Positions at which Cloudmore does not do what it is asked for, whatever it says: what is right instead.

use super::rows::{NO, Row};

pub const UNDONE: &[Row] = &[
    Row {
        position: "put_name=keeps",
        why: "A rename that Cloudmore does not carry out is refused as a whole, and the directory is told.",
        acme: &[
            ("(bea marries)", "400"),
            ("bea.king@acme.example", ""),
            (
                "bea@acme.example",
                "bea Example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, Controller, kept; \
                 role 6; Pro seats; Team plan (bea@acme.example)",
            ),
        ],
        northwind: &[
            ("(bea marries)", "400"),
            ("bea.king@northwind.example", ""),
            (
                "bea@northwind.example",
                "bea Example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, Controller, kept; \
                 role 2",
            ),
        ],
        ..NO
    },
    Row {
        position: "put_role=keeps",
        why: "Nobody becomes a member for the sake of a role that Cloudmore does not give, and the directory is told.",
        acme: &[
            ("(ann joins Finance)", "400"),
            ("(bea joins Finance)", "400"),
            ("(carl joins Finance)", "400"),
            (
                "bea.king@acme.example",
                "Bea King, bea@acme.example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, Controller, kept; \
                 role 7",
            ),
            (
                "carl@acme.example",
                "carl Example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, kept; role 7",
            ),
        ],
        northwind: &[
            ("(ann joins Finance)", "400"),
            ("(ann joins Sales)", "400"),
            ("(bea joins Finance)", "400"),
            ("(bea joins Sales)", "400"),
            ("(carl joins Finance)", "400"),
            ("(dan joins Sales)", "400"),
            ("(eve joins Sales)", "400"),
            ("(gus joins Sales)", "400"),
            (
                "ann@northwind.example",
                "ann Example, EE 1 Harbour Road 10111 Tallinn, 5550101, 372, Cost centre=4711, Lead Analyst; \
                 role 3",
            ),
            (
                "bea.king@northwind.example",
                "Bea King, bea@northwind.example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, Controller, kept; \
                 role 3",
            ),
            (
                "carl@northwind.example",
                "carl Example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, kept; role 3",
            ),
        ],
        ..NO
    },
    Row {
        position: "delete=keeps",
        ..NEVER_DELETES
    },
    Row {
        position: "missing_is=bad_request delete=keeps",
        ..NEVER_DELETES
    },
    Row {
        position: "delete_assigned=refuses",
        why: "An assignment that is another hand's keeps the account; the directory is told until it is gone.",
        acme: &[
            ("(dan is deleted)", "500"),
            ("dan@acme.example", "dan Example; role 7; Team plan"),
            (
                "(still tried)",
                "DELETE Users, POST services/subscriptions/users",
            ),
        ],
        ..NO
    },
    Row {
        position: "unassign=keeps",
        why: "A mover keeps what Cloudmore does not take, with an error to the directory and tried for ever; nobody \
              else can have the seat. Leavers lose it with the account.",
        acme: &[
            ("(ann leaves Finance)", "500"),
            ("(ann@acme.example)", "pending"),
            (
                "ann@acme.example",
                "ann Example, EE 1 Harbour Road 10111 Tallinn, 5550101, 372, Cost centre=4711, Lead Analyst; \
                 role 7; Pro seats; Team plan (ann@acme.example)",
            ),
            (
                "carl@acme.example",
                "carl Example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, kept; \
                 role 6; Team plan (carl@acme.example)",
            ),
            (
                "(still tried)",
                "DELETE services/subscriptions/users, POST services/subscriptions/users",
            ),
        ],
        ..NO
    },
    Row {
        position: "created_id=neither page_size=2",
        why: "Accounts without a known id can be neither changed nor deleted. All of them stay pending, none is \
              forgotten, and what a person entered stays.",
        acme: &[
            ("(ann@acme.example)", "pending"),
            ("(bea.king@acme.example)", "pending"),
            ("(carl@acme.example)", "pending"),
            ("(eve@acme.example)", "pending"),
            ("(gus@acme.example)", "pending"),
            ("(twin@acme.example)", "pending"),
            (
                "ann@acme.example",
                "ann Example, EE 1 Harbour Road 10111 Tallinn, 5550101, 372, Cost centre=4711, Analyst; \
                 role 7",
            ),
            ("bea.king@acme.example", ""),
            (
                "bea@acme.example",
                "bea Example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, kept; role 7",
            ),
            (
                "carl@acme.example",
                "carl Example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, kept; role 7",
            ),
            ("dan@acme.example", "dan Example; role 7; Team plan"),
            ("eve@acme.example", "eve Example; role 7"),
            ("(still tried)", ""),
        ],
        northwind: &[
            ("(ann@northwind.example)", "pending"),
            ("(bea.king@northwind.example)", "pending"),
            ("(carl@northwind.example)", "pending"),
            ("(eve@northwind.example)", "pending"),
            ("(twin@northwind.example)", "pending"),
            (
                "ann@northwind.example",
                "ann Example, EE 1 Harbour Road 10111 Tallinn, 5550101, 372, Cost centre=4711, Analyst; \
                 role 3",
            ),
            ("bea.king@northwind.example", ""),
            (
                "bea@northwind.example",
                "bea Example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, kept; role 3",
            ),
            (
                "carl@northwind.example",
                "carl Example, EE 2 Mill Lane 10112 Tartu, 700000000, 46, Department=Books, kept; role 3",
            ),
            ("dan@northwind.example", "dan Example; role 3"),
            ("eve@northwind.example", "eve Example; role 3"),
            ("(still tried)", ""),
        ],
        ..NO
    },
];

/// Cloudmore deletes nobody and says that it does.
const NEVER_DELETES: Row = Row {
    why: "What can be taken from leavers is taken, the directory is told, and the deletion is tried for ever.",
    acme: &[
        ("(carl is deactivated)", "500"),
        ("(eve is deactivated)", "500"),
        ("(dan is deleted)", "500"),
        ("(eve@acme.example)", "pending"),
        // The assignment is another hand's.
        ("dan@acme.example", "dan Example; role 7; Team plan"),
        ("eve@acme.example", "eve Example; role 7"),
        (
            "(still tried)",
            "DELETE Users, POST services/subscriptions/users",
        ),
    ],
    northwind: &[
        ("(carl is deactivated)", "500"),
        ("(eve is deactivated)", "500"),
        ("(dan is deleted)", "500"),
        ("(eve@northwind.example)", "pending"),
        ("dan@northwind.example", "dan Example; role 25"),
        ("eve@northwind.example", "eve Example; role 25"),
        (
            "(still tried)",
            "DELETE ResellerAdministrators, PUT ResellerAdministrators",
        ),
    ],
    ..NO
};
