//! A lost revocation: who should have no access has it all the same. It is found and mended whatever the mode is; what
//! is by another hand is left alone even then.

use scim_bridge::sandbox::switches::DeleteAssigned;
use scim_bridge::sandbox::{Person, Switches, seed};
use serde_json::json;

use super::*;

const STRIP: &str = "reconcile = { every = \"never\" }\ndeprovision = \"strip\"\nstrip_role = 8";
const FLAG: &str = "reconcile = { every = \"never\" }\ndeprovision = { flag = \"isActive\" }";

fn keeping(tenant: &'static str) -> Setup {
    Setup {
        tenant,
        ..Setup::default()
    }
}

/// Compares in report mode, which tells these lines and mends them.
async fn mended(bridge: &Bridge, told: &[&str], name: &str, access: &str) {
    let report = compare(bridge, "report").await;
    let expected: Vec<_> = told
        .iter()
        .map(|line| format!("{line} (repairing)"))
        .collect();
    assert_eq!(lines(&report), expected);
    assert_eq!(report["lastRun"]["lostRevocations"], 1);
    bridge.work().await;
    assert_eq!(bridge.access(name), access);
    bridge.pass(HOUR).await;
    let report = compare(bridge, "report").await;
    assert_eq!(report["open"], 0, "{report}");
    assert_eq!(report["lastRun"]["lostRevocations"], 0);
}

#[tokio::test]
async fn a_deleted_account_that_is_there_again_is_deleted_again() {
    for delete_assigned in [DeleteAssigned::Cascades, DeleteAssigned::Refuses] {
        let bridge = bridge(Setup {
            switches: Switches {
                delete_assigned,
                ..Switches::default()
            },
            ..never()
        })
        .await;
        let (bob, eve) = (scim_id(&bridge, "bob").await, scim_id(&bridge, "eve").await);
        let mut was = bridge.sandbox.snapshot();
        bridge.set_active(&bob, false, 200).await;
        bridge.delete(&format!("/Users/{eve}"), 204).await;
        assert_eq!(bridge.access("bob"), "nothing");
        let bridge = bridge.restart().await;
        bridge.pass(HOUR).await;
        for (name, id) in [("bob", "bob".to_owned()), ("eve", eve)] {
            let person = was.person_mut(&format!("{name}@acme.example")).unwrap();
            put_back(&bridge, person, &[TEAM]);
            let told = format!(
                "{} accountBack {}",
                if name == "bob" { "bob" } else { "" },
                person.id
            );
            let told = told.trim_start().to_owned();
            let report = compare(&bridge, "report").await;
            assert_eq!(
                lines(&report)
                    .iter()
                    .map(|line| line.trim())
                    .collect::<Vec<_>>(),
                [format!("{told} (repairing)")],
                "{id}"
            );
            assert_eq!(report["lastRun"]["lostRevocations"], 1);
            bridge.work().await;
            assert_eq!(bridge.access(name), "nothing", "{delete_assigned:?}");
            let report = super::report(&bridge).await;
            assert_eq!(report["open"], 0);
            bridge.pass(HOUR).await;
        }
        let report = compare(&bridge, "repair").await;
        assert_eq!(lines(&report), [""; 0]);
    }
}

/// The same name is not the same account.
#[tokio::test]
async fn another_account_of_the_same_name_is_left_alone() {
    let bridge = bridge(never()).await;
    let bob = scim_id(&bridge, "bob").await;
    bridge.set_active(&bob, false, 200).await;
    bridge.sandbox.edit(|world| {
        let person = Person::new("bob@acme.example", seed::VIEW_ONLY);
        let id = world.add_user(seed::ACME, person).unwrap();
        world.assign(TEAM, &id).unwrap();
    });
    bridge.pass(HOUR).await;
    bridge.calls();
    let report = compare(&bridge, "repair").await;
    bridge.work().await;
    assert_eq!(lines(&report), [""; 0]);
    assert_eq!(report["lastRun"]["foreignAccounts"], 4);
    assert_eq!(writes(&bridge), [""; 0]);
    assert_eq!(bridge.access("bob"), "role 8; Team plan");
}

#[tokio::test]
async fn a_kept_account_that_gets_its_role_back_by_hand_is_stripped_again() {
    let bridge = bridge(keeping(STRIP)).await;
    let bob = scim_id(&bridge, "bob").await;
    bridge.set_active(&bob, false, 200).await;
    assert_eq!(bridge.access("bob"), "role 8; ");
    bridge.pass(HOUR).await;
    edit(&bridge, "bob", "roleId", json!(seed::ORGANIZATION_ADMIN));
    mended(&bridge, &["bob unlocked role 8"], "bob", "role 8; ").await;
}

