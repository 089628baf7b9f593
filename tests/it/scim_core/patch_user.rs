//! PATCH on users: single values and their parts.

use super::{ENT, maja, message, met, patch, patched, patched_from, stored, user};
use scim_bridge::scim::Quirk;
use serde_json::json;

const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

fn bare() -> scim_bridge::scim::Document {
    user(json!({"userName": "a@example.com"}))
}

#[test]
fn active_is_set_by_every_form_that_clients_send() {
    // Q032 to Q035, Q037, Q117
    for (operation, expected) in [
        (
            json!({"op": "Replace", "path": "active", "value": "False"}),
            false,
        ),
        (
            json!({"op": "Add", "path": "active", "value": "False"}),
            false,
        ),
        (
            json!({"op": "ADD", "path": "ACTIVE", "value": "false"}),
            false,
        ),
        (
            json!({"op": "replace", "path": "active", "value": false}),
            false,
        ),
        (json!({"op": "replace", "value": {"active": false}}), false),
        (
            json!({"op": "replace", "value": {"Active": "False"}}),
            false,
        ),
        (
            json!({"op": "replace", "path": "active", "value": [{"value": "False"}]}),
            false,
        ),
        (
            json!({"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:active", "value": false}),
            false,
        ),
        (
            json!({"op": "replace", "path": "active", "value": "true"}),
            true,
        ),
    ] {
        assert_eq!(
            patched(json!([operation]))["active"],
            json!(expected),
            "{operation}"
        );
    }
}

#[test]
fn a_user_whose_active_is_taken_away_has_no_access_and_gets_it_back_by_true() {
    let remove = json!([{"op": "remove", "path": "active"}]);
    let without = patch(remove, &maja()).unwrap();
    assert!(stored(&without).get("active").is_none());
    assert!(!without.active());
    let back = json!([{"op": "Replace", "path": "active", "value": "True"}]);
    assert_eq!(patched_from(&without, back)["active"], json!(true));
}

#[test]
fn a_part_of_an_absent_name_makes_the_name() {
    // Q042
    let operation = json!([{"op": "Add", "path": "name.familyName", "value": "Lind"}]);
    assert_eq!(
        patched_from(&bare(), operation)["name"],
        json!({"familyName": "Lind"})
    );
}

#[test]
fn extension_attributes_are_reached_by_every_path_form() {
    // Q045, Q047, Q054 and section 2.7
    for operation in [
        json!({"op": "Add", "path": format!("{ENT}:department"), "value": "Legal"}),
        json!({"op": "Add", "path": format!("{ENT}.department"), "value": "Legal"}),
        json!({"op": "replace", "path": ENT, "value": {"department": "Legal"}}),
        json!({"op": "replace", "value": {ENT: {"department": "Legal"}}}),
        json!({"op": "replace", "value": {format!("{ENT}:department"): "Legal"}}),
        json!({"op": "replace", "path": "department", "value": "Legal"}),
    ] {
        assert_eq!(
            patched_from(&bare(), json!([operation]))[ENT],
            json!({"department": "Legal"}),
            "{operation}"
        );
        let others_stay = &patched(json!([operation]))[ENT]["manager"];
        assert_eq!(*others_stay, json!({"value": "5f2c11"}), "{operation}");
    }
}

#[test]
fn the_extension_urn_is_listed_once_the_extension_is_used() {
    // Q045
    let add = json!([{"op": "Add", "path": format!("{ENT}:department"), "value": "Legal"}]);
    let schemas =
        |document: &scim_bridge::scim::Document| super::shown(document)["schemas"].to_string();
    assert!(!schemas(&bare()).contains(ENT));
    assert!(schemas(&patch(add, &bare()).unwrap()).contains(ENT));
}

