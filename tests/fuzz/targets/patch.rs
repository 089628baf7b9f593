//! Any JSON as a PATCH: it is refused, or what it leaves reads as itself, once and twice applied.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scim_bridge::scim::{
    Deviations, Dialect, Document, Meta, PatchRequest, Reading, ResourceKind, ScimError,
    render_group, render_user,
};
use serde_json::{Value, json};

const META: Meta<'static> = Meta {
    id: "1",
    created: 0,
    modified: 0,
    version: 1,
    base: "https://scim.example.com/scim/acme/v2",
};

fuzz_target!(|bytes: &[u8]| {
    let Ok(body) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let person = json!({
        "userName": "a@example.com",
        "name": {"givenName": "A"},
        "emails": [{"value": "a@example.com", "type": "work", "primary": true}],
    });
    let user = Document::user_from_create(&person, &mut Reading::default());
    let user = user.expect("it is a user");
    if let Ok(after) = patched(&body, &user, &mut Reading::default()) {
        let shown = render_user(&after, &META, &[], None);
        let read = Document::user_from_replace(&shown, &mut Reading::default());
        assert_eq!(read.expect("it was written by us").of(&after), after);

        // What the standard has is done by every dialect alike.
        if let Ok(strict) = patched(&body, &user, &mut Reading::by(&Dialect::strict())) {
            assert_eq!(strict, after);
        }
    }
    let group = Document::group_from_create(&json!({"displayName": "A"}), &mut Reading::default());
    let (group, _) = group.expect("it is a group");
    let request = PatchRequest::parse(&body, ResourceKind::Group, &mut Reading::default());
    let after = request.and_then(|request| request.apply_to_group(&group, &mut Deviations::default()));
    if let Ok((after, _)) = after {
        let shown = render_group(&after, &META, None);
        let read = Document::group_from_replace(&shown, &mut Reading::default());
        assert_eq!(read.expect("it was written by us").0, after);
    }
});

fn patched(body: &Value, user: &Document, reading: &mut Reading<'_>) -> Result<Document, ScimError> {
    let request = PatchRequest::parse(body, ResourceKind::User, reading)?;
    request.apply_to_user(user, &mut Deviations::default())
}
