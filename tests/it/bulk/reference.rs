//! References between the operations of a Bulk request: forward, in circles, to what fails, in every place and spelling.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::{ENTERPRISE, detail, directory, group, id, managed, post, send, statuses, user};
use crate::harness::{Bridge, patch_body};

/// These operations all succeed and leave this directory.
async fn leaves(operations: Value, expected: &[&str]) {
    let bridge = Bridge::start().await;
    let results = send(&bridge, operations).await;
    assert!(
        results
            .iter()
            .all(|result| result["status"].as_str().unwrap() < "300"),
        "{results:?}"
    );
    assert_eq!(directory(&bridge).await, expected);
}

#[tokio::test]
async fn what_is_made_later_in_the_request_can_be_referred_to() {
    leaves(
        json!([
            group("Guides", &["bulkId:ann", "bulkId:eve"]),
            managed("ann", "bulkId:eve"),
            user("eve")
        ]),
        &["Guides: ann, eve", "ann < eve", "eve"],
    )
    .await;
}

#[tokio::test]
async fn people_who_manage_each_other_are_completed_afterwards() {
    leaves(
        json!([managed("ann", "bulkId:eve"), managed("eve", "bulkId:ann")]),
        &["ann < eve", "eve < ann"],
    )
    .await;
}

#[tokio::test]
async fn a_circle_of_three_and_those_around_it_are_completed() {
    leaves(
        json!([
            group("Guides", &["bulkId:ann", "bulkId:kim"]),
            managed("kim", "bulkId:ann"),
            managed("ann", "bulkId:bea"),
            managed("bea", "bulkId:eve"),
            managed("eve", "bulkId:ann"),
        ]),
        &[
            "Guides: ann, kim",
            "ann < bea",
            "bea < eve",
            "eve < ann",
            "kim < ann",
        ],
    )
    .await;
}

#[tokio::test]
async fn who_is_her_own_manager_is_completed_too() {
    leaves(json!([managed("ann", "bulkId:ann")]), &["ann < ann"]).await;
}

#[tokio::test]
async fn a_circle_keeps_what_else_its_members_say() {
    let bridge = Bridge::start().await;
    let mut ann = managed("ann", "bulkId:ann");
    ann["data"]["emails"] = json!([{ "value": "ann@acme.example", "type": "work" }]);
    let results = send(&bridge, json!([ann])).await;
    let ann = bridge
        .get(&format!("/Users/{}", id(&results[0])), 200)
        .await;
    assert_eq!(ann[super::ENTERPRISE]["department"], "Tours");
    assert_eq!(ann["emails"][0]["type"], "work");
    assert_eq!(ann["meta"]["version"], results[0]["version"]);
}

#[tokio::test]
async fn references_are_found_in_paths_filters_addresses_and_bare_texts() {
    leaves(
        json!([
            user("ann"),
            user("eve"),
            user("kim"),
            group("Guides", &["bulkId:ann", "bulkId:eve"]),
            {
                "method": "PATCH", "path": "/Groups/bulkId:Guides",
                "data": patch_body(json!([
                    { "op": "remove", "path": "members[value eq \"bulkId:ann\"]" },
                    { "op": "add", "path": "members", "value": [{ "value": "bulkId:kim", "$ref": "../Users/bulkId:kim" }] },
                ])),
            },
            {
                "method": "patch", "path": "/Users/bulkId:ann",
                "data": patch_body(json!([
                    { "op": "add", "path": format!("{}:manager", super::ENTERPRISE), "value": "bulkId:eve" },
                ])),
            },
            { "Method": "Delete", "PATH": "/Users/bulkId:eve" },
        ]),
        &["Guides: kim", "ann < ?", "kim"],
    )
    .await;
}

