//! Reading the body of a PUT.

use super::{
    ENT, check_error, group, ids, maja, patched, replaced, shown, shown_in_a_group, stored, user,
};
use scim_bridge::scim::{Document, MemberRef, Meta, Reading, ScimType, render_group};
use serde_json::json;

#[test]
fn putting_what_get_returned_changes_nothing() {
    // Q112
    let document = maja();
    assert_eq!(
        replaced(&shown_in_a_group(&document), &document).unwrap(),
        document
    );
}

#[test]
fn putting_the_group_that_get_returned_keeps_document_and_members() {
    // Q129
    let members = [
        MemberRef {
            id: "a".to_owned(),
            display: Some("A".to_owned()),
        },
        MemberRef {
            id: "b".to_owned(),
            display: None,
        },
    ];
    let meta = Meta {
        id: "c41",
        ..super::META
    };
    let body = render_group(&group(), &meta, Some(&members));
    let (document, members) = Document::group_from_replace(&body, &mut Reading::default()).unwrap();
    assert_eq!(document, group());
    assert_eq!(members, Some(ids(&["a", "b"])));
}

#[test]
fn empty_strings_and_null_parts_clear_what_they_name() {
    // Q113
    let mut body = shown(&maja());
    body["name"]["givenName"] = json!("");
    body[ENT]["manager"] = json!({"value": null});
    let replaced = stored(&replaced(&body, &maja()).unwrap());
    assert_eq!(replaced["name"], json!({"familyName": "Ekholm"}));
    assert_eq!(replaced[ENT], json!({"department": "Finance"}));
}

#[test]
fn an_omitted_active_keeps_its_state() {
    // Q114, Q115
    let inactive = user(json!({"userName": "a", "active": false}));
    for (body, expected) in [
        (json!({"userName": "a"}), false),
        (json!({"userName": "a", "active": null}), false),
        (json!({"userName": "a", "active": true}), true),
    ] {
        assert_eq!(replaced(&body, &inactive).unwrap().active(), expected);
    }
    let off = json!({"userName": "a", "active": false});
    assert!(!replaced(&off, &maja()).unwrap().active());
}

#[test]
fn what_the_body_leaves_out_is_gone() {
    let body = json!({"userName": "maja.ekholm@example.com"});
    assert_eq!(
        stored(&replaced(&body, &maja()).unwrap()),
        json!({"userName": "maja.ekholm@example.com", "active": true})
    );
}

#[test]
fn a_put_without_user_name_is_refused_and_a_misspelt_attribute_is_not() {
    let error = replaced(&json!({"title": "X"}), &maja()).unwrap_err();
    check_error(&error, 400, Some(ScimType::InvalidValue), "userName");
    assert!(replaced(&json!({"userName": "a", "titel": "X"}), &maja()).is_ok());
}

#[test]
fn a_group_put_speaks_of_members_only_by_a_list() {
    // Q127
    for (body, expected) in [
        (json!({"displayName": "F"}), None),
        (json!({"displayName": "F", "members": null}), None),
        (json!({"displayName": "F", "members": []}), Some(ids(&[]))),
        (
            json!({"displayName": "F", "Members": [{"value": "a"}]}),
            Some(ids(&["a"])),
        ),
    ] {
        assert_eq!(
            Document::group_from_replace(&body, &mut Reading::default())
                .unwrap()
                .1,
            expected,
            "{body}"
        );
    }
}

#[test]
fn a_value_of_a_type_stands_once() {
    // RFC 7643 section 2.4
    let twice = json!([
        {"value": "a@example.com", "type": "work"},
        {"value": "b@example.com", "type": "work"},
        {"value": "A@example.com", "type": "Work", "primary": true, "display": "A"},
        {"value": "a@example.com", "type": "home"},
    ]);
    let once = json!([
        {"value": "a@example.com", "type": "work", "primary": true, "display": "A"},
        {"value": "b@example.com", "type": "work"},
        {"value": "a@example.com", "type": "home"},
    ]);
    let body = json!({"userName": "a@example.com", "emails": twice});
    assert_eq!(stored(&user(body.clone()))["emails"], once);
    assert_eq!(stored(&replaced(&body, &maja()).unwrap())["emails"], once);
    let replace = json!([{"op": "replace", "path": "emails", "value": twice}]);
    assert_eq!(patched(replace)["emails"], once);
}
