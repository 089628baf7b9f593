//! PATCH on users: what is refused, and how.

use super::{check_error, maja, met, patch, refused};
use scim_bridge::scim::ScimType;
use serde_json::json;

#[test]
fn active_that_is_neither_true_nor_false_is_refused() {
    // Q036
    for value in [
        json!("disabled"),
        json!(0),
        json!(null),
        json!(""),
        json!({}),
    ] {
        let error = refused(json!([{"op": "Replace", "path": "active", "value": value}]));
        check_error(&error, 400, Some(ScimType::InvalidValue), "active");
    }
}

#[test]
fn user_name_cannot_be_taken_away() {
    for (operation, scim_type) in [
        (
            json!({"op": "remove", "path": "userName"}),
            ScimType::Mutability,
        ),
        (
            json!({"op": "replace", "path": "userName", "value": ""}),
            ScimType::InvalidValue,
        ),
        (
            json!({"op": "replace", "path": "userName", "value": "  "}),
            ScimType::InvalidValue,
        ),
        (
            json!({"op": "replace", "path": "userName", "value": {}}),
            ScimType::InvalidValue,
        ),
    ] {
        check_error(
            &refused(json!([operation])),
            400,
            Some(scim_type),
            "userName",
        );
    }
}

#[test]
fn one_bad_operation_undoes_all() {
    // Q064
    let before = maja();
    let operations = json!([
        {"op": "replace", "path": "title", "value": "X"},
        {"op": "remove", "path": "emails"},
        {"op": "replace", "path": "active", "value": "disabled"},
        {"op": "replace", "path": "displayName", "value": "X"},
    ]);
    assert!(patch(operations, &before).is_err());
    assert_eq!(before, maja());
}

#[test]
fn malformed_paths_are_refused() {
    // Q068
    for path in [
        "emails[type eq \"work\".value",
        "emails[",
        "emails[]",
        "emails[type eq \"work\"].",
        "a b",
        "emails..value",
        "1st",
        "emails[type eq \"work\"]value",
        "emails.value[type eq \"work\"].display",
        "name[givenName eq \"x\"].familyName",
    ] {
        let error = refused(json!([{"op": "replace", "path": path, "value": "x"}]));
        check_error(&error, 400, Some(ScimType::InvalidPath), "");
    }
}

#[test]
fn a_filter_in_a_path_that_cannot_be_evaluated_is_refused() {
    let error = refused(json!([{"op": "remove", "path": "emails[primary gt true].value"}]));
    check_error(&error, 400, Some(ScimType::InvalidFilter), "");
}

#[test]
fn a_missing_element_that_the_filter_does_not_describe_has_no_target() {
    for path in [
        "emails[type ne \"work\"].value",
        "emails[type eq \"a\" or type eq \"b\"].value",
        "emails[not (type pr)]",
    ] {
        let error = refused(json!([{"op": "replace", "path": path, "value": "x@example.com"}]));
        check_error(&error, 400, Some(ScimType::NoTarget), "emails");
    }
}

#[test]
fn bodies_that_are_no_patch_are_refused() {
    for body in [
        json!([]),
        json!({}),
        json!({"Operations": {}}),
        json!({"Operations": ["x"]}),
        json!({"Operations": [{"path": "title", "value": "x"}]}),
        json!({"Operations": [{"op": "move", "path": "title"}]}),
    ] {
        let error = met(&body, &maja()).unwrap_err();
        check_error(&error, 400, Some(ScimType::InvalidSyntax), "");
    }
}

#[test]
fn operations_without_path_or_value_say_what_is_missing() {
    for (operation, scim_type) in [
        (json!({"op": "remove"}), ScimType::NoTarget),
        (json!({"op": "remove", "path": ""}), ScimType::NoTarget),
        (
            json!({"op": "replace", "path": "title"}),
            ScimType::InvalidValue,
        ),
        (
            json!({"op": "replace", "value": "x"}),
            ScimType::InvalidValue,
        ),
        (json!({"op": "add"}), ScimType::InvalidValue),
        (
            json!({"op": "add", "path": 7, "value": "x"}),
            ScimType::InvalidPath,
        ),
    ] {
        check_error(&refused(json!([operation])), 400, Some(scim_type), "");
    }
}