#[tokio::test]
async fn a_kept_account_that_is_unlocked_by_hand_is_locked_again() {
    let bridge = bridge(keeping(FLAG)).await;
    let bob = scim_id(&bridge, "bob").await;
    bridge.set_active(&bob, false, 200).await;
    bridge.pass(HOUR).await;
    edit(&bridge, "bob", "isActive", json!(true));
    mended(&bridge, &["bob unlocked isActive"], "bob", "role 7; ").await;
    let world = bridge.sandbox.snapshot();
    let bob = world.person("bob@acme.example").unwrap();
    assert_eq!(bob.fields["isActive"], false);
}

/// What was taken from a leaver and is there again goes again; what never was ours stays.
#[tokio::test]
async fn an_assignment_that_a_leaver_lost_is_taken_away_again() {
    let bridge = bridge(keeping(STRIP)).await;
    let bob = scim_id(&bridge, "bob").await;
    bridge.set_active(&bob, false, 200).await;
    assert_eq!(bridge.access("bob"), "role 8; ");
    let bridge = bridge.restart().await;
    bridge.pass(HOUR).await;
    assign(&bridge, "bob", TEAM);
    assign(&bridge, "bob", PRO);
    let report = compare(&bridge, "report").await;
    let told = [
        "bob assignmentExtra team (repairing)",
        "bob assignmentForeign pro (leftAlone)",
    ];
    assert_eq!(lines(&report), told);
    bridge.work().await;
    assert_eq!(bridge.access("bob"), "role 8; Pro seats");
    bridge.pass(HOUR).await;
    let report = compare(&bridge, "report").await;
    assert_eq!(lines(&report), ["bob assignmentForeign pro (leftAlone)"]);
}

/// Somebody who has access may be given more by hand, even what the bridge took away before.
#[tokio::test]
async fn an_assignment_that_a_mover_lost_and_has_again_is_somebody_elses() {
    let bridge = bridge(never()).await;
    let bob = scim_id(&bridge, "bob").await;
    let sales = group_id(&bridge, "Sales").await;
    bridge.leave(&sales, &bob).await;
    assert_eq!(bridge.access("bob"), "role 7; ");
    bridge.pass(HOUR).await;
    assign(&bridge, "bob", TEAM);
    bridge.calls();
    for mode in ["report", "repair"] {
        let report = compare(&bridge, mode).await;
        assert_eq!(lines(&report), ["bob assignmentForeign team (leftAlone)"]);
    }
    bridge.work().await;
    assert_eq!(writes(&bridge), [""; 0]);
}

/// Ours, taken away, and then by hand: joining and leaving the group again does not make it ours, nor does leaving for good.
#[tokio::test]
async fn an_assignment_found_to_be_by_another_hand_stays_so_for_a_leaver() {
    let bridge = bridge(keeping(STRIP)).await;
    let bob = scim_id(&bridge, "bob").await;
    let sales = group_id(&bridge, "Sales").await;
    bridge.leave(&sales, &bob).await;
    assign(&bridge, "bob", TEAM);
    bridge.join(&sales, &bob).await;
    bridge.set_active(&bob, false, 200).await;
    assert_eq!(bridge.access("bob"), "role 8; Team plan");
    bridge.pass(HOUR).await;
    let report = compare(&bridge, "repair").await;
    assert_eq!(lines(&report), ["bob assignmentForeign team (leftAlone)"]);
    bridge.work().await;
    assert_eq!(bridge.access("bob"), "role 8; Team plan");
}

/// An account that was linked and let go again, because the change was undone, never was ours.
#[tokio::test]
async fn a_link_that_was_undone_makes_nothing_ours() {
    let bridge = bridge(Setup {
        tenant: "reconcile = { every = \"never\" }\nadopt = \"link\"",
        ..Setup::default()
    })
    .await;
    bridge.sandbox.edit(|world| {
        let person = Person::new("sven@acme.example", seed::VIEW_ONLY);
        world.add_user(seed::ACME, person).unwrap()
    });
    // Linked, and then what it should become is refused.
    let refused = scim_bridge::sandbox::FaultAction::Status {
        code: 400,
        retry_after: None,
        body: None,
    };
    bridge.faults([scim_bridge::sandbox::FaultRule::new(refused).on("PUT", "/Users/")]);
    let body = crate::harness::person("sven");
    let answer = bridge
        .request(Method::POST, "/Users")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert!(!answer.status().is_success());
    bridge.faults([]);
    bridge.pass(HOUR).await;
    let report = compare(&bridge, "repair").await;
    bridge.work().await;
    assert_eq!(lines(&report), [""; 0]);
    assert_eq!(report["lastRun"]["foreignAccounts"], 4);
    assert_eq!(bridge.access("sven"), "role 8; ");
}
