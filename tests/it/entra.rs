//! The bridge as Entra ID meets it: connection test, matching, creates and reads, from recorded
//! requests. Row numbers are those of `reference/idp-behaviour.md`, section 6.

mod groups;
mod lifecycle;
mod validator;

use scim_bridge::sandbox::{FaultAction, FaultRule, Faults};
use serde_json::{Value, json};

use crate::harness::{Bridge, Setup, expect, person};
use crate::recorded::replay;

/// A bridge that understands what this client sends, and no more.
async fn start() -> Bridge {
    Bridge::with(Setup {
        tenant: "scim = { profile = \"entra\" }",
        ..Setup::default()
    })
    .await
}

async fn id(bridge: &Bridge, shape: &str) -> String {
    let made = replay(bridge, shape, &[]).await;
    made["id"].as_str().unwrap().to_owned()
}

/// A bridge with Maja, as Entra creates her.
async fn with_maja() -> (Bridge, String) {
    let bridge = start().await;
    let maja = id(&bridge, "entra/create_user").await;
    (bridge, maja)
}

/// How many users a filter finds.
async fn hits(bridge: &Bridge, filter: &str) -> u64 {
    let list = bridge.get(&format!("/Users?filter={filter}"), 200).await;
    list["totalResults"].as_u64().unwrap()
}

#[tokio::test]
async fn the_connection_test_finds_an_empty_list_by_every_matching_attribute() {
    // Q001, Q002, Q003
    let bridge = start().await;
    for shape in [
        "entra/connection_test",
        "entra/connection_test_by_external_id",
        "entra/connection_test_of_groups",
    ] {
        replay(&bridge, shape, &[]).await;
    }
}

#[tokio::test]
async fn matching_finds_the_user_in_every_form_of_the_filter() {
    // Q004, Q005, Q006, Q008, Q010, Q011
    let (bridge, maja) = with_maja().await;
    let nora = bridge.user("nora").await;
    let ids = [("maja", maja.as_str()), ("nora", nora.as_str())];
    replay(&bridge, "entra/update_user", &ids).await;
    for shape in [
        "entra/match_user",
        "entra/match_user_flagged",
        "entra/match_user_flag_last",
        "entra/match_by_external_id",
        "entra/match_by_work_email",
        "entra/match_unquoted",
        "entra/check_manager",
        "entra/check_manager_swapped",
    ] {
        replay(&bridge, shape, &ids).await;
    }
    let stranger = format!("id+eq+%22{maja}%22+and+manager+eq+%22{maja}%22&attributes=id");
    assert_eq!(hits(&bridge, &stranger).await, 0);
}

#[tokio::test]
async fn an_inactive_user_is_found_by_matching() {
    // Q007
    let (bridge, maja) = with_maja().await;
    let ids = [("maja", maja.as_str())];
    replay(&bridge, "entra/disable_user", &ids).await;
    let found = replay(&bridge, "entra/match_user", &ids).await;
    assert_eq!(found["Resources"][0]["active"], false);
}

#[tokio::test]
async fn a_work_address_is_not_matched_by_another_address() {
    // Q008
    let bridge = start().await;
    let mut nora = person("nora");
    nora["emails"] = json!([
        {"type": "work", "value": "nora@acme.example"},
        {"type": "home", "value": "nora@example.com"},
    ]);
    bridge.post("/Users", nora, 201).await;
    let by = |value: &str| format!("emails[type eq \"work\"].value eq \"{value}\"");
    assert_eq!(hits(&bridge, &by("nora@acme.example")).await, 1);
    assert_eq!(hits(&bridge, &by("nora@example.com")).await, 0);
}

#[tokio::test]
async fn an_external_id_in_another_case_is_found_while_one_user_can_be_meant() {
    // Section 8, decision 2
    let bridge = start().await;
    let mut one = person("one");
    one["externalId"] = json!("M.Ekholm");
    bridge.post("/Users", one, 201).await;
    assert_eq!(hits(&bridge, "externalId eq \"m.ekholm\"").await, 1);
    let mut other = person("other");
    other["externalId"] = json!("M.EKHOLM");
    bridge.post("/Users", other, 201).await;
    assert_eq!(hits(&bridge, "externalId eq \"m.ekholm\"").await, 0);
    assert_eq!(hits(&bridge, "externalId eq \"M.EKHOLM\"").await, 1);
    let exactly = "externalId eq \"M.EKHOLM\" and active eq true";
    assert_eq!(hits(&bridge, exactly).await, 1);
}

