//! `attributes` and `excludedAttributes` on every verb that answers with a resource.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Bridge, expect, patch_body, person};

const CLOUDMORE: &str = "urn:ietf:params:scim:schemas:extension:cloudmore:2.0:User";

fn keys(resource: &Value) -> Vec<&str> {
    resource
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// Each query with the keys of the answer that it leaves, in the order in which they are shown.
const OF_USERS: &[(&str, &[&str])] = &[
    ("attributes=userName", &["schemas", "id", "userName"]),
    (
        "attributes=USERNAME,name.givenName",
        &["schemas", "id", "userName", "name"],
    ),
    ("attributes=id", &["schemas", "id"]),
    ("attributes=nonsense", &["schemas", "id"]),
    ("attributes=password", &["schemas", "id"]),
    (
        "attributes=emails[type eq \"work\"].value",
        &["schemas", "id", "emails"],
    ),
    ("attributes=emails[type eq \"home\"]", &["schemas", "id"]),
    ("attributes=meta.version,groups", &["schemas", "id", "meta"]),
    (
        "attributes=urn:ietf:params:scim:schemas:core:2.0:User:active",
        &["schemas", "id", "active"],
    ),
    (
        "excludedAttributes=emails,name,meta,displayName",
        &["schemas", "id", "externalId", "userName", "active"],
    ),
    (
        "excludedAttributes=id,schemas,emails,name,meta,nonsense",
        &[
            "schemas",
            "id",
            "externalId",
            "userName",
            "active",
            "displayName",
        ],
    ),
    (
        "attributes=urn:ietf:params:scim:schemas:extension:cloudmore:2.0:User:syncState",
        &["schemas", "id", CLOUDMORE],
    ),
];

#[tokio::test]
async fn users_show_what_is_asked_for_whatever_the_verb() {
    let bridge = Bridge::start().await;
    for (number, (query, expected)) in OF_USERS.iter().enumerate() {
        let body = person(&format!("u{number}"));
        let post = bridge.request(Method::POST, &format!("/Users?{query}"));
        let response = post.json(&body).send().await.unwrap();
        assert_eq!(response.status(), 201);
        let location = response.headers()["location"].to_str().unwrap().to_owned();
        let made: Value = response.json().await.unwrap();
        assert_eq!(keys(&made), *expected, "POST {query}");

        let id = made["id"].as_str().unwrap();
        let path = format!("/Users/{id}");
        assert_eq!(location, bridge.url(&path), "also where meta is left out");
        let path = format!("{path}?{query}");
        let rename = patch_body(json!([{"op": "replace", "path": "active", "value": true}]));
        for (method, body) in [
            (Method::PUT, &body),
            (Method::PATCH, &rename),
            (Method::GET, &json!({})),
        ] {
            let request = bridge.request(method.clone(), &path).json(body);
            let shown = expect(request, 200).await;
            assert_eq!(keys(&shown), *expected, "{method} {query}");
        }
        let list = format!("/Users?{query}&filter=id eq \"{id}\"");
        let list = bridge.get(&list, 200).await;
        assert_eq!(keys(&list["Resources"][0]), *expected, "list {query}");
    }
}

#[tokio::test]
async fn groups_show_what_is_asked_for_whatever_the_verb() {
    let bridge = Bridge::start().await;
    let ann = bridge.user("ann").await;
    for (number, (query, expected)) in [
        (
            "excludedAttributes=members",
            &["schemas", "id", "displayName", "meta"][..],
        ),
        (
            "excludedAttributes=members,meta",
            &["schemas", "id", "displayName"],
        ),
        ("attributes=members", &["schemas", "id", "members"]),
        ("attributes=displayName", &["schemas", "id", "displayName"]),
        (
            "attributes=members.value&excludedAttributes=displayName",
            &["schemas", "id", "members"],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({"displayName": format!("g{number}"), "members": [{"value": ann}]});
        let post = bridge
            .request(Method::POST, &format!("/Groups?{query}"))
            .json(&body);
        let made = expect(post, 201).await;
        assert_eq!(keys(&made), expected, "POST {query}");
        let path = format!("/Groups/{}?{query}", made["id"].as_str().unwrap());
        for (method, body) in [(Method::PUT, &body), (Method::GET, &json!({}))] {
            let shown = expect(bridge.request(method.clone(), &path).json(body), 200).await;
            assert_eq!(keys(&shown), expected, "{method} {query}");
        }
        // A client that asks a PATCH for attributes gets them; others get no body.
        let rename =
            patch_body(json!([{"op": "replace", "value": {"displayName": format!("G{number}")}}]));
        let asks = query.starts_with("attributes");
        let patch = bridge.request(Method::PATCH, &path).json(&rename);
        let shown = expect(patch, if asks { 200 } else { 204 }).await;
        if asks {
            assert_eq!(keys(&shown), expected, "PATCH {query}");
        }
    }
}
