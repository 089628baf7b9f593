//! The grammar of entity tags (RFC 9110 sections 5.6.1 and 8.8.3), apart from any request.

use proptest::prelude::*;
use scim_bridge::scim::{Precondition, entity_tag};

/// A list of tags as clients write it, and the versions in it.
fn lists() -> impl Strategy<Value = (String, Vec<i64>)> {
    let tag = (0_i64..6, any::<bool>(), "[ \t]{0,2}", "[ ,\t]{0,3}");
    prop::collection::vec(tag, 1..5).prop_map(|tags| {
        let versions = tags.iter().map(|(version, ..)| *version).collect();
        let written = tags.into_iter().map(|(version, weak, before, after)| {
            let mark = if weak { "W/" } else { "" };
            format!("{before}{mark}\"{version}\"{before},{after}")
        });
        (written.collect(), versions)
    })
}

proptest! {
    #[test]
    fn a_change_passes_if_and_only_if_its_version_is_in_the_list((list, versions) in lists(), at in 0_i64..6) {
        let precondition = Precondition::parse(Some(&list), None).unwrap();
        prop_assert_eq!(precondition.allows_change(at).is_ok(), versions.contains(&at));
        let precondition = Precondition::parse(None, Some(&list)).unwrap();
        prop_assert_eq!(precondition.allows_change(at).is_err(), versions.contains(&at));
        prop_assert_eq!(precondition.is_known(at).unwrap(), versions.contains(&at));
    }

    #[test]
    fn no_text_passes_for_a_version_that_it_does_not_name(text in "[W/\"*,0-9 a]{0,12}", at in 0_i64..20) {
        let passes = Precondition::parse(Some(&text), None).is_ok_and(|parsed| parsed.allows_change(at).is_ok());
        let tag = format!("\"{at}\"");
        prop_assert!(!passes || text.trim() == "*" || text.contains(&tag));
    }

    #[test]
    fn the_tag_of_a_version_stands_for_it_alone(version: i64, other: i64) {
        let precondition = Precondition::of_version(&entity_tag(version)).unwrap();
        prop_assert!(precondition.allows_change(version).is_ok());
        prop_assert_eq!(precondition.allows_change(other).is_ok(), version == other);
    }
}
