//! What a link is: the account's role becomes what is wanted, nothing more is taken, and what is undone is let go.

use scim_bridge::sandbox::{FaultAction, FaultRule, seed};
use serde_json::json;

use super::{HOUR, account, address, bridge, by_hand, create, state};
use crate::harness::{Bridge, Setup, TOKEN, expect, person};

/// Every update is answered with this status.
fn refuses_updates(code: u16) -> FaultRule {
    let status = FaultAction::Status {
        code,
        retry_after: None,
        body: None,
    };
    FaultRule::new(status).on("PUT", "/Users")
}

const LINK: &str = "adopt = \"link\"\nadopt_by = \"email\"";

#[tokio::test]
async fn assignments_that_a_linked_account_has_stay_foreign() {
    let bridge = bridge(LINK).await;
    let theirs = by_hand(&bridge, "a.nn", "ann");
    let assign = |world: &mut scim_bridge::sandbox::World| {
        world.assign(seed::TEAM_PLAN, &theirs).unwrap();
    };
    bridge.sandbox.edit(assign);
    let ann = create(&bridge, "ann").await;
    let group = bridge.group("Cloudmore Finance").await;
    bridge.join(&group, &ann).await;
    assert_eq!(bridge.access("ann"), "role 6; Pro seats, Team plan");
    bridge.leave(&group, &ann).await;
    assert_eq!(bridge.access("ann"), "role 7; Team plan");
    assert_eq!(account(&bridge, "ann"), theirs);
}

#[tokio::test]
async fn an_address_of_users_of_ours_is_in_nobodys_way() {
    let bridge = bridge(LINK).await;
    let mut shared = person("bob");
    shared["emails"][0]["value"] = json!(address("ann"));
    bridge.post("/Users", shared, 201).await;
    let bob = account(&bridge, "bob");
    create(&bridge, "ann").await;
    assert_ne!(account(&bridge, "ann"), bob);
    assert_eq!(account(&bridge, "bob"), bob);
    // A stranger who has the same address is not the only one with it.
    by_hand(&bridge, "a.nn", "ann");
    let mut other = person("anna");
    other["emails"][0]["value"] = json!(address("ann"));
    bridge.post("/Users", other, 409).await;
}

/// The create is lost, so that nobody knows the account as ours; somebody else of the same address must not get it.
#[tokio::test]
async fn an_account_that_is_being_made_is_not_linked_to_another_user() {
    let bridge = bridge(LINK).await;
    let lost = FaultAction::DropAfterEffect;
    bridge.faults([FaultRule::new(lost).on("POST", "/Users").times(1)]);
    let mut bob = person("bob");
    bob["emails"][0]["value"] = json!(address("ann"));
    bridge.post("/Users", bob, 201).await;
    bridge.faults([]);
    let bob = account(&bridge, "bob");
    assert_ne!(bob, "");
    create(&bridge, "ann").await;
    assert_ne!(account(&bridge, "ann"), bob);
    bridge.pass(HOUR).await;
    assert_eq!(account(&bridge, "bob"), bob);
}

#[tokio::test]
async fn an_account_of_another_tenant_of_ours_is_never_linked() {
    for by in ["name", "email"] {
        let bridge = bridge(&format!("adopt = \"link\"\nadopt_by = \"{by}\"")).await;
        // The organization was another tenant's before, which is configured no more.
        let mut former = bridge.config();
        former.tenants[0].id = scim_bridge::domain::model::TenantId::new("former");
        bridge.app.configure(former).await.unwrap();
        let create = bridge.http.post(bridge.url_of("former", "/Users"));
        expect(create.bearer_auth(TOKEN).json(&person("ann")), 201).await;
        bridge.reload().await;
        let before = bridge.sandbox.snapshot();
        bridge.post("/Users", person("ann"), 409).await;
        assert_eq!(bridge.sandbox.snapshot(), before, "by {by}");
    }
}

/// The account is linked, and then Cloudmore refuses what it should become: the change is undone, and the stranger's account
/// must not go the way of a leaver's.
#[tokio::test]
async fn an_account_that_was_linked_for_a_change_that_is_undone_is_let_go() {
    for outage in [false, true] {
        let fail = "\non_outage = \"fail\"";
        let bridge = bridge(&format!("{LINK}{}", if outage { fail } else { "" })).await;
        let theirs = by_hand(&bridge, "a.nn", "ann");
        let before = bridge.sandbox.snapshot();
        let (status, answer) = if outage { (502, 503) } else { (400, 400) };
        bridge.faults([refuses_updates(status)]);
        bridge.post("/Users", person("ann"), answer).await;
        bridge.faults([]);
        for _ in 0..3 {
            bridge.pass(HOUR).await;
        }
        assert_eq!(bridge.sandbox.snapshot(), before, "outage {outage}");
        create(&bridge, "ann").await;
        assert_eq!(account(&bridge, "ann"), theirs);
    }
}

/// Taking access away is no undo: a leaver loses what was linked, as wanted or not.
#[tokio::test]
async fn a_leaver_loses_an_account_that_was_linked_and_never_became_as_wanted() {
    let bridge = bridge(LINK).await;
    by_hand(&bridge, "a.nn", "ann");
    bridge.faults([refuses_updates(503)]);
    let ann = create(&bridge, "ann").await;
    assert_eq!(state(&bridge, &ann).await.0, "pending");
    bridge.faults([]);
    bridge.delete(&format!("/Users/{ann}"), 204).await;
    bridge.pass(HOUR).await;
    assert_eq!(account(&bridge, "a.nn"), "");
}

/// The answer to the assignment is lost, so that the account could not just be let go.
#[tokio::test]
async fn an_account_that_was_linked_and_assigned_for_a_change_that_failed_is_no_leavers() {
    let mapping = format!(
        "[[tenant.mapping]]\nscim_role = \"Staff\"\nsubscriptions = [ {{ service = \"{}\", subscription = \"{}\" }} ]",
        seed::OFFICE_SUITE,
        seed::TEAM_PLAN
    );
    let bridge = Bridge::with(Setup {
        tenant: "adopt = \"link\"\non_outage = \"fail\"",
        mappings: Some(mapping),
        ..Setup::default()
    })
    .await;
    let anns = by_hand(&bridge, "ann", "ann");
    bridge.faults([FaultRule::new(FaultAction::DropAfterEffect)
        .on("POST", "/subscriptions/")
        .times(1)]);
    let mut body = person("ann");
    body["roles"] = json!([{"value": "Staff"}]);
    bridge.post("/Users", body, 503).await;
    bridge.faults([]);
    bridge.pass(HOUR).await;
    assert_eq!(account(&bridge, "ann"), anns);
    assert_eq!(bridge.access("ann"), "role 7; Team plan");
}
