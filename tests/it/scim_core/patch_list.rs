//! PATCH on users: the elements of lists.

use super::{maja, patched, patched_from, stored, user};
use serde_json::json;

fn bare() -> scim_bridge::scim::Document {
    user(json!({"userName": "a@example.com"}))
}

#[test]
fn replacing_a_part_of_a_missing_element_makes_the_element() {
    // Q038
    let operation = json!([{"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "n@example.com"}]);
    assert_eq!(
        patched_from(&bare(), operation)["emails"],
        json!([{"type": "work", "value": "n@example.com"}])
    );
}

#[test]
fn adding_a_part_of_a_present_element_changes_that_element() {
    // Q039
    let operation =
        json!([{"op": "Add", "path": "emails[type eq \"work\"].value", "value": "n@example.com"}]);
    assert_eq!(
        patched(operation)["emails"],
        json!([{"value": "n@example.com", "type": "work", "primary": true}])
    );
}

#[test]
fn four_parts_of_a_missing_address_make_one_address() {
    // Q040
    let parts = [
        ("streetAddress", "S 1"),
        ("locality", "Town"),
        ("postalCode", "1"),
        ("country", "SE"),
    ];
    let operations: Vec<_> = parts
        .iter()
        .map(|(part, value)| json!({"op": "Add", "path": format!("addresses[type eq \"work\"].{part}"), "value": value}))
        .collect();
    assert_eq!(
        patched(json!(operations))["addresses"],
        json!([{"type": "work", "streetAddress": "S 1", "locality": "Town", "postalCode": "1", "country": "SE"}])
    );
}

#[test]
fn other_elements_and_other_parts_stay_untouched() {
    // Q041
    let operation = json!([{"op": "Replace", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "+46 3"}]);
    assert_eq!(
        patched(operation)["phoneNumbers"],
        json!([{"value": "+46 1", "type": "work"}, {"value": "+46 3", "type": "mobile", "display": "pocket"}])
    );
}

#[test]
fn a_new_primary_address_demotes_the_old_one() {
    // Q044
    let after = patched(json!([
        {"op": "add", "path": "emails", "value": [{"value": "h@example.com", "type": "home"}]},
        {"op": "replace", "path": "emails[type eq \"home\"].primary", "value": true},
    ]));
    assert_eq!(after["emails"][0]["primary"], json!(false));
    assert_eq!(after["emails"][1]["primary"], json!(true));
}

#[test]
fn primary_may_be_set_before_the_address_it_belongs_to() {
    let after = patched(json!([
        {"op": "add", "path": "emails[type eq \"home\"].primary", "value": true},
        {"op": "add", "path": "emails[type eq \"home\"].value", "value": "h@example.com"},
    ]));
    assert_eq!(
        after["emails"][1],
        json!({"type": "home", "primary": true, "value": "h@example.com"})
    );
}

#[test]
fn a_role_selected_by_primary_as_a_string_is_made_with_a_boolean() {
    // Q059
    let operation =
        json!([{"op": "Replace", "path": "roles[primary eq \"True\"].value", "value": "Reader"}]);
    let made = json!([{"primary": true, "value": "Reader"}]);
    assert_eq!(patched(operation.clone())["roles"], made);
    let admin = user(json!({"userName": "a", "roles": [{"primary": true, "value": "Admin"}]}));
    assert_eq!(patched_from(&admin, operation)["roles"], made);
}

#[test]
fn replacing_a_list_leaves_no_absentees() {
    // Q060
    let roles = json!([{"value": "Admin", "display": "Admin"}, {"value": "Reader"}]);
    let after = patched(json!([
        {"op": "Add", "path": "roles", "value": [{"value": "Writer"}]},
        {"op": "replace", "path": "roles", "value": roles},
    ]));
    assert_eq!(after["roles"], roles);
}

#[test]
fn adding_to_a_list_adds_no_duplicates() {
    let after = patched(json!([
        {"op": "add", "path": "emails", "value": [{"value": "MAJA@example.com", "type": "work", "display": "M"}]},
        {"op": "add", "path": "emails", "value": {"value": "h@example.com", "type": "home"}},
    ]));
    assert_eq!(
        after["emails"],
        json!([
            {"value": "MAJA@example.com", "type": "work", "primary": true, "display": "M"},
            {"value": "h@example.com", "type": "home"},
        ])
    );
}

#[test]
fn adding_an_address_twice_adds_it_once() {
    let operation =
        json!({"op": "add", "path": "addresses", "value": [{"type": "work", "locality": "Town"}]});
    assert_eq!(
        patched(json!([operation, operation]))["addresses"],
        json!([{"type": "work", "locality": "Town"}])
    );
}

#[test]
fn elements_are_removed_by_filter_and_by_value() {
    let mobile_only = json!([{"value": "+46 2", "type": "mobile", "display": "pocket"}]);
    for operation in [
        json!({"op": "remove", "path": "phoneNumbers[type eq \"work\"]"}),
        json!({"op": "remove", "path": "phoneNumbers[type eq \"work\"].value"}),
        json!({"op": "replace", "path": "phoneNumbers[type eq \"work\"]", "value": null}),
        json!({"op": "remove", "path": "phoneNumbers", "value": [{"value": "+46 1"}]}),
        json!({"op": "remove", "path": "phoneNumbers", "value": {"value": "+46 1", "type": "work"}}),
        json!({"op": "remove", "path": "phoneNumbers", "value": "+46 1"}),
    ] {
        assert_eq!(
            patched(json!([operation]))["phoneNumbers"],
            mobile_only,
            "{operation}"
        );
    }
    assert_eq!(
        patched(json!([{"op": "remove", "path": "phoneNumbers"}])).get("phoneNumbers"),
        None
    );
    assert_eq!(
        patched(json!([{"op": "remove", "path": "phoneNumbers[type eq \"fax\"]"}])),
        stored(&maja())
    );
    assert_eq!(
        patched(json!([{"op": "remove", "path": "phoneNumbers", "value": []}])),
        stored(&maja())
    );
}

#[test]
fn a_selected_element_is_merged_by_add_and_replaced_by_replace() {
    let path = "phoneNumbers[type eq \"mobile\"]";
    for (op, expected) in [
        (
            "add",
            json!({"value": "+46 3", "type": "mobile", "display": "pocket"}),
        ),
        ("replace", json!({"type": "mobile", "value": "+46 3"})),
    ] {
        let after = patched(json!([{"op": op, "path": path, "value": {"value": "+46 3"}}]));
        assert_eq!(after["phoneNumbers"][1], expected);
    }
}
