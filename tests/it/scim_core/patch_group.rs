//! PATCH on groups: members are changes, never a list that was read.

use super::{META, check_error, group, ids, member_changes, message, patch_of_group, stored};
use scim_bridge::scim::{MemberChange, MemberRef, ScimError, ScimType};
use serde_json::{Value, json};

fn patched(operations: Value) -> (Value, Vec<MemberChange>) {
    let (document, changes) = patch_of_group(&message(operations), &group()).unwrap();
    (stored(&document), changes)
}

fn refused(operation: Value) -> ScimError {
    patch_of_group(&message(json!([operation])), &group()).unwrap_err()
}

#[test]
fn members_are_added_by_every_form_that_clients_send() {
    // Q080, Q090, Q091
    for operation in [
        json!({"op": "Add", "path": "members", "value": [{"$ref": null, "value": "7d20c3"}]}),
        json!({"op": "add", "path": "Members", "value": [{"value": "7d20c3", "display": null}]}),
        json!({"op": "add", "path": "members", "value": {"value": "7d20c3"}}),
        json!({"op": "add", "path": "members", "value": "7d20c3"}),
        json!({"op": "add", "path": "members", "value": ["7d20c3", "7d20c3"]}),
        json!({"op": "add", "path": "members", "value": [{"displayName": "N. Berg", "value": "7d20c3"}], "name": "addMember"}),
        json!({"op": "add", "value": {"members": [{"value": "7d20c3"}]}}),
        json!({"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:Group:members", "value": [{"value": "7d20c3"}]}),
        json!({"op": "add", "path": "members[value eq \"7d20c3\"]", "value": [{"value": "7d20c3"}]}),
    ] {
        assert_eq!(
            member_changes(json!([operation])),
            [MemberChange::Add(ids(&["7d20c3"]))],
            "{operation}"
        );
    }
}

#[test]
fn many_members_come_in_one_operation_and_in_many() {
    // Q085, Q149
    let all: Vec<_> = (0..40).map(|n| n.to_string()).collect();
    let values: Vec<_> = all.iter().map(|id| json!({"value": id})).collect();
    let one = member_changes(json!([{"op": "Add", "path": "members", "value": values}]));
    assert_eq!(one, [MemberChange::Add(all.clone())]);
    let operations: Vec<_> = values
        .iter()
        .map(|value| json!({"op": "add", "path": "members", "value": [value]}))
        .collect();
    let many: Vec<_> = all
        .into_iter()
        .map(|id| MemberChange::Add(vec![id]))
        .collect();
    assert_eq!(member_changes(json!(operations)), many);
}

#[test]
fn remove_members_with_a_value_list_removes_those_never_all() {
    // Q082, invariant 6
    for (value, expected) in [
        (json!([{"$ref": null, "value": "7d20c3"}]), ids(&["7d20c3"])),
        (json!([{"value": "a"}, {"value": "b"}]), ids(&["a", "b"])),
        (json!("7d20c3"), ids(&["7d20c3"])),
        (json!([]), ids(&[])),
        (json!(""), ids(&[])),
    ] {
        let operation = json!({"op": "Remove", "path": "members", "value": value});
        assert_eq!(
            member_changes(json!([operation])),
            [MemberChange::Remove(expected)],
            "{operation}"
        );
    }
}

#[test]
fn remove_members_with_a_list_that_names_nobody_is_refused() {
    for value in [
        json!([{"display": "N. Berg"}]),
        json!([{}]),
        json!([{"value": ""}]),
        json!({}),
        json!(true),
    ] {
        let error = refused(json!({"op": "Remove", "path": "members", "value": value}));
        check_error(&error, 400, Some(ScimType::InvalidValue), "members");
    }
}

