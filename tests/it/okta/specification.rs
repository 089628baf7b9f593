//! Okta's SCIM 2.0 specification test and CRUD test as sequences (`reference/idp-behaviour.md`,
//! sections 7.4 and 7.5).

use std::time::Instant;

use serde_json::{Value, json};

use super::with_tom;
use crate::harness::Bridge;
use crate::recorded::replay;

const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

async fn assert_nobody(bridge: &Bridge, name: &str) {
    let path = format!("/Users?filter=userName%20eq%20%22{name}%22&startIndex=1&count=100");
    let list = bridge.get(&path, 200).await;
    assert_eq!(list["schemas"], json!([LIST]));
    assert_eq!(list["totalResults"], 0);
}

fn assert_complete(user: &Value) {
    for field in [
        "/id",
        "/userName",
        "/name/familyName",
        "/name/givenName",
        "/emails/0/value",
    ] {
        let text = user.pointer(field).and_then(Value::as_str);
        assert!(text.is_some_and(|text| !text.is_empty()), "{field}");
    }
    assert_eq!(user["active"], true);
}

#[tokio::test]
async fn the_specification_test_passes_in_order() {
    // Q119, Q120, Q121
    let (bridge, tom) = with_tom().await;
    // 1, 2
    let list = replay(&bridge, "okta/connection_test", &[]).await;
    assert_complete(&list["Resources"][0]);
    let user = bridge.get(&format!("/Users/{tom}"), 200).await;
    assert_complete(&user);
    assert_eq!(user["id"], tom.as_str());
    // 3, 4, 5
    assert_nobody(&bridge, "invalid%40acme.example").await;
    replay(&bridge, "okta/read_unknown_user", &[]).await;
    assert_nobody(&bridge, "random-71%40acme.example").await;
    // 6, 7
    let ida = replay(&bridge, "okta/create_user_as_plain_json", &[]).await;
    let path = format!("/Users/{}", ida["id"].as_str().unwrap());
    let read = bridge.get(&path, 200).await;
    for field in ["userName", "name", "active", "emails"] {
        assert_eq!(read[field], ida[field], "{field}");
    }
    // 8
    let again = json!({"userName": "ida.sandvik@acme.example"});
    assert_eq!(bridge.post("/Users", again, 409).await["status"], "409");
    // 9
    let upper = "/Users?filter=userName%20eq%20%22IDA.SANDVIK%40ACME.EXAMPLE%22";
    assert_eq!(bridge.get(upper, 200).await["totalResults"], 1);
    // 10
    let begun = Instant::now();
    bridge.get("/Groups", 200).await;
    assert!(begun.elapsed().as_millis() < 600);
    // 11, 12
    replay(&bridge, "okta/bad_token", &[]).await;
    replay(&bridge, "okta/read_unknown_user", &[]).await;
}

#[tokio::test]
async fn the_crud_test_passes_in_order() {
    let (bridge, tom) = with_tom().await;
    let ids = [("tom", tom.as_str())];
    let path = format!("/Users/{tom}");
    let found = replay(&bridge, "okta/match_user", &ids).await;
    assert_complete(&found["Resources"][0]);
    let mut edited = bridge.get(&path, 200).await;
    edited["name"]["givenName"] = json!("Thomas");
    bridge.put(&path, edited, 200).await;
    assert_eq!(bridge.get(&path, 200).await["name"]["givenName"], "Thomas");
    for (shape, active) in [
        ("okta/deactivate_user", false),
        ("okta/reactivate_user", true),
        ("okta/deactivate_user", false),
    ] {
        replay(&bridge, shape, &ids).await;
        let user = bridge.get(&path, 200).await;
        assert_eq!(user["active"], active, "{shape}");
        assert_eq!(user["id"], tom.as_str(), "{shape}");
    }
}