#[test]
fn keys_without_path_are_paths() {
    // Q046, Q047
    let after = patched(json!([{"op": "replace", "value": {
        "displayName": "A", "name.givenName": "B", "emails[type eq \"work\"].value": "c@example.com",
        format!("{ENT}:employeeNumber"): "E-2207",
    }}]));
    assert_eq!(after["displayName"], json!("A"));
    assert_eq!(
        after["name"],
        json!({"givenName": "B", "familyName": "Ekholm"})
    );
    assert_eq!(after["emails"][0]["value"], json!("c@example.com"));
    assert_eq!(after[ENT]["employeeNumber"], json!("E-2207"));
}

#[test]
fn a_complex_value_is_merged() {
    // Q048
    for operation in [
        json!({"op": "replace", "value": {"name": {"familyName": "Lind"}}}),
        json!({"op": "replace", "path": "name", "value": {"FamilyName": "Lind", "shoeSize": 7}}),
        json!({"op": "add", "path": "name", "value": {"familyName": "Lind"}}),
    ] {
        assert_eq!(
            patched(json!([operation]))["name"],
            json!({"givenName": "Maja", "familyName": "Lind"})
        );
    }
}

#[test]
fn user_name_and_external_id_can_be_replaced() {
    // Q049, Q051
    let after = patched(json!([
        {"op": "replace", "value": {"userName": "maja.lind@example.com"}},
        {"op": "Replace", "path": "externalId", "value": "b7-new"},
    ]));
    assert_eq!(after["userName"], json!("maja.lind@example.com"));
    assert_eq!(after["externalId"], json!("b7-new"));
}

#[test]
fn a_manager_is_set_by_every_form_that_clients_send() {
    // Q052, Q053, Q054, Q057
    for operation in [
        json!({"op": "Add", "path": MANAGER, "value": "9b1e40"}),
        json!({"op": "Replace", "path": MANAGER, "value": {"value": "9b1e40"}}),
        json!({"op": "Replace", "path": format!("{MANAGER}.value"), "value": "9b1e40"}),
        json!({"op": "Add", "path": "manager", "value": [{"$ref": "https://x.example.com/Users/9b1e40", "value": "9b1e40"}]}),
        json!({"op": "replace", "value": {MANAGER: "9b1e40"}}),
    ] {
        for start in [maja(), bare()] {
            let after = patched_from(&start, json!([operation]));
            assert_eq!(
                after[ENT]["manager"],
                json!({"value": "9b1e40"}),
                "{operation}"
            );
        }
    }
}

#[test]
fn a_manager_is_removed_by_every_form_that_clients_send() {
    // Q055, Q056
    for operation in [
        json!({"op": "Remove", "path": MANAGER}),
        json!({"op": "Replace", "path": MANAGER, "value": ""}),
        json!({"op": "Replace", "path": MANAGER, "value": {"value": ""}}),
        json!({"op": "Replace", "path": MANAGER, "value": null}),
        json!({"op": "Remove", "path": "manager"}),
    ] {
        let after = patched(json!([operation, operation]));
        assert_eq!(after[ENT], json!({"department": "Finance"}), "{operation}");
        assert_eq!(
            patched_from(&bare(), json!([operation])),
            stored(&bare()),
            "{operation}"
        );
    }
}

#[test]
fn no_operations_change_nothing() {
    // Q062
    assert_eq!(patched(json!([])), stored(&maja()));
}

#[test]
fn operations_apply_in_order() {
    // Q063
    let after = patched(json!([
        {"op": "remove", "path": "title"},
        {"op": "add", "path": "title", "value": "X"},
        {"op": "replace", "path": "title", "value": "Y"},
    ]));
    assert_eq!(after["title"], json!("Y"));
}

