//! The order of the operations of a Bulk request, planned without carrying anything out.

use std::collections::HashMap;

use proptest::prelude::*;
use scim_bridge::scim::BulkRequest;
use serde_json::{Value, json};

use super::{group, managed, post, request, user};
use crate::harness::patch_body;

fn plan(operations: Value) -> Vec<Vec<usize>> {
    BulkRequest::parse(&request(operations), 10_000)
        .unwrap()
        .plan()
}

fn delete(path: &str) -> Value {
    json!({ "method": "DELETE", "path": path })
}

#[test]
fn what_can_be_done_in_the_order_of_the_request_is() {
    let operations = json!([
        user("ann"),
        delete("/Users/1"),
        group("g", &["bulkId:ann"]),
        user("eve")
    ]);
    assert_eq!(plan(operations), [[0], [1], [2], [3]]);
}

#[test]
fn what_needs_a_later_operation_waits_for_it() {
    let operations = json!([
        group("g", &["bulkId:ann"]),
        delete("/Users/1"),
        managed("eve", "bulkId:ann"),
        user("ann"),
        user("kim"),
    ]);
    assert_eq!(plan(operations), [[1], [3], [0], [2], [4]]);
}

#[test]
fn what_happens_to_one_resource_keeps_its_order() {
    let join = patch_body(
        json!([{ "op": "add", "path": "members", "value": [{ "value": "bulkId:ann" }] }]),
    );
    let operations = json!([
        { "method": "PATCH", "path": "/Groups/7", "data": join },
        delete("/Groups/7"),
        delete("/Users/7"),
        user("ann"),
    ]);
    assert_eq!(plan(operations), [[2], [3], [0], [1]]);
}

#[test]
fn a_circle_is_one_group_and_comes_before_those_that_need_it() {
    let operations = json!([
        delete("/Users/bulkId:ann"),
        managed("ann", "bulkId:eve"),
        managed("eve", "bulkId:ann"),
    ]);
    let mut plan = plan(operations);
    plan[0].sort_unstable();
    assert_eq!(plan, [vec![1, 2], vec![0]]);
}

#[test]
fn chains_of_any_length_are_followed() {
    let chain: Vec<_> = (0..10_000)
        .map(|at| managed(&format!("u{at}"), &format!("bulkId:u{}", at + 1)))
        .chain([user("u10000")])
        .skip(1)
        .collect();
    let plan = plan(Value::from(chain));
    assert_eq!(plan.len(), 10_000);
    assert_eq!(plan[0], [9_999]);
    assert_eq!(plan[9_999], [0]);
}

/// Which others each of `people` refers to, by index.
fn needs(people: usize) -> impl Strategy<Value = Vec<Vec<usize>>> {
    prop::collection::vec(prop::collection::vec(0..people, 0..3), people)
}

fn operations(needs: &[Vec<usize>]) -> Value {
    let operation = |(at, needs): (usize, &Vec<usize>)| {
        let names: Vec<_> = needs.iter().map(|need| format!("bulkId:{need}")).collect();
        post(
            "/Groups",
            &at.to_string(),
            json!({ "displayName": "g", "members": names }),
        )
    };
    needs.iter().enumerate().map(operation).collect()
}

/// Whether `from` needs `to`, directly or through others.
fn leads(needs: &[Vec<usize>], from: usize, to: usize) -> bool {
    let (mut seen, mut open) = (vec![false; needs.len()], vec![from]);
    while let Some(at) = open.pop() {
        for next in &needs[at] {
            if *next == to {
                return true;
            }
            if !std::mem::replace(&mut seen[*next], true) {
                open.push(*next);
            }
        }
    }
    false
}

/// Operations that are nearly right, with references to each other here and there.
fn nearly_right() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(vec![
        "POST",
        "put",
        "Patch",
        "DELETE",
        "GET",
        "/Users",
        "/Groups",
        "/Users/1",
        "/Groups/bulkId:1",
        "bulkId:1",
        "bulkId:2",
        "BULKID:1",
        "/bulkId:2",
        "x[value eq \"bulkId:1\"]",
        "bulkId:",
        "W/\"1\"",
        "1",
        "2",
        "",
    ]);
    let leaf = prop_oneof![
        8 => text.prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<i32>().prop_map(Value::from),
    ];
    let name = prop::sample::select(vec![
        "method",
        "path",
        "bulkId",
        "BULKID",
        "version",
        "data",
        "value",
        "Operations",
        "members",
    ]);
    leaf.prop_recursive(3, 12, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(name.clone(), inner, 0..6).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_the_operations_are_each_is_read_and_has_its_turn(
        operations in prop::collection::vec(nearly_right(), 0..8),
    ) {
        let read = BulkRequest::parse(&request(Value::from(operations.clone())), 100).unwrap();
        prop_assert_eq!(read.operations.len(), operations.len());
        let mut turns = read.plan().concat();
        turns.sort_unstable();
        prop_assert_eq!(turns, (0..operations.len()).collect::<Vec<_>>());
        for operation in &read.operations {
            let creates = operation.method.as_deref() == Some("POST");
            prop_assert!(operation.task.is_err() || !creates || operation.makes().is_some());
        }
    }

    #[test]
    fn every_operation_comes_once_after_all_that_it_needs_and_together_with_those_that_need_it_back(
        needs in needs(9),
    ) {
        let plan = plan(operations(&needs));
        let mut place = HashMap::new();
        for (number, group) in plan.iter().enumerate() {
            for at in group {
                prop_assert_eq!(place.insert(*at, number), None);
            }
        }
        prop_assert_eq!(place.len(), needs.len());
        for (at, needed) in needs.iter().enumerate() {
            for needed in needed {
                prop_assert!(place[needed] <= place[&at]);
                prop_assert_eq!(place[needed] == place[&at], leads(&needs, *needed, at) || *needed == at);
            }
        }
    }

    #[test]
    fn a_request_in_a_possible_order_stays_in_it(needs in needs(9)) {
        let earlier: Vec<Vec<usize>> = needs
            .into_iter()
            .enumerate()
            .map(|(at, needs)| needs.into_iter().filter(|need| *need < at).collect())
            .collect();
        let order: Vec<_> = plan(operations(&earlier)).concat();
        prop_assert_eq!(order, (0..9).collect::<Vec<_>>());
    }
}
