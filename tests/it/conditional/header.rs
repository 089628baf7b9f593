//! `If-Match` and `If-None-Match`: what they mean with each method, and who wins.

use reqwest::Method;
use scim_bridge::sandbox::{FaultAction, FaultRule};
use serde_json::{Value, json};

use super::{METHODS, Resource, tag};
use crate::harness::{Bridge, Setup, expect, patch_body, person};

/// The header, and what GET and the three methods that change something answer for a resource at version 2.
const TABLE: [(&str, &str, u16, u16); 24] = [
    ("If-Match", "*", 200, 200),
    ("If-Match", "W/\"2\"", 200, 200),
    ("If-Match", "\"2\"", 200, 200),
    ("If-Match", "W/\"1\"", 412, 412),
    ("If-Match", "W/\"22\"", 412, 412),
    ("If-Match", "W/\"\"", 412, 412),
    ("If-Match", "W/\"1\", W/\"2\"", 200, 200),
    ("If-Match", " ,\"a,b\" ,, \"2\",", 200, 200),
    ("If-Match", "\"1\",\"3\"", 412, 412),
    ("If-Match", "2", 400, 400),
    ("If-Match", "W/2", 400, 400),
    ("If-Match", "w/\"2\"", 400, 400),
    ("If-Match", "\"2", 400, 400),
    ("If-Match", "\"2\" \"2\"", 400, 400),
    ("If-Match", "*, \"2\"", 400, 400),
    ("If-Match", "\"a b\"", 400, 400),
    ("If-Match", "", 400, 400),
    ("If-Match", ",", 400, 400),
    ("If-None-Match", "*", 304, 412),
    ("If-None-Match", "W/\"2\"", 304, 412),
    ("If-None-Match", "\"1\", \"2\"", 304, 412),
    ("If-None-Match", "W/\"1\"", 200, 200),
    ("If-None-Match", "W/\"12\", W/\"23\"", 200, 200),
    ("If-None-Match", "2", 400, 400),
];

#[tokio::test]
async fn each_header_means_what_it_should_with_each_method() {
    let bridge = Bridge::start().await;
    for (number, (header, value, read, change)) in TABLE.into_iter().enumerate() {
        for method in METHODS {
            let name: &'static str = format!("{method}{number}").to_lowercase().leak();
            for resource in [
                Resource::user(&bridge, name).await,
                Resource::group(&bridge, name).await,
            ] {
                let is_group = resource.path.starts_with("/Groups");
                let expected = match (method.as_str(), change) {
                    ("GET", _) => read,
                    ("DELETE", 200) => 204,
                    ("PATCH", 200) if is_group => 204,
                    (_, status) => status,
                };
                let case = format!("{method} {} with {header}: {value}", resource.path);
                let request = resource.request(&bridge, &method).header(header, value);
                let answer = request.send().await.unwrap();
                assert_eq!(answer.status(), expected, "{case}");
                if matches!(expected, 200 | 304) {
                    assert!(tag(&answer).starts_with("W/"), "{case}");
                }
                let body = answer.text().await.unwrap();
                match expected {
                    304 | 204 => assert_eq!(body, "", "{case}"),
                    200 => assert!(body.contains("\"meta\""), "{case}"),
                    status => {
                        let error: Value = serde_json::from_str(&body).unwrap();
                        assert_eq!(error["status"], status.to_string(), "{case}");
                    }
                }
                let left = bridge
                    .request(Method::GET, &resource.path)
                    .send()
                    .await
                    .unwrap();
                match (expected, method.as_str()) {
                    (204, "DELETE") => assert_eq!(left.status(), 404, "{case}"),
                    (200 | 204, "PUT") => assert_eq!(tag(&left), "W/\"3\"", "{case}"),
                    _ => assert_eq!(tag(&left), "W/\"2\"", "{case}"),
                }
            }
        }
    }
}

