//! What becomes of a leaver's account: deleted, stripped or flagged, for a while or for ever, always proven, and given
//! back to whoever returns.

use std::time::Duration;

use scim_bridge::sandbox::{FaultAction, FaultRule, Switches, seed, switches};
use serde_json::{Value, json};

use crate::harness::{Bridge, Setup};

const STRIP: &str = "deprovision = \"strip\"\nstrip_role = 8";
const FLAG: &str = r#"deprovision = { flag = "isActive" }"#;

async fn bridge(tenant: &'static str) -> Bridge {
    Bridge::with(Setup {
        tenant,
        ..Setup::default()
    })
    .await
}

/// Maja, a member of Finance, with what a person entered in Cloudmore.
async fn maja(bridge: &Bridge) -> String {
    let id = bridge.user("maja").await;
    let group = bridge.group("Cloudmore Finance").await;
    bridge.join(&group, &id).await;
    bridge.sandbox.edit(|world| {
        let acme = world.organization_mut(seed::ACME).unwrap();
        let maja = acme
            .users
            .iter_mut()
            .find(|user| user.name() == "maja@acme.example");
        maja.unwrap().fields.extend(by_hand());
    });
    bridge.calls();
    id
}

fn by_hand() -> [(String, Value); 3] {
    [
        ("cellPhonePrefix".to_owned(), json!("46")),
        ("cellPhone".to_owned(), json!("700000000")),
        (
            "customProperties".to_owned(),
            json!([{"name": "Floor", "value": "2"}]),
        ),
    ]
}

fn field(bridge: &Bridge, name: &str) -> Value {
    let world = bridge.sandbox.snapshot();
    world.person("maja@acme.example").unwrap().fields[name].clone()
}

fn account_id(bridge: &Bridge) -> String {
    let world = bridge.sandbox.snapshot();
    world.person("maja@acme.example").unwrap().id.clone()
}

const EVERYTHING: &str = "role 6; Pro seats, Team plan";

#[tokio::test]
async fn a_deleted_account_is_proven_gone_and_comes_back_with_what_a_person_entered() {
    let bridge = bridge("").await;
    let id = maja(&bridge).await;
    bridge.set_active(&id, false, 200).await;
    let calls = bridge.calls().join("; ");
    assert!(
        calls.ends_with(
            "GET Users/{}; DELETE Users/{}; GET Users/{}"
                .replace("{}", account(&calls))
                .as_str()
        ),
        "{calls}"
    );
    assert_eq!(bridge.access("maja"), "nothing");

    bridge.set_active(&id, true, 200).await;
    assert_eq!(bridge.access("maja"), EVERYTHING);
    for (name, value) in by_hand() {
        assert_eq!(field(&bridge, &name), value, "{name}");
    }
}

