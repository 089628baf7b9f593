//! Facts about conditional requests: versions, `ETag`, `If-Match`, `If-None-Match` (RFC 7644 section 3.14, RFC 9110 section 13).

mod header;
mod tags;
mod version;

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::harness::{Bridge, patch_body, person};

const METHODS: [Method; 4] = [Method::GET, Method::PUT, Method::PATCH, Method::DELETE];

/// A user or group at version 2, and how to change it.
struct Resource {
    path: String,
    name: &'static str,
    replacement: Value,
}

impl Resource {
    async fn user(bridge: &Bridge, name: &'static str) -> Self {
        let path = format!("/Users/{}", bridge.user(name).await);
        let mut replacement = person(name);
        replacement["nickName"] = json!("replaced");
        Self::changed(bridge, path, "nickName", replacement).await
    }

    async fn group(bridge: &Bridge, name: &'static str) -> Self {
        let path = format!("/Groups/{}", bridge.group(name).await);
        let replacement = json!({ "displayName": name, "externalId": "replaced" });
        Self::changed(bridge, path, "externalId", replacement).await
    }

    async fn changed(
        bridge: &Bridge,
        path: String,
        name: &'static str,
        replacement: Value,
    ) -> Self {
        let resource = Self {
            path,
            name,
            replacement,
        };
        let answer = resource
            .request(bridge, &Method::PATCH)
            .send()
            .await
            .unwrap();
        assert_eq!(tag(&answer), "W/\"2\"");
        resource
    }

    fn request(&self, bridge: &Bridge, method: &Method) -> RequestBuilder {
        let request = bridge.request(method.clone(), &self.path);
        match method.as_str() {
            "PUT" => request.json(&self.replacement),
            "PATCH" => request.json(&patch_body(
                json!([{ "op": "add", "path": self.name, "value": "patched" }]),
            )),
            _ => request,
        }
    }
}

fn tag(answer: &Response) -> &str {
    answer.headers()["etag"].to_str().unwrap()
}
