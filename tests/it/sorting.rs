//! `sortBy` and `sortOrder` over HTTP (RFC 7644 section 3.4.2.3).

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Bridge, expect};
use crate::lists::{Directory, install};

const ENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Five users, of whom `e` says nothing.
async fn people() -> Bridge {
    let bridge = Bridge::start().await;
    let user = |name: &str, rest: Value| {
        let mut body = json!({"userName": name});
        body.as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        body
    };
    let directory = Directory {
        users: vec![
            user(
                "d",
                json!({
                    "title": "beta", "name": {"familyName": "Öberg"}, "externalId": "b",
                    "emails": [{"value": "z@x"}, {"value": "b@x", "primary": true}],
                    ENT: {"department": "Sales"},
                }),
            ),
            user(
                "C",
                json!({
                    "title": "Alpha", "name": {"familyName": "ek"}, "externalId": "B", "active": false,
                    "emails": [{"value": "C@x", "type": "work"}, {"value": "a@x", "primary": false}],
                }),
            ),
            user(
                "b",
                json!({
                    "title": "alpha", "name": {"familyName": "Zorn"}, "externalId": "a", "active": false,
                    "emails": [{"display": "no value", "primary": true}, {"value": "d@x"}],
                    ENT: {"department": "finance"},
                }),
            ),
            user("A", json!({"title": "Gamma", "emails": [{"value": "A@x"}]})),
            user("e", json!({})),
        ],
        groups: vec![
            (json!({"displayName": "Two"}), vec![0]),
            (json!({"displayName": "one"}), vec![1, 3]),
        ],
    };
    install(&bridge, &directory).await;
    bridge
}

/// The names of the users in the order of a list.
async fn order(bridge: &Bridge, query: &str) -> String {
    let page = bridge.get(&format!("/Users?{query}"), 200).await;
    let users = page["Resources"].as_array().unwrap().iter();
    let names = users.map(|user| user["userName"].as_str().unwrap());
    names.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn users_come_in_the_order_of_any_attribute() {
    let bridge = people().await;
    for (by, ascending, descending) in [
        // Without regard to case, unless the attribute has one.
        ("userName", "A b C d e", "e d C b A"),
        ("USERNAME", "A b C d e", "e d C b A"),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:userName",
            "A b C d e",
            "e d C b A",
        ),
        ("id", "d C b A e", "e A b C d"),
        ("externalId", "C b d A e", "d b C e A"),
        // Equal values are in the order of ids.
        ("title", "C b d A e", "A d b C e"),
        ("active", "C b d A e", "e A d b C"),
        // Those without a value come last in either order.
        ("name.familyName", "C b d A e", "d b C e A"),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
            "b d C A e",
            "d b e A C",
        ),
        // The primary address, or else the first.
        ("emails", "A d C b e", "b C d A e"),
        ("emails.value", "A d C b e", "b C d A e"),
        ("emails.type", "C d b A e", "C e A b d"),
        ("groups.display", "C A d b e", "d A C e b"),
        // Groups have members, users have none.
        ("members.value", "d C b A e", "e A b C d"),
        // All were made in the order of ids, at moments of their own.
        ("meta.created", "d C b A e", "e A b C d"),
        ("meta.lastModified", "d C b A e", "e A b C d"),
    ] {
        assert_eq!(
            order(&bridge, &format!("sortBy={by}")).await,
            ascending,
            "{by}"
        );
        let query = format!("sortBy={by}&sortOrder=Descending");
        assert_eq!(order(&bridge, &query).await, descending, "{by}");
    }
}

#[tokio::test]
async fn a_page_is_a_part_of_the_sorted_list() {
    let bridge = people().await;
    for (query, expected) in [
        ("sortBy=userName&startIndex=2&count=2", "b C"),
        ("sortBy=title&startIndex=2&count=2", "b d"),
        (
            "sortBy=title&sortOrder=descending&startIndex=4&count=9",
            "C e",
        ),
        ("sortBy=title&filter=active eq false", "C b"),
        (
            "sortBy=userName&filter=active eq true&sortOrder=descending",
            "e d A",
        ),
        ("sortBy=title&startIndex=6", ""),
        ("sortBy=&sortOrder=", "d C b A e"),
        ("sortOrder=descending", "d C b A e"),
        ("sortOrder=sideways", "d C b A e"),
    ] {
        assert_eq!(order(&bridge, query).await, expected, "{query}");
    }
    let page = bridge.get("/Users?sortBy=title&count=0", 200).await;
    assert_eq!(page["totalResults"], 5);
}

#[tokio::test]
async fn users_and_groups_are_sorted_together() {
    let bridge = people().await;
    let search = json!({"sortBy": "displayName", "attributes": ["displayName"], "count": 3});
    let search = bridge.request(Method::POST, "/.search").json(&search);
    let page = expect(search, 200).await;
    let names: Vec<_> = page["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["displayName"].as_str())
        .collect();
    assert_eq!(names, [Some("one"), Some("Two"), None]);
}

#[tokio::test]
async fn what_nothing_can_be_sorted_by_is_refused() {
    let bridge = people().await;
    for (query, word) in [
        ("sortBy=nonsense", "nonsense"),
        ("sortBy=name", "name.familyName"),
        ("sortBy=meta", "several parts"),
        ("sortBy=addresses", "several parts"),
        ("sortBy=password", "never returned"),
        ("sortBy=emails[type eq \"work\"].value", "brackets"),
        ("sortBy=a b", "sortBy"),
        (
            "sortBy=urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
            "schema",
        ),
        ("sortBy=title&sortOrder=sideways", "ascending"),
        ("sortBy=title&sortBy=id", "twice"),
    ] {
        for endpoint in ["/Users", "/Groups"] {
            let error = bridge.get(&format!("{endpoint}?{query}"), 400).await;
            assert_eq!(error["scimType"], "invalidValue", "{query}");
            assert!(error["detail"].as_str().unwrap().contains(word), "{error}");
        }
    }
}
