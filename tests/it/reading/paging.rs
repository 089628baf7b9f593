//! Lists by page: every resource once, in one order, with true totals.

use serde_json::Value;

use super::{numbers, populated};
use crate::harness::Bridge;

/// All pages of `path` in steps of `count`, as the numbers of their resources.
async fn all(bridge: &Bridge, path: &str, count: usize, total: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let mut start = 1;
    while start <= total {
        let page = bridge
            .get(&format!("{path}startIndex={start}&count={count}"), 200)
            .await;
        assert_eq!(page["totalResults"], total);
        assert_eq!(page["startIndex"], start);
        let on_page = numbers(&page);
        assert_eq!(page["itemsPerPage"], on_page.len());
        start += on_page.len();
        found.extend(on_page);
    }
    found
}

#[tokio::test]
async fn pages_hold_every_resource_once_in_the_order_of_making() {
    // Q137, Q095
    let bridge = populated(430, 230).await;
    for (path, total) in [
        ("/Users?", 430),
        ("/Users?filter=userName sw \"U0\"&", 430),
        ("/Groups?", 230),
        ("/Groups?excludedAttributes=members&", 230),
        ("/Groups?filter=displayName co \"g\"&", 230),
    ] {
        for count in [100, 77] {
            let found = all(&bridge, path, count, total).await;
            assert_eq!(found, (0..total).collect::<Vec<_>>(), "{path}{count}");
        }
    }
}

#[tokio::test]
async fn a_page_has_the_size_asked_for_within_bounds() {
    // Q136, Q150 and RFC 7644, section 3.4.2.4
    let bridge = populated(230, 230).await;
    for (query, start, size) in [
        ("", 1, 100),
        ("startIndex=2", 2, 100),
        ("startIndex=201", 201, 30),
        ("startIndex=230", 230, 1),
        ("startIndex=231", 231, 0),
        ("startIndex=1000000&count=100", 1_000_000, 0),
        (
            "startIndex=9223372036854775807&count=9223372036854775807",
            i64::MAX,
            0,
        ),
        ("startIndex=0&count=3", 1, 3),
        ("startIndex=-9223372036854775808&count=3", 1, 3),
        ("count=0", 1, 0),
        ("count=-5", 1, 0),
        ("count=1", 1, 1),
        ("count=230", 1, 200),
        ("count=1000000", 1, 200),
        ("COUNT=2&StartIndex=4", 4, 2),
    ] {
        for path in [
            "/Users?",
            "/Users?filter=userName pr&",
            "/Groups?",
            "/Groups?filter=id pr&",
        ] {
            let page = bridge.get(&format!("{path}{query}"), 200).await;
            assert_eq!(page["totalResults"], 230, "{path}{query}");
            assert_eq!(page["startIndex"], start, "{path}{query}");
            assert_eq!(page["itemsPerPage"], size, "{path}{query}");
            let first = usize::try_from(start - 1).unwrap();
            let expected: Vec<_> = (first..230).take(size).collect();
            assert_eq!(numbers(&page), expected, "{path}{query}");
        }
    }
}

#[tokio::test]
async fn a_page_of_few_hits_counts_the_hits() {
    let bridge = populated(30, 0).await;
    for (query, total, size) in [
        ("filter=userName eq \"u0007@acme.example\"", 1, 1),
        (
            "filter=userName eq \"u0007@acme.example\"&startIndex=2",
            1,
            0,
        ),
        ("filter=userName eq \"u0007@acme.example\"&count=0", 1, 0),
        ("filter=externalId eq \"u0007\"&startIndex=2&count=5", 1, 0),
        ("filter=active eq false", 5, 5),
        ("filter=active eq false&startIndex=4&count=9", 5, 2),
    ] {
        let page = bridge.get(&format!("/Users?{query}"), 200).await;
        assert_eq!(page["totalResults"], total, "{query}");
        assert_eq!(page["itemsPerPage"], size, "{query}");
    }
}

#[tokio::test]
async fn who_comes_while_a_client_pages_comes_last() {
    let bridge = populated(0, 0).await;
    for name in ["ann", "ben", "cem"] {
        bridge.user(name).await;
    }
    let first = bridge.get("/Users?count=2", 200).await;
    bridge.user("aaron").await;
    let second = bridge.get("/Users?startIndex=3&count=2", 200).await;
    let name = |page: &Value, at: usize| page["Resources"][at]["userName"].clone();
    let seen = [
        name(&first, 0),
        name(&first, 1),
        name(&second, 0),
        name(&second, 1),
    ];
    assert_eq!(
        seen,
        [
            "ann@acme.example",
            "ben@acme.example",
            "cem@acme.example",
            "aaron@acme.example"
        ]
    );
}
