//! A group of 5,000: nobody who leaves the members out pays for them.

use serde_json::json;

use super::{group, store, user, user_id};
use crate::harness::Bridge;

const MEMBERS: usize = 5_000;

async fn crowd() -> Bridge {
    let bridge = Bridge::start().await;
    let people = (0..MEMBERS).map(user).collect();
    let all = |_| (0..MEMBERS).map(user_id).collect();
    store(&bridge, people, vec![group(0)], all).await;
    bridge
}

#[tokio::test]
async fn without_its_members_a_large_group_is_a_small_answer() {
    // Q078, Q079
    let bridge = crowd().await;
    let path = "/Groups/00000000-group-0000";
    for (path, large) in [
        (path.to_owned(), true),
        (format!("{path}?excludedAttributes=members"), false),
        (format!("{path}?attributes=displayName"), false),
        (
            format!("{path}?attributes=members.display&excludedAttributes=members"),
            false,
        ),
        ("/Groups?excludedAttributes=members".to_owned(), false),
        (
            "/Groups?excludedAttributes=MEMBERS&filter=displayName eq \"g0000\"".to_owned(),
            false,
        ),
        (
            "/Groups?attributes=id&filter=displayName sw \"g\"".to_owned(),
            false,
        ),
        ("/Groups?count=0".to_owned(), false),
    ] {
        let answer = bridge.get(&path, 200).await.to_string();
        let size = answer.len();
        assert_eq!(size > 100 * MEMBERS, large, "{path}: {size}");
        assert_eq!(size > 1_000, large, "{path}: {size}");
    }
}

#[tokio::test]
async fn a_member_joins_and_leaves_a_large_group() {
    let bridge = crowd().await;
    let ann = bridge.user("ann").await;
    let path = "/Groups/00000000-group-0000";
    let count = async || {
        bridge.get(path, 200).await["members"]
            .as_array()
            .unwrap()
            .len()
    };
    bridge.join("00000000-group-0000", &ann).await;
    assert_eq!(count().await, MEMBERS + 1);
    let mine = format!("/Groups?filter=members.value eq \"{ann}\"&excludedAttributes=members");
    assert_eq!(bridge.get(&mine, 200).await["totalResults"], 1);
    let narrow = format!("{path}?attributes=members[value eq \"{ann}\"]");
    let shown = bridge.get(&narrow, 200).await;
    assert_eq!(shown["members"].as_array().unwrap().len(), 1);
    bridge.leave("00000000-group-0000", &ann).await;
    assert_eq!(count().await, MEMBERS);
    let clear = json!([{"op": "remove", "path": "members"}]);
    bridge.patch(path, clear, 204).await;
    assert_eq!(count().await, 0);
}
