//! Whoever is not let in learns nothing: not whether a tenant, an address or an id exists.

use reqwest::Method;
use reqwest::header::HeaderMap;

use super::Stage;
use crate::harness::{TOKEN, person};

/// What a caller can tell one refusal from another by.
async fn seen(request: reqwest::RequestBuilder) -> (u16, HeaderMap, String) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let mut headers = response.headers().clone();
    assert!(headers.remove("x-correlation-id").is_some());
    headers.remove("date");
    // Whoever has sent a body that nobody read is told that the connection closes.
    headers.remove("connection");
    (status, headers, response.text().await.unwrap())
}

#[tokio::test]
async fn an_unknown_tenant_a_missing_token_and_a_wrong_one_look_the_same() {
    // Q098
    let stage = Stage::set().await;
    let bridge = &stage.bridge;
    let wrong = |tenant: &str, path: &str| bridge.http.get(bridge.url_of(tenant, path));
    let (status, headers, body) = seen(wrong("acme", "/Users")).await;
    assert_eq!(status, 401);
    assert!(
        headers["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with("Bearer")
    );
    assert_eq!(headers["content-type"], super::SCIM_JSON);
    let user = stage.user.as_str();
    for request in [
        wrong("acme", "/Users").bearer_auth("scimb_wrong"),
        wrong("acme", "/Users").bearer_auth(""),
        wrong("acme", "/Users").header("Authorization", ""),
        wrong("acme", "/Users").header("Authorization", format!("Basic {TOKEN}")),
        wrong("acme", "/Users").header("Authorization", format!("Bearer {TOKEN}x")),
        wrong("acme", "/Users").header("Authorization", b"Bearer \xff".as_slice()),
        wrong("unheard", "/Users").bearer_auth(TOKEN),
        wrong("unheard", "/Users"),
        wrong("ACME", "/Users").bearer_auth(TOKEN),
        wrong("%20acme", "/Users").bearer_auth(TOKEN),
        wrong("acme", user),
        wrong("acme", "/Users/nobody"),
        wrong("acme", "/Users?filter=("),
        wrong("acme", "/Unheard"),
        wrong("acme", ""),
        wrong("unheard", "/Unheard").bearer_auth(TOKEN),
        bridge.http.post(bridge.url("/Users")),
        bridge.http.post(bridge.url("/Users")).json(&person("ben")),
        bridge.http.post(bridge.url("/Users")).body("{"),
        bridge.http.post(bridge.url(user)),
        bridge.http.put(bridge.url("/Users")),
        bridge.http.delete(bridge.url(user)),
        bridge
            .http
            .patch(bridge.url_of("unheard", user))
            .json(&person("ben")),
    ] {
        let refused = seen(request).await;
        let (mut other_headers, allow) = (refused.1, "allow");
        other_headers.remove(allow);
        assert_eq!(
            (refused.0, &other_headers, &refused.2),
            (401, &headers, &body)
        );
    }
    stage.nothing_happened().await;
}

#[tokio::test]
async fn a_token_is_taken_with_and_without_its_scheme_and_in_any_case_of_it() {
    // Q104
    let stage = Stage::set().await;
    for authorization in [
        format!("Bearer {TOKEN}"),
        format!("bearer {TOKEN}"),
        format!("BEARER  {TOKEN} "),
        TOKEN.to_owned(),
    ] {
        let request = stage.bridge.http.get(stage.bridge.url("/Users"));
        let response = request.header("Authorization", &authorization).send().await;
        assert_eq!(response.unwrap().status(), 200, "{authorization}");
    }
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_a_scim_404() {
    let stage = Stage::set().await;
    for path in [
        "/Unheard",
        "/Users/a/b",
        "/Schemata",
        "/users",
        "/Users/%ff",
        "/Groups/%C3%28",
    ] {
        let request = stage.bridge.request(Method::GET, path);
        stage.refuses(request, 404, "").await;
    }
    let server = stage.bridge.app.addr();
    for path in [
        "/",
        "/scim",
        "/scim/acme",
        "/scim/acme/v1/Users",
        "/Users",
        "/scim/%ff/v2/Users",
    ] {
        let request = stage.bridge.http.get(format!("http://{server}{path}"));
        stage.refuses(request.bearer_auth(TOKEN), 404, "").await;
    }
    stage.nothing_happened().await;
}

#[tokio::test]
async fn a_method_that_an_endpoint_does_not_have_is_refused_with_those_it_has() {
    let stage = Stage::set().await;
    let (list, one) = (
        ["GET", "HEAD", "POST"],
        ["GET", "HEAD", "PUT", "PATCH", "DELETE"],
    );
    for (method, path, allowed) in [
        (Method::PUT, "/Users", &list[..]),
        (Method::PATCH, "/Users", &list),
        (Method::DELETE, "/Users", &list),
        (Method::OPTIONS, "/Users", &list),
        (Method::DELETE, "/Groups", &list),
        (Method::POST, stage.user.as_str(), &one),
        (Method::POST, stage.group.as_str(), &one),
        (Method::TRACE, stage.group.as_str(), &one),
    ] {
        let request = stage.bridge.request(method.clone(), path);
        let response = request.try_clone().unwrap().send().await.unwrap();
        let mut allow: Vec<_> = response.headers()["allow"]
            .to_str()
            .unwrap()
            .split(',')
            .collect();
        let mut allowed = allowed.to_vec();
        allow.sort_unstable();
        allowed.sort_unstable();
        assert_eq!(allow, allowed, "{method} {path}");
        stage.refuses(request, 405, "").await;
    }
    stage.nothing_happened().await;
}
