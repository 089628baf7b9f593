//! Each kind of difference: told in report mode without a change, mended in repair mode.

use scim_bridge::sandbox::{Person, seed};
use serde_json::{Value, json};

use super::*;

/// Compares twice: the report changes nothing, the repair ends as wanted.
async fn told_and_mended(bridge: &Bridge, name: &str, told: &[&str], access: &str) {
    let report = compare(bridge, "report").await;
    let expected: Vec<_> = told.iter().map(|line| format!("{line} (open)")).collect();
    assert_eq!(lines(&report), expected);
    assert_eq!(report["open"], told.len());
    bridge.work().await;
    assert_eq!(writes(bridge), [""; 0], "a report changes nothing");

    let report = compare(bridge, "repair").await;
    let expected: Vec<_> = told
        .iter()
        .map(|line| format!("{line} (repairing)"))
        .collect();
    assert_eq!(lines(&report), expected);
    assert_eq!(
        writes(bridge),
        [""; 0],
        "the comparison itself changes nothing"
    );
    bridge.work().await;
    assert_eq!(bridge.access(name), access);
    let report = super::report(bridge).await;
    assert_eq!(report["open"], 0, "{report}");
    bridge.pass(HOUR).await;
    let report = compare(bridge, "report").await;
    assert_eq!(lines(&report), [""; 0]);
}

#[tokio::test]
async fn nothing_differs_where_nobody_has_changed_anything() {
    let bridge = bridge(never()).await;
    for mode in ["report", "repair"] {
        let report = compare(&bridge, mode).await;
        assert_eq!(lines(&report), [""; 0]);
        assert_eq!(report["open"], 0);
        let last = &report["lastRun"];
        assert_eq!(last["mode"], mode);
        assert_eq!(last["done"], 4);
        assert_eq!(last["pending"], 0);
        assert_eq!(last["marked"], 0);
        assert_eq!(last["foreignAccounts"], 3, "olga, peter and vera");
        assert_eq!(report["running"], Value::Null);
    }
}

#[tokio::test]
async fn a_deleted_account_is_made_again() {
    let bridge = bridge(never()).await;
    remove(&bridge, "bob");
    told_and_mended(&bridge, "bob", &["bob accountMissing"], "role 7; Team plan").await;
}

#[tokio::test]
async fn another_role_is_set_back() {
    let bridge = bridge(never()).await;
    edit(&bridge, "bob", "roleId", json!(seed::ORGANIZATION_ADMIN));
    told_and_mended(&bridge, "bob", &["bob role: 6 -> 7"], "role 7; Team plan").await;
}

#[tokio::test]
async fn other_values_of_fields_are_set_back() {
    let bridge = bridge(never()).await;
    edit(&bridge, "bob", "firstName", json!("Robert"));
    edit(&bridge, "bob", "displayName", json!("Big Bob"));
    edit(
        &bridge,
        "ann",
        "title",
        json!("By hand, which the directory does not know"),
    );
    let told = [
        "bob profile display_name: \"Big Bob\" -> \"bob Example\"",
        "bob profile first_name: \"Robert\" -> \"bob\"",
    ];
    told_and_mended(&bridge, "bob", &told, "role 7; Team plan").await;
    let world = bridge.sandbox.snapshot();
    let bob = world.person("bob@acme.example").unwrap();
    assert_eq!(bob.fields["firstName"], "bob");
    let ann = world.person("ann@acme.example").unwrap();
    assert!(ann.fields["title"].as_str().unwrap().starts_with("By hand"));
}

#[tokio::test]
async fn an_assignment_taken_away_by_hand_is_made_again() {
    let bridge = bridge(never()).await;
    unassign(&bridge, "ann", PRO);
    let access = "role 6; Pro seats, Team plan";
    told_and_mended(&bridge, "ann", &["ann assignmentMissing pro"], access).await;
    // It is ours again, so it goes with the group.
    let ann = scim_id(&bridge, "ann").await;
    bridge.set_active(&ann, false, 200).await;
    assert_eq!(bridge.access("ann"), "nothing");
}

