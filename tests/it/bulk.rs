//! Facts about Bulk: what it makes, in which order, what it refuses, and what it costs (RFC 7644 section 3.7).

mod bounds;
mod cloudmore;
mod example;
mod order;
mod reference;
mod refusal;

use serde_json::{Value, json};

use crate::harness::Bridge;

const REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A Bulk request of these operations.
fn request(operations: Value) -> Value {
    json!({ "schemas": [REQUEST], "Operations": operations })
}

/// Sends these operations and gives the results.
async fn send(bridge: &Bridge, operations: Value) -> Vec<Value> {
    results(bridge.post("/Bulk", request(operations), 200).await)
}

fn results(answer: Value) -> Vec<Value> {
    assert_eq!(answer["schemas"], json!([RESPONSE]));
    answer["Operations"].as_array().unwrap().clone()
}

/// A request that is refused whole.
async fn refused(bridge: &Bridge, body: Value, status: u16, words: &str) {
    let answer = bridge.post("/Bulk", body.clone(), status).await;
    assert_eq!(answer["status"], status.to_string(), "{body}");
    let detail = answer["detail"].as_str().unwrap();
    assert!(detail.contains(words), "{body}: {detail}");
}

/// The statuses of the results, as `201 204`.
fn statuses(results: &[Value]) -> String {
    let statuses = results
        .iter()
        .map(|result| result["status"].as_str().unwrap());
    statuses.collect::<Vec<_>>().join(" ")
}

/// What a failed operation says.
fn detail(result: &Value) -> &str {
    result["response"]["detail"].as_str().unwrap()
}

/// The id at the end of a result's location.
fn id(result: &Value) -> String {
    let location = result["location"].as_str().unwrap();
    location.rsplit_once('/').unwrap().1.to_owned()
}

fn post(path: &str, bulk_id: &str, data: Value) -> Value {
    json!({ "method": "POST", "path": path, "bulkId": bulk_id, "data": data })
}

/// The creation of a user; the bulkId is the name.
fn user(name: &str) -> Value {
    post("/Users", name, json!({ "userName": address(name) }))
}

/// The creation of a user with a manager.
fn managed(name: &str, manager: &str) -> Value {
    let data = json!({
        "userName": address(name),
        ENTERPRISE: { "department": "Tours", "manager": { "value": manager } },
    });
    post("/Users", name, data)
}

/// The creation of a group with these members; the bulkId is the name.
fn group(name: &str, members: &[&str]) -> Value {
    let members: Vec<_> = members.iter().map(|id| json!({ "value": id })).collect();
    post(
        "/Groups",
        name,
        json!({ "displayName": name, "members": members }),
    )
}

fn address(name: &str) -> String {
    format!("{name}@acme.example")
}

/// The directory as lines, in alphabetical order: `ann < eve` is managed by Eve, `Guides: ann, eve` has two members.
async fn directory(bridge: &Bridge) -> Vec<String> {
    let users = bridge.get("/Users?count=1000", 200).await;
    let users = users["Resources"].as_array().unwrap();
    let name = |id: &Value| {
        let user = users.iter().find(|user| user["id"] == *id);
        let name = user.map_or("?", |user| user["userName"].as_str().unwrap());
        name.split_once('@')
            .map_or(name, |(name, _)| name)
            .to_owned()
    };
    let mut lines = Vec::new();
    for user in users {
        let manager = user.pointer(&format!("/{ENTERPRISE}/manager/value"));
        let manager = manager.map(|manager| format!(" < {}", name(manager)));
        lines.push(name(&user["id"]) + &manager.unwrap_or_default());
    }
    let groups = bridge.get("/Groups?count=1000", 200).await;
    for group in groups["Resources"].as_array().unwrap() {
        let members = group["members"].as_array().cloned().unwrap_or_default();
        let mut members: Vec<_> = members
            .iter()
            .map(|member| name(&member["value"]))
            .collect();
        members.sort();
        lines.push(format!(
            "{}: {}",
            group["displayName"].as_str().unwrap(),
            members.join(", ")
        ));
    }
    lines.sort();
    lines
}
