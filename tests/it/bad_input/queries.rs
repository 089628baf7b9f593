//! Query parameters that cannot be meant.

use reqwest::Method;

use super::Stage;

#[tokio::test]
async fn a_filter_that_cannot_be_evaluated_never_lists_everything() {
    // Invariant 5
    let stage = Stage::set().await;
    let long = format!("userName eq \"{}\"", "x".repeat(5000));
    let deep = format!("{}userName pr{}", "(".repeat(100), ")".repeat(100));
    for filter in [
        "",
        " ",
        "userName",
        "userName eq",
        "userName is \"ann\"",
        "userName eq \"ann",
        "(userName eq \"ann\"",
        "userName eq \"ann\")",
        "userName eq \"ann\" and",
        "userName eq \"ann\" displayName eq \"x\"",
        "not userName eq \"ann\"",
        "emails[type eq \"work\"",
        "emails[nonsense eq \"work\"]",
        "favouriteColour eq \"red\"",
        "not (favouriteColour eq \"red\")",
        "urn:example:2.0:User:x eq \"y\"",
        "password pr",
        "active gt true",
        "active eq \"maybe\"",
        "meta.created gt \"yesterday\"",
        "name eq \"ann\"",
        "userName eq 'ann'",
        &long,
        &deep,
    ] {
        for endpoint in ["/Users", "/Groups"] {
            let request = stage.bridge.request(Method::GET, endpoint);
            stage
                .refuses(request.query(&[("filter", filter)]), 400, "invalidFilter")
                .await;
        }
    }
    stage.nothing_happened().await;
}

#[tokio::test]
async fn parameters_that_cannot_be_meant_are_refused() {
    let stage = Stage::set().await;
    for query in [
        "count=many",
        "count=1.5",
        "count=",
        "startIndex=first",
        "startIndex=0x10",
        "count=1&count=2",
        "filter=active+pr&filter=userName+pr",
        "attributes=emails[type",
        "attributes=user%20Name",
        "attributes=..",
        "excludedAttributes=emails[type eq]",
        "filter=%ff",
        "filter=userName+pr%2",
    ] {
        for endpoint in ["/Users", "/Groups"] {
            let request = stage
                .bridge
                .request(Method::GET, &format!("{endpoint}?{query}"));
            stage.refuses(request, 400, "invalidValue").await;
        }
    }
    stage.nothing_happened().await;
}

#[tokio::test]
async fn attributes_that_cannot_be_meant_are_refused_before_anything_is_written() {
    let stage = Stage::set().await;
    for query in ["attributes=emails[type", "excludedAttributes=a b"] {
        for (method, path) in [
            (Method::GET, stage.user.as_str()),
            (Method::POST, "/Users"),
            (Method::PUT, &stage.user),
            (Method::PATCH, &stage.user),
            (Method::GET, &stage.group),
            (Method::POST, "/Groups"),
            (Method::PUT, &stage.group),
            (Method::PATCH, &stage.group),
        ] {
            let path = format!("{path}?{query}");
            let body = r#"{"userName": "ben@acme.example", "displayName": "Changed",
                "Operations": [{"op": "replace", "value": {"displayName": "Changed"}}]}"#;
            let request = stage.raw(method, &path, body);
            stage.refuses(request, 400, "invalidValue").await;
        }
    }
    stage.nothing_happened().await;
}

#[tokio::test]
async fn spare_slashes_and_a_byte_order_mark_say_nothing() {
    let stage = Stage::set().await;
    let bridge = &stage.bridge;
    let there = bridge.get("/Users?count=1", 200).await;
    for path in ["/Users/?count=1", "//Users?count=1", "//Users//?count=1"] {
        assert_eq!(bridge.get(path, 200).await, there, "{path}");
    }
    let one = there["Resources"][0]["id"].as_str().unwrap();
    let user = bridge.get(&format!("/Users/{one}"), 200).await;
    assert_eq!(bridge.get(&format!("//Users/{one}/"), 200).await, user);
    assert_eq!(
        bridge.get("/ServiceProviderConfig/", 200).await["patch"]["supported"],
        true
    );
    bridge.get("/", 404).await;
    bridge.delete("/Users/", 405).await;
    let marked = format!("\u{feff}{}", crate::harness::person("zoe"));
    let request = bridge.request(Method::POST, "/Users//");
    let request = request.header("content-type", "application/scim+json");
    crate::harness::expect(request.body(marked), 201).await;
}
