//! The report before the first sync: that it says what then happens, costs one list, and changes nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use scim_bridge::sandbox::seed;
use serde_json::{Value, json};

use super::{account, address, ask, bridge, by_hand, create, state};
use crate::harness::{Bridge, person};

/// After this long the worker takes up what no request waits for any more.
const SETTLED: Duration = Duration::from_secs(10);

async fn observing(tenant: &str) -> Bridge {
    bridge(&format!("{tenant}\nobserve = true")).await
}

async fn resumed(mut bridge: Bridge, tenant: &str) -> Bridge {
    bridge.setup.tenant = tenant.to_owned().leak();
    bridge.reload().await;
    bridge.pass(SETTLED).await;
    bridge
}

fn of<'r>(report: &'r Value, name: &str) -> &'r Value {
    let users = report["users"].as_array().unwrap();
    users
        .iter()
        .find(|user| user["userName"] == address(name))
        .unwrap()
}

#[tokio::test]
async fn it_says_of_everybody_what_will_be_and_why() {
    const LINK: &str = "adopt = \"link\"\nadopt_by = \"email\"";
    let bridge = observing(LINK).await;
    let anns = by_hand(&bridge, "a.nn", "ann");
    by_hand(&bridge, "b.ob", "bob");
    by_hand(&bridge, "bo.b", "bob");
    let nobodys = by_hand(&bridge, "zoe", "zoe");
    for name in ["ann", "bob", "cleo", "dan"] {
        create(&bridge, name).await;
    }
    let mut other = person("eve");
    other["emails"][0]["value"] = json!("eve@elsewhere.example");
    let eve = bridge.post("/Users", other, 201).await;
    let group = bridge.group("Cloudmore Finance").await;
    bridge.join(&group, eve["id"].as_str().unwrap()).await;
    let dan = of(&ask(&bridge, "first-sync").await, "dan")["id"].clone();
    bridge.set_active(dan.as_str().unwrap(), false, 200).await;

    let before = bridge.sandbox.snapshot();
    bridge.calls();
    let report = ask(&bridge, "first-sync").await;
    assert_eq!(
        bridge.calls(),
        ["GET Users".to_owned(), format!("GET Users/{anns}")]
    );
    assert_eq!(bridge.sandbox.snapshot(), before);

    let totals = json!({"linked": 1, "created": 2, "conflict": 1, "without": 1});
    assert_eq!(report["totals"], totals);
    let ann = of(&report, "ann");
    assert_eq!(
        (&ann["outcome"], &ann["by"]),
        (&json!("linked"), &json!("email"))
    );
    assert_eq!(ann["account"]["id"], *anns);
    assert_eq!((&ann["roleNow"], &ann["role"]), (&json!(8), &json!(7)));
    assert!(
        ann["warnings"][0].as_str().unwrap().contains("renamed"),
        "{ann}"
    );
    let bob = of(&report, "bob")["reason"].as_str().unwrap();
    assert!(
        bob.contains("b.ob@acme.example") && bob.contains("bo.b@acme.example"),
        "{bob}"
    );
    let eve = of(&report, "eve");
    assert_eq!(eve["role"], 6);
    assert_eq!(eve["subscriptions"].as_array().unwrap().len(), 2);
    assert!(
        eve["warnings"][0]
            .as_str()
            .unwrap()
            .contains("account_name"),
        "{eve}"
    );
    assert_eq!(
        of(&report, "dan")["reason"],
        "the directory deactivated the user"
    );
    let unmanaged = report["unmanaged"].as_array().unwrap();
    assert!(unmanaged.iter().any(|account| account["id"] == *nobodys));
    assert!(!unmanaged.iter().any(|account| account["id"] == *anns));

    let bridge = resumed(bridge, LINK).await;
    assert_eq!(account(&bridge, "ann"), anns);
    assert_eq!(ask(&bridge, "first-sync").await["totals"]["ours"], 3);
}

