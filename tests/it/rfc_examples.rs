//! The examples of RFC 7643 and RFC 7644, sent as the RFC prints them, with people of our own.

mod changes;
mod filters;
mod resources;

use serde_json::{Value, json};

use crate::harness::Bridge;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// Makes a user of these attributes and answers the id.
async fn user(bridge: &Bridge, attributes: Value) -> String {
    let mut body = json!({"schemas": [USER]});
    lay_over(&mut body, attributes);
    let made = bridge.post("/Users", body, 201).await;
    made["id"].as_str().unwrap().to_owned()
}

/// Makes a group with these members and answers the id.
async fn group(bridge: &Bridge, members: &[&str]) -> String {
    let members: Vec<_> = members.iter().map(|id| json!({"value": id})).collect();
    let body = json!({"schemas": [GROUP], "displayName": "Tour Guides", "members": members});
    let made = bridge.post("/Groups", body, 201).await;
    made["id"].as_str().unwrap().to_owned()
}

fn lay_over(body: &mut Value, attributes: Value) {
    let Value::Object(attributes) = attributes else {
        panic!("attributes are an object")
    };
    body.as_object_mut().unwrap().extend(attributes);
}
