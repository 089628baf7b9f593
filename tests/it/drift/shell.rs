//! The commands `drift` and `reconcile`, and the admin API behind them.

use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::*;

#[tokio::test]
async fn drift_tells_what_differs_and_ends_with_1_if_anything_does() {
    let bridge = bridge(never()).await;
    let (code, out, err) = bridge.operate(&["drift", "acme"]).await;
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.starts_with("Cloudmore was not compared yet."), "{out}");

    edit(&bridge, "bob", "roleId", json!(6));
    edit(&bridge, "bob", "lastName", json!("Byhand"));
    unassign(&bridge, "ann", PRO);
    assign(&bridge, "ian", PRO);
    compare(&bridge, "report").await;
    let (code, out, _) = bridge.operate(&["drift", "acme"]).await;
    assert_eq!(code, Some(1));
    for line in [
        "bob@acme.example  the role is 6, should be 7\n".to_owned(),
        "bob@acme.example  the field last_name is \"Byhand\", should be \"Example\"\n".to_owned(),
        format!(
            "ann@acme.example  is not assigned to {}/{PRO}\n",
            seed::DESIGN_STUDIO
        ),
        format!(
            "ian@acme.example  is assigned to {}/{PRO} (by another hand, left alone)\n",
            seed::DESIGN_STUDIO
        ),
        "Compared 4 users at 2026-01-01T01:00:00Z: 3 differences".to_owned(),
    ] {
        assert!(out.contains(&line), "{line} in {out}");
    }
    let (code, out, _) = bridge.operate(&["drift", "acme", "--json"]).await;
    assert_eq!(code, Some(1));
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["open"], 3);

    compare(&bridge, "repair").await;
    bridge.work().await;
    let (code, out, _) = bridge.operate(&["drift", "acme"]).await;
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("should be 7 (mended)\n"), "{out}");
}

#[tokio::test]
async fn reconcile_asks_for_a_comparison_and_waits_for_it_if_told_to() {
    let bridge = bridge(never()).await;
    edit(&bridge, "bob", "roleId", json!(6));
    let (code, out, err) = bridge.operate(&["reconcile", "acme"]).await;
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(out, "A comparison waits for its turn.\n");
    assert_eq!(writes(&bridge), [""; 0]);

    let stop = CancellationToken::new();
    let core = Arc::clone(bridge.app.bridge());
    let token = stop.clone();
    let comparing = tokio::spawn(async move { core.reconcile(token).await });
    let (code, out, _) = bridge.operate(&["reconcile", "acme", "--wait"]).await;
    assert_eq!(code, Some(1));
    assert!(
        out.starts_with("bob@acme.example  the role is 6, should be 7\n"),
        "{out}"
    );
    let asked = ["reconcile", "acme", "--repair", "--wait", "--json"];
    let (code, out, _) = bridge.operate(&asked).await;
    assert_eq!(code, Some(1));
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["lastRun"]["mode"], "repair");
    assert_eq!(told["differences"][0]["state"], "repairing");
    bridge.work().await;
    bridge.pass(HOUR).await;
    let (code, out, _) = bridge.operate(&["reconcile", "acme", "--wait"]).await;
    assert_eq!(code, Some(0), "{out}");
    stop.cancel();
    comparing.await.unwrap();
}

#[tokio::test]
async fn mistakes_and_help_say_what_to_do() {
    let bridge = bridge(never()).await;
    for command in ["drift", "reconcile"] {
        let (code, _, err) = bridge.operate(&[command, "nobody"]).await;
        assert_eq!(code, Some(1));
        assert!(err.contains("no tenant \"nobody\""), "{err}");
        let (code, _, _) = bridge.operate(&[command]).await;
        assert_eq!(code, Some(2));
        let (code, out, _) = bridge.operate(&[command, "--help"]).await;
        assert_eq!(code, Some(0));
        assert!(
            out.contains(&format!("scim-bridge {command} acme")),
            "{out}"
        );
    }
    let url = format!(
        "http://{}/admin/api/tenants/acme/reconcile",
        bridge.app.addr()
    );
    for body in [
        json!({}),
        json!({"mode": "mend"}),
        json!({"mode": "repair", "force": 1}),
    ] {
        let request = bridge.http.post(&url).bearer_auth(ADMIN_TOKEN).json(&body);
        let error = expect(request, 400).await;
        assert!(error["error"].as_str().unwrap().contains("\"mode\""));
    }
    expect(bridge.http.post(&url).json(&json!({"mode": "repair"})), 401).await;
    assert_eq!(report(&bridge).await["running"], Value::Null);
}
