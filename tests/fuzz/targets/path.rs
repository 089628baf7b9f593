//! Any text as the path of a PATCH and as a list of attributes: a change at it is refused or leaves a
//! user, and a projection by it adds nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scim_bridge::scim::{
    Deviations, Document, PatchRequest, Projection, Reading, ResourceKind,
};
use serde_json::{Value, json};

fuzz_target!(|path: &str| {
    let body = json!({
        "userName": "a@example.com",
        "emails": [{"value": "a@example.com", "type": "work"}],
    });
    let user = Document::user_from_create(&body, &mut Reading::default());
    let user = user.expect("it is a user");
    let _ = user.text(path);
    for operation in [
        json!({"op": "add", "path": path, "value": "x"}),
        json!({"op": "replace", "path": path, "value": {"value": "x"}}),
        json!({"op": "remove", "path": path}),
    ] {
        let body = json!({"Operations": [operation]});
        let request = PatchRequest::parse(&body, ResourceKind::User, &mut Reading::default());
        if let Ok(request) = request
            && let Ok(after) = request.apply_to_user(&user, &mut Deviations::default())
        {
            assert!(!after.user_name().is_empty());
        }
    }
    if let Ok(projection) = Projection::parse(Some(path), None, &mut Reading::default()) {
        let full = json!({"schemas": [], "id": "1", "userName": "a@example.com", "active": true});
        let part = projection.apply(ResourceKind::User, full.clone());
        assert_eq!(part.get("id"), full.get("id"));
        let names = part.as_object().into_iter().flat_map(serde_json::Map::keys);
        for name in names {
            assert_eq!(part.get(name), full.get(name).filter(|value| **value != Value::Null));
        }
    }
});
