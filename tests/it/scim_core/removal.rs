//! A removal that says what it removes never removes more.

use super::{ENT, maja, patch, patched_from, stored};
use serde_json::{Value, json};

#[test]
fn a_removal_with_a_value_takes_no_more_than_that_value() {
    let maja = patch(
        json!([
            {"op": "replace", "path": "name", "value": {"givenName": "Maja", "familyName": "Lind"}},
            {"op": "replace", "path": ENT, "value": {"department": "Tours", "division": "North", "manager": {"value": "77"}}},
            {"op": "replace", "path": "title", "value": "Chief"},
        ]),
        &maja(),
    )
    .unwrap();
    let before = stored(&maja);
    let left = |path: &str, value: Value| {
        patched_from(
            &maja,
            json!([{"op": "remove", "path": path, "value": value}]),
        )
    };
    for (path, value) in [
        ("name", json!({"givenName": "Nora"})),
        ("name", json!({})),
        (
            ENT,
            json!({"department": "Sales", "manager": {"value": "78"}}),
        ),
        (ENT, json!({})),
        ("manager", json!("78")),
        ("title", json!("Clerk")),
    ] {
        assert_eq!(left(path, value.clone()), before, "{path} {value}");
    }
    let after = left("name", json!({"givenName": "MAJA"}));
    assert_eq!(after["name"].get("givenName"), None);
    assert_eq!(after["name"]["familyName"], "Lind");
    let after = left(
        ENT,
        json!({"department": "tours", "manager": {"value": "77"}}),
    );
    assert_eq!(after[ENT], json!({"division": "North"}));
    assert_eq!(
        left("manager", json!({"value": "77"}))[ENT].get("manager"),
        None
    );
    assert_eq!(left("title", json!("chief")).get("title"), None);
    assert_eq!(left(ENT, Value::Null).get(ENT), None);
}
