//! Facts for any input.

mod evaluator;
mod input;
mod operation;

use super::{META, group, maja, member_changes, met, patch, patch_of_group, replaced, stored};
pub use input::any_json;
use input::{text_like_a_filter, tree, user_body};
use operation::{group_operation, patch_body, user_operation};
use proptest::prelude::*;
use scim_bridge::scim::{
    Document, Filter, ListQuery, MemberChange, MemberRef, Projection, Reading, ResourceKind,
    render_group, render_user,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn shown(document: &Document) -> Value {
    render_user(document, &META, &[], None)
}

/// The members that `changes` leave of `members`.
fn settle(members: &BTreeSet<String>, changes: &[MemberChange]) -> BTreeSet<String> {
    let mut members = members.clone();
    for change in changes {
        match change {
            MemberChange::Add(ids) => members.extend(ids.iter().cloned()),
            MemberChange::Remove(ids) => members.retain(|id| !ids.contains(id)),
            MemberChange::RemoveAll => members.clear(),
            MemberChange::Replace(ids) => members = ids.iter().cloned().collect(),
            MemberChange::RemoveWhere(filter) => members.retain(|id| {
                let (id, display) = (id.clone(), Some(operation::name(id)));
                !filter.selects(&MemberRef { id, display }, META.base)
            }),
        }
    }
    members
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_the_strict_parser_reads_is_read_alike(tree in tree()) {
        let text = tree.to_string();
        let strict: scim_v2::filter::Filter = text.parse().unwrap();
        let parsed = Filter::parse(&text, &mut Reading::default()).unwrap();
        prop_assert_eq!(parsed.tree(), &strict);
    }

    #[test]
    fn any_text_that_the_strict_parser_reads_is_read_alike(text in text_like_a_filter()) {
        if let Ok(strict) = text.parse::<scim_v2::filter::Filter>() {
            let parsed = Filter::parse(&text, &mut Reading::default());
            prop_assert_eq!(parsed.as_ref().map(Filter::tree), Ok(&strict));
        }
    }

    #[test]
    fn what_is_read_is_read_again_as_it_is_written(text in text_like_a_filter()) {
        if let Ok(parsed) = Filter::parse(&text, &mut Reading::default()) {
            let again = Filter::parse(&parsed.tree().to_string(), &mut Reading::default()).unwrap();
            prop_assert_eq!(again.tree(), parsed.tree());
        }
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in "\\PC{0,40}") {
        let _ = Filter::parse(&text, &mut Reading::default());
        let _ = Projection::parse(Some(&text), Some(&text), &mut Reading::default());
        let _ = ListQuery::parse(Some(&text), &mut Reading::default());
        let _ = maja().text(&text);
    }

    #[test]
    fn filters_select_what_a_naive_evaluator_selects(tree in tree(), body in user_body()) {
        let document = Document::user_from_create(&body, &mut Reading::default()).unwrap();
        let filter = Filter::parse(&tree.to_string(), &mut Reading::default()).unwrap();
        prop_assert_eq!(filter.check(ResourceKind::User, &mut Reading::default()), Ok(()));
        let expected = evaluator::selects(&tree, &shown(&document));
        prop_assert_eq!(filter.matches(ResourceKind::User, &shown(&document)), expected);
    }

    #[test]
    fn putting_what_get_returned_changes_nothing(body in user_body()) {
        let document = Document::user_from_create(&body, &mut Reading::default()).unwrap();
        prop_assert_eq!(replaced(&shown(&document), &document).unwrap(), document);
    }

    #[test]
    fn no_body_makes_the_reading_panic(body in any_json()) {
        let _ = Document::user_from_create(&body, &mut Reading::default());
        let _ = Document::group_from_create(&body, &mut Reading::default());
        let _ = met(&body, &maja());
        let _ = patch_of_group(&body, &group());
    }

    #[test]
    fn a_patch_is_refused_or_leaves_a_document_that_reads_as_itself(body in patch_body()) {
        if let Ok((_, after)) = met(&body, &maja()) {
            prop_assert_eq!(&replaced(&shown(&after), &after).unwrap(), &after);
        }
        if let Ok((after, _)) = patch_of_group(&body, &group()) {
            let body = render_group(&after, &META, None);
            prop_assert_eq!(&Document::group_from_replace(&body, &mut Reading::default()).unwrap().0, &after);
        }
    }

    #[test]
    fn an_operation_twice_is_the_operation_once(operation in user_operation(), body in user_body()) {
        let current = Document::user_from_create(&body, &mut Reading::default()).unwrap();
        let operations = json!([operation]);
        if let Ok(once) = patch(operations.clone(), &current) {
            prop_assert_eq!(stored(&patch(operations, &once).unwrap()), stored(&once));
        }
    }

    #[test]
    fn membership_changes_are_those_of_sets(operations in prop::collection::vec(group_operation(), 0..6)) {
        let start: BTreeSet<String> = ["a", "b"].map(str::to_owned).into();
        let mut expected = start.clone();
        for (effect, _) in &operations {
            expected = effect.on(&expected);
        }
        let operations: Vec<_> = operations.into_iter().map(|(_, operation)| operation).collect();
        let changes = member_changes(json!(operations));
        let once = settle(&start, &changes);
        prop_assert_eq!(&once, &expected);
        prop_assert_eq!(&settle(&once, &changes), &once);
    }

    #[test]
    fn a_projection_never_adds_and_always_keeps_the_id(names in prop::collection::vec(operation::path(), 0..4)) {
        let list = names.join(",");
        let projection = Projection::parse(Some(&list), None, &mut Reading::default()).unwrap();
        let full = shown(&maja());
        let part = projection.apply(ResourceKind::User, full.clone());
        prop_assert_eq!(&part["id"], &full["id"]);
        for name in part.as_object().unwrap().keys() {
            prop_assert!(full.get(name).is_some());
        }
        let rest = Projection::parse(None, Some(&list), &mut Reading::default()).unwrap().apply(ResourceKind::User, full.clone());
        prop_assert_eq!(&rest["schemas"], &full["schemas"]);
    }
}
