//! What the bridge says of itself, and that it is so. Numbers such as Q096 are rows of section 6 of the reference on
//! client behaviour, numbers such as 2.13 sections of it.

mod schemas;

use reqwest::Method;
use scim_bridge::scim::discovery::{BulkLimits, Features, service_provider_config};
use serde_json::{Value, json};

use crate::harness::{Bridge, TOKEN, expect};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const CLOUDMORE: &str = "urn:ietf:params:scim:schemas:extension:cloudmore:2.0:User";

const ENDPOINTS: [&str; 5] = [
    "/ServiceProviderConfig",
    "/ResourceTypes",
    "/ResourceTypes/User",
    "/Schemas",
    "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
];

#[tokio::test]
async fn q097_resource_types_and_configuration_say_what_there_is() {
    let bridge = Bridge::start().await;
    let list = bridge.get("/ResourceTypes", 200).await;
    assert_eq!(list["totalResults"], 2);
    assert_eq!(list["Resources"][0]["endpoint"], "/Users");
    assert_eq!(list["Resources"][1]["endpoint"], "/Groups");
    let extensions = &list["Resources"][0]["schemaExtensions"];
    assert_eq!(
        *extensions,
        json!([{"schema": ENT, "required": false}]),
        "what the server alone writes is no extension that a client may send"
    );
    let config = bridge.get("/ServiceProviderConfig", 200).await;
    assert_eq!(config["patch"]["supported"], true);
    assert_eq!(
        config["filter"],
        json!({"supported": true, "maxResults": 200})
    );
    assert_eq!(config["changePassword"]["supported"], false);
    let schemes = config["authenticationSchemes"].as_array().unwrap();
    assert_eq!(schemes[0]["type"], "oauthbearertoken");
    for scheme in schemes {
        for member in ["name", "description"] {
            assert!(!scheme[member].as_str().unwrap().is_empty(), "{member}");
        }
    }
}

#[tokio::test]
async fn q146_every_member_of_the_configuration_is_there() {
    let bridge = Bridge::start().await;
    let config = bridge.get("/ServiceProviderConfig", 200).await;
    for (member, kind) in [
        ("/patch/supported", "a boolean"),
        ("/bulk/supported", "a boolean"),
        ("/bulk/maxOperations", "a number"),
        ("/bulk/maxPayloadSize", "a number"),
        ("/filter/supported", "a boolean"),
        ("/filter/maxResults", "a number"),
        ("/changePassword/supported", "a boolean"),
        ("/sort/supported", "a boolean"),
        ("/etag/supported", "a boolean"),
        ("/pagination/cursor", "a boolean"),
        ("/pagination/index", "a boolean"),
        ("/pagination/maxPageSize", "a number"),
    ] {
        let value = config.pointer(member).unwrap();
        let is_right = if kind == "a number" {
            value.is_u64()
        } else {
            value.is_boolean()
        };
        assert!(is_right, "{member} must be {kind}");
    }
}

#[test]
fn the_configuration_follows_what_runs() {
    let features = Features {
        default_page_size: 50,
        max_page_size: 80,
        sort: true,
        etag: true,
        bulk: Some(BulkLimits {
            operations: 9,
            payload_bytes: 1000,
        }),
        cursor_timeout: Some(600),
    };
    let config = service_provider_config(&features, "https://scim.example.com/scim/acme/v2");
    let bulk = json!({"supported": true, "maxOperations": 9, "maxPayloadSize": 1000});
    assert_eq!(config["bulk"], bulk);
    assert_eq!(config["filter"]["maxResults"], 80);
    assert_eq!(config["sort"], json!({"supported": true}));
    assert_eq!(config["etag"], json!({"supported": true}));
    assert_eq!(
        config["pagination"],
        json!({
            "cursor": true, "index": true, "defaultPaginationMethod": "index",
            "defaultPageSize": 50, "maxPageSize": 80, "cursorTimeout": 600,
        })
    );
    let off = Features {
        cursor_timeout: None,
        bulk: None,
        ..features
    };
    let config = service_provider_config(&off, "https://scim.example.com/scim/acme/v2");
    assert_eq!(config["bulk"]["supported"], false);
    assert_eq!(config["pagination"]["cursor"], false);
    assert_eq!(config["pagination"].get("cursorTimeout"), None);
}

#[tokio::test]
async fn q152_each_is_found_at_the_address_that_it_names() {
    let bridge = Bridge::start().await;
    let read = async |location: &Value| {
        let request = bridge.http.get(location.as_str().unwrap());
        expect(request.bearer_auth(TOKEN), 200).await
    };
    for endpoint in ["/Schemas", "/ResourceTypes"] {
        let list = bridge.get(endpoint, 200).await;
        for one in list["Resources"].as_array().unwrap() {
            assert_eq!(read(&one["meta"]["location"]).await, *one);
        }
    }
    let config = bridge.get("/ServiceProviderConfig", 200).await;
    assert_eq!(read(&config["meta"]["location"]).await, config);
    let folded = bridge
        .get(&format!("/Schemas/{}", USER.to_lowercase()), 200)
        .await;
    assert_eq!(folded["id"], USER);
    assert_eq!(
        bridge.get("/ResourceTypes/Group", 200).await["schema"],
        GROUP
    );
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused() {
    let bridge = Bridge::start().await;
    for endpoint in ENDPOINTS {
        let filtered = format!("{endpoint}?filter=id+eq+%22User%22");
        let error = bridge.get(&filtered, 403).await;
        assert_eq!(error["status"], "403");
        bridge
            .get(&format!("{endpoint}?startIndex=2&count=1&sortBy=id"), 200)
            .await;
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let error = expect(bridge.request(method, endpoint), 405).await;
            assert_eq!(error["status"], "405");
        }
        let anonymous = bridge.http.get(bridge.url(endpoint));
        expect(anonymous, 401).await;
    }
    for unknown in ["/Schemas/urn:x:y", "/Schemas/User", "/ResourceTypes/Users"] {
        let error = bridge.get(unknown, 404).await;
        assert_eq!(error["status"], "404");
    }
}

#[tokio::test]
async fn q153_nobody_is_me() {
    let bridge = Bridge::start().await;
    for method in [Method::GET, Method::POST, Method::PATCH, Method::DELETE] {
        let error = expect(bridge.request(method, "/Me"), 501).await;
        assert_eq!(error["status"], "501");
        assert_eq!(
            error["schemas"][0],
            "urn:ietf:params:scim:api:messages:2.0:Error"
        );
    }
}
