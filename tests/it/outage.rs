//! Ten minutes without Cloudmore, in which the directory goes on changing: everybody is answered at once, and in the end
//! everybody has exactly what was said last.

use std::time::{Duration, Instant};

use scim_bridge::sandbox::{Call, FaultAction, FaultRule, seed};
use serde_json::json;

use crate::harness::{Bridge, Setup, person};

const WRITES: usize = 1000;
const PEOPLE: usize = 50;
/// Those of them who join and leave the group; there are seats for nine.
const MEMBERS: usize = 9;
const OUTAGE: Duration = Duration::from_secs(600);
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn down() -> FaultRule {
    let code = 503;
    FaultRule::new(FaultAction::Status {
        code,
        retry_after: None,
        body: None,
    })
}

/// What the directory says of somebody by now.
#[derive(Clone, Default)]
struct Said {
    id: String,
    called: String,
    active: bool,
    in_finance: bool,
    writes: usize,
}

/// One of the writes of a person's life: made, called otherwise, joining and leaving, leaving for good or coming back.
async fn write(bridge: &Bridge, group: &str, number: usize, said: &mut Said) {
    let name = format!("p{number}");
    let value = json!([{ "value": said.id }]);
    match said.writes % 6 {
        0 if said.id.is_empty() => {
            said.id = bridge.user(&name).await;
            said.called = format!("{name} Example");
            said.active = true;
        }
        step if matches!(step, 0 | 2) || (number >= MEMBERS && matches!(step, 1 | 4)) => {
            said.called = format!("{name} Number {}", said.writes);
            let operation =
                json!([{ "op": "Replace", "path": "displayName", "value": said.called }]);
            bridge
                .patch(&format!("/Users/{}", said.id), operation, 200)
                .await;
        }
        1 | 4 => {
            said.in_finance = !said.in_finance;
            let op = if said.in_finance { "Add" } else { "Remove" };
            let operation = json!([{ "op": op, "path": "members", "value": value }]);
            bridge
                .patch(&format!("/Groups/{group}"), operation, 204)
                .await;
        }
        _ => {
            // Some are leavers in the end, and some have come back.
            said.active = match number % 3 {
                0 => true,
                1 => !said.active,
                _ => false,
            };
            bridge.set_active(&said.id, said.active, 200).await;
        }
    }
    said.writes += 1;
}

fn has(bridge: &Bridge, number: usize) -> String {
    let name = format!("p{number}");
    let world = bridge.sandbox.snapshot();
    let account = world.person(&format!("{name}@acme.example"));
    account.map_or_else(
        || "nothing".to_owned(),
        |account| format!("{}, {}", account.text("displayName"), bridge.access(&name)),
    )
}

fn wanted(said: &Said) -> String {
    match (said.active, said.in_finance) {
        (false, _) => "nothing".to_owned(),
        (true, true) => format!("{}, role 6; Team plan", said.called),
        (true, false) => format!("{}, role 7; ", said.called),
    }
}

fn writes(calls: &[Call]) -> impl Iterator<Item = &Call> {
    let api = calls.iter().filter(|call| call.path.starts_with("/api/"));
    api.filter(|call| call.method != "GET")
}

#[tokio::test]
async fn a_thousand_writes_in_an_outage_are_answered_at_once_and_carried_out_in_the_end() {
    let mapping = format!(
        "[[tenant.mapping]]\ngroup = \"Cloudmore Finance\"\nrole = 6\nsubscriptions = [ {{ service = \"{}\", subscription = \"{}\" }} ]",
        seed::OFFICE_SUITE,
        seed::TEAM_PLAN
    );
    let bridge = Bridge::with(Setup {
        mappings: Some(mapping),
        ..Setup::default()
    })
    .await;
    let group = bridge.group("Cloudmore Finance").await;
    let mut people = vec![Said::default(); PEOPLE];
    bridge.faults([down()]);
    let mut slowest = Duration::ZERO;
    for number in 0..WRITES {
        let who = number % PEOPLE;
        let begun = Instant::now();
        write(&bridge, &group, who, &mut people[who]).await;
        slowest = slowest.max(begun.elapsed());
        // The worker looks at what is due between any two writes.
        bridge.pass(OUTAGE / u32::try_from(WRITES).unwrap()).await;
    }
    assert!(slowest < SECOND, "an answer took {slowest:?}");
    let calls = bridge.sandbox.calls();
    assert!(
        calls.len() < 100,
        "{} calls to a Cloudmore that is out",
        calls.len()
    );
    assert!(people.iter().any(|said| !said.active) && people.iter().any(|said| said.in_finance));

    bridge.faults([]);
    bridge.sandbox.clear_calls();
    for _ in 0..10 {
        bridge.pass(MINUTE).await;
    }
    for (number, said) in people.iter().enumerate() {
        assert_eq!(has(&bridge, number), wanted(said), "p{number}");
    }
    // Cloudmore is told what was said last, and nothing of what was said on the way there.
    for call in writes(&bridge.sandbox.calls()) {
        let Some(called) = call
            .request
            .as_ref()
            .and_then(|body| body["displayName"].as_str())
        else {
            continue;
        };
        assert!(
            people.iter().any(|said| said.called == called),
            "{called} was not said last"
        );
    }
    bridge.sandbox.clear_calls();
    bridge.pass(2 * MINUTE).await;
    assert_eq!(
        writes(&bridge.sandbox.calls()).count(),
        0,
        "nothing comes after the end"
    );
}

#[tokio::test]
async fn while_the_circuit_is_open_nobody_burns_attempts_and_everybody_is_told_when() {
    let fail = Setup {
        tenant: "on_outage = \"fail\"",
        ..Setup::default()
    };
    let bridge = Bridge::with(fail).await;
    let ann = bridge.user("ann").await;
    let busy = FaultAction::Status {
        code: 429,
        retry_after: Some(600),
        body: None,
    };
    bridge.faults([FaultRule::new(busy).on_path("/api/").times(1)]);
    bridge.post("/Users", person("bea"), 503).await;
    bridge.calls();
    for name in ["cy", "dan", "eve"] {
        let request = bridge
            .request(reqwest::Method::POST, "/Users")
            .json(&person(name));
        let answer = request.send().await.unwrap();
        let again = answer.headers()["retry-after"].to_str().unwrap().to_owned();
        assert_eq!((answer.status().as_u16(), again.as_str()), (503, "600"));
        let told: serde_json::Value = answer.json().await.unwrap();
        assert!(
            told["detail"]
                .as_str()
                .unwrap()
                .contains("2026-01-01T00:10:00Z"),
            "{told}"
        );
    }
    // A leaver is kept, however often it is said, and costs no call and no attempt until Cloudmore wants to hear of it.
    for _ in 0..20 {
        bridge.set_active(&ann, false, 503).await;
    }
    bridge.pass(Duration::from_secs(599)).await;
    assert_eq!(bridge.calls(), [""; 0]);
    let (acme, user) = (
        scim_bridge::domain::model::TenantId::new("acme"),
        scim_bridge::domain::model::UserId::new(ann),
    );
    let row = bridge
        .app
        .bridge()
        .store()
        .dirty(&acme, &user)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((row.attempts, row.failed), (0, false));
    bridge.pass(SECOND).await;
    assert_eq!(bridge.access("ann"), "nothing");
}
