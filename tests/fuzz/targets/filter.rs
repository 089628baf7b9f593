//! Any text as a filter: it is refused, or it reads again as it is written and selects without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scim_bridge::scim::{Dialect, Filter, Reading, ResourceKind};
use serde_json::json;

fuzz_target!(|text: &str| {
    let Ok(filter) = Filter::parse(text, &mut Reading::default()) else {
        return;
    };
    let again = Filter::parse(&filter.tree().to_string(), &mut Reading::default());
    assert_eq!(again.expect("it was written by us").tree(), filter.tree());

    // What the standard has is read by every dialect alike.
    if let Ok(strict) = Filter::parse(text, &mut Reading::by(&Dialect::strict())) {
        assert_eq!(strict.tree(), filter.tree());
    }
    let user = json!({
        "id": "1",
        "userName": "a@example.com",
        "active": true,
        "emails": [{"value": "a@example.com", "type": "work", "primary": true}],
        "meta": {"lastModified": "2026-01-01T00:00:00Z"},
    });
    filter.matches(ResourceKind::User, &user);
    filter.matches(ResourceKind::Group, &json!({"id": "1", "displayName": "A"}));
});
