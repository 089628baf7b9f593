//! Who may look only: everything else is refused, and leaves nothing behind.

use reqwest::Method;
use serde_json::{Value, json};

use super::{bridge, make};
use crate::harness::{Bridge, SPARE_SECRET, patch_body, person};

/// A user and a group, and somebody who may only look.
struct Stage {
    bridge: Bridge,
    user: String,
    group: String,
    token: String,
}

impl Stage {
    async fn set() -> Self {
        let digest = scim_bridge::auth::hex(&scim_bridge::auth::digest(SPARE_SECRET));
        let lines = format!("[[tenant.token]]\nsha256 = \"{digest}\"\nread_only = true\n");
        let bridge = bridge(&lines).await;
        let user = bridge.user("ann").await;
        let group = bridge.group("Cloudmore Finance").await;
        let made = json!({"label": "auditor", "authority": "read"});
        let made = make(&bridge, "acme", made).await;
        bridge.calls();
        Self {
            bridge,
            user,
            group,
            token: made.secret,
        }
    }

    async fn answer(&self, token: &str, method: &Method, path: &str, body: &Value) -> (u16, Value) {
        let request = self
            .bridge
            .http
            .request(method.clone(), self.bridge.url(path));
        let request = if body.is_null() {
            request
        } else {
            request.json(body)
        };
        let response = request.bearer_auth(token).send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or_default())
    }
}

#[tokio::test]
async fn whoever_may_look_reads_and_searches() {
    let stage = Stage::set().await;
    let search =
        json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "count": 5});
    let user = format!("/Users/{}", stage.user);
    for token in [stage.token.as_str(), SPARE_SECRET] {
        for (method, path, body) in [
            (Method::GET, "/Users", &Value::Null),
            (Method::HEAD, "/Users", &Value::Null),
            (Method::GET, &user, &Value::Null),
            (Method::GET, "/Groups?count=1", &Value::Null),
            (Method::GET, "/ServiceProviderConfig", &Value::Null),
            (Method::POST, "/Users/.search", &search),
            (Method::POST, "/Groups/.search", &search),
            (Method::POST, "/.search", &search),
        ] {
            let answer = stage.answer(token, &method, path, body).await;
            assert_eq!(answer.0, 200, "{method} {path}: {}", answer.1);
        }
    }
}

#[tokio::test]
async fn whatever_would_change_something_is_refused_and_nothing_happens() {
    let stage = Stage::set().await;
    let before = stage.bridge.get("/Users", 200).await;
    let groups = stage.bridge.get("/Groups", 200).await;
    let user = format!("/Users/{}", stage.user);
    let group = format!("/Groups/{}", stage.group);
    let searching = format!("/Users/{}/.search", stage.user);
    let patch = patch_body(json!([{"op": "replace", "path": "displayName", "value": "x"}]));
    let join =
        patch_body(json!([{"op": "add", "path": "members", "value": [{"value": stage.user}]}]));
    let bulk = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [{"method": "POST", "path": "/Users", "bulkId": "1", "data": person("eve")}],
    });
    for token in [stage.token.as_str(), SPARE_SECRET] {
        for (method, path, body) in [
            (Method::POST, "/Users", &person("eve")),
            (Method::PUT, &user, &person("ann2")),
            (Method::PATCH, &user, &patch),
            (Method::DELETE, &user, &Value::Null),
            (Method::POST, "/Groups", &json!({"displayName": "x"})),
            (Method::PATCH, &group, &join),
            (Method::DELETE, &group, &Value::Null),
            (Method::POST, "/Bulk", &bulk),
            (Method::POST, "/Users/%2Esearch", &person("eve")),
            (Method::POST, &searching, &person("eve")),
            (Method::PUT, "/Users/.search", &person("eve")),
        ] {
            let (status, answer) = stage.answer(token, &method, path, body).await;
            assert_eq!(status, 403, "{method} {path}: {answer}");
            assert_eq!(answer["status"], "403");
            assert!(
                answer["detail"]
                    .as_str()
                    .unwrap()
                    .contains("for reading only")
            );
        }
    }
    assert_eq!(stage.bridge.get("/Users", 200).await, before);
    assert_eq!(stage.bridge.get("/Groups", 200).await, groups);
    assert_eq!(stage.bridge.calls(), Vec::<String>::new());
}