#[tokio::test]
async fn another_external_user_id_is_set_back() {
    let bridge = bridge(never()).await;
    let bob = id_of(&bridge, "bob");
    by_hand(&bridge, |acme| {
        let seats = acme
            .subscriptions
            .iter_mut()
            .flat_map(|plan| &mut plan.assignments);
        for seat in seats.filter(|seat| seat.user_id == bob) {
            seat.external_user_id = Some("robert".to_owned());
        }
    });
    let told = "bob externalUserId team: \"robert\" -> \"bob@acme.example\"";
    told_and_mended(&bridge, "bob", &[told], "role 7; Team plan").await;
    let world = bridge.sandbox.snapshot();
    let team = world.subscription(TEAM).unwrap();
    let seat = team
        .assignments
        .iter()
        .find(|seat| seat.user_id == bob)
        .unwrap();
    assert_eq!(seat.external_user_id.as_deref(), Some("bob@acme.example"));
}

#[tokio::test]
async fn who_is_locked_out_by_hand_is_let_in() {
    let bridge = bridge(Setup {
        tenant: "reconcile = { every = \"never\" }\ndeprovision = { flag = \"isActive\" }",
        ..Setup::default()
    })
    .await;
    edit(&bridge, "bob", "isActive", json!(false));
    // A short list does not show the flag; what else differs makes the bridge look at the account.
    edit(&bridge, "bob", "firstName", json!("Robert"));
    let told = [
        "bob lockedOut isActive",
        "bob profile first_name: \"Robert\" -> \"bob\"",
    ];
    told_and_mended(&bridge, "bob", &told, "role 7; Team plan").await;
    let world = bridge.sandbox.snapshot();
    assert_eq!(
        world.person("bob@acme.example").unwrap().fields["isActive"],
        true
    );
}

/// What is by another hand is told, counted, and nothing else.
#[tokio::test]
async fn what_is_by_another_hand_is_left_alone() {
    let bridge = bridge(never()).await;
    assign(&bridge, "ian", TEAM);
    assign(&bridge, "bob", PRO);
    bridge.sandbox.edit(|world| {
        let stranger = Person::new("sven@acme.example", seed::VIEW_ONLY);
        let id = world.add_user(seed::ACME, stranger).unwrap();
        world.assign(TEAM, &id).unwrap();
    });
    let before = bridge.sandbox.snapshot();
    for mode in ["report", "repair", "repair"] {
        let report = compare(&bridge, mode).await;
        let told = [
            "bob assignmentForeign pro (leftAlone)",
            "ian assignmentForeign team (leftAlone)",
        ];
        assert_eq!(lines(&report), told);
        assert_eq!(report["open"], 0);
        assert_eq!(report["lastRun"]["foreignAccounts"], 4);
        bridge.pass(HOUR).await;
    }
    assert_eq!(writes(&bridge), [""; 0]);
    assert_eq!(bridge.sandbox.snapshot(), before);
}

#[tokio::test]
async fn a_refused_assignment_is_told_and_tried_again() {
    let bridge = bridge(never()).await;
    // Pro seats has three; peter and ann have one each.
    assign(&bridge, "ian", PRO);
    let eve = scim_id(&bridge, "eve").await;
    let finance = group_id(&bridge, "Finance").await;
    bridge.join(&finance, &eve).await;
    assert_eq!(bridge.access("eve"), "role 6; Team plan");
    bridge.pass(Duration::from_mins(10)).await;
    unassign(&bridge, "ian", PRO);
    let report = compare(&bridge, "report").await;
    assert_eq!(lines(&report), ["eve assignmentMissing pro (open)"]);
    let refused = report["differences"][0]["refused"].as_str().unwrap();
    assert!(!refused.is_empty());
    bridge.work().await;
    assert_eq!(bridge.access("eve"), "role 6; Pro seats, Team plan");
}
