//! The record of admissions: who was refused, why, and who was let in.

mod bounds;
mod reasons;

use reqwest::Method;
use serde_json::Value;

use crate::harness::operator::{ADMIN_TOKEN, admin_section};
use crate::harness::{Bridge, Setup, expect, mappings};

/// A bridge with an admin API, further lines of its server's section, and further lines about the tenant `acme`.
async fn bridge(server: &str, more: &str) -> Bridge {
    let setup = Setup {
        server: format!("{server}\n{}", admin_section()).leak(),
        mappings: Some(more.to_owned() + &mappings()),
        ..Setup::default()
    };
    Bridge::with(setup).await
}

/// What the admin API tells, with a query.
async fn told(bridge: &Bridge, query: &str) -> Vec<Value> {
    let url = format!("http://{}/admin/api/admissions?{query}", bridge.app.addr());
    let request = bridge.http.get(url).bearer_auth(ADMIN_TOKEN);
    let told = expect(request, 200).await;
    told["admissions"].as_array().unwrap().clone()
}

/// Somebody looks at the users of a tenant.
async fn look(bridge: &Bridge, tenant: &str, authorization: &str, status: u16) {
    let request = bridge.http.get(bridge.url_of(tenant, "/Users?count=0"));
    expect(request.header("authorization", authorization), status).await;
}

#[tokio::test]
async fn what_is_alike_is_counted_and_no_request_costs_a_write() {
    let bridge = bridge("", "").await;
    let store = bridge.app.bridge().store();
    let commits = store.write_counts().commits;
    for number in 0..300 {
        look(&bridge, "acme", &format!("Bearer wrong-{number}"), 401).await;
        bridge.advance(std::time::Duration::from_secs(1));
    }
    assert_eq!(store.write_counts().commits, commits);
    let told_once = told(&bridge, "").await;
    assert_eq!(store.write_counts().commits, commits + 1);
    assert_eq!(told_once.len(), 1, "{told_once:?}");
    let one = &told_once[0];
    assert_eq!(one["times"], 300);
    assert_eq!(one["first"], "2026-01-01T00:00:00Z");
    assert_eq!(one["last"], "2026-01-01T00:04:59Z");
    assert_eq!(one["address"], "127.0.0.1");

    // More of the same is counted where it was, and what was not asked for is written when the bridge stops.
    let last = bridge.http.get(bridge.url("/Users")).bearer_auth("wrong");
    let last = last.send().await.unwrap();
    let bridge = bridge.restart().await;
    let told = told(&bridge, "").await;
    assert_eq!((told.len(), &told[0]["times"]), (1, &Value::from(301)));
    assert_eq!(told[0]["first"], one["first"]);
    assert_eq!(
        told[0]["request"],
        last.headers()["x-correlation-id"].to_str().unwrap()
    );
}

#[tokio::test]
async fn who_was_let_in_is_counted_by_credential() {
    let bridge = bridge("", "").await;
    for _ in 0..3 {
        bridge.get("/Users?count=0", 200).await;
    }
    assert!(told(&bridge, "").await.is_empty());
    let all = told(&bridge, "all=true&tenant=acme").await;
    assert_eq!(all.len(), 1, "{all:?}");
    let one = &all[0];
    assert_eq!(
        (&one["admitted"], &one["times"], &one["exists"]),
        (&Value::from(true), &Value::from(3), &Value::from(true))
    );
    assert_eq!(
        (&one["label"], &one["kind"]),
        (&"token 1 of acme".into(), &"bearer".into())
    );
    assert!(told(&bridge, "all=true&tenant=northwind").await.is_empty());
}

#[tokio::test]
async fn a_bridge_on_the_clock_of_the_machine_writes_by_itself() {
    use scim_bridge::provision::Clock;

    let bridge = bridge("", "").await;
    let config = bridge.config();
    let folder = tempfile::TempDir::new().unwrap();
    let mut config = config;
    config.store.url = crate::harness::stores::url(folder.path());
    let app = crate::harness::Process::start(config, Clock::System).await;
    let url = format!("http://{}/scim/acme/v2/Users", app.addr());
    expect(bridge.http.get(url).bearer_auth("wrong"), 401).await;
    let store = app.bridge().store();
    let mut look = tokio::time::interval(std::time::Duration::from_millis(20));
    let written = async {
        while store.admissions(None, true, 10).await.unwrap().is_empty() {
            look.tick().await;
        }
    };
    let patience = std::time::Duration::from_secs(30);
    tokio::time::timeout(patience, written).await.unwrap();
    app.stop().await;
}

#[tokio::test]
async fn the_command_says_what_to_change() {
    let bridge = bridge("", "").await;
    let (_, none, _) = bridge.operate(&["token", "refusals"]).await;
    assert_eq!(none, "Nobody was refused.\n");
    for _ in 0..2 {
        look(
            &bridge,
            "acmee",
            &format!("Bearer {}", crate::harness::TOKEN),
            401,
        )
        .await;
    }
    let (code, output, errors) = bridge.operate(&["token", "refusals"]).await;
    assert_eq!(code, Some(0), "{errors}");
    for part in [
        "2026-01-01T00:00:00Z acmee: a token (\"token 1 of acme\") from 127.0.0.1, 2 times since 2026-01-01T00:00:00Z",
        "  There is no tenant of this name. Enter the tenant URL that ends in /scim/",
        "  It says of itself: tenant acme",
        "  Last request: ",
    ] {
        assert!(output.contains(part), "{part} is missing in:\n{output}");
    }
    let (_, other, _) = bridge
        .operate(&["token", "refusals", "--tenant", "acme"])
        .await;
    assert_eq!(other, "Nobody was refused.\n");
    let arguments = [
        "token", "refusals", "--tenant", "acmee", "--json", "--all", "--limit", "1",
    ];
    let (_, json, _) = bridge.operate(&arguments).await;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["admissions"][0]["exists"], false);
    let (code, _, _) = bridge.operate(&["token", "refusals", "--limit", "0"]).await;
    assert_eq!(code, Some(2));
}

#[tokio::test]
async fn what_is_asked_for_unclearly_is_answered_with_how_to_ask() {
    let bridge = bridge("", "").await;
    for query in [
        "limit=0",
        "limit=1001",
        "limit=x",
        "tenants=acme",
        "all=maybe",
    ] {
        let url = format!("http://{}/admin/api/admissions?{query}", bridge.app.addr());
        let request = bridge
            .http
            .request(Method::GET, url)
            .bearer_auth(ADMIN_TOKEN);
        let answer = expect(request, 400).await;
        assert!(answer["error"].as_str().unwrap().contains("tenant=NAME"));
    }
}
