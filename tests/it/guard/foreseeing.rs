//! What is foreseen is what is done: plans and the report on the first sync say what the guard will hold.

use serde_json::Value;

use super::{HOUR, guard, how_many, limited, staff, user};
use crate::harness::operator::ADMIN_TOKEN;
use crate::harness::{Bridge, expect};

async fn ask(bridge: &Bridge, what: &str) -> Value {
    let url = format!("http://{}/admin/api/tenants/acme/{what}", bridge.app.addr());
    expect(bridge.http.get(url).bearer_auth(ADMIN_TOKEN), 200).await
}

#[tokio::test]
async fn plans_and_the_first_sync_tell_who_will_be_held_before_it_is_done() {
    let mut bridge = limited(2).await;
    let staff = staff(&bridge, 5).await;
    bridge.setup.tenant = format!("paused = true\n{}", guard(2)).leak();
    bridge.reload().await;
    for id in &staff {
        bridge.set_active(id, false, 200).await;
    }
    let plan = ask(&bridge, "plan").await;
    let held = |user: &&Value| user["steps"][0]["held"].is_string();
    let held: Vec<_> = plan["users"]
        .as_array()
        .unwrap()
        .iter()
        .filter(held)
        .collect();
    assert_eq!(held.len(), 3);
    let report = ask(&bridge, "first-sync").await;
    let warned = report["users"].as_array().unwrap().iter();
    let warned = warned.filter(|user| user["warnings"].to_string().contains("The guard holds"));
    let names = |users: Vec<&Value>| {
        users
            .iter()
            .map(|user| user["id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(warned.collect()), names(held.clone()));
    let (code, out, _) = bridge.operate(&["plan", "--tenant", "acme"]).await;
    assert_eq!(code, Some(0));
    assert_eq!(
        out.matches("Not yet: The guard holds the removal").count(),
        3,
        "{out}"
    );
    bridge.setup.tenant = guard(2).leak();
    bridge.reload().await;
    bridge.pass(HOUR / 4).await;
    assert_eq!(how_many(&bridge, 5, "nothing"), 2);
    let after = ask(&bridge, "plan").await;
    assert_eq!(after["users"].as_array().unwrap().len(), 3);
    for foreseen in held {
        let users = after["users"].as_array().unwrap();
        assert!(users.contains(foreseen), "{after}");
    }
    super::decide(&bridge, "reject", user("user04"), 200).await;
    let after = ask(&bridge, "plan").await.to_string();
    assert_eq!(
        after.matches("The removal was rejected").count(),
        1,
        "{after}"
    );
}
