//! A run that is cut off goes on where it stopped, whoever changes meanwhile is left alone, and nobody runs it twice.

use scim_bridge::sandbox::switches::ListRows;
use scim_bridge::sandbox::{FaultAction, FaultRule, Faults, Switches};
use serde_json::json;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::converging::cloudmore::{held, idle};

/// The bridge with 24 people, more than are recorded together, of each of whom a comparison reads the account.
async fn large() -> Bridge {
    let bridge = bridge(Setup {
        switches: Switches {
            list_rows: ListRows::Minimal,
            ..Switches::default()
        },
        ..never()
    })
    .await;
    for number in 0..20 {
        bridge.user(&format!("p{number}")).await;
    }
    bridge.pass(HOUR).await;
    bridge
}

/// Begins a run that is told to stop by the token.
fn begin(bridge: &Bridge, stop: &CancellationToken) -> JoinHandle<()> {
    let core = Arc::clone(bridge.app.bridge());
    let stop = stop.clone();
    tokio::spawn(async move { core.reconcile(stop).await })
}

/// How many accounts were read since the last look.
fn reads(bridge: &Bridge) -> usize {
    let calls = bridge.calls();
    let reads = calls.iter().filter(|call| call.starts_with("GET Users/"));
    reads.count()
}

fn hold_after(reads: u32) -> FaultRule {
    FaultRule::new(FaultAction::Hold)
        .on("GET", "/Users/")
        .skip(reads)
}

#[tokio::test]
async fn a_run_that_was_killed_goes_on_where_it_stopped() {
    let bridge = large().await;
    edit(&bridge, "ann", "roleId", json!(7));
    ask(&bridge, "repair").await;
    bridge.faults([hold_after(22)]);
    let killed = begin(&bridge, &CancellationToken::new());
    held(&bridge, 1).await;
    let so_far = report(&bridge).await;
    assert_eq!(so_far["running"]["total"], 24);
    assert_eq!(so_far["running"]["done"], 20);
    killed.abort();
    let bridge = bridge
        .crash(|sandbox| sandbox.set_faults(Faults::default()))
        .await;
    bridge.calls();

    run(&bridge).await;
    assert_eq!(
        bridge.calls(),
        [""; 0],
        "whoever was killed may be at work still"
    );
    bridge.pass(Duration::from_mins(3)).await;
    bridge.calls();
    run(&bridge).await;
    assert_eq!(reads(&bridge), 4);
    let ended = report(&bridge).await;
    assert_eq!(ended["running"], Value::Null);
    assert_eq!(ended["lastRun"]["mode"], "repair");
    assert_eq!(ended["lastRun"]["done"], 24);
    bridge.work().await;
    assert_eq!(bridge.access("ann"), "role 6; Pro seats, Team plan");
}

#[tokio::test]
async fn a_run_that_was_stopped_goes_on_at_once() {
    let bridge = large().await;
    ask(&bridge, "report").await;
    bridge.faults([hold_after(22)]);
    let stop = CancellationToken::new();
    let stopped = begin(&bridge, &stop);
    held(&bridge, 1).await;
    stop.cancel();
    stopped.await.unwrap();
    bridge.faults([]);
    idle(&bridge).await;
    bridge.calls();
    run(&bridge).await;
    assert_eq!(reads(&bridge), 4);
    assert_eq!(report(&bridge).await["lastRun"]["done"], 24);
}

#[tokio::test]
async fn two_who_begin_at_once_run_it_once() {
    let bridge = bridge(never()).await;
    ask(&bridge, "report").await;
    let core = Arc::clone(bridge.app.bridge());
    let both = async move { tokio::join!(core.reconcile_once(), core.reconcile_once()) };
    bridge.app.run(both).await;
    let calls = bridge.calls();
    assert_eq!(
        calls.iter().filter(|call| *call == "GET Users").count(),
        1,
        "{calls:?}"
    );
}

/// Whoever asks for something else than what is under way gets it: the run that is under way ends without a trace.
#[tokio::test]
async fn a_run_that_is_overtaken_records_nothing_more() {
    let bridge = large().await;
    edit(&bridge, "ann", "roleId", json!(7));
    ask(&bridge, "report").await;
    bridge.faults([hold_after(22)]);
    let stop = CancellationToken::new();
    let overtaken = begin(&bridge, &stop);
    held(&bridge, 1).await;
    ask(&bridge, "repair").await;
    bridge.faults([]);
    stop.cancel();
    overtaken.await.unwrap();
    run(&bridge).await;
    let report = report(&bridge).await;
    assert_eq!(report["lastRun"]["mode"], "repair");
    assert_eq!(report["lastRun"]["done"], 24);
    assert_eq!(lines(&report), ["ann role: 7 -> 6 (repairing)"]);
}

/// The list is read, then a user changes, another leaves and a third one comes; the list knows nothing of it.
#[tokio::test]
async fn what_changes_during_a_run_is_not_overwritten_by_what_was_read_before() {
    let bridge = bridge(never()).await;
    let (bob, eve) = (scim_id(&bridge, "bob").await, scim_id(&bridge, "eve").await);
    ask(&bridge, "repair").await;
    bridge.faults([FaultRule::new(FaultAction::Hold).on("GET", PRO)]);
    let stop = CancellationToken::new();
    let slow = begin(&bridge, &stop);
    held(&bridge, 1).await;
    let rename = json!([{"op": "Replace", "path": "displayName", "value": "Bob Newname"}]);
    bridge.patch(&format!("/Users/{bob}"), rename, 200).await;
    bridge.set_active(&eve, false, 200).await;
    bridge.user("kim").await;
    bridge.calls();
    bridge.faults([]);
    let done = || async { report(&bridge).await["running"].is_null() };
    while !done().await {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    slow.await.unwrap();
    let told = report(&bridge).await;
    assert_eq!(lines(&told), [""; 0]);
    assert_eq!(told["lastRun"]["pending"], 2, "bob and kim: {told}");
    assert_eq!(told["lastRun"]["lostRevocations"], 0);
    bridge.work().await;
    assert_eq!(writes(&bridge), [""; 0]);
    assert_eq!(bridge.access("eve"), "nothing");
    bridge.pass(HOUR).await;
    let told = compare(&bridge, "repair").await;
    assert_eq!(lines(&told), [""; 0]);
    assert_eq!(told["lastRun"]["pending"], 0);
}

/// The account is read, and while the answer is on its way the user changes.
#[tokio::test]
async fn who_changes_while_the_account_is_read_is_left_alone() {
    let bridge = bridge(never()).await;
    let ian = scim_id(&bridge, "ian").await;
    let sales = group_id(&bridge, "Sales").await;
    edit(&bridge, "ian", "roleId", json!(8));
    ask(&bridge, "repair").await;
    let account = format!("/Users/{}", id_of(&bridge, "ian"));
    bridge.faults([FaultRule::new(FaultAction::HoldAfterEffect).on("GET", &account)]);
    let stop = CancellationToken::new();
    let slow = begin(&bridge, &stop);
    held(&bridge, 1).await;
    bridge.join(&sales, &ian).await;
    bridge.faults([]);
    while !report(&bridge).await["running"].is_null() {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    slow.await.unwrap();
    let told = report(&bridge).await;
    assert_eq!(lines(&told), [""; 0]);
    assert_eq!(told["lastRun"]["pending"], 1);
    assert_eq!(bridge.access("ian"), "role 8; Team plan");
    bridge.pass(HOUR).await;
    compare(&bridge, "repair").await;
    bridge.work().await;
    assert_eq!(bridge.access("ian"), "role 7; Team plan");
}
