//! Who comes first: whoever is to lose access; and nobody waits for another tenant.

use std::sync::Arc;
use std::time::Duration;

use scim_bridge::domain::model::{TenantId, UserId};
use scim_bridge::sandbox::{FaultAction, FaultRule};
use scim_bridge::store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::converging::cloudmore::{calls, fault, held, plenty_of_seats, status, until};
use crate::harness::{BROKER_TOKEN, Bridge, Setup, expect, mappings, person};

const SOON: Duration = Duration::from_secs(2);
const ADMINISTRATORS: &str = "ResellerAdministrators";

/// One call at a time, so that their order is that of the rows.
fn one_at_a_time() -> Setup {
    Setup {
        broker: "concurrency = 1".to_owned(),
        ..Setup::default()
    }
}

/// Takes what the IdP says, so that it waits for the worker.
async fn observe(bridge: &mut Bridge, observe: bool) {
    bridge.setup.tenant = if observe { "observe = true" } else { "" };
    bridge.reload().await;
}

#[tokio::test]
async fn a_leaver_comes_before_all_who_joined_before() {
    let mut bridge = Bridge::with(one_at_a_time()).await;
    let leaver = bridge.user("lea").await;
    observe(&mut bridge, true).await;
    for number in 0..20 {
        bridge.user(&format!("p{number}")).await;
    }
    bridge.set_active(&leaver, false, 200).await;
    observe(&mut bridge, false).await;
    bridge.sandbox.clear_calls();
    assert_eq!(bridge.work().await, 21);
    let calls = calls(&bridge);
    let first = |method: &str| calls.iter().position(|call| call.starts_with(method));
    assert!(first("DELETE") < first("POST"), "{calls:?}");
    assert_eq!(bridge.access("lea"), "nothing");
    assert_eq!(bridge.access("p19"), "role 7; ");
}

#[tokio::test]
async fn those_who_lose_something_by_new_mappings_come_before_those_who_get_something() {
    let mut bridge = Bridge::with(one_at_a_time()).await;
    plenty_of_seats(&bridge);
    let sales = bridge.group("Cloudmore Sales").await;
    let finance = bridge.group("Cloudmore Finance").await;
    let mut bridge = {
        let all = mappings();
        let only_finance = all.split("[[tenant.mapping]]").nth(1).unwrap();
        bridge.setup.mappings = Some(format!("[[tenant.mapping]]{only_finance}"));
        bridge.reload().await;
        bridge
    };
    for number in 0..20 {
        let user = bridge.user(&format!("p{number:02}")).await;
        bridge.join(&sales, &user).await;
    }
    let ann = bridge.user("zoe").await;
    bridge.join(&finance, &ann).await;
    assert_eq!(bridge.access("zoe"), "role 6; Pro seats, Team plan");

    let all = mappings();
    let only_sales = all.split("[[tenant.mapping]]").nth(2).unwrap();
    bridge.setup.mappings = Some(format!("[[tenant.mapping]]{only_sales}"));
    bridge.reload().await;
    bridge.sandbox.clear_calls();
    bridge.work().await;
    let calls = calls(&bridge);
    let writes: Vec<_> = calls
        .iter()
        .filter(|call| !call.starts_with("GET"))
        .collect();
    let gives = writes.iter().position(|call| call.starts_with("POST"));
    let takes = writes.iter().rposition(|call| call.starts_with("DELETE"));
    assert!(takes < gives && takes.is_some(), "{writes:?}");
    assert_eq!(bridge.access("zoe"), "role 7; ");
    assert_eq!(bridge.access("p19"), "role 7; Team plan");
}

#[tokio::test]
async fn a_leaver_who_comes_while_others_are_worked_on_is_next() {
    let mut bridge = Bridge::with(one_at_a_time()).await;
    let leaver = bridge.user("lea").await;
    observe(&mut bridge, true).await;
    bridge.set_active(&leaver, false, 200).await;
    due(&bridge, &leaver, i64::MAX).await;
    for number in 0..20 {
        bridge.user(&format!("p{number}")).await;
    }
    observe(&mut bridge, false).await;
    bridge.sandbox.clear_calls();
    bridge.faults([FaultRule::new(FaultAction::Hold).on("POST", "/Users")]);
    let meanwhile = async {
        held(&bridge, 1).await;
        due(&bridge, &leaver, 0).await;
        bridge.faults([]);
    };
    tokio::join!(bridge.work(), meanwhile);
    let calls = calls(&bridge);
    let turn = calls.iter().position(|call| call == "DELETE Users/ID");
    assert!(turn.is_some_and(|turn| turn <= 2), "{calls:?}");
}

/// Says that somebody is to lose access at a time.
async fn due(bridge: &Bridge, user: &str, at: i64) {
    let user = UserId::new(user);
    let store = bridge.app.bridge().store();
    let marked: Result<(), StoreError> = store
        .write(move |tx| {
            Box::pin(async move { tx.mark_urgent(&TenantId::new("acme"), &[user], at).await })
        })
        .await;
    marked.unwrap();
}

#[tokio::test]
async fn a_tenant_whose_work_does_not_end_keeps_no_other_from_its_own() {
    let bridge = Bridge::start().await;
    bridge.faults([fault(status(503))]);
    bridge.user("ann").await;
    let stuck = || FaultRule::new(FaultAction::Hold).on("POST", "/organizations/");
    bridge.faults([stuck()]);
    bridge.advance(SOON);
    let stop = CancellationToken::new();
    let worker = Arc::clone(bridge.app.bridge()).work(stop.clone());
    let meanwhile = async {
        held(&bridge, 1).await;
        // The broker's tenant has something to do only now, and it is left to the worker.
        bridge.faults([
            stuck(),
            FaultRule::new(status(503)).on("POST", ADMINISTRATORS),
        ]);
        let url = bridge.url_of("northwind", "/Users");
        let request = bridge.http.post(url).bearer_auth(BROKER_TOKEN);
        expect(request.json(&person("bob")), 201).await;
        bridge.faults([stuck()]);
        bridge.advance(SOON);
        until(|| bridge.access("bob") != "nothing").await;
        assert_eq!(bridge.access("ann"), "nothing", "her tenant is stuck");
        bridge.faults([]);
        stop.cancel();
    };
    tokio::join!(bridge.app.run(worker), meanwhile);
    assert_eq!(bridge.access("ann"), "role 7; ");
}

/// Those who are worked on wait for connections to the store that they have to be asked to take.
#[tokio::test]
async fn a_look_for_more_work_holds_up_nobody_who_is_worked_on() {
    const USERS: usize = 80;
    let setup = Setup {
        broker: "concurrency = 16".to_owned(),
        ..Setup::default()
    };
    let mut bridge = Bridge::with(setup).await;
    observe(&mut bridge, true).await;
    for number in 0..USERS {
        bridge.user(&format!("p{number}")).await;
    }
    observe(&mut bridge, false).await;
    let begun = std::time::Instant::now();
    assert_eq!(bridge.work().await, USERS);
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(8), "{took:?}");
}
