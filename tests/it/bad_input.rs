//! What no client should send: each is refused with the error body of RFC 7644, section 3.12, and a
//! sentence that says what to change; nothing is stored and Cloudmore is not called.

mod credentials;
mod queries;
mod transport;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::{Bridge, patch_body, person};

const SCIM_JSON: &str = "application/scim+json";

/// A bridge with the user ann and the group Team, and what it holds.
struct Stage {
    bridge: Bridge,
    user: String,
    group: String,
    before: [Value; 2],
}

impl Stage {
    async fn set() -> Self {
        let bridge = Bridge::start().await;
        let user = format!("/Users/{}", bridge.user("ann").await);
        let group = format!("/Groups/{}", bridge.group("Team").await);
        bridge.calls();
        let before = holdings(&bridge).await;
        Self {
            bridge,
            user,
            group,
            before,
        }
    }

    /// A write with a body as it is on the wire.
    fn raw(&self, method: Method, path: &str, body: impl Into<Vec<u8>>) -> RequestBuilder {
        let request = self.bridge.request(method, path);
        request.header("Content-Type", SCIM_JSON).body(body.into())
    }

    /// Sends what must be refused with this status and `scimType` (empty for none).
    async fn refuses(&self, request: RequestBuilder, status: u16, scim_type: &str) -> String {
        let response = request.send().await.unwrap();
        let answered = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.unwrap();
        assert_eq!(answered, status, "{text}");
        assert_eq!(headers["content-type"], SCIM_JSON, "{text}");
        assert!(headers.contains_key("x-correlation-id"), "{text}");
        let error: Value = serde_json::from_str(&text).unwrap();
        let expected = json!(["urn:ietf:params:scim:api:messages:2.0:Error"]);
        assert_eq!(error["schemas"], expected, "{text}");
        assert_eq!(error["status"], status.to_string(), "{text}");
        let found = error.get("scimType").and_then(Value::as_str);
        assert_eq!(found.unwrap_or_default(), scim_type, "{text}");
        let detail = error["detail"].as_str().unwrap().to_owned();
        assert!(detail.len() > 15 && detail.ends_with('.'), "{text}");
        detail
    }

    async fn refuses_body(
        &self,
        method: &Method,
        path: &str,
        body: &Value,
        status: u16,
        scim_type: &str,
    ) {
        let request = self.bridge.request(method.clone(), path).json(body);
        self.refuses(request, status, scim_type).await;
    }

    async fn nothing_happened(self) {
        assert_eq!(holdings(&self.bridge).await, self.before);
        assert_eq!(self.bridge.work().await, 0);
        assert_eq!(self.bridge.calls(), Vec::<String>::new());
    }
}