#[tokio::test]
async fn headers_in_several_lines_are_one_list_and_both_headers_must_hold() {
    let bridge = Bridge::start().await;
    let ann = Resource::user(&bridge, "ann").await;
    for (headers, expected) in [
        (&[("If-Match", "\"1\""), ("If-Match", "\"2\"")][..], 200),
        (&[("If-Match", "\"1\""), ("If-None-Match", "\"1\"")], 412),
        (&[("If-Match", "\"2\""), ("If-None-Match", "\"1\"")], 200),
        (&[("If-Match", "\"2\""), ("If-None-Match", "\"2\"")], 304),
    ] {
        let mut request = ann.request(&bridge, &Method::GET);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        assert_eq!(
            request.send().await.unwrap().status(),
            expected,
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn nothing_that_is_not_there_meets_a_condition() {
    let bridge = Bridge::start().await;
    for path in ["/Users/7", "/Groups/7"] {
        for method in [Method::GET, Method::DELETE] {
            for (name, value) in [
                ("If-Match", "*"),
                ("If-Match", "\"1\""),
                ("If-None-Match", "*"),
            ] {
                expect(
                    bridge.request(method.clone(), path).header(name, value),
                    404,
                )
                .await;
            }
        }
    }
}

#[tokio::test]
async fn who_creates_can_demand_that_there_is_nobody_of_the_name() {
    let bridge = Bridge::start().await;
    let group = json!({ "displayName": "Guides" });
    for (path, body) in [("/Users", person("ann")), ("/Groups", group)] {
        let create = |name: &'static str, value: &'static str| {
            bridge
                .request(Method::POST, path)
                .json(&body)
                .header(name, value)
        };
        expect(create("If-None-Match", "*"), 201).await;
        expect(create("If-None-Match", "*"), 412).await;
        expect(create("If-None-Match", "\"1\""), 409).await;
        expect(create("If-Match", "*"), 409).await;
        expect(create("If-Match", "1"), 400).await;
    }
    let ann = bridge.get("/Users", 200).await["Resources"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    bridge.set_active(&ann, false, 200).await;
    let create = || bridge.request(Method::POST, "/Users").json(&person("ann"));
    expect(create().header("If-None-Match", "*"), 412).await;
    assert_eq!(
        bridge.get(&format!("/Users/{ann}"), 200).await["active"],
        false
    );
    expect(create(), 201).await;
}

#[tokio::test]
async fn a_reader_who_has_the_version_gets_it_again_only_when_it_has_changed() {
    let bridge = Bridge::start().await;
    let ann = Resource::user(&bridge, "ann").await;
    let read = || {
        ann.request(&bridge, &Method::GET)
            .header("If-None-Match", "W/\"2\"")
    };
    expect(read(), 304).await;
    expect(ann.request(&bridge, &Method::PUT), 200).await;
    assert_eq!(expect(read(), 200).await["nickName"], "replaced");
}

#[tokio::test]
async fn of_two_writers_who_read_the_same_version_exactly_one_wins() {
    let bridge = Bridge::start().await;
    for resource in [
        Resource::user(&bridge, "ann").await,
        Resource::group(&bridge, "Guides").await,
    ] {
        let writers = (0..12).map(|at| {
            let add = json!([{ "op": "add", "path": resource.name, "value": format!("by {at}") }]);
            let request = bridge.request(Method::PATCH, &resource.path);
            let request = request.header("If-Match", "W/\"2\"").json(&patch_body(add));
            async move { request.send().await.unwrap().status().as_u16() }
        });
        let answers = futures_util::future::join_all(writers).await;
        let won: Vec<_> = answers
            .iter()
            .enumerate()
            .filter(|(_, status)| **status < 300)
            .collect();
        assert_eq!(won.len(), 1, "{answers:?}");
        assert!(
            answers
                .iter()
                .all(|status| matches!(status, 200 | 204 | 412)),
            "{answers:?}"
        );
        let left = bridge.get(&resource.path, 200).await;
        assert_eq!(left[resource.name], format!("by {}", won[0].0));
        assert_eq!(left["meta"]["version"], "W/\"3\"");
    }
}

#[tokio::test]
async fn a_deletion_that_is_tried_again_needs_no_version_of_what_is_gone() {
    let bridge = Bridge::with(Setup {
        tenant: "on_outage = \"fail\"",
        ..Setup::default()
    })
    .await;
    let ann = Resource::user(&bridge, "ann").await;
    let busy = FaultAction::Status {
        code: 503,
        retry_after: None,
        body: None,
    };
    bridge.faults([FaultRule::new(busy)]);
    let delete = || {
        ann.request(&bridge, &Method::DELETE)
            .header("If-Match", "W/\"2\"")
    };
    expect(delete(), 503).await;
    expect(ann.request(&bridge, &Method::GET), 404).await;
    bridge.faults([]);
    expect(delete(), 204).await;
    assert_eq!(bridge.access("ann"), "nothing");
    expect(delete(), 404).await;
}
