//! A pause: the IdP is told to come again later, nothing is begun in Cloudmore, and nothing is lost.

use std::time::Duration;

use reqwest::Method;
use scim_bridge::domain::model::TenantId;
use scim_bridge::sandbox::{FaultAction, FaultRule};
use serde_json::{Value, json};

use crate::converging::cloudmore::{fault, held, status};
use crate::harness::operator::admin_section;
use crate::harness::{BROKER_TOKEN, Bridge, Setup, expect, person};

const HOUR: Duration = Duration::from_secs(60 * 60);

async fn bridge() -> Bridge {
    Bridge::with(Setup {
        server: admin_section().leak(),
        ..Setup::default()
    })
    .await
}

/// Runs a command that has to succeed.
async fn operate(bridge: &Bridge, arguments: &[&str]) -> String {
    let (code, out, err) = bridge.operate(arguments).await;
    assert_eq!(code, Some(0), "{arguments:?}: {err}");
    out
}

async fn create(bridge: &Bridge, tenant: (&str, &str), name: &str, status: u16) -> Value {
    let (tenant, token) = tenant;
    let request = bridge.http.post(bridge.url_of(tenant, "/Users"));
    expect(request.bearer_auth(token).json(&person(name)), status).await
}

const ACME: (&str, &str) = ("acme", crate::harness::TOKEN);
const NORTHWIND: (&str, &str) = ("northwind", BROKER_TOKEN);

#[tokio::test]
async fn a_paused_tenant_answers_503_to_changes_begins_nothing_and_goes_on_afterwards() {
    let bridge = bridge().await;
    let leaver = bridge.user("lea").await;
    bridge.faults([fault(status(503))]);
    bridge.set_active(&leaver, false, 200).await;
    bridge.faults([]);
    let out = operate(&bridge, &["tenant", "pause", "acme", "--reason", "We move"]).await;
    assert!(
        out.contains("acme: paused; 1 users, 1 pending, 1 losing, 0 failed, 0 held"),
        "{out}"
    );
    assert!(
        out.contains("by Olga: We move\n  1 users keep access"),
        "{out}"
    );
    bridge.calls();

    let request = bridge.request(Method::POST, "/Users").json(&person("ann"));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "60");
    assert_eq!(response.headers()["content-type"], "application/scim+json");
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(
        body["schemas"],
        json!(["urn:ietf:params:scim:api:messages:2.0:Error"])
    );
    assert_eq!(body["status"], "503");
    let user = format!("/Users/{leaver}");
    bridge.delete(&user, 503).await;
    bridge.put(&user, person("lea"), 503).await;
    bridge.set_active(&leaver, true, 503).await;
    let bulk = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [] });
    bridge.post("/Bulk", bulk, 503).await;
    let search = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"] });
    assert_eq!(
        bridge.post("/.search", search, 200).await["totalResults"],
        1
    );
    bridge.get(&user, 200).await;
    bridge.get("/ServiceProviderConfig", 200).await;
    create(&bridge, NORTHWIND, "bob", 201).await;

    assert_eq!(bridge.pass(HOUR).await, 0);
    let bridge = bridge.restart().await;
    assert_eq!(bridge.pass(HOUR).await, 0);
    bridge.set_active(&leaver, true, 503).await;
    assert_eq!(bridge.access("lea"), "role 7; ");

    let out = operate(&bridge, &["tenant", "resume", "acme"]).await;
    assert!(out.starts_with("acme: active;"), "{out}");
    assert_eq!(bridge.work().await, 1);
    assert_eq!(bridge.access("lea"), "nothing");
    bridge.user("ann").await;
    assert_eq!(bridge.access("ann"), "role 7; ");
    let store = bridge.app.bridge().store();
    let trail = store
        .audit_after(&TenantId::new("acme"), 0, 100)
        .await
        .unwrap();
    let kinds: Vec<_> = trail
        .iter()
        .map(|entry| (entry.kind.as_str(), entry.actor.as_str()))
        .collect();
    assert!(
        kinds.contains(&("tenant.pause", "Olga")) && kinds.contains(&("tenant.resume", "Olga"))
    );
}

#[tokio::test]
async fn a_pause_of_all_and_one_of_a_tenant_end_each_for_itself() {
    let bridge = bridge().await;
    operate(&bridge, &["tenant", "pause", "acme"]).await;
    operate(&bridge, &["tenant", "pause", "--all"]).await;
    create(&bridge, ACME, "ann", 503).await;
    create(&bridge, NORTHWIND, "bob", 503).await;
    let out = operate(&bridge, &["tenant", "resume", "acme", "--json"]).await;
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["tenants"][0]["state"], "paused");
    assert_eq!(told["tenants"][0]["pause"]["ofAll"], true);
    create(&bridge, ACME, "ann", 503).await;

    operate(&bridge, &["tenant", "pause", "acme"]).await;
    let out = operate(&bridge, &["tenant", "resume", "--all"]).await;
    assert!(
        out.contains("acme: paused;") && out.contains("northwind: active;"),
        "{out}"
    );
    create(&bridge, ACME, "ann", 503).await;
    create(&bridge, NORTHWIND, "bob", 201).await;
    operate(&bridge, &["tenant", "resume", "acme"]).await;
    create(&bridge, ACME, "ann", 201).await;
    let (code, _, err) = bridge.operate(&["tenant", "pause", "nobody"]).await;
    assert_eq!(code, Some(1));
    assert!(err.contains("no tenant \"nobody\""), "{err}");
    assert_eq!(bridge.operate(&["tenant", "pause"]).await.0, Some(2));
}

#[tokio::test]
async fn a_step_that_is_under_way_ends_and_the_next_waits() {
    let bridge = bridge().await;
    let finance = bridge.group("Cloudmore Finance").await;
    let ann = bridge.user("ann").await;
    bridge.faults([FaultRule::new(FaultAction::Hold).on("POST", "/subscriptions/")]);
    let meanwhile = async {
        held(&bridge, 1).await;
        operate(&bridge, &["tenant", "pause", "acme"]).await;
        bridge.faults([]);
    };
    tokio::join!(bridge.join(&finance, &ann), meanwhile);
    let begun = bridge.access("ann");
    assert!(
        begun == "role 6; Team plan" || begun == "role 6; Pro seats",
        "{begun}"
    );
    assert_eq!(bridge.pass(HOUR).await, 0);
    assert_eq!(bridge.access("ann"), begun);
    operate(&bridge, &["tenant", "resume", "acme"]).await;
    assert_eq!(bridge.work().await, 1);
    assert_eq!(bridge.access("ann"), "role 6; Pro seats, Team plan");
}

#[tokio::test]
async fn while_a_tenant_is_paused_it_is_looked_who_keeps_access_by_it() {
    let mut bridge = bridge().await;
    let finance = bridge.group("Cloudmore Finance").await;
    for name in ["ann", "bob"] {
        let user = bridge.user(name).await;
        bridge.join(&finance, &user).await;
    }
    bridge.user("joe").await;
    operate(&bridge, &["tenant", "pause", "--all"]).await;
    bridge.setup.mappings = Some(String::new());
    bridge.reload().await;
    assert_eq!(bridge.work().await, 0);
    let out = operate(&bridge, &["tenant", "list"]).await;
    assert!(
        out.contains("acme: paused; 3 users, 3 pending, 2 losing"),
        "{out}"
    );
    assert!(
        out.contains(", with all tenants\n  2 users keep access"),
        "{out}"
    );
}
