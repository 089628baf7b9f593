//! The admin API: who is let in, and how it answers.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::{ADMIN_TOKEN, bridge, by_hand, create, decide, trail};
use crate::harness::{Bridge, TOKEN};

const PATHS: [&str; 4] = [
    "/admin/api/tenants/acme/plan",
    "/admin/api/tenants/acme/first-sync",
    "/admin/api/tenants/acme/held",
    "/admin/api/nothing",
];

async fn get(bridge: &Bridge, path: &str, token: Option<&str>) -> Response {
    let request = bridge
        .http
        .get(format!("http://{}{path}", bridge.app.addr()));
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    request.send().await.unwrap()
}

async fn words(response: Response, status: u16) -> String {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["content-type"], "application/json");
    let body: Value = response.json().await.unwrap();
    body["error"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn it_opens_for_its_own_token_alone_and_says_the_same_to_everybody_else() {
    let bridge = bridge("").await;
    for path in PATHS {
        let missing = words(get(&bridge, path, None).await, 401).await;
        for wrong in [TOKEN, "scimb_wrong", ""] {
            let response = get(&bridge, path, Some(wrong)).await;
            assert_eq!(
                response.headers()["www-authenticate"],
                "Bearer realm=\"admin\""
            );
            assert_eq!(words(response, 401).await, missing);
        }
    }
    for path in &PATHS[..3] {
        let response = get(&bridge, path, Some(ADMIN_TOKEN)).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], "application/json");
    }
    words(get(&bridge, PATHS[3], Some(ADMIN_TOKEN)).await, 404).await;
    let stranger = get(&bridge, "/admin/api/tenants/nobody/plan", Some(ADMIN_TOKEN)).await;
    assert!(words(stranger, 404).await.contains("\"nobody\""));
    // It opens nothing else.
    let users = get(&bridge, "/scim/acme/v2/Users", Some(ADMIN_TOKEN)).await;
    assert_eq!(users.status(), 401);
}

#[tokio::test]
async fn without_a_token_in_the_configuration_there_is_no_admin_api() {
    let bridge = bridge("").await;
    let mut config = bridge.config();
    config.admin = None;
    bridge.app.configure(config).await.unwrap();
    for path in PATHS {
        for token in [None, Some(ADMIN_TOKEN)] {
            let said = words(get(&bridge, path, token).await, 404).await;
            assert!(said.contains("[admin]"), "{said}");
        }
    }
    bridge.reload().await;
    assert_eq!(
        get(&bridge, PATHS[0], Some(ADMIN_TOKEN)).await.status(),
        200
    );
}

#[tokio::test]
async fn a_decision_is_checked_before_it_is_taken_and_leaves_a_trail() {
    let bridge = bridge("adopt = \"hold\"").await;
    let theirs = by_hand(&bridge, "ann", "ann");
    let ann = create(&bridge, "ann").await;
    for body in [
        json!({}),
        json!({"decision": "perhaps"}),
        json!({"decision": "link", "reason": "because"}),
        json!("link"),
    ] {
        let error = decide(&bridge, &ann, body, 400).await;
        assert!(error["error"].as_str().unwrap().contains("\"decision\""));
    }
    let other = json!({"decision": "link", "account": "another"});
    decide(&bridge, &ann, other, 404).await;
    decide(
        &bridge,
        "nobody@acme.example",
        json!({"decision": "link"}),
        404,
    )
    .await;
    decide(
        &bridge,
        &ann,
        json!({"decision": "link", "account": theirs}),
        200,
    )
    .await;
    // Once is enough.
    decide(&bridge, &ann, json!({"decision": "refuse"}), 404).await;
    let trail = trail(&bridge).await;
    let entry = trail
        .iter()
        .find(|entry| entry.kind == "held.link")
        .unwrap();
    assert_eq!((&*entry.actor, &*entry.subject), ("Olga", &*ann));
    assert_eq!(entry.detail["account"]["id"], *theirs);
    let url = format!("http://{}{}", bridge.app.addr(), PATHS[0]);
    let request = bridge.http.request(Method::DELETE, url);
    let response = request.bearer_auth(ADMIN_TOKEN).send().await.unwrap();
    words(response, 405).await;
}
