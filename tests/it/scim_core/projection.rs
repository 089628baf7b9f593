//! What an answer shows.

use super::{ENT, META, group, maja, shown, shown_in_a_group};
use scim_bridge::scim::{MemberRef, Projection, Reading, ResourceKind, render_group};
use serde_json::{Value, json};

fn projected(attributes: Option<&str>, excluded: Option<&str>) -> Value {
    let projection = Projection::parse(attributes, excluded, &mut Reading::default()).unwrap();
    projection.apply(ResourceKind::User, shown_in_a_group(&maja()))
}

fn only(attributes: &str) -> Value {
    let mut shown = projected(Some(attributes), None);
    let parts = shown.as_object_mut().unwrap();
    assert!(
        parts.remove("schemas").is_some() && parts.remove("id").is_some(),
        "{attributes}"
    );
    shown
}

#[test]
fn a_user_is_shown_with_what_the_server_knows() {
    // Q030
    let shown = shown_in_a_group(&maja());
    assert_eq!(
        shown["schemas"],
        json!(["urn:ietf:params:scim:schemas:core:2.0:User", ENT])
    );
    assert_eq!(shown["id"], json!("7d20c3"));
    assert_eq!(
        shown["meta"],
        json!({
            "resourceType": "User", "created": "2023-11-14T22:13:20Z", "lastModified": "2023-11-14T22:15:00Z",
            "location": "https://scim.example.com/scim/acme/v2/Users/7d20c3", "version": "W/\"3\"",
        })
    );
    assert_eq!(
        shown["groups"],
        json!([{
            "value": "c41", "$ref": "https://scim.example.com/scim/acme/v2/Groups/c41", "display": "Field Ops",
            "type": "direct",
        }])
    );
    assert_eq!(super::shown(&maja()).get("groups"), None);
}

#[test]
fn a_group_is_shown_with_and_without_members() {
    let members = [MemberRef {
        id: "a".to_owned(),
        display: Some("A".to_owned()),
    }];
    assert_eq!(render_group(&group(), &META, None).get("members"), None);
    assert_eq!(
        render_group(&group(), &META, Some(&[]))["members"],
        json!([])
    );
    assert_eq!(
        render_group(&group(), &META, Some(&members))["members"],
        json!([{
            "value": "a", "$ref": "https://scim.example.com/scim/acme/v2/Users/a", "type": "User", "display": "A",
        }])
    );
}

#[test]
fn attributes_select_and_id_and_schemas_always_stay() {
    for (attributes, expected) in [
        ("id", json!({})),
        ("USERNAME", json!({"userName": "maja.ekholm@example.com"})),
        (
            "name.familyName, title",
            json!({"name": {"familyName": "Ekholm"}, "title": "Analyst"}),
        ),
        (
            "name.familyName,name",
            json!({"name": {"givenName": "Maja", "familyName": "Ekholm"}}),
        ),
        (
            "phoneNumbers.type",
            json!({"phoneNumbers": [{"type": "work"}, {"type": "mobile"}]}),
        ),
        ("manager", json!({ENT: {"manager": {"value": "5f2c11"}}})),
        (
            ENT,
            json!({ENT: {"department": "Finance", "manager": {"value": "5f2c11"}}}),
        ),
        (
            "noSuchThing,meta.version",
            json!({"meta": {"version": "W/\"3\""}}),
        ),
        ("noSuchThing", json!({})),
    ] {
        assert_eq!(only(attributes), expected, "{attributes}");
    }
    let department = format!("{ENT}:department");
    assert_eq!(only(&department), json!({ENT: {"department": "Finance"}}));
    let core = only("urn:ietf:params:scim:schemas:core:2.0:User");
    assert_eq!((core.get("title").is_some(), core.get(ENT)), (true, None));
}

#[test]
fn attributes_select_elements_by_brackets() {
    let work = json!({"phoneNumbers": [{"value": "+46 1", "type": "work"}]});
    assert_eq!(only(r#"phoneNumbers[type eq "work"]"#), work);
    assert_eq!(only(r#"phoneNumbers[value eq "+46 1"]"#), work);
    assert_eq!(
        only(r#"phoneNumbers[type eq "a,b" or value pr].display"#),
        json!({"phoneNumbers": [{"display": "pocket"}]})
    );
}

#[test]
fn excluded_attributes_are_left_out_but_never_id_and_schemas() {
    let full = shown(&maja());
    let shown = projected(
        None,
        Some("id,schemas,title,name.givenName,groups,phoneNumbers.display,noSuchThing"),
    );
    assert_eq!(
        (&shown["id"], &shown["schemas"]),
        (&full["id"], &full["schemas"])
    );
    assert_eq!((shown.get("title"), shown.get("groups")), (None, None));
    assert_eq!(shown["name"], json!({"familyName": "Ekholm"}));
    assert_eq!(
        shown["phoneNumbers"][1],
        json!({"value": "+46 2", "type": "mobile"})
    );
    assert_eq!(projected(None, Some(ENT)).get(ENT), None);
    let work_gone = projected(None, Some(r#"phoneNumbers[type eq "work"]"#));
    assert_eq!(work_gone["phoneNumbers"].as_array().unwrap().len(), 1);
}

#[test]
fn without_parameters_everything_is_shown() {
    assert_eq!(projected(None, None), shown_in_a_group(&maja()));
}
