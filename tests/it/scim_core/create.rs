//! Reading the body of a POST.

use super::{ENT, check_error, ids, shown, stored, user};
use scim_bridge::scim::{Document, Reading, ScimError, ScimType};
use serde_json::{Value, json};

fn refused(body: Value) -> ScimError {
    Document::user_from_create(&body, &mut Reading::default()).unwrap_err()
}

fn with(key: &str, value: Value) -> Value {
    let mut body = json!({"userName": "a@example.com"});
    body[key] = value;
    body
}

/// Stored value of `key` after a POST with `value` for it.
fn kept(key: &str, value: Value) -> Value {
    stored(&user(with(key, value)))[key].clone()
}

#[test]
fn nulls_and_empty_lists_behave_as_absent() {
    // Q017, Q111
    let body = json!({
        "userName": "a@example.com", "roles": [], "addresses": null, "phoneNumbers": null, "title": null,
        "externalId": "", "name": {"givenName": null}, ENT: {"department": null, "manager": null},
    });
    assert_eq!(
        stored(&user(body)),
        json!({"userName": "a@example.com", "active": true})
    );
}

#[test]
fn the_enterprise_urn_without_its_colon_is_read_as_the_enterprise_extension() {
    // Q018
    let body = with(
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0User",
        json!({"department": "Legal"}),
    );
    let mut reading = Reading::default();
    let user = Document::user_from_create(&body, &mut reading).unwrap();
    assert_eq!(user.text("department"), Some("Legal"));
    assert_eq!(
        reading.met().names(),
        ["schemas_differ", "misspelt_enterprise_urn"]
    );
}

#[test]
fn unknown_attributes_and_extensions_are_dropped() {
    // Q019, section 0.1 rule 2
    let mut body = with(
        "urn:ietf:params:scim:schemas:extension:contoso:2.0:User",
        json!({"shoe": 42}),
    );
    body["favouriteColour"] = json!("red");
    body["name"] = json!({"givenName": "A", "patronym": "B"});
    assert_eq!(
        stored(&user(body)),
        json!({"userName": "a@example.com", "name": {"givenName": "A"}, "active": true})
    );
}

#[test]
fn a_manager_given_as_plain_id_is_an_object_afterwards() {
    // Q014, Q020
    let document = user(with(ENT, json!({"manager": "5f2c11"})));
    assert_eq!(
        shown(&document)[ENT],
        json!({"manager": {"value": "5f2c11"}})
    );
}

#[test]
fn active_is_a_boolean_whatever_its_spelling_and_true_where_absent() {
    // Q021, Q022
    for (sent, expected) in [
        ("True", true),
        ("true", true),
        ("False", false),
        ("FALSE", false),
    ] {
        assert_eq!(kept("active", json!(sent)), json!(expected), "{sent}");
    }
    assert_eq!(kept("active", Value::Null), json!(true));
    assert!(user(json!({"userName": "a"})).active());
}

#[test]
fn a_role_marked_primary_by_a_string_is_primary() {
    // Q023
    let role =
        json!([{"primary": "True", "type": "WindowsAzureActiveDirectoryRole", "value": "Reader"}]);
    assert_eq!(kept("roles", role)[0]["primary"], json!(true));
}

#[test]
fn names_are_read_without_regard_to_case() {
    // Q024
    let body = json!({
        "USERNAME": "a@example.com", "Emails": [{"Primary": true, "Value": "a@example.com", "TYPE": "work"}],
        ENT.to_uppercase(): {"Department": "Ops", "Manager": {"Value": "m1"}},
    });
    let expected = json!({
        "userName": "a@example.com", "active": true,
        "emails": [{"primary": true, "value": "a@example.com", "type": "work"}],
        ENT: {"department": "Ops", "manager": {"value": "m1"}},
    });
    assert_eq!(stored(&user(body)), expected);
}