#[tokio::test]
async fn an_operation_that_needs_a_failed_one_fails_and_says_so() {
    let bridge = Bridge::start().await;
    bridge.user("ann").await;
    let results = send(
        &bridge,
        json!([
            group("Guides", &["bulkId:ann"]),
            { "method": "DELETE", "path": "/Groups/bulkId:Guides" },
            user("ann"),
            user("eve"),
        ]),
    )
    .await;
    assert_eq!(statuses(&results), "400 400 409 201");
    assert!(detail(&results[0]).contains("\"ann\", which failed: There is already a user"));
    assert!(detail(&results[1]).contains("\"Guides\", which failed: "));
    assert_eq!(directory(&bridge).await, ["ann", "eve"]);
}

#[tokio::test]
async fn a_circle_with_one_failure_leaves_nothing_behind() {
    let bridge = Bridge::start().await;
    bridge.user("eve").await;
    bridge.calls();
    let results = send(
        &bridge,
        json!([
            managed("ann", "bulkId:bea"),
            managed("bea", "bulkId:eve"),
            managed("eve", "bulkId:ann"),
            group("Guides", &["bulkId:ann"]),
            user("kim"),
        ]),
    )
    .await;
    assert_eq!(statuses(&results), "400 400 409 400 201");
    assert_eq!(directory(&bridge).await, ["eve", "kim"]);
    assert_eq!(bridge.access("ann"), "nothing");
    assert_eq!(bridge.access("bea"), "nothing");
}

#[tokio::test]
async fn a_circle_takes_up_nobody_who_was_there_before() {
    let bridge = Bridge::start().await;
    let ann = bridge.user("ann").await;
    bridge.set_active(&ann, false, 200).await;
    let before = bridge.get(&format!("/Users/{ann}"), 200).await;
    let mut again = managed("ann", "bulkId:eve");
    again["data"]["externalId"] = json!("ann");
    let mut eve = managed("eve", "bulkId:ann");
    eve["data"]["active"] = json!("perhaps");
    for eve in [eve, managed("eve", "bulkId:ann")] {
        let results = send(&bridge, json!([again, eve])).await;
        assert!(detail(&results[0]).contains("userName"), "{results:?}");
        assert_eq!(directory(&bridge).await, ["ann"]);
        assert_eq!(bridge.get(&format!("/Users/{ann}"), 200).await, before);
    }
    let results = send(
        &bridge,
        json!([managed("eve", "bulkId:ann"), again_alone()]),
    )
    .await;
    assert_eq!(statuses(&results), "201 201");
    assert_eq!(id(&results[1]), ann);
}

/// The same person again, who refers to nobody.
fn again_alone() -> Value {
    let mut again = user("ann");
    again["data"]["externalId"] = json!("ann");
    again
}

#[tokio::test]
async fn a_completion_that_fails_takes_the_circle_with_it() {
    let bridge = Bridge::start().await;
    // A manager is no list of texts. As long as both of them are unknown, there is nothing in it.
    let broken = post(
        "/Users",
        "ann",
        json!({ "userName": "ann@acme.example", "name": { "givenName": "Ann" }, "active": true,
                ENTERPRISE: { "manager": { "value": ["bulkId:eve", "bulkId:ann"] } } }),
    );
    let results = send(&bridge, json!([broken, managed("eve", "bulkId:ann")])).await;
    assert_eq!(statuses(&results), "400 400", "{results:?}");
    assert_eq!(directory(&bridge).await, [""; 0]);
    assert_eq!(bridge.access("ann"), "nothing");
    assert_eq!(bridge.access("eve"), "nothing");
}

#[tokio::test]
async fn a_text_that_is_no_id_is_no_reference() {
    let bridge = Bridge::start().await;
    let mut ann = user("ann");
    ann["data"]["displayName"] = json!("bulkId:nobody");
    ann["data"]["title"] = json!("bulkId:eve");
    ann["data"]["emails"] = json!([{ "value": "ann@acme.example", "display": "bulkId:eve" }]);
    let title = json!([{ "op": "replace", "path": "title", "value": "bulkId:eve" }]);
    let patch =
        json!({ "method": "PATCH", "path": "/Users/bulkId:ann", "data": { "Operations": title } });
    let results = send(&bridge, json!([ann, user("eve"), patch])).await;
    assert_eq!(statuses(&results), "201 201 200", "{results:?}");
    let ann = bridge
        .get(&format!("/Users/{}", id(&results[0])), 200)
        .await;
    assert_eq!(ann["displayName"], "bulkId:nobody");
    assert_eq!(ann["title"], "bulkId:eve");
    assert_eq!(ann["emails"][0]["display"], "bulkId:eve");
}

