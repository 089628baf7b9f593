//! `POST /.search`, on the base address and on each type (RFC 7644 section 3.4.3).

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Bridge, expect};
use crate::lists::{Directory, group_id, install, user_id};

const URN: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// Three users and two groups; the user `u1` and the group `g1` share a name.
async fn populated() -> Bridge {
    let bridge = Bridge::start().await;
    let user = |number: usize| json!({"userName": format!("u{number}"), "displayName": format!("N{number}")});
    let group = |number| (json!({"displayName": format!("n{number}")}), vec![number]);
    let directory = Directory {
        users: (0..3).map(user).collect(),
        groups: (1..3).map(group).collect(),
    };
    install(&bridge, &directory).await;
    bridge
}

async fn search(bridge: &Bridge, path: &str, body: Value, status: u16) -> Value {
    let request = bridge.request(Method::POST, path).json(&body);
    expect(request, status).await
}

async fn found(bridge: &Bridge, path: &str, body: Value) -> Vec<String> {
    let page = search(bridge, path, body, 200).await;
    let resources = page["Resources"].as_array().unwrap();
    assert_eq!(page["itemsPerPage"], resources.len());
    let ids = resources
        .iter()
        .map(|resource| resource["id"].as_str().unwrap().to_owned());
    ids.collect()
}

#[tokio::test]
async fn a_search_of_one_type_answers_as_the_list_does() {
    let bridge = populated().await;
    for (query, body) in [
        ("", json!({})),
        ("count=2", json!({"schemas": [URN], "count": 2})),
        ("startIndex=2&count=1", json!({"STARTINDEX": 2, "Count": 1})),
        (
            "filter=displayName eq \"n1\"",
            json!({"Filter": "displayName eq \"n1\""}),
        ),
        (
            "sortBy=displayName&sortOrder=descending&attributes=displayName,meta.version",
            json!({"sortby": "displayName", "sortorder": "descending", "attributes": ["displayName", "meta.version"]}),
        ),
        (
            "excludedAttributes=meta",
            json!({"excludedAttributes": ["meta"], "filter": null, "unknown": [1]}),
        ),
        (
            "excludedAttributes=meta,displayName",
            json!({"excludedattributes": "meta,displayName"}),
        ),
        ("count=0", json!({"count": 0})),
        (
            "startIndex=-1&count=-1",
            json!({"startIndex": -1, "count": -1}),
        ),
    ] {
        for endpoint in ["/Users", "/Groups"] {
            let listed = bridge.get(&format!("{endpoint}?{query}"), 200).await;
            let searched = search(&bridge, &format!("{endpoint}/.search"), body.clone(), 200).await;
            assert_eq!(searched, listed, "{endpoint} {body}");
        }
    }
}

#[tokio::test]
async fn a_search_of_the_base_finds_users_and_groups() {
    let bridge = populated().await;
    let all = [user_id(0), user_id(1), user_id(2), group_id(0), group_id(1)];
    for (body, expected) in [
        (json!({}), &all[..]),
        (json!({"startIndex": 3, "count": 2}), &all[2..4]),
        (json!({"startIndex": 5}), &all[4..]),
        (json!({"startIndex": 6}), &[]),
        (
            json!({"filter": "displayName eq \"n1\""}),
            &[user_id(1), group_id(0)],
        ),
        (json!({"filter": "userName pr"}), &all[..3]),
        (json!({"filter": "userName eq \"U2\""}), &[user_id(2)]),
        (
            json!({"filter": "meta.resourceType eq \"Group\""}),
            &all[3..],
        ),
        (
            json!({"filter": "not (meta.resourceType eq \"Group\")"}),
            &all[..3],
        ),
        (
            json!({"filter": format!("members.value eq \"{}\" or groups pr", user_id(1))}),
            &[user_id(1), user_id(2), group_id(0)],
        ),
        (
            json!({"sortBy": "id"}),
            &[group_id(0), group_id(1), user_id(0), user_id(1), user_id(2)],
        ),
        (
            json!({"sortBy": "displayName", "startIndex": 2, "count": 2}),
            &[user_id(1), group_id(0)],
        ),
    ] {
        assert_eq!(
            found(&bridge, "/.search", body.clone()).await,
            expected,
            "{body}"
        );
    }
    let page = search(
        &bridge,
        "/.search",
        json!({"startIndex": 2, "count": 1}),
        200,
    )
    .await;
    assert_eq!(
        (&page["totalResults"], &page["startIndex"]),
        (&json!(5), &json!(2))
    );
    let whole = search(
        &bridge,
        "/.search",
        json!({"filter": "displayName eq \"n1\""}),
        200,
    )
    .await;
    for (at, path) in [
        format!("/Users/{}", user_id(1)),
        format!("/Groups/{}", group_id(0)),
    ]
    .iter()
    .enumerate()
    {
        assert_eq!(whole["Resources"][at], bridge.get(path, 200).await);
    }
    let names = json!({"attributes": ["userName", "members.value"], "startIndex": 3, "count": 2});
    let shown = search(&bridge, "/.search", names, 200).await;
    assert_eq!(shown["Resources"][0]["userName"], "u2");
    assert_eq!(shown["Resources"][0].as_object().unwrap().len(), 3);
    assert_eq!(
        shown["Resources"][1]["members"],
        json!([{"value": user_id(1)}])
    );
}