#[test]
fn of_two_spellings_of_one_name_the_later_counts() {
    let body: Value = serde_json::from_str(r#"{"userName":"a","title":"X","Title":"Y"}"#).unwrap();
    assert_eq!(stored(&user(body))["title"], json!("Y"));
}

#[test]
fn two_work_addresses_are_both_kept_and_one_is_primary() {
    // Q025
    let emails = json!([
        {"value": "a@example.com", "type": "work", "primary": true},
        {"value": "b@example.com", "type": "work", "primary": true},
    ]);
    assert_eq!(
        kept("emails", emails),
        json!([
            {"value": "a@example.com", "type": "work", "primary": true},
            {"value": "b@example.com", "type": "work", "primary": false},
        ])
    );
}

#[test]
fn what_the_server_sets_is_not_taken_from_the_client() {
    // Q026, Q107
    let body = json!({
        "schemas": ["urn:scim:schemas:core:2.0"], "id": "mine", "meta": {"resourceType": "User", "created": "yesterday"},
        "groups": [], "password": "q8Zr02LkW", "userName": "a@example.com", "externalId": "00u5",
    });
    assert_eq!(
        stored(&user(body)),
        json!({"userName": "a@example.com", "externalId": "00u5", "active": true})
    );
}

#[test]
fn a_missing_or_blank_user_name_is_refused() {
    // Q028
    for body in [
        json!({}),
        json!({"userName": ""}),
        json!({"userName": null}),
        json!({"userName": " \u{a0} "}),
    ] {
        check_error(
            &refused(body),
            400,
            Some(ScimType::InvalidValue),
            "userName is required",
        );
    }
}

#[test]
fn a_missing_display_name_of_a_group_is_refused() {
    let error =
        Document::group_from_create(&json!({"members": []}), &mut Reading::default()).unwrap_err();
    check_error(
        &error,
        400,
        Some(ScimType::InvalidValue),
        "displayName is required",
    );
}

#[test]
fn a_body_that_is_no_object_is_refused() {
    for body in [json!([]), json!("x"), json!(7), Value::Null] {
        check_error(
            &refused(body),
            400,
            Some(ScimType::InvalidSyntax),
            "JSON object",
        );
    }
}

#[test]
fn values_of_the_wrong_type_are_refused_by_name() {
    for (key, value, words) in [
        ("active", json!("disabled"), "active must be true or false"),
        ("active", json!(1), "active must be true or false"),
        ("userName", json!({}), "userName must be a string"),
        ("userName", json!(true), "userName must be a string"),
        ("name", json!("x"), "name must be an object"),
        (
            "name",
            json!({"givenName": {}}),
            "name.givenName must be a string",
        ),
        (
            "emails",
            json!([["x"]]),
            "each value of emails must be an object",
        ),
        (
            "addresses",
            json!("x"),
            "each value of addresses must be an object",
        ),
        (ENT, json!("x"), "must be an object"),
    ] {
        check_error(
            &refused(with(key, value)),
            400,
            Some(ScimType::InvalidValue),
            words,
        );
    }
}

#[test]
fn control_characters_are_refused_but_lines_of_an_address_are_not() {
    check_error(
        &refused(with("title", json!("a\u{0}b"))),
        400,
        Some(ScimType::InvalidValue),
        "title",
    );
    check_error(
        &refused(json!({"userName": "a\nb"})),
        400,
        Some(ScimType::InvalidValue),
        "userName",
    );
    let address = json!([{"formatted": "Street 1\nTown", "type": "work"}]);
    assert_eq!(kept("addresses", address.clone()), address);
}

#[test]
fn numbers_and_lone_elements_become_what_they_are_meant_for() {
    assert_eq!(
        kept(ENT, json!({"employeeNumber": 7})),
        json!({"employeeNumber": "7"})
    );
    assert_eq!(kept("roles", json!(["admin"])), json!([{"value": "admin"}]));
    assert_eq!(
        kept("emails", json!({"value": "a@example.com"})),
        json!([{"value": "a@example.com"}])
    );
}

#[test]
fn strings_are_kept_byte_for_byte() {
    // Q043, Q058, Q061, Q151
    for (key, value) in [
        ("locale", json!("en_us")),
        ("title", json!("  two  blanks ")),
        (
            "phoneNumbers",
            json!([{"value": "+46 (0)70-555 01 23", "type": "work"}]),
        ),
        (
            "roles",
            json!([{"value": "{\"id\":\"06b0\",\"value\":\"Admin\"}"}]),
        ),
    ] {
        assert_eq!(kept(key, value.clone()), value);
    }
}

#[test]
fn members_come_apart_in_order_and_once() {
    // Q122, Q129
    let body = json!({"displayName": "Finance", "members": [
        {"value": "b", "display": null}, {"value": "a", "$ref": null, "type": "User"}, {"Value": "b"}, "c",
    ]});
    let (document, members) = Document::group_from_create(&body, &mut Reading::default()).unwrap();
    assert_eq!(stored(&document), json!({"displayName": "Finance"}));
    assert_eq!(members, ids(&["b", "a", "c"]));
}

#[test]
fn a_member_without_an_id_is_refused() {
    for members in [
        json!([{"display": "N. Berg"}]),
        json!([{}]),
        json!([{"value": null}]),
        json!([true]),
    ] {
        let error = Document::group_from_create(
            &json!({"displayName": "F", "members": members}),
            &mut Reading::default(),
        )
        .unwrap_err();
        check_error(&error, 400, Some(ScimType::InvalidValue), "members");
    }
}

#[test]
fn texts_are_read_by_path_for_mappings() {
    let document = super::maja();
    for (path, expected) in [
        ("userName", Some("maja.ekholm@example.com")),
        ("NAME.givenname", Some("Maja")),
        (r#"phoneNumbers[type eq "mobile"].value"#, Some("+46 2")),
        (r#"phoneNumbers[type eq "fax"].value"#, None),
        ("emails", Some("maja@example.com")),
        ("manager", Some("5f2c11")),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
            Some("Finance"),
        ),
        ("name", None),
        ("active", None),
        ("no such thing", None),
    ] {
        assert_eq!(document.text(path), expected, "{path}");
    }
}

#[test]
fn the_address_to_write_to_is_the_primary_then_the_work_then_the_first_one() {
    let home = json!({"value": "h@example.com", "type": "home"});
    let work = json!({"value": "w@example.com", "type": "work"});
    let primary = json!({"value": "p@example.com", "primary": true});
    for (emails, expected) in [
        (json!([home, work, primary]), Some("p@example.com")),
        (json!([home, work]), Some("w@example.com")),
        (json!([home]), Some("h@example.com")),
        (json!([]), None),
    ] {
        assert_eq!(user(with("emails", emails)).primary_email(), expected);
    }
}
