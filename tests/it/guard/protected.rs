//! Whoever and whatever is protected waits for a person, however few lose something.

use serde_json::json;

use super::{HOUR, bridge, decide, held, members, staff, user, waiting};
use crate::harness::{BROKER_TOKEN, Bridge, Setup, patch_body, person};

const USER: &str = "guard = { protected_users = [\"User00@acme.example\"] }";
const GROUP: &str = "guard = { protected_groups = [\"Design\"] }";
const ROLE: &str = "guard = { protected_roles = [{ id = 6, name = \"Design lead\" }] }";

async fn reason(bridge: &Bridge) -> String {
    let held = held(bridge).await;
    held["removals"][0]["reason"]
        .as_str()
        .unwrap_or("nobody waits")
        .to_owned()
}

#[tokio::test]
async fn nothing_is_taken_from_a_protected_user() {
    let bridge = bridge(USER).await;
    let (staff, sales) = members(&bridge, 2, "Sales").await;
    for id in &staff {
        bridge.leave(&sales, id).await;
    }
    assert_eq!(bridge.access("user00"), "role 7; Team plan");
    assert_eq!(bridge.access("user01"), "role 7; ");
    for id in &staff {
        bridge.set_active(id, false, 200).await;
    }
    bridge.pass(HOUR).await;
    assert_eq!(bridge.access("user00"), "role 7; Team plan");
    assert_eq!(bridge.access("user01"), "nothing");
    assert_eq!(reason(&bridge).await, "user");
    decide(&bridge, "release", user("user00"), 200).await;
    bridge.work().await;
    assert_eq!(bridge.access("user00"), "nothing");
}

#[tokio::test]
async fn a_protected_user_is_so_after_a_rename_and_after_being_deleted() {
    let bridge = bridge(&format!("{USER}\naccount_name = \"email\"")).await;
    let staff = staff(&bridge, 1).await;
    let rename = json!([
        {"op": "Replace", "path": "userName", "value": "other@acme.example"},
        {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "other@acme.example"},
    ]);
    let path = format!("/Users/{}", staff[0]);
    bridge.patch(&path, rename, 200).await;
    bridge.delete(&path, 204).await;
    bridge.pass(HOUR).await;
    assert_eq!(bridge.access("other"), "role 7; ");
    assert_eq!(reason(&bridge).await, "user");
}

#[tokio::test]
async fn what_came_by_a_protected_group_is_not_taken_whatever_the_group_is_called_by_now() {
    let bridge = bridge(GROUP).await;
    let (staff, design) = members(&bridge, 3, "Design").await;
    let sales = bridge.group("Sales").await;
    for id in &staff {
        bridge.join(&sales, id).await;
    }
    let rename = json!([{"op": "Replace", "path": "displayName", "value": "Drawing"}]);
    bridge
        .patch(&format!("/Groups/{design}"), rename, 204)
        .await;
    // What came by another group goes.
    bridge.leave(&sales, &staff[0]).await;
    assert_eq!(bridge.access("user00"), "role 6; Pro seats");
    bridge.leave(&design, &staff[0]).await;
    assert_eq!(bridge.access("user00"), "role 6; Pro seats");
    bridge.set_active(&staff[1], false, 200).await;
    assert_eq!(bridge.access("user01"), "role 6; Pro seats, Team plan");
    bridge.delete(&format!("/Groups/{design}"), 204).await;
    bridge.pass(HOUR).await;
    assert_eq!(bridge.access("user02"), "role 6; Pro seats, Team plan");
    assert_eq!(waiting(&bridge).await.len(), 3);
    assert_eq!(reason(&bridge).await, "group");
    let all: Vec<_> = staff.iter().map(String::as_str).collect();
    decide(&bridge, "release", json!({ "users": all }), 200).await;
    bridge.work().await;
    assert_eq!(bridge.access("user00"), "role 7; ");
    assert_eq!(bridge.access("user01"), "nothing");
    assert_eq!(bridge.access("user02"), "role 7; Team plan");
    // Nothing that came by the group is left.
    bridge.set_active(&staff[2], false, 200).await;
    assert_eq!(bridge.access("user02"), "nothing");
}

#[tokio::test]
async fn protection_that_is_configured_later_counts_for_what_is_there() {
    let mut bridge = bridge("").await;
    let (staff, design) = members(&bridge, 1, "Design").await;
    bridge.setup.tenant = GROUP;
    bridge.reload().await;
    bridge.work().await;
    bridge.leave(&design, &staff[0]).await;
    assert_eq!(bridge.access("user00"), "role 6; Pro seats");
    // And protection that is taken back counts no more.
    bridge.setup.tenant = "";
    bridge.reload().await;
    bridge.join(&design, &staff[0]).await;
    bridge.leave(&design, &staff[0]).await;
    assert_eq!(bridge.access("user00"), "role 7; ");
}

#[tokio::test]
async fn nothing_is_taken_from_somebody_with_a_protected_role_and_the_role_stays() {
    let bridge = bridge(ROLE).await;
    let (staff, design) = members(&bridge, 1, "Design").await;
    bridge.leave(&design, &staff[0]).await;
    assert_eq!(bridge.access("user00"), "role 6; Pro seats");
    assert_eq!(reason(&bridge).await, "role");
    let takes = &held(&bridge).await["removals"][0]["takes"];
    assert_eq!(takes[0], "role");
    assert!(takes[1]["assignment"].is_object(), "{takes}");
    // The rest of the account goes on.
    let rename = json!([{"op": "Replace", "path": "displayName", "value": "Una"}]);
    bridge
        .patch(&format!("/Users/{}", staff[0]), rename, 200)
        .await;
    let world = bridge.sandbox.snapshot();
    let una = world.person("user00@acme.example").unwrap();
    assert_eq!(
        (una.text("displayName"), una.fields["roleId"].as_i64()),
        ("Una", Some(6))
    );
    decide(&bridge, "release", user("user00"), 200).await;
    bridge.work().await;
    assert_eq!(bridge.access("user00"), "role 7; ");
}

#[tokio::test]
async fn to_lose_a_role_that_can_change_everything_counts() {
    let bridge = Bridge::with(Setup {
        northwind: r#"
            privileged_roles = true
            guard = { max_removals = 0, max_removals_percent = 0 }
            [[tenant.mapping]]
            scim_role = "root"
            role = 24
        "#
        .to_owned(),
        ..Setup::default()
    })
    .await;
    let send = |method, path: String, body| {
        let url = bridge.url_of("northwind", &path);
        let request = bridge.http.request(method, url).bearer_auth(BROKER_TOKEN);
        crate::harness::expect(
            request.json(&body),
            if path == "/Users" { 201 } else { 200 },
        )
    };
    let mut body = person("rut");
    body["roles"] = json!([{"value": "root"}]);
    let rut = send(reqwest::Method::POST, "/Users".into(), body).await;
    let role = || {
        let world = bridge.sandbox.snapshot();
        let broker = &world.resellers[0].administrators;
        let rut = broker
            .iter()
            .find(|admin| admin.name() == "rut@acme.example");
        rut.unwrap().fields["roleId"].clone()
    };
    assert_eq!(role(), 24);
    let remove = patch_body(json!([{"op": "Remove", "path": "roles"}]));
    let path = format!("/Users/{}", rut["id"].as_str().unwrap());
    send(reqwest::Method::PATCH, path, remove).await;
    assert_eq!(role(), 24);
}
