//! What cannot be ours, however much it looks so: accounts that were there before, another part of Cloudmore.

use scim_bridge::config::Target;
use scim_bridge::sandbox::FaultAction::DropBeforeEffect;
use scim_bridge::sandbox::{Person, seed};

use super::cloudmore::fault;
use super::story::HOUR;
use crate::harness::{Bridge, person};

#[tokio::test]
async fn an_account_by_hand_like_the_one_wanted_is_not_taken_for_ours_after_a_lost_request() {
    let bridge = Bridge::start().await;
    bridge.sandbox.edit(|world| {
        let mut twin = Person::new("ann@acme.example", seed::ORGANIZATION_USER);
        for (field, value) in [
            ("firstName", "ann"),
            ("lastName", "Example"),
            ("displayName", "ann Example"),
            ("email", "ann@acme.example"),
        ] {
            twin.fields.insert(field.to_owned(), value.into());
        }
        world.add_user(seed::ACME, twin).unwrap();
    });
    bridge.app.bridge().survey_new().await;
    let before = bridge.sandbox.snapshot();
    bridge.faults([fault(DropBeforeEffect).on("POST", "/Users").times(1)]);
    let made = bridge.post("/Users", person("ann"), 201).await;
    let id = made["id"].as_str().unwrap();
    bridge.faults([]);
    for _ in 0..3 {
        bridge.pass(HOUR).await;
    }
    bridge.set_active(id, false, 200).await;
    bridge.pass(HOUR).await;
    assert_eq!(bridge.sandbox.snapshot(), before);
}

#[tokio::test]
async fn a_tenant_with_accounts_is_not_pointed_at_another_part_of_cloudmore() {
    let bridge = Bridge::start().await;
    bridge.user("ann").await;
    let other = "11111111-91f4-4e7c-8d2a-6b1c4f0e2001";
    let mut config = bridge.config();
    config.tenants[0].target = Target::Organization(other.to_owned());
    let error = bridge.app.configure(config).await.unwrap_err().to_string();
    assert!(error.contains("acme") && error.contains(other), "{error}");
    bridge.user("bea").await;
    assert_eq!(
        bridge.access("bea"),
        "role 7; ",
        "what was in use stays in use"
    );
}