#[tokio::test]
async fn two_users_never_match_one_name() {
    // Q012, Q027
    let (bridge, _) = with_maja().await;
    let mut again = person("maja.ekholm");
    again["userName"] = json!("Maja.EKHOLM@acme.example");
    let error = bridge.post("/Users", again, 409).await;
    assert_eq!(error["scimType"], "uniqueness");
    assert_eq!(error["status"], "409");
    assert_eq!(hits(&bridge, "userName sw \"maja\"").await, 1);
}

#[tokio::test]
async fn a_user_reads_back_with_json_types_whatever_headers_the_client_sends() {
    // Q014, Q016, Q030
    let (bridge, maja) = with_maja().await;
    replay(&bridge, "entra/read_user", &[("maja", &maja)]).await;
}

#[tokio::test]
async fn an_external_id_of_somebody_else_is_no_obstacle() {
    // Q031 and section 8, decision 3
    let (bridge, maja) = with_maja().await;
    replay(&bridge, "entra/disable_user", &[("maja", &maja)]).await;
    let mut renamed = person("maja.lind");
    renamed["externalId"] = json!("m.ekholm");
    let made = bridge.post("/Users", renamed, 201).await;
    assert_ne!(made["id"], maja.as_str());
}

#[tokio::test]
async fn the_bridge_without_valid_credentials_of_its_own_never_answers_401() {
    // Q099 and section 8, decision 15
    for (on_outage, status) in [("queue", 201), ("fail", 503)] {
        let bridge = Bridge::with(Setup {
            tenant: match on_outage {
                "queue" => "on_outage = \"queue\"",
                _ => "on_outage = \"fail\"",
            },
            ..Setup::default()
        })
        .await;
        bridge
            .sandbox
            .set_faults(Faults::one(FaultRule::new(refused())));
        let answer = bridge.post("/Users", person("ann"), status).await;
        if status == 503 {
            assert_eq!(answer["status"], "503");
            assert_eq!(hits(&bridge, "userName sw \"ann\"").await, 0);
        }
    }
}

fn refused() -> FaultAction {
    FaultAction::Status {
        code: 401,
        retry_after: None,
        body: None,
    }
}

#[tokio::test]
async fn a_burst_of_twenty_five_requests_is_served() {
    // Q102
    let (bridge, maja) = with_maja().await;
    let path = format!("/Users/{maja}");
    let requests = (0..25).map(|_| bridge.get(&path, 200));
    let answers: Vec<Value> = futures_util::future::join_all(requests).await;
    assert!(answers.iter().all(|answer| answer["id"] == maja.as_str()));
}

#[tokio::test]
async fn every_error_is_scim_json() {
    // Q013, Q015
    let (bridge, maja) = with_maja().await;
    for (method, path, status) in [
        ("GET", "/Users/7d20c3".to_owned(), 404),
        ("GET", "/Groups/7d20c3".to_owned(), 404),
        ("GET", "/Users?filter=x".to_owned(), 400),
        ("POST", format!("/Users/{maja}"), 405),
        ("GET", "/Unheard".to_owned(), 404),
    ] {
        let response = bridge.request(method.parse().unwrap(), &path).send().await;
        let response = response.unwrap();
        assert_eq!(response.status(), status, "{method} {path}");
        assert_eq!(response.headers()["content-type"], "application/scim+json");
        let error: Value = response.json().await.unwrap();
        assert_eq!(
            error["schemas"][0],
            "urn:ietf:params:scim:api:messages:2.0:Error"
        );
        assert_eq!(error["status"], status.to_string());
        assert!(error["detail"].as_str().unwrap().ends_with('.'));
    }
    let wrong = bridge.http.get(bridge.url("/Users")).bearer_auth("wrong");
    // Q098
    assert_eq!(expect(wrong, 401).await["status"], "401");
}
