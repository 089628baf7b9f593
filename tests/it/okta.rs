//! The bridge as Okta meets it: users of catalogue apps and wizard apps, from recorded requests.
//! Row numbers are those of `reference/idp-behaviour.md`, section 6.

mod groups;
mod specification;

use std::time::Duration;

use scim_bridge::sandbox::{FaultAction, FaultRule, Faults};
use serde_json::{Value, json};

use crate::harness::{Bridge, Setup, person};
use crate::recorded::replay;

/// A bridge that understands what this client sends, and no more.
async fn start() -> Bridge {
    Bridge::with(Setup {
        tenant: "scim = { profile = \"okta\" }",
        ..Setup::default()
    })
    .await
}

/// A bridge with Tom, as Okta creates him.
async fn with_tom() -> (Bridge, String) {
    let bridge = start().await;
    let made = replay(&bridge, "okta/create_user", &[]).await;
    (bridge, made["id"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn matching_finds_one_user_or_an_empty_list() {
    // Q103, Q105, Q136
    let (bridge, tom) = with_tom().await;
    let ids = [("tom", tom.as_str())];
    replay(&bridge, "okta/match_user", &ids).await;
    replay(&bridge, "okta/match_nobody", &ids).await;
    replay(&bridge, "okta/read_user", &ids).await;
    replay(&bridge, "okta/create_user_as_plain_json", &[]).await;
    replay(&bridge, "okta/import_past_the_end", &[]).await;
}

#[tokio::test]
async fn a_token_without_a_scheme_lets_in_and_any_other_does_not() {
    // Q104
    let (bridge, _) = with_tom().await;
    replay(&bridge, "okta/raw_token", &[]).await;
    replay(&bridge, "okta/bad_token", &[]).await;
}

#[tokio::test]
async fn a_joiner_is_created_active_and_without_the_password() {
    // Q106, Q107, Q108
    let (bridge, tom) = with_tom().await;
    let read = bridge.get(&format!("/Users/{tom}"), 200).await;
    assert!(!read.to_string().contains("q8Zr02LkW"));
    bridge
        .get("/Users?filter=password eq \"q8Zr02LkW\"", 400)
        .await;
}

#[tokio::test]
async fn a_repeated_create_is_refused_and_a_filter_finds_the_user() {
    // Q109 and section 5, rule 7
    let (bridge, tom) = with_tom().await;
    replay(&bridge, "okta/create_user_again", &[]).await;
    replay(&bridge, "okta/match_user", &[("tom", &tom)]).await;
}

#[tokio::test]
async fn creating_a_former_user_again_takes_up_the_old_record() {
    // Q110 and section 8, decision 3
    let (bridge, tom) = with_tom().await;
    replay(&bridge, "okta/deactivate_user", &[("tom", &tom)]).await;
    assert_eq!(bridge.access("tom.hauge"), "nothing");
    let back = replay(&bridge, "okta/create_user", &[]).await;
    assert_eq!(back["id"], tom.as_str());
    assert_eq!(bridge.access("tom.hauge"), "role 7; ");
    assert_eq!(bridge.get("/Users", 200).await["totalResults"], 1);
}

#[tokio::test]
async fn only_the_same_person_takes_up_a_former_record() {
    // Section 8, decision 3
    let (bridge, tom) = with_tom().await;
    replay(&bridge, "okta/deactivate_user", &[("tom", &tom)]).await;
    let mut other = person("tom.hauge");
    for external_id in [
        json!("00u-somebody-else"),
        json!("00U5K2VTXQ0LSN3XP697"),
        Value::Null,
        json!(""),
    ] {
        other["externalId"] = external_id;
        let error = bridge.post("/Users", other.clone(), 409).await;
        assert_eq!(error["scimType"], "uniqueness");
    }
    assert_eq!(
        bridge.get(&format!("/Users/{tom}"), 200).await["active"],
        false
    );
}

#[tokio::test]
async fn an_empty_external_id_is_none_and_collides_with_nobody() {
    // Q111
    let bridge = start().await;
    for name in ["ann", "ben"] {
        let mut user = person(name);
        user["externalId"] = json!("");
        let made = bridge.post("/Users", user, 201).await;
        assert_eq!(made.get("externalId"), None);
    }
}

#[tokio::test]
async fn sending_back_what_was_read_changes_nothing() {
    // Q112
    let (bridge, tom) = with_tom().await;
    let group = bridge.group("Field Ops").await;
    bridge.join(&group, &tom).await;
    let path = format!("/Users/{tom}");
    let read = bridge.get(&path, 200).await;
    assert_eq!(read["groups"][0]["display"], "Field Ops");
    bridge.calls();
    assert_eq!(bridge.put(&path, read.clone(), 200).await, read);
    assert_eq!(bridge.get(&path, 200).await, read);
    assert_eq!(bridge.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn a_profile_push_replaces_and_empty_values_clear() {
    // Q113
    let (bridge, tom) = with_tom().await;
    let ids = [("tom", tom.as_str())];
    let path = format!("/Users/{tom}");
    let set =
        json!([{"op": "add", "value": {"name": {"middleName": "X"}, "title": "Gone after PUT"}}]);
    bridge.patch(&path, set, 200).await;
    let user = replay(&bridge, "okta/replace_user", &ids).await;
    assert_eq!(user.get("title"), None);
}

#[tokio::test]
async fn a_push_that_does_not_speak_of_active_keeps_the_state() {
    // Q114
    let (bridge, tom) = with_tom().await;
    let ids = [("tom", tom.as_str())];
    let path = format!("/Users/{tom}");
    let mut silent = bridge.get(&path, 200).await;
    silent.as_object_mut().unwrap().remove("active");
    silent["title"] = json!("Operator");
    assert_eq!(bridge.put(&path, silent.clone(), 200).await["active"], true);
    replay(&bridge, "okta/deactivate_user", &ids).await;
    silent["title"] = json!("Chief");
    assert_eq!(bridge.put(&path, silent, 200).await["active"], false);
    assert_eq!(bridge.access("tom.hauge"), "nothing");
}

#[tokio::test]
async fn users_go_and_come_back_under_one_id_in_both_kinds_of_app() {
    // Q115, Q117, Q118
    let (bridge, tom) = with_tom().await;
    let ids = [("tom", tom.as_str())];
    for (shape, access) in [
        ("okta/deactivate_user", "nothing"),
        ("okta/reactivate_user", "role 7; "),
        ("okta/deactivate_user_by_put", "nothing"),
        ("okta/reactivate_user", "role 7; "),
        ("okta/sync_password", "role 7; "),
    ] {
        replay(&bridge, shape, &ids).await;
        assert_eq!(bridge.access("tom.hauge"), access, "{shape}");
    }
}

#[tokio::test]
async fn a_push_to_an_unknown_id_creates_nobody() {
    // Q116
    let bridge = start().await;
    bridge.put("/Users/1f0a77", person("tom"), 404).await;
    assert_eq!(bridge.get("/Users", 200).await["totalResults"], 0);
    assert_eq!(bridge.access("tom"), "nothing");
}

/// Cloudmore throttles; the tenant wants to hear of it.
async fn throttled(retry_after: Option<u64>) -> reqwest::Response {
    let bridge = Bridge::with(Setup {
        tenant: "on_outage = \"fail\"",
        ..Setup::default()
    })
    .await;
    let action = FaultAction::Status {
        code: 429,
        retry_after,
        body: None,
    };
    bridge
        .sandbox
        .set_faults(Faults::one(FaultRule::new(action).on_path("/api/")));
    let post = bridge.request(reqwest::Method::POST, "/Users");
    post.json(&person("ann")).send().await.unwrap()
}

#[tokio::test]
async fn while_cloudmore_throttles_the_answer_says_when_to_come_again_in_whole_seconds() {
    // Q138 in this version, which does not throttle by itself
    for retry_after in [Some(30), None] {
        let answer = throttled(retry_after).await;
        assert_eq!(answer.status(), 503);
        let seconds: u64 = answer.headers()["retry-after"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!((1..=300).contains(&seconds), "{seconds}");
        let error: Value = answer.json().await.unwrap();
        assert_eq!(error["status"], "503");
    }
}

#[tokio::test]
async fn a_slow_cloudmore_never_keeps_the_client_waiting_beyond_the_settle_time() {
    // Q139
    for (tenant, status) in [
        ("settle_timeout = \"200ms\"\non_outage = \"queue\"", 201),
        ("settle_timeout = \"200ms\"\non_outage = \"fail\"", 503),
    ] {
        let bridge = Bridge::with(Setup {
            tenant,
            ..Setup::default()
        })
        .await;
        bridge
            .sandbox
            .set_faults(Faults::one(FaultRule::new(FaultAction::Hold)));
        let create = bridge.post("/Users", person("ann"), status);
        let answer = tokio::time::timeout(Duration::from_secs(5), create).await;
        answer.expect("an answer long before the client's 60 seconds are over");
        bridge.sandbox.set_faults(Faults::default());
    }
}