#[tokio::test]
async fn a_search_of_the_base_goes_by_cursor_across_types() {
    let bridge = populated().await;
    let mut body = json!({"cursor": "", "count": 2});
    let mut pages = Vec::new();
    loop {
        let page = search(&bridge, "/.search", body.clone(), 200).await;
        pages.push(found(&bridge, "/.search", body.clone()).await.join(" "));
        let Some(next) = page.get("nextCursor") else {
            break;
        };
        body["cursor"] = next.clone();
    }
    let ids = [user_id(0), user_id(1), user_id(2), group_id(0), group_id(1)];
    assert_eq!(
        pages,
        [ids[..2].join(" "), ids[2..4].join(" "), ids[4].clone()]
    );
}

#[tokio::test]
async fn a_body_that_is_no_search_is_refused_with_the_reason() {
    let bridge = populated().await;
    let message = |name: &str| format!("urn:ietf:params:scim:api:messages:2.0:{name}");
    for (body, scim_type, word) in [
        (json!([]), "invalidSyntax", "object"),
        (json!("filter"), "invalidSyntax", "object"),
        (
            json!({"schemas": [message("PatchOp")]}),
            "invalidSyntax",
            "SearchRequest",
        ),
        (
            json!({"schemas": message("BulkRequest")}),
            "invalidSyntax",
            "SearchRequest",
        ),
        (json!({"schemas": [1]}), "invalidValue", "schemas"),
        (json!({"count": "2"}), "invalidValue", "count"),
        (json!({"count": 1.5}), "invalidValue", "count"),
        (json!({"startIndex": true}), "invalidValue", "startIndex"),
        (json!({"filter": 1}), "invalidValue", "filter"),
        (json!({"filter": {}}), "invalidValue", "filter"),
        (json!({"sortBy": ["id"]}), "invalidValue", "sortBy"),
        (json!({"sortBy": "nonsense"}), "invalidValue", "nonsense"),
        (json!({"attributes": [1]}), "invalidValue", "attributes"),
        (
            json!({"attributes": {"id": true}}),
            "invalidValue",
            "attributes",
        ),
        (json!({"excludedAttributes": ["a["]}), "invalidValue", "a["),
        (json!({"cursor": 1}), "invalidValue", "cursor"),
        (
            json!({"cursor": "", "startIndex": 1}),
            "invalidValue",
            "startIndex",
        ),
        (json!({"cursor": "", "count": 0}), "invalidCount", "count"),
        (json!({"cursor": "x"}), "invalidCursor", "cursor"),
        (json!({"count": 1, "COUNT": 2}), "invalidSyntax", "twice"),
        (json!({"filter": ""}), "invalidFilter", "filter"),
        (
            json!({"filter": "nonsense eq 1"}),
            "invalidFilter",
            "nonsense",
        ),
    ] {
        for path in ["/.search", "/Users/.search", "/Groups/.search"] {
            let error = search(&bridge, path, body.clone(), 400).await;
            assert_eq!(error["scimType"], scim_type, "{body}");
            assert!(error["detail"].as_str().unwrap().contains(word), "{error}");
        }
    }
}

#[tokio::test]
async fn schemas_are_not_policed() {
    let bridge = populated().await;
    for schemas in [
        json!(null),
        json!([]),
        json!([URN.to_lowercase()]),
        json!(URN),
        json!(["urn:example:x"]),
    ] {
        let body = json!({"schemas": schemas, "count": 0});
        let page = search(&bridge, "/.search", body, 200).await;
        assert_eq!(page["totalResults"], 5);
    }
}

#[tokio::test]
async fn a_search_is_a_post_with_json() {
    let bridge = populated().await;
    for path in ["/.search", "/Users/.search", "/Groups/.search"] {
        for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE] {
            let request = bridge.request(method, path).json(&json!({}));
            assert_eq!(expect(request, 405).await["status"], "405");
        }
        let request = bridge.request(Method::POST, path).body("{}");
        assert_eq!(expect(request, 415).await["status"], "415");
        let request = bridge
            .http
            .post(bridge.url(path))
            .bearer_auth("nobody's")
            .json(&json!({}));
        expect(request, 401).await;
    }
}