async fn holdings(bridge: &Bridge) -> [Value; 2] {
    [
        bridge.get("/Users", 200).await,
        bridge.get("/Groups", 200).await,
    ]
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused_by_every_write() {
    // Q029
    let stage = Stage::set().await;
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let deep_value = format!(r#"{{"userName":"x","name":{deep}}}"#);
    for (method, path) in [
        (Method::POST, "/Users"),
        (Method::PUT, stage.user.as_str()),
        (Method::PATCH, &stage.user),
        (Method::POST, "/Groups"),
        (Method::PUT, &stage.group),
        (Method::PATCH, &stage.group),
    ] {
        for body in [
            b"{\"userName\": \"x\"".as_slice(),
            b"",
            b"userName=x",
            b"{\"userName\": \"\xff\xfe\"}",
            b"{\"userName\": \"\\ud800\"}",
            b"{\"userName\": 'x'}",
            b"{\"userName\": \"x\"} {}",
            deep.as_bytes(),
            deep_value.as_bytes(),
        ] {
            let request = stage.raw(method.clone(), path, body);
            stage.refuses(request, 400, "invalidSyntax").await;
        }
    }
    stage.nothing_happened().await;
}

#[tokio::test]
async fn a_body_of_another_shape_is_refused() {
    // Q028
    let stage = Stage::set().await;
    for (endpoint, one, body, scim_type) in [
        ("/Users", &stage.user, json!([]), "invalidSyntax"),
        ("/Users", &stage.user, json!("ann"), "invalidSyntax"),
        ("/Users", &stage.user, json!(null), "invalidSyntax"),
        ("/Users", &stage.user, json!({}), "invalidValue"),
        (
            "/Users",
            &stage.user,
            json!({"userName": null}),
            "invalidValue",
        ),
        (
            "/Users",
            &stage.user,
            json!({"userName": "  "}),
            "invalidValue",
        ),
        (
            "/Users",
            &stage.user,
            json!({"userName": ["a", "b"]}),
            "invalidValue",
        ),
        (
            "/Users",
            &stage.user,
            json!({"userName": {"a": 1}}),
            "invalidValue",
        ),
        (
            "/Users",
            &stage.user,
            json!({"userName": true}),
            "invalidValue",
        ),
        (
            "/Users",
            &stage.user,
            json!({"userName": "x", "active": "maybe"}),
            "invalidValue",
        ),
        (
            "/Users",
            &stage.user,
            json!({"userName": "x", "active": 1}),
            "invalidValue",
        ),
        (
            "/Users",
            &stage.user,
            json!({"userName": "x", "name": "Ann"}),
            "invalidValue",
        ),
        (
            "/Users",
            &stage.user,
            json!({"userName": "x", "emails": [true]}),
            "invalidValue",
        ),
        (
            "/Users",
            &stage.user,
            json!({"userName": "x", "title": {"a": 1}}),
            "invalidValue",
        ),
        (
            "/Users",
            &stage.user,
            json!({"userName": "x\u{0}y"}),
            "invalidValue",
        ),
        ("/Groups", &stage.group, json!([]), "invalidSyntax"),
        ("/Groups", &stage.group, json!({}), "invalidValue"),
        (
            "/Groups",
            &stage.group,
            json!({"displayName": ""}),
            "invalidValue",
        ),
        (
            "/Groups",
            &stage.group,
            json!({"displayName": {"a": 1}}),
            "invalidValue",
        ),
        (
            "/Groups",
            &stage.group,
            json!({"displayName": "x", "members": [{}]}),
            "invalidValue",
        ),
        (
            "/Groups",
            &stage.group,
            json!({"displayName": "x", "members": [[]]}),
            "invalidValue",
        ),
    ] {
        stage
            .refuses_body(&Method::POST, endpoint, &body, 400, scim_type)
            .await;
        stage
            .refuses_body(&Method::PUT, one, &body, 400, scim_type)
            .await;
    }
    stage.nothing_happened().await;
}

#[tokio::test]
async fn a_patch_that_cannot_be_done_is_refused_whole() {
    let stage = Stage::set().await;
    let good = json!({"op": "replace", "path": "displayName", "value": "Changed"});
    for (operation, scim_type) in [
        (
            json!({"op": "move", "path": "displayName"}),
            "invalidSyntax",
        ),
        (
            json!({"path": "displayName", "value": "x"}),
            "invalidSyntax",
        ),
        (json!("replace"), "invalidSyntax"),
        (
            json!({"op": "replace", "path": "emails[type eq", "value": "x"}),
            "invalidPath",
        ),
        (
            json!({"op": "replace", "path": 7, "value": "x"}),
            "invalidPath",
        ),
        (json!({"op": "remove"}), "noTarget"),
        (json!({"op": "replace", "value": "x"}), "invalidValue"),
        (
            json!({"op": "replace", "path": "displayName"}),
            "invalidValue",
        ),
    ] {
        let body = patch_body(json!([good, operation]));
        for path in [&stage.user, &stage.group] {
            stage
                .refuses_body(&Method::PATCH, path, &body, 400, scim_type)
                .await;
        }
    }
    for body in [
        json!({}),
        json!([]),
        json!({"Operations": {}}),
        json!({"Operations": null}),
    ] {
        for path in [&stage.user, &stage.group] {
            stage
                .refuses_body(&Method::PATCH, path, &body, 400, "invalidSyntax")
                .await;
        }
    }
    stage.nothing_happened().await;
}

#[tokio::test]
async fn names_that_are_taken_in_any_case_are_refused() {
    // Q027, Q077
    let stage = Stage::set().await;
    let team = json!({"displayName": "tEAM"});
    stage
        .refuses_body(&Method::POST, "/Users", &person("ANN"), 409, "uniqueness")
        .await;
    stage
        .refuses_body(&Method::POST, "/Groups", &team, 409, "uniqueness")
        .await;
    stage.nothing_happened().await;
}

#[tokio::test]
async fn a_new_group_with_an_unknown_member_is_refused_by_name() {
    // Section 8, decision 4
    let stage = Stage::set().await;
    let user = stage.user.trim_start_matches("/Users/");
    for stranger in ["nobody", stage.group.trim_start_matches("/Groups/")] {
        let body = json!({"displayName": "New", "members": [{"value": user}, {"value": stranger}]});
        let request = stage.bridge.request(Method::POST, "/Groups").json(&body);
        let detail = stage.refuses(request, 400, "invalidValue").await;
        assert!(detail.contains(stranger), "{detail}");
    }
    stage.nothing_happened().await;
}
