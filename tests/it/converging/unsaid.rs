//! What Cloudmore does not say: under which id it made an account that its list does not show yet, and that it left out the
//! external user id of an assignment.

use std::time::Duration;

use scim_bridge::sandbox::Switches;
use scim_bridge::sandbox::switches::{CreatedId, ExternalIdOnAssign};

use crate::harness::{Bridge, Setup};

async fn bridge(list_lag: u32) -> Bridge {
    let switches = Switches {
        created_id: CreatedId::Neither,
        list_lag,
        ..Switches::default()
    };
    Bridge::with(Setup {
        switches,
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn a_leaver_whose_account_does_not_show_yet_is_not_forgotten() {
    let bridge = bridge(9).await;
    let id = bridge.user("ann").await;
    bridge.delete(&format!("/Users/{id}"), 204).await;
    assert_eq!(bridge.access("ann"), "role 7; ");
    let bridge = bridge.restart().await;
    for _ in 0..9 {
        bridge.pass(Duration::from_secs(150)).await;
    }
    assert_eq!(bridge.access("ann"), "nothing");
}

#[tokio::test]
async fn a_joiner_whose_account_does_not_show_yet_is_made_once_and_gets_everything() {
    let bridge = bridge(4).await;
    let id = bridge.user("ann").await;
    let group = bridge.group("Cloudmore Finance").await;
    bridge.join(&group, &id).await;
    for _ in 0..4 {
        bridge.pass(Duration::from_hours(1)).await;
    }
    assert_eq!(bridge.access("ann"), "role 6; Pro seats, Team plan");
    let calls = bridge.calls();
    let creates = calls.iter().filter(|call| *call == "POST Users");
    assert_eq!(creates.count(), 1);
}

#[tokio::test]
async fn an_external_user_id_that_is_not_taken_with_the_assignment_is_set_after_it() {
    for (how, puts) in [
        (ExternalIdOnAssign::Taken, 0),
        (ExternalIdOnAssign::Ignored, 2),
    ] {
        let switches = Switches {
            external_id_on_assign: how,
            ..Switches::default()
        };
        let bridge = Bridge::with(Setup {
            switches,
            ..Setup::default()
        })
        .await;
        let group = bridge.group("Cloudmore Sales").await;
        for name in ["ann", "bea"] {
            let id = bridge.user(name).await;
            bridge.join(&group, &id).await;
        }
        let world = bridge.sandbox.snapshot();
        let team = world
            .subscription(scim_bridge::sandbox::seed::TEAM_PLAN)
            .unwrap();
        let ids: Vec<_> = team
            .assignments
            .iter()
            .filter_map(|seat| seat.external_user_id.as_deref())
            .collect();
        assert_eq!(ids, ["hand-made", "ann@acme.example", "bea@acme.example"]);
        let calls = bridge.calls();
        assert_eq!(
            calls.iter().filter(|call| call.starts_with("PUT")).count(),
            puts,
            "{calls:?}"
        );
    }
}
