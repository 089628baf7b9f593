//! A search that would cost too much is refused; what an index answers never is.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Directory, install};
use crate::harness::{Bridge, expect};

async fn search(bridge: &Bridge, body: Value, status: u16) -> Value {
    let request = bridge.request(Method::POST, "/Groups/.search").json(&body);
    expect(request, status).await
}

#[tokio::test]
async fn a_search_within_the_budget_is_answered_and_one_beyond_it_refused() {
    let bridge = Bridge::start().await;
    let group = |number| (json!({"displayName": format!("g{number}")}), vec![]);
    let directory = Directory {
        users: vec![],
        groups: (0..2_501).map(group).collect(),
    };
    install(&bridge, &directory).await;
    // 2,501 groups and up to a million comparisons.
    let terms = |count: usize| vec!["id pr"; count].join(" or ");
    let list = search(&bridge, json!({"filter": terms(399), "count": 0}), 200).await;
    assert_eq!(list["totalResults"], 2_501);
    let error = search(&bridge, json!({"filter": terms(400), "count": 0}), 400).await;
    assert_eq!(error["scimType"], "tooMany");
    assert!(
        error["detail"].as_str().unwrap().contains("displayName"),
        "{error}"
    );
    let narrowed = format!("displayName eq \"G7\" and ({})", terms(400));
    let list = search(&bridge, json!({"filter": narrowed}), 200).await;
    assert_eq!(list["totalResults"], 1);
    let all = search(
        &bridge,
        json!({"startIndex": 2_500, "sortBy": "displayName"}),
        200,
    )
    .await;
    assert_eq!(all["itemsPerPage"], 2);
}

#[tokio::test]
async fn members_that_have_to_be_compared_count() {
    let bridge = Bridge::start().await;
    let user = |number| json!({"userName": format!("u{number}")});
    let directory = Directory {
        users: (0..4_001).map(user).collect(),
        groups: vec![(json!({"displayName": "all"}), (0..4_001).collect())],
    };
    install(&bridge, &directory).await;
    let terms =
        |count: usize| json!({"filter": vec!["members pr"; count].join(" or "), "count": 0});
    let list = search(&bridge, terms(240), 200).await;
    assert_eq!(list["totalResults"], 1);
    let error = search(&bridge, terms(260), 400).await;
    assert_eq!(error["scimType"], "tooMany");
}