#[test]
fn a_member_is_removed_by_a_filter_on_its_id() {
    // Q083, Q126
    for (path, expected) in [
        (r#"members[value eq "7d20c3"]"#, ids(&["7d20c3"])),
        (r#"Members[VALUE EQ "7d20c3"]"#, ids(&["7d20c3"])),
        (r#"members[value eq "a" or value eq "b"]"#, ids(&["a", "b"])),
        (r#"members[value eq "a"].value"#, ids(&["a"])),
    ] {
        let changes = member_changes(json!([{"op": "remove", "path": path}]));
        assert_eq!(changes, [MemberChange::Remove(expected)], "{path}");
    }
}

#[test]
fn other_filters_on_members_are_left_to_the_one_who_knows_them() {
    let changes =
        member_changes(json!([{"op": "remove", "path": "members[value sw \"a\" and display pr]"}]));
    let [MemberChange::RemoveWhere(filter)] = changes.as_slice() else {
        panic!("{changes:?}");
    };
    let selects = |id: &str, display: Option<&str>| {
        let (id, display) = (id.to_owned(), display.map(str::to_owned));
        filter.selects(&MemberRef { id, display }, META.base)
    };
    assert!(selects("a1", Some("A")));
    assert!(!selects("a1", None));
    assert!(!selects("b1", Some("B")));
    let narrowed =
        member_changes(json!([{"op": "remove", "path": "members[value eq \"a\" and display pr]"}]));
    assert!(
        matches!(narrowed.as_slice(), [MemberChange::RemoveWhere(_)]),
        "{narrowed:?}"
    );
}

#[test]
fn remove_members_without_value_removes_all() {
    // Q084
    for operation in [
        json!({"op": "remove", "path": "members"}),
        json!({"op": "Remove", "path": "members", "value": null}),
    ] {
        assert_eq!(
            member_changes(json!([operation])),
            [MemberChange::RemoveAll]
        );
    }
}

#[test]
fn replace_members_sets_exactly_those() {
    // Q089, Q127, Q128
    for (value, expected) in [
        (json!([{"value": "a", "display": "A"}]), ids(&["a"])),
        (json!([]), ids(&[])),
        (json!(null), ids(&[])),
    ] {
        let operation = json!({"op": "replace", "path": "members", "value": value});
        assert_eq!(
            member_changes(json!([operation])),
            [MemberChange::Replace(expected)],
            "{operation}"
        );
    }
}

#[test]
fn a_rename_leaves_the_members_alone() {
    // Q092, Q123, Q148
    for value in [
        json!({"id": "c41", "displayName": "Field Ops"}),
        json!({"schemas": ["x"], "externalId": "g-1", "displayName": "Field Ops", "id": "c41"}),
        json!({"displayName": "Field Ops", "members": null}),
    ] {
        let (document, changes) = patched(json!([{"op": "replace", "value": value}]));
        assert_eq!(
            document,
            json!({"displayName": "Field Ops", "externalId": "g-1"})
        );
        assert_eq!(changes, []);
    }
    let (document, changes) = patched(json!([{"op": "replace", "value": {"externalId": "g-88"}}]));
    assert_eq!(
        (document["externalId"].clone(), changes),
        (json!("g-88"), vec![])
    );
}

#[test]
fn changes_keep_the_order_of_the_operations() {
    // Q125
    let changes = member_changes(json!([
        {"op": "remove", "path": "members[value eq \"a\"]"},
        {"op": "add", "path": "members", "value": [{"value": "b", "display": "ida@example.com"}]},
        {"op": "remove", "path": "members"},
    ]));
    let expected = [
        MemberChange::Remove(ids(&["a"])),
        MemberChange::Add(ids(&["b"])),
        MemberChange::RemoveAll,
    ];
    assert_eq!(changes, expected);
}

#[test]
fn members_are_not_changed_in_part() {
    for (operation, scim_type) in [
        (
            json!({"op": "replace", "path": "members[value eq \"a\"].value", "value": "b"}),
            ScimType::Mutability,
        ),
        (
            json!({"op": "replace", "path": "members[value eq \"a\"]", "value": {"value": "b"}}),
            ScimType::Mutability,
        ),
        (
            json!({"op": "remove", "path": "members.value"}),
            ScimType::InvalidPath,
        ),
        (
            json!({"op": "replace", "path": "members"}),
            ScimType::InvalidValue,
        ),
        (
            json!({"op": "add", "path": "members"}),
            ScimType::InvalidValue,
        ),
        (
            json!({"op": "replace", "path": "displayName", "value": ""}),
            ScimType::InvalidValue,
        ),
        (
            json!({"op": "remove", "path": "displayName"}),
            ScimType::Mutability,
        ),
    ] {
        check_error(&refused(operation), 400, Some(scim_type), "");
    }
}
