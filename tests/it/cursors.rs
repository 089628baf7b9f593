//! Paging by cursor over HTTP (RFC 9865).

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{BROKER_TOKEN, Bridge, expect};
use crate::lists::{Directory, install, user_id};

/// A bridge with so many users, of whom every second one is inactive, and groups.
async fn populated(users: usize, groups: usize) -> Bridge {
    let bridge = Bridge::start().await;
    let user = |number| json!({"userName": format!("u{number:03}"), "active": number % 2 == 0});
    let group = |number| (json!({"displayName": format!("g{number:03}")}), vec![]);
    let directory = Directory {
        users: (0..users).map(user).collect(),
        groups: (0..groups).map(group).collect(),
    };
    install(&bridge, &directory).await;
    bridge
}

fn names(page: &Value) -> Vec<&str> {
    let resources = page["Resources"].as_array().unwrap().iter();
    resources
        .map(|resource| resource["userName"].as_str().unwrap())
        .collect()
}

fn cursor(page: &Value, name: &str) -> String {
    page[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {page}"))
        .to_owned()
}

/// The error that a list answers with.
async fn refused(bridge: &Bridge, path: &str) -> String {
    let error = bridge.get(path, 400).await;
    assert!(!error["detail"].as_str().unwrap().is_empty());
    error["scimType"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_empty_cursor_begins_and_each_page_leads_to_the_next_and_back() {
    let bridge = populated(5, 0).await;
    for begin in ["/Users?cursor&count=2", "/Users?cursor=&count=2"] {
        let first = bridge.get(begin, 200).await;
        assert_eq!(names(&first), ["u000", "u001"]);
        assert_eq!(
            (&first["totalResults"], &first["itemsPerPage"]),
            (&json!(5), &json!(2))
        );
        assert_eq!(
            (first.get("startIndex"), first.get("previousCursor")),
            (None, None)
        );
        let go = |page: &Value, name: &str| format!("/Users?cursor={}&count=2", cursor(page, name));
        let second = bridge.get(&go(&first, "nextCursor"), 200).await;
        assert_eq!(names(&second), ["u002", "u003"]);
        let third = bridge.get(&go(&second, "nextCursor"), 200).await;
        assert_eq!(names(&third), ["u004"]);
        assert_eq!(third.get("nextCursor"), None);
        let second = bridge.get(&go(&third, "previousCursor"), 200).await;
        assert_eq!(names(&second), ["u002", "u003"]);
        let first = bridge.get(&go(&second, "previousCursor"), 200).await;
        assert_eq!(names(&first), ["u000", "u001"]);
        assert_eq!(first.get("previousCursor"), None);
    }
}

#[tokio::test]
async fn without_a_cursor_pages_go_by_index() {
    let bridge = populated(5, 0).await;
    let page = bridge.get("/Users?count=2", 200).await;
    assert_eq!(page["startIndex"], 1);
    assert_eq!(
        (page.get("nextCursor"), page.get("previousCursor")),
        (None, None)
    );
}

#[tokio::test]
async fn the_count_is_bounded_and_may_change_on_the_way() {
    let bridge = populated(230, 0).await;
    for (query, size) in [
        ("", 100),
        ("&count=1", 1),
        ("&count=230", 200),
        ("&count=1000000", 200),
    ] {
        let page = bridge.get(&format!("/Users?cursor={query}"), 200).await;
        assert_eq!(page["itemsPerPage"], size, "{query}");
        let next = cursor(&page, "nextCursor");
        let page = bridge
            .get(&format!("/Users?cursor={next}&count=7"), 200)
            .await;
        assert_eq!(names(&page)[0], format!("u{size:03}"));
        assert_eq!(page["itemsPerPage"], 7);
    }
    for count in ["0", "-1"] {
        let refused = refused(&bridge, &format!("/Users?cursor=&count={count}")).await;
        assert_eq!(refused, "invalidCount");
    }
    assert_eq!(
        refused(&bridge, "/Users?cursor=&count=many").await,
        "invalidCount"
    );
    assert_eq!(
        refused(&bridge, "/Users?cursor=&startIndex=1").await,
        "invalidValue"
    );
}

#[tokio::test]
async fn changes_on_the_way_neither_repeat_nor_hide_anybody_else() {
    let bridge = populated(6, 0).await;
    for list in [
        "/Users?",
        "/Users?filter=userName sw \"u\"&",
        "/Users?sortBy=userName&",
    ] {
        let first = bridge.get(&format!("{list}cursor=&count=3"), 200).await;
        let next = cursor(&first, "nextCursor");
        // The resource that the cursor stands at goes, and so does one that was shown.
        for number in [0, 2] {
            bridge
                .delete(&format!("/Users/{}", user_id(number)), 204)
                .await;
        }
        let page = bridge.get(&format!("{list}cursor={next}"), 200).await;
        assert_eq!(names(&page), ["u003", "u004", "u005"], "{list}");
        assert_eq!(page["totalResults"], 4);
        let back = cursor(&page, "previousCursor");
        let page = bridge.get(&format!("{list}cursor={back}"), 200).await;
        assert_eq!(names(&page), ["u001"]);
        assert_eq!(page.get("previousCursor"), None);
        cursor(&page, "nextCursor");
        install(&bridge, &Directory::default()).await;
        // Nothing is left before the cursor, nor anywhere else.
        let page = bridge.get(&format!("{list}cursor={back}"), 200).await;
        assert_eq!((names(&page), page.get("nextCursor")), (vec![], None));
        let user = |number| json!({"userName": format!("u{number:03}")});
        let users = (0..6).map(user).collect();
        install(
            &bridge,
            &Directory {
                users,
                groups: vec![],
            },
        )
        .await;
    }
}

#[tokio::test]
async fn a_list_whose_beginning_is_gone_begins_where_it_does() {
    let bridge = populated(4, 0).await;
    let first = bridge.get("/Users?cursor=&count=2", 200).await;
    let second = bridge
        .get(
            &format!("/Users?cursor={}", cursor(&first, "nextCursor")),
            200,
        )
        .await;
    for number in [0, 1] {
        bridge
            .delete(&format!("/Users/{}", user_id(number)), 204)
            .await;
    }
    let back = cursor(&second, "previousCursor");
    let page = bridge
        .get(&format!("/Users?cursor={back}&count=1"), 200)
        .await;
    assert_eq!(names(&page), ["u002"]);
    assert_eq!(page.get("previousCursor"), None);
    cursor(&page, "nextCursor");
}

#[tokio::test]
async fn a_cursor_belongs_to_its_list() {
    let bridge = populated(9, 9).await;
    let filter = "filter=active eq true&sortBy=userName";
    let list = |cursor: &str| format!("/Users?{filter}&cursor={cursor}&count=2");
    let page = bridge.get(&list(""), 200).await;
    let good = cursor(&page, "nextCursor");
    assert_eq!(
        names(&bridge.get(&list(&good), 200).await),
        ["u004", "u006"]
    );
    // However the query is written, and whatever it shows.
    let same = format!(
        "/Users?attributes=id&sortOrder=Ascending&FILTER=(active++eq+true)&sortBy=userName&cursor={good}"
    );
    assert_eq!(bridge.get(&same, 200).await["itemsPerPage"], 3);
    for other in [
        format!("/Users?cursor={good}"),
        format!("/Users?filter=active eq false&sortBy=userName&cursor={good}"),
        format!("/Users?filter=active eq true&cursor={good}"),
        format!("/Users?filter=active eq true&sortBy=id&cursor={good}"),
        format!("/Users?{filter}&sortOrder=descending&cursor={good}"),
        format!("/Groups?{filter}&cursor={good}"),
    ] {
        assert_eq!(refused(&bridge, &other).await, "invalidCursor", "{other}");
    }
    let other = bridge.url_of("northwind", &list(&good));
    let other = bridge.http.get(other).bearer_auth(BROKER_TOKEN);
    assert_eq!(expect(other, 400).await["scimType"], "invalidCursor");
    let search = json!({"filter": "active eq true", "sortBy": "userName", "cursor": good});
    let search = |path| bridge.request(Method::POST, path).json(&search);
    assert_eq!(
        expect(search("/Users/.search"), 200).await["totalResults"],
        5
    );
    assert_eq!(
        expect(search("/.search"), 400).await["scimType"],
        "invalidCursor"
    );
}

#[tokio::test]
async fn a_cursor_cannot_be_made_up_or_changed() {
    let bridge = populated(3, 0).await;
    let page = bridge.get("/Users?cursor=&count=1", 200).await;
    let good = cursor(&page, "nextCursor");
    assert!(
        good.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    );
    for at in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let bad = String::from_utf8(bytes).unwrap();
        assert_eq!(
            refused(&bridge, &format!("/Users?cursor={bad}")).await,
            "invalidCursor"
        );
    }
    for bad in [
        "x",
        "1",
        "%20",
        "%C3%A9",
        &good[1..],
        &good[..good.len() - 4],
        &format!("{good}AAAA"),
    ] {
        assert_eq!(
            refused(&bridge, &format!("/Users?cursor={bad}")).await,
            "invalidCursor"
        );
    }
}

#[tokio::test]
async fn a_cursor_counts_for_an_hour_and_outlives_a_restart() {
    let bridge = populated(3, 0).await;
    let page = bridge.get("/Users?cursor=&count=1", 200).await;
    let path = format!("/Users?cursor={}", cursor(&page, "nextCursor"));
    let bridge = bridge.restart().await;
    bridge.pass(Duration::from_secs(3_600)).await;
    assert_eq!(bridge.get(&path, 200).await["itemsPerPage"], 2);
    bridge.pass(Duration::from_micros(1)).await;
    assert_eq!(refused(&bridge, &path).await, "expiredCursor");
    // Only to its own list it says so.
    let other = path.replace("/Users", "/Groups");
    assert_eq!(refused(&bridge, &other).await, "invalidCursor");
}
