//! Comparisons begin by themselves, as often as the tenant says, restarts or not.

use serde_json::json;

use super::*;

fn every(tenant: &'static str) -> Setup {
    Setup {
        tenant,
        ..Setup::default()
    }
}

/// How many comparisons begin now: each reads the list of people once.
async fn begun(bridge: &Bridge) -> usize {
    bridge.calls();
    run(bridge).await;
    let calls = bridge.calls();
    calls.iter().filter(|call| *call == "GET Users").count()
}

#[tokio::test]
async fn one_begins_a_day_after_the_last_whatever_restarts_there_are() {
    let bridge = bridge(every("")).await;
    assert_eq!(begun(&bridge).await, 0);
    bridge.pass(23 * HOUR).await;
    let bridge = bridge.restart().await;
    assert_eq!(begun(&bridge).await, 0);
    bridge.pass(HOUR).await;
    assert_eq!(begun(&bridge).await, 1);
    assert_eq!(begun(&bridge).await, 0);
    let report = report(&bridge).await;
    assert_eq!(report["lastRun"]["mode"], "report");
    assert_eq!(report["nextRun"], "2026-01-03T01:00:00Z");
    let bridge = bridge.restart().await;
    bridge.pass(23 * HOUR).await;
    assert_eq!(begun(&bridge).await, 0);
    bridge.pass(HOUR).await;
    assert_eq!(begun(&bridge).await, 1);
}

#[tokio::test]
async fn one_that_repairs_does_so_by_itself() {
    let bridge = bridge(every("reconcile = { every = \"6h\", mode = \"repair\" }")).await;
    run(&bridge).await;
    edit(&bridge, "bob", "roleId", json!(6));
    bridge.pass(7 * HOUR).await;
    assert_eq!(begun(&bridge).await, 1);
    bridge.work().await;
    assert_eq!(bridge.access("bob"), "role 7; Team plan");
    let report = report(&bridge).await;
    assert_eq!(lines(&report), ["bob role: 6 -> 7 (repaired)"]);
    assert_eq!(report["open"], 0);
}

#[tokio::test]
async fn never_is_only_when_somebody_asks_and_an_observing_tenant_waits() {
    for tenant in ["reconcile = { every = \"never\" }", ""] {
        let mut bridge = bridge(every(tenant)).await;
        if tenant.is_empty() {
            bridge.setup.tenant = "observe = true";
            bridge.reload().await;
        }
        run(&bridge).await;
        bridge.pass(1000 * HOUR).await;
        assert_eq!(begun(&bridge).await, 0);
        assert_eq!(report(&bridge).await["nextRun"], Value::Null);
        ask(&bridge, "report").await;
        ask(&bridge, "report").await;
        assert_eq!(begun(&bridge).await, 1);
        assert_eq!(begun(&bridge).await, 0);
    }
}