/// The id that the last call is about.
fn account(calls: &str) -> &str {
    calls.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn of_a_user_whom_the_directory_deletes_nothing_is_kept() {
    let bridge = bridge("").await;
    let id = maja(&bridge).await;
    bridge.set_active(&id, false, 200).await;
    bridge.delete(&format!("/Users/{id}"), 204).await;
    bridge.user("maja").await;
    let world = bridge.sandbox.snapshot();
    let maja = world.person("maja@acme.example").unwrap();
    assert_eq!(maja.fields.get("cellPhone"), None);
}

#[tokio::test]
async fn what_was_kept_and_does_not_fit_any_more_costs_nobody_the_account() {
    let bridge = bridge("").await;
    let id = maja(&bridge).await;
    bridge.sandbox.edit(|world| {
        let acme = world.organization_mut(seed::ACME).unwrap();
        let maja = acme
            .users
            .iter_mut()
            .find(|user| user.name() == "maja@acme.example");
        maja.unwrap()
            .fields
            .insert("cellPhonePrefix".into(), json!("+372"));
    });
    bridge.set_active(&id, false, 200).await;
    bridge.set_active(&id, true, 200).await;
    assert_eq!(bridge.access("maja"), EVERYTHING);
}

#[tokio::test]
async fn a_stripped_account_stays_with_the_role_for_leavers_and_without_assignments() {
    let bridge = bridge(STRIP).await;
    let id = maja(&bridge).await;
    let before = account_id(&bridge);
    bridge.set_active(&id, false, 200).await;
    assert_eq!(bridge.access("maja"), "role 8; ");
    // Unassigned first, each seen to be so, then the role, seen as well.
    let calls = bridge.calls();
    let short: Vec<_> = calls
        .iter()
        .map(|call| call.split(' ').next().unwrap())
        .collect();
    assert_eq!(
        short,
        ["DELETE", "GET", "DELETE", "GET", "GET", "PUT", "GET"]
    );

    bridge.set_active(&id, true, 200).await;
    assert_eq!(bridge.access("maja"), EVERYTHING);
    assert_eq!(account_id(&bridge), before);
    assert_eq!(field(&bridge, "cellPhone"), "700000000");
}

#[tokio::test]
async fn what_a_person_entered_keeps_no_leaver_in() {
    let bridge = bridge(STRIP).await;
    let id = maja(&bridge).await;
    // Cloudmore once took what it takes no more.
    bridge.sandbox.edit(|world| {
        let acme = world.organization_mut(seed::ACME).unwrap();
        let maja = acme
            .users
            .iter_mut()
            .find(|user| user.name() == "maja@acme.example");
        maja.unwrap()
            .fields
            .insert("cellPhonePrefix".into(), json!("+372"));
    });
    bridge.set_active(&id, false, 200).await;
    assert_eq!(bridge.access("maja"), "role 8; ");
}

#[tokio::test]
async fn a_flagged_account_stays_switched_off_until_its_bearer_returns() {
    let bridge = bridge(FLAG).await;
    let id = maja(&bridge).await;
    bridge.set_active(&id, false, 200).await;
    assert_eq!(field(&bridge, "isActive"), false);
    assert_eq!(bridge.access("maja"), "role 6; ");
    bridge.set_active(&id, true, 200).await;
    assert_eq!(field(&bridge, "isActive"), true);
    assert_eq!(bridge.access("maja"), EVERYTHING);
}

#[tokio::test]
async fn a_field_that_cloudmore_does_not_keep_is_replaced_by_what_the_tenant_chooses_then() {
    let mut bridge = bridge(r#"deprovision = { flag = "isActive" }"#).await;
    bridge.sandbox.set_switches(Switches {
        active_flag: switches::ActiveFlag::Ignored,
        ..Switches::default()
    });
    let id = maja(&bridge).await;
    bridge.set_active(&id, false, 500).await;
    assert_eq!(bridge.access("maja"), "role 6; ");
    bridge.setup.tenant = STRIP;
    bridge.reload().await;
    bridge.pass(Duration::from_hours(1)).await;
    assert_eq!(bridge.access("maja"), "role 8; ");
}

#[tokio::test]
async fn who_returns_after_the_grace_period_is_not_kept_out_by_the_lock() {
    let bridge = bridge("deprovision = { flag = \"isActive\" }\ngrace = \"1d\"").await;
    let id = maja(&bridge).await;
    bridge.set_active(&id, false, 200).await;
    bridge.pass(Duration::from_hours(25)).await;
    assert_eq!(bridge.access("maja"), "nothing");
    bridge.set_active(&id, true, 200).await;
    assert_eq!(bridge.access("maja"), EVERYTHING);
    let world = bridge.sandbox.snapshot();
    let active = world
        .person("maja@acme.example")
        .unwrap()
        .fields
        .get("isActive")
        .cloned();
    assert_ne!(active, Some(json!(false)));
    assert_eq!(field(&bridge, "cellPhone"), "700000000");
}

#[tokio::test]
async fn what_a_person_entered_survives_a_deletion_whose_answer_is_lost() {
    let bridge = bridge("").await;
    let id = maja(&bridge).await;
    bridge.faults([FaultRule::new(FaultAction::DropAfterEffect)
        .on("DELETE", "/Users/")
        .times(1)]);
    let leave = json!([{"op": "replace", "path": "active", "value": false}]);
    bridge.patch(&format!("/Users/{id}"), leave, 200).await;
    bridge.faults([]);
    bridge.pass(Duration::from_hours(1)).await;
    assert_eq!(bridge.access("maja"), "nothing");
    bridge.set_active(&id, true, 200).await;
    assert_eq!(bridge.access("maja"), EVERYTHING);
    assert_eq!(field(&bridge, "cellPhone"), "700000000");
}

#[tokio::test]
async fn deactivated_and_deleted_users_can_be_treated_differently() {
    let bridge =
        bridge("deprovision = \"strip\"\nstrip_role = 8\ndeprovision_deleted = \"delete\"").await;
    let id = maja(&bridge).await;
    bridge.set_active(&id, false, 200).await;
    assert_eq!(bridge.access("maja"), "role 8; ");
    bridge.delete(&format!("/Users/{id}"), 204).await;
    assert_eq!(bridge.access("maja"), "nothing");
}

#[tokio::test]
async fn after_the_grace_period_the_account_is_deleted_and_not_before() {
    let bridge = bridge("deprovision = \"strip\"\nstrip_role = 8\ngrace = \"30d\"").await;
    let id = maja(&bridge).await;
    let day = Duration::from_hours(24);
    bridge.set_active(&id, false, 200).await;
    bridge.pass(29 * day).await;
    assert_eq!(bridge.access("maja"), "role 8; ");

    // Who returns in time has lost nothing, and a second leave has a grace of its own.
    bridge.set_active(&id, true, 200).await;
    assert_eq!(bridge.access("maja"), EVERYTHING);
    bridge.pass(29 * day).await;
    assert_eq!(bridge.access("maja"), EVERYTHING);
    bridge.set_active(&id, false, 200).await;
    bridge.pass(29 * day).await;
    assert_eq!(bridge.access("maja"), "role 8; ");
    bridge.pass(2 * day).await;
    assert_eq!(bridge.access("maja"), "nothing");

    // Even then everything comes back.
    bridge.set_active(&id, true, 200).await;
    assert_eq!(bridge.access("maja"), EVERYTHING);
    assert_eq!(field(&bridge, "cellPhone"), "700000000");
}

#[tokio::test]
async fn a_flag_that_cloudmore_does_not_keep_is_told_and_tried_again() {
    let bridge = bridge(r#"deprovision = { flag = "noSuchField" }"#).await;
    bridge.sandbox.set_switches(Switches {
        unknown_fields: switches::UnknownFields::Dropped,
        ..Default::default()
    });
    let id = maja(&bridge).await;
    let leave = json!([{"op": "replace", "path": "active", "value": false}]);
    let told = bridge.patch(&format!("/Users/{id}"), leave, 500).await;
    assert!(
        told["detail"].as_str().unwrap().contains("noSuchField"),
        "{told}"
    );
    // What could be taken is taken, and the user is shown to be pending.
    assert_eq!(bridge.access("maja"), "role 6; ");
    assert_eq!(
        bridge.get(&format!("/Users/{id}"), 200).await["active"],
        false
    );
    bridge.sandbox.set_switches(Switches::default());
    bridge.pass(Duration::from_hours(1)).await;
    assert_eq!(field(&bridge, "noSuchField"), false);
}