#[tokio::test]
async fn it_shows_the_account_of_the_bridge_and_the_administrators_made_by_hand() {
    let bridge = observing("").await;
    let url = format!(
        "http://{}/admin/api/tenants/northwind/first-sync",
        bridge.app.addr()
    );
    let request = bridge.http.get(url).bearer_auth(super::ADMIN_TOKEN);
    let report = crate::harness::expect(request, 200).await;
    assert_eq!(report["apiAccounts"][0]["name"], seed::API_USERNAME);
    let unmanaged = report["unmanaged"].as_array().unwrap();
    assert!(
        unmanaged
            .iter()
            .any(|each| each["name"] == seed::HAND_MADE_ADMINISTRATOR)
    );
    assert!(
        !unmanaged
            .iter()
            .any(|each| each["name"] == seed::API_USERNAME)
    );
}

/// Names and addresses so few that they collide often.
const NAMES: [&str; 4] = ["ann", "bob", "cleo", "dan"];

#[derive(Clone, Debug)]
struct World {
    adopt: &'static str,
    by: &'static str,
    /// Name and address of each account made by hand; the name may belong to nobody in the directory.
    accounts: BTreeMap<usize, usize>,
    /// The address of each user, and whether the user is active.
    users: BTreeMap<usize, (usize, bool)>,
}

fn worlds() -> impl Strategy<Value = World> {
    (
        prop::sample::select(vec!["refuse", "link", "hold"]),
        prop::sample::select(vec!["name", "email"]),
        prop::collection::btree_map(0..8usize, 0..4usize, 0..5),
        prop::collection::btree_map(0..4usize, (0..4usize, prop::bool::weighted(0.9)), 1..4),
    )
        .prop_map(|(adopt, by, accounts, users)| World {
            adopt,
            by,
            accounts,
            users,
        })
}

async fn agrees(world: World) {
    let tenant = format!("adopt = \"{}\"\nadopt_by = \"{}\"", world.adopt, world.by);
    let bridge = observing(&tenant).await;
    for (name, email) in &world.accounts {
        let name = NAMES
            .get(*name)
            .map_or(format!("x{name}"), |name| name.to_string());
        by_hand(&bridge, &name, NAMES[*email]);
    }
    let mut ids = Vec::new();
    for (name, (email, active)) in &world.users {
        let mut user = person(NAMES[*name]);
        user["emails"][0]["value"] = json!(address(NAMES[*email]));
        user["active"] = json!(active);
        let made = bridge.post("/Users", user, 201).await;
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    let report = ask(&bridge, "first-sync").await;
    let before = bridge.sandbox.snapshot();
    let there: Vec<_> = before.people().map(|person| person.id.clone()).collect();
    // One after the other, as the report goes, for two users may be after one account.
    let mut config = bridge.config();
    config.tenants[0].policy.observe = false;
    config.brokers[0].concurrency = 1;
    bridge.app.configure(config).await.unwrap();
    bridge.pass(SETTLED).await;
    for (user, id) in report["users"].as_array().unwrap().iter().zip(&ids) {
        assert_eq!(user["id"], *id);
        let name = user["userName"].as_str().unwrap();
        let after = bridge.sandbox.snapshot();
        let account = after.person(name).map(|person| person.id.clone());
        let was_there = account.as_ref().is_some_and(|id| there.contains(id));
        let state = state(&bridge, id).await.0;
        let happened = match (&*state, account.is_some(), was_there) {
            ("held", ..) => "held",
            ("failed", ..) => "conflict",
            ("synced", true, true) => "linked",
            ("synced", true, false) => "created",
            ("synced", false, _) => "without",
            _ => "something else",
        };
        // Whoever has no account may find a stranger of the same name.
        let happened = match &user["outcome"] {
            outcome if *outcome == "without" && state == "synced" => "without",
            _ => happened,
        };
        assert_eq!(user["outcome"], happened, "{world:?}\n{report:#}");
        if happened == "linked" {
            assert_eq!(user["account"]["id"], account.unwrap(), "{world:?}");
        }
    }
    for unmanaged in report["unmanaged"].as_array().unwrap() {
        let id = unmanaged["id"].as_str().unwrap();
        let find = |world: &scim_bridge::sandbox::World| {
            world.people().find(|person| person.id == id).cloned()
        };
        assert_eq!(find(&bridge.sandbox.snapshot()), find(&before), "{world:?}");
    }
}

#[test]
fn what_it_says_is_what_happens() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = ProptestConfig {
        cases: 24,
        failure_persistence: None,
        max_shrink_iters: 40,
        ..ProptestConfig::default()
    };
    proptest!(config, |(world in worlds())| {
        runtime.block_on(agrees(world));
    });
}
