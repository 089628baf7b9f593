//! A removal that began is ended, whatever happens meanwhile, and counts once.

use scim_bridge::sandbox::{FaultAction, FaultRule};
use serde_json::json;

use super::{HOUR, held, how_many, limited, members, staff, waiting};

const NOTHING: &str = "nothing";

/// Cloudmore answers these calls with an outage.
fn down(method: &str, path: &str) -> FaultRule {
    let outage = FaultAction::Status {
        code: 503,
        retry_after: None,
        body: None,
    };
    FaultRule::new(outage).on(method, path)
}

#[tokio::test]
async fn a_removal_that_failed_half_way_goes_on_after_its_window_and_others_took_the_places() {
    let bridge = limited(1).await;
    let (staff, _) = members(&bridge, 2, "Sales").await;
    bridge.faults([down("DELETE", "/Users/")]);
    bridge.set_active(&staff[0], false, 200).await;
    assert_eq!(bridge.access("user00"), "role 7; Team plan");
    for _ in 0..3 {
        bridge.pass(HOUR).await;
    }
    assert_eq!(waiting(&bridge).await, [""; 0]);
    bridge.faults([]);
    bridge.set_active(&staff[1], false, 200).await;
    assert_eq!(bridge.access("user01"), NOTHING);
    bridge.pass(HOUR / 2).await;
    assert_eq!(bridge.access("user00"), NOTHING);
    assert_eq!(held(&bridge).await["guard"]["counted"], 1);
}

#[tokio::test]
async fn a_removal_that_is_tried_again_within_the_window_counts_once() {
    let bridge = limited(2).await;
    let staff = staff(&bridge, 3).await;
    bridge.faults([down("DELETE", "/Users/").times(3)]);
    bridge.set_active(&staff[0], false, 200).await;
    for _ in 0..4 {
        bridge.pass(HOUR / 12).await;
    }
    assert_eq!(bridge.access("user00"), NOTHING);
    assert_eq!(held(&bridge).await["guard"]["counted"], 1);
    for id in &staff[1..] {
        bridge.set_active(id, false, 200).await;
    }
    assert_eq!(how_many(&bridge, 3, NOTHING), 2);
}

#[tokio::test]
async fn a_removal_that_a_crash_interrupts_goes_on_and_counts_once() {
    let bridge = limited(1).await;
    let (staff, _) = members(&bridge, 2, "Sales").await;
    bridge.faults([down("DELETE", "/Users/")]);
    bridge.set_active(&staff[0], false, 200).await;
    let bridge = bridge
        .crash(|sandbox| sandbox.set_faults(Default::default()))
        .await;
    bridge.pass(HOUR / 2).await;
    assert_eq!(bridge.access("user00"), NOTHING);
    bridge.set_active(&staff[1], false, 200).await;
    assert_eq!(waiting(&bridge).await, ["user01 waiting"]);
}

#[tokio::test]
async fn a_released_removal_that_fails_is_not_asked_about_again_and_what_is_new_is() {
    let bridge = limited(0).await;
    let (staff, sales) = members(&bridge, 1, "Sales").await;
    bridge.leave(&sales, &staff[0]).await;
    bridge.faults([down("DELETE", "/subscriptions/")]);
    super::decide(&bridge, "release", super::user("user00"), 200).await;
    bridge.work().await;
    assert_eq!(bridge.access("user00"), "role 7; Team plan");
    assert_eq!(waiting(&bridge).await, [""; 0]);
    // The account is more than what was released; what was is taken all the same.
    bridge.set_active(&staff[0], false, 200).await;
    let held = held(&bridge).await;
    assert_eq!(held["removals"][0]["takes"], json!(["account"]));
    bridge.faults([]);
    bridge.pass(HOUR).await;
    assert_eq!(bridge.access("user00"), "role 7; ");
}

#[tokio::test]
async fn who_loses_something_while_cloudmore_is_out_is_counted_as_it_is_done() {
    let bridge = limited(2).await;
    let staff = staff(&bridge, 5).await;
    bridge.faults([down("PUT", "/api/"), down("DELETE", "/api/")]);
    for id in &staff {
        bridge.set_active(id, false, 200).await;
    }
    assert_eq!(how_many(&bridge, 5, NOTHING), 0);
    bridge.faults([]);
    for _ in 0..3 {
        bridge.pass(HOUR / 6).await;
    }
    assert_eq!(how_many(&bridge, 5, NOTHING), 2);
    assert_eq!(waiting(&bridge).await.len(), 3);
}
