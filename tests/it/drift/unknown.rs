//! A read that failed or stopped early leaves things open: nothing is concluded from it, nothing is changed by it.

use scim_bridge::sandbox::switches::{ListRows, Lists};
use scim_bridge::sandbox::{FaultAction, FaultRule, Switches};
use serde_json::json;

use super::*;
use crate::converging::cloudmore::status;

const TEN_MINUTES: Duration = Duration::from_mins(10);

fn answers(body: Value) -> FaultAction {
    FaultAction::Status {
        code: 200,
        retry_after: None,
        body: Some(body),
    }
}

fn words(report: &Value) -> Vec<&str> {
    let unknown = report["lastRun"]["unknown"].as_array().unwrap();
    unknown.iter().map(|each| each.as_str().unwrap()).collect()
}

/// Nothing was written, neither by the comparison nor by the worker after it.
async fn nothing_is_done(bridge: &Bridge) {
    bridge.work().await;
    assert_eq!(writes(bridge), [""; 0]);
}

#[tokio::test]
async fn a_list_of_people_that_is_cut_or_fails_concludes_nothing_and_is_read_again_later() {
    let bridge = bridge(never()).await;
    remove(&bridge, "bob");
    for (number, mode) in ["report", "repair"].into_iter().enumerate() {
        let cut = Switches {
            page_size: Some(2),
            lists: Lists::Counted,
            ..Switches::default()
        };
        if number == 0 {
            bridge.sandbox.set_switches(cut);
        } else {
            bridge.faults([FaultRule::new(status(503)).on("GET", "/Users")]);
        }
        let before = lines(&super::report(&bridge).await);
        let report = compare(&bridge, mode).await;
        assert_eq!(lines(&report), before);
        assert_eq!(report["running"]["mode"], mode);
        assert!(report["running"]["waits"].is_string(), "{report}");
        nothing_is_done(&bridge).await;
        bridge.sandbox.set_switches(Switches::default());
        bridge.faults([]);
        run(&bridge).await;
        assert_eq!(bridge.calls(), [""; 0], "it is not read again at once");
        bridge.pass(TEN_MINUTES).await;
        run(&bridge).await;
        let report = super::report(&bridge).await;
        assert_eq!(report["running"], Value::Null);
        assert_eq!(
            lines(&report)[0].split(" (").next(),
            Some("bob accountMissing")
        );
        bridge.calls();
    }
}

#[tokio::test]
async fn assignments_that_cannot_be_read_are_not_compared() {
    let bridge = bridge(never()).await;
    unassign(&bridge, "ann", PRO);
    edit(&bridge, "bob", "roleId", json!(6));
    bridge.faults([FaultRule::new(status(500)).on_path(PRO)]);
    let report = compare(&bridge, "report").await;
    assert_eq!(lines(&report), ["bob role: 6 -> 7 (open)"]);
    let unknown = words(&report);
    assert_eq!(unknown.len(), 1);
    assert!(unknown[0].contains(PRO), "{unknown:?}");
    nothing_is_done(&bridge).await;
}

#[tokio::test]
async fn an_account_that_cannot_be_read_is_not_compared() {
    let bridge = bridge(Setup {
        switches: Switches {
            list_rows: ListRows::Minimal,
            ..Switches::default()
        },
        ..never()
    })
    .await;
    let bob = id_of(&bridge, "bob");
    edit(&bridge, "bob", "roleId", json!(6));
    edit(&bridge, "eve", "roleId", json!(6));
    bridge.faults([FaultRule::new(status(500)).on_path(&format!("/Users/{bob}"))]);
    let report = compare(&bridge, "repair").await;
    let told = ["bob unknown (open)", "eve role: 6 -> 7 (repairing)"];
    assert_eq!(lines(&report), told);
    bridge.work().await;
    assert_eq!(bridge.access("bob"), "role 6; Team plan");
    assert_eq!(bridge.access("eve"), "role 7; Team plan");
}

/// A list that lacks more than half of the accounts is a wrong answer until somebody insists, and even then each account
/// is asked for.
#[tokio::test]
async fn an_empty_list_of_people_is_taken_for_a_wrong_answer() {
    let bridge = bridge(Setup {
        tenant: "reconcile = { every = \"24h\", mode = \"repair\" }",
        ..Setup::default()
    })
    .await;
    run(&bridge).await;
    let empty = || {
        FaultRule::new(answers(json!([])))
            .on("GET", "/Users")
            .times(1)
    };
    bridge.faults([empty()]);
    bridge.pass(25 * HOUR).await;
    run(&bridge).await;
    let told = super::report(&bridge).await;
    assert_eq!(lines(&told), [""; 0]);
    assert!(
        words(&told)[0].contains("lacks 4 of the 4 accounts"),
        "{told}"
    );
    nothing_is_done(&bridge).await;

    bridge.faults([empty()]);
    let told = compare(&bridge, "report").await;
    assert_eq!(words(&told).len(), 1);
    bridge.faults([empty()]);
    let told = compare(&bridge, "repair").await;
    assert_eq!(lines(&told), [""; 0]);
    assert_eq!(words(&told), [""; 0]);
    nothing_is_done(&bridge).await;
}

#[tokio::test]
async fn most_accounts_are_made_again_when_somebody_insists() {
    let bridge = bridge(never()).await;
    for name in ["ann", "bob", "eve"] {
        remove(&bridge, name);
    }
    let told = compare(&bridge, "report").await;
    assert_eq!(lines(&told), [""; 0]);
    assert!(
        words(&told)[0].contains("lacks 3 of the 4 accounts"),
        "{told}"
    );
    let told = compare(&bridge, "repair").await;
    assert_eq!(lines(&told).len(), 3);
    bridge.work().await;
    assert_eq!(bridge.access("ann"), "role 6; Pro seats, Team plan");
    assert_eq!(bridge.access("bob"), "role 7; Team plan");
}

/// A list that wrongly lacks an assignment makes nothing somebody else's: it is looked for again, found, and ours.
#[tokio::test]
async fn an_assignment_that_a_wrong_list_lacked_stays_ours() {
    let bridge = bridge(never()).await;
    let empty = FaultRule::new(answers(json!([]))).on("GET", TEAM).times(1);
    bridge.faults([empty]);
    let told = compare(&bridge, "repair").await;
    assert_eq!(lines(&told).len(), 3);
    nothing_is_done(&bridge).await;
    assert_eq!(bridge.access("bob"), "role 7; Team plan");
    let (sales, bob) = (
        group_id(&bridge, "Sales").await,
        scim_id(&bridge, "bob").await,
    );
    bridge.leave(&sales, &bob).await;
    assert_eq!(bridge.access("bob"), "role 7; ");
}

#[tokio::test]
async fn a_list_that_lacks_most_assignments_is_taken_for_a_wrong_answer() {
    let bridge = bridge(never()).await;
    let sales = group_id(&bridge, "Sales").await;
    let ian = scim_id(&bridge, "ian").await;
    bridge.join(&sales, &ian).await;
    bridge.pass(HOUR).await;
    bridge.calls();
    bridge.faults([FaultRule::new(answers(json!([]))).on("GET", TEAM).times(1)]);
    let told = compare(&bridge, "report").await;
    assert_eq!(lines(&told), [""; 0]);
    assert!(
        words(&told)[0].contains("lacks 4 of the 4 assignments"),
        "{told}"
    );
    nothing_is_done(&bridge).await;
}
