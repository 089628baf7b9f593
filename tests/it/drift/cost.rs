//! What a comparison costs: one list of people, one for each subscription, and a read of each account of which the list
//! does not tell enough, or tells something else than it should.

use scim_bridge::sandbox::Switches;
use scim_bridge::sandbox::switches::ListRows;
use serde_json::json;

use super::*;

/// The calls of a comparison, in short.
async fn calls(bridge: &Bridge) -> Vec<String> {
    bridge.pass(HOUR).await;
    bridge.calls();
    compare(bridge, "report").await;
    let calls = bridge.calls().into_iter();
    let mut calls: Vec<_> = calls
        .map(|call| match call.as_str() {
            "GET Users" => "people".to_owned(),
            call if call.ends_with(&format!("{TEAM}/users")) => "team".to_owned(),
            call if call.ends_with(&format!("{PRO}/users")) => "pro".to_owned(),
            call if call.starts_with("GET Users/") => "account".to_owned(),
            call => call.to_owned(),
        })
        .collect();
    calls.sort();
    calls
}

fn showing(list_rows: ListRows) -> Setup {
    Setup {
        switches: Switches {
            list_rows,
            ..Switches::default()
        },
        ..never()
    }
}

#[tokio::test]
async fn lists_that_tell_enough_are_all_that_is_read_however_many_people_there_are() {
    for list_rows in [ListRows::Short, ListRows::Full] {
        let bridge = bridge(showing(list_rows)).await;
        assert_eq!(calls(&bridge).await, ["people", "pro", "team"]);
        for number in 0..60 {
            bridge.user(&format!("p{number}")).await;
        }
        assert_eq!(calls(&bridge).await, ["people", "pro", "team"]);
        let report = report(&bridge).await;
        assert_eq!(report["lastRun"]["done"], 64);
        assert_eq!(report["lastRun"]["pending"], 0);
    }
}

#[tokio::test]
async fn an_account_of_which_the_list_tells_too_little_is_read_on_its_own() {
    let bridge = bridge(showing(ListRows::Minimal)).await;
    let mut expected = vec!["account"; 4];
    expected.extend(["people", "pro", "team"]);
    assert_eq!(calls(&bridge).await, expected);
    edit(&bridge, "bob", "roleId", json!(6));
    assert_eq!(calls(&bridge).await, expected);
    assert_eq!(lines(&report(&bridge).await), ["bob role: 6 -> 7 (open)"]);
}

#[tokio::test]
async fn only_who_has_more_than_the_list_tells_or_something_else_is_read_on_its_own() {
    let bridge = bridge(showing(ListRows::Short)).await;
    let eve = scim_id(&bridge, "eve").await;
    let title = json!([{"op": "Add", "path": "title", "value": "Clerk"}]);
    bridge.patch(&format!("/Users/{eve}"), title, 200).await;
    assert_eq!(calls(&bridge).await, ["account", "people", "pro", "team"]);
    assert_eq!(lines(&report(&bridge).await), [""; 0]);
    edit(&bridge, "eve", "title", json!("Boss"));
    edit(&bridge, "bob", "roleId", json!(6));
    let expected = ["account", "account", "people", "pro", "team"];
    assert_eq!(calls(&bridge).await, expected);
    let told = [
        "bob role: 6 -> 7 (open)",
        "eve profile title: \"Boss\" -> \"Clerk\" (open)",
    ];
    assert_eq!(lines(&report(&bridge).await), told);
}