#[test]
fn empty_values_clear_attributes() {
    // Q065, section 7.2 test 16
    for value in [json!(""), json!(null)] {
        let after = patched(json!([
            {"op": "Replace", "path": "title", "value": value},
            {"op": "replace", "path": "emails[type eq \"work\"].value", "value": value},
            {"op": "replace", "path": "phoneNumbers[type eq \"mobile\"].display", "value": value},
            {"op": "replace", "value": {"name.familyName": value, format!("{ENT}:department"): value}},
        ]));
        assert_eq!(after.get("title"), None);
        assert_eq!(after.get("emails"), None);
        assert_eq!(
            after["phoneNumbers"][1],
            json!({"value": "+46 2", "type": "mobile"})
        );
        assert_eq!(after["name"], json!({"givenName": "Maja"}));
        assert_eq!(after[ENT], json!({"manager": {"value": "5f2c11"}}));
    }
}

#[test]
fn a_single_value_in_a_list_is_unwrapped() {
    // Q066
    let operation = json!([{"op": "Replace", "path": "displayName", "value": [{"$ref": null, "value": "Maja"}]}]);
    assert_eq!(patched(operation)["displayName"], json!("Maja"));
}

#[test]
fn unknown_attributes_are_ignored_and_the_rest_applies() {
    // Q067, section 8 decision 5
    for path in [
        "favouriteColour",
        "name.patronym",
        "emails[type eq \"work\"].colour",
        "shoes[size eq 4].colour",
        "urn:ietf:params:scim:schemas:extension:contoso:2.0:User:shoe",
    ] {
        let operations = json!([
            {"op": "Add", "path": path, "value": "red"},
            {"op": "Replace", "path": "title", "value": "X"},
        ]);
        let (met, _) = met(&message(operations.clone()), &maja()).unwrap();
        assert!(met.quirks.contains(Quirk::UnknownAttribute), "{path}");
        let mut expected = stored(&maja());
        expected["title"] = json!("X");
        assert_eq!(patched(operations), expected, "{path}");
    }
}

#[test]
fn extra_members_of_an_operation_are_ignored() {
    // Q069
    let operation = json!([{"op": "replace", "name": "x", "PATH": "title", "Value": "X"}]);
    assert_eq!(patched(operation)["title"], json!("X"));
}

#[test]
fn a_password_is_accepted_and_forgotten() {
    // Q118
    let after = patched(json!([{"op": "replace", "value": {"password": "hunter2", "title": "X"}}]));
    assert_eq!(after["title"], json!("X"));
    assert!(!after.to_string().contains("hunter2"));
}

#[test]
fn what_the_server_sets_is_ignored() {
    let operations = json!([
        {"op": "replace", "path": "id", "value": "x"},
        {"op": "replace", "value": {"id": "x", "schemas": [], "meta": {}, "groups": []}},
        {"op": "replace", "path": format!("{MANAGER}.displayName"), "value": "x"},
    ]);
    assert_eq!(patched(operations), stored(&maja()));
}

#[test]
fn each_deviation_met_is_named_once() {
    let (met, _) = met(
        &message(json!([
            {"op": "Replace", "path": "active", "value": "False"},
            {"op": "Add", "path": "manager", "value": [{"value": "9b1e40"}]},
            {"op": "Replace", "path": "active", "value": "True"},
            {"op": "replace", "path": "emails[type eq \"home\"].value", "value": "h@example.com"},
        ])),
        &maja(),
    )
    .unwrap();
    assert_eq!(
        met.names(),
        [
            "boolean_as_string",
            "single_value_in_list",
            "short_extension_name",
            "operation_in_capitals",
            "missing_element",
        ]
    );
}

#[test]
fn an_rfc_patch_has_no_deviations() {
    let operations = json!([
        {"op": "replace", "path": "emails[type eq \"work\"].value", "value": "n@example.com"},
        {"op": "add", "value": {"title": "X", "name": {"givenName": "A"}, ENT: {"department": "Legal"}}},
        {"op": "remove", "path": "nickName"},
    ]);
    let (met, _) = met(&message(operations), &maja()).unwrap();
    assert_eq!(met.names(), [""; 0]);
}