/// People with managers, groups with members, and who joins a group by PATCH, as indexes.
#[derive(Clone, Debug)]
struct Graph {
    managers: Vec<Option<usize>>,
    groups: Vec<Vec<usize>>,
    joiners: Vec<(usize, usize)>,
    order: Vec<usize>,
}

fn graphs() -> impl Strategy<Value = Graph> {
    let (people, groups) = (6_usize, 3_usize);
    let managers = prop::collection::vec(prop::option::of(0..people), people);
    let members = prop::collection::vec(prop::collection::vec(0..people, 0..4), groups);
    let joiners = prop::collection::vec((0..groups, 0..people), 0..4);
    (managers, members, joiners).prop_flat_map(move |(managers, groups, joiners)| {
        let operations: Vec<usize> = (0..managers.len() + groups.len() + joiners.len()).collect();
        Just(operations)
            .prop_shuffle()
            .prop_map(move |order| Graph {
                managers: managers.clone(),
                groups: groups.clone(),
                joiners: joiners.clone(),
                order,
            })
    })
}

impl Graph {
    /// The operations in their shuffled order.
    fn operations(&self) -> Value {
        let mut operations = Vec::new();
        for (at, manager) in self.managers.iter().enumerate() {
            operations.push(match manager {
                Some(manager) => managed(&format!("u{at}"), &format!("bulkId:u{manager}")),
                None => user(&format!("u{at}")),
            });
        }
        for (at, members) in self.groups.iter().enumerate() {
            let members: Vec<_> = members
                .iter()
                .map(|member| format!("bulkId:u{member}"))
                .collect();
            let members: Vec<_> = members.iter().map(String::as_str).collect();
            operations.push(group(&format!("g{at}"), &members));
        }
        for (group, user) in &self.joiners {
            let add = json!([{ "op": "add", "path": "members", "value": [{ "value": format!("bulkId:u{user}") }] }]);
            operations.push(json!({
                "method": "PATCH", "path": format!("/Groups/bulkId:g{group}"), "data": patch_body(add),
            }));
        }
        self.order
            .iter()
            .map(|at| operations[*at].clone())
            .collect()
    }

    /// The directory that they describe, whatever their order.
    fn directory(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (at, manager) in self.managers.iter().enumerate() {
            lines.push(manager.map_or(format!("u{at}"), |manager| format!("u{at} < u{manager}")));
        }
        for (at, members) in self.groups.iter().enumerate() {
            let joiners = self.joiners.iter().filter(|(group, _)| *group == at);
            let mut members: Vec<_> = members
                .iter()
                .chain(joiners.map(|(_, user)| user))
                .collect();
            members.sort();
            members.dedup();
            let members: Vec<_> = members.iter().map(|member| format!("u{member}")).collect();
            lines.push(format!("g{at}: {}", members.join(", ")));
        }
        lines.sort();
        lines
    }
}

#[tokio::test]
async fn in_whatever_order_the_operations_come_the_directory_ends_the_same() {
    let bridge = Bridge::start().await;
    let mut runner = TestRunner::deterministic();
    for _ in 0..24 {
        let graph = graphs().new_tree(&mut runner).unwrap().current();
        let results = send(&bridge, graph.operations()).await;
        assert!(
            results
                .iter()
                .all(|result| result["status"].as_str().unwrap() < "300"),
            "{graph:?}: {results:?}"
        );
        assert_eq!(directory(&bridge).await, graph.directory(), "{graph:?}");
        let made = results.iter().filter(|result| result["status"] == "201");
        let removals = made.map(|result| {
            let location = result["location"].as_str().unwrap();
            let path = location.split_once("/v2").unwrap().1;
            json!({ "method": "DELETE", "path": path })
        });
        send(&bridge, removals.collect()).await;
        assert_eq!(directory(&bridge).await, [""; 0]);
    }
}
