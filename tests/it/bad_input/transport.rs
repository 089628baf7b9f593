//! Bodies that are refused for what they are on the wire: too large, or not said to be JSON.

use reqwest::Method;

use super::{SCIM_JSON, Stage};
use crate::harness::person;

#[tokio::test]
async fn a_body_larger_than_the_limit_is_refused_with_the_limit() {
    let stage = Stage::set().await;
    let limit = 4 * 1024 * 1024;
    for (size, path) in [(limit + 1, "/Users"), (limit * 5, stage.user.as_str())] {
        let method = if path == "/Users" {
            Method::POST
        } else {
            Method::PUT
        };
        let mut body = b"{\"userName\": \"".to_vec();
        body.resize(size, b'x');
        let request = stage.raw(method, path, body);
        let detail = stage.refuses(request, 413, "").await;
        assert!(detail.contains(&limit.to_string()), "{detail}");
    }
    stage.nothing_happened().await;
}

#[tokio::test]
async fn a_body_that_does_not_say_it_is_json_is_refused() {
    let stage = Stage::set().await;
    let body = person("ben").to_string();
    for content_type in [
        None,
        Some(""),
        Some("text/plain"),
        Some("application/xml"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=json"),
        Some("application/jsonp"),
    ] {
        for (method, path) in [
            (Method::POST, "/Users"),
            (Method::PUT, &stage.user),
            (Method::PATCH, &stage.group),
        ] {
            let mut request = stage.bridge.request(method, path).body(body.clone());
            if let Some(content_type) = content_type {
                request = request.header("Content-Type", content_type);
            }
            let detail = stage.refuses(request, 415, "").await;
            assert!(detail.contains(SCIM_JSON), "{detail}");
        }
    }
    stage.nothing_happened().await;
}
