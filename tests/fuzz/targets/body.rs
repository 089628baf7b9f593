//! Any JSON as the body of a POST: it is refused, or what GET shows can be PUT back and changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scim_bridge::scim::{Dialect, Document, Meta, Reading, render_group, render_user};
use serde_json::Value;

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
    if let Ok(user) = Document::user_from_create(&body, &mut Reading::default()) {
        let shown = render_user(&user, &META, &[], None);
        let read = Document::user_from_replace(&shown, &mut Reading::default());
        assert_eq!(read.expect("it was written by us").of(&user), user);

        // What the standard has is read by every dialect alike.
        if let Ok(strict) = Document::user_from_create(&body, &mut Reading::by(&Dialect::strict())) {
            assert_eq!(strict, user);
        }
    }
    if let Ok((group, _)) = Document::group_from_create(&body, &mut Reading::default()) {
        let shown = render_group(&group, &META, None);
        let read = Document::group_from_replace(&shown, &mut Reading::default());
        assert_eq!(read.expect("it was written by us").0, group);
    }
});
