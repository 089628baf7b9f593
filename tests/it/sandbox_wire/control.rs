//! The journal, the control side, seed and state files.

use scim_bridge::sandbox::seed::{API_PASSWORD, API_SECRET, API_USERNAME};
use scim_bridge::sandbox::{
    Call, FaultAction, FaultRule, Faults, Options, Seed, Switches, World, describe,
};
use serde_json::{Value, json};

use super::support::{Client, GOOD_PASSWORD, user, users};

const ANN: &str = "ann@acme.example";

#[tokio::test]
async fn the_journal_tells_calls_in_words_and_without_secrets() {
    let mut client = Client::demo().await;
    client.sign_in().await;
    client.create(ANN).await;
    let reply = client
        .http
        .get(client.address(&users()))
        .header("X-Correlation-Id", "c-17")
        .send();
    assert_eq!(reply.await.unwrap().status(), 401);
    let calls = client.sandbox.calls();
    let notes: Vec<&str> = calls.iter().map(|call| call.note.as_str()).collect();
    assert_eq!(
        notes,
        [
            format!("issues a token to {API_USERNAME}"),
            format!("creates user {ANN}"),
            "refuses to read: no valid token".to_owned(),
        ]
    );
    assert_eq!(calls[1].status, Some(201));
    assert_eq!(calls[1].path, users());
    assert_eq!(calls[1].request.as_ref().unwrap()["name"], ANN);
    assert_eq!(calls[2].correlation.as_deref(), Some("c-17"));
    assert_eq!(client.sandbox.calls_since(calls[1].seq), calls[2..]);
    let written = serde_json::to_string(&calls).unwrap();
    for secret in [API_PASSWORD, API_SECRET, GOOD_PASSWORD, &client.token] {
        assert!(!written.contains(secret), "{secret}");
    }
    let line = describe(&calls[1]);
    for part in ["201", "POST", &users(), "creates user ann@acme.example"] {
        assert!(line.contains(part), "{line}");
    }
    client.sandbox.clear_calls();
    assert!(client.sandbox.calls().is_empty());
}

#[tokio::test]
async fn the_control_side_reads_and_clears_the_journal_and_is_not_in_it() {
    let client = Client::demo().await;
    client.create(ANN).await;
    client.get(&users()).await;
    let seq = client.sandbox.calls()[0].seq;
    let listed = client.get(&format!("/sandbox/calls?since={seq}")).await;
    let listed: Vec<Call> = serde_json::from_str(&listed.text).unwrap();
    assert_eq!(listed, client.sandbox.calls_since(seq));
    assert_eq!(listed.len(), 1);
    assert_eq!(client.get("/sandbox/calls?since=x").await.status, 400);
    assert_eq!(client.delete("/sandbox/calls").await.status, 204);
    assert_eq!(client.get("/sandbox/calls").await.json(), json!([]));
}

#[tokio::test]
async fn the_control_side_shows_the_state() {
    let client = Client::demo().await;
    client.create(ANN).await;
    let state: World = serde_json::from_str(&client.get("/sandbox/state").await.text).unwrap();
    assert_eq!(state, client.sandbox.snapshot());
    assert!(state.person(ANN).is_some());
}

#[tokio::test]
async fn the_control_side_sets_faults_switches_and_expires_tokens() {
    let client = Client::demo().await;
    let faults = json!({ "rules": [{
        "matching": { "method": "GET" },
        "action": { "status": { "code": 503 } },
    }] });
    assert_eq!(client.put("/sandbox/faults", faults).await.status, 204);
    assert_eq!(client.get(&users()).await.status, 503);
    assert_eq!(
        client.get("/sandbox/faults").await.json()["rules"][0]["percent"],
        100
    );
    client.put("/sandbox/faults", json!({})).await;
    let reply = client
        .put("/sandbox/switches", json!({ "lists": "data" }))
        .await;
    assert_eq!(reply.status, 204);
    assert!(client.get(&users()).await.json()["data"].is_array());
    assert_eq!(
        client.get("/sandbox/switches").await.json()["lists"],
        "data"
    );
    assert_eq!(client.delete("/sandbox/tokens").await.status, 204);
    assert_eq!(client.get(&users()).await.status, 401);
}

#[tokio::test]
async fn mistakes_in_faults_and_switches_are_refused() {
    let client = Client::demo().await;
    for (path, body) in [
        ("/sandbox/faults", json!({ "rule": [] })),
        (
            "/sandbox/faults",
            json!({ "rules": [{ "action": "explode" }] }),
        ),
        ("/sandbox/switches", json!({ "lists": "boxed" })),
        ("/sandbox/switches", json!({ "list": "bare" })),
    ] {
        assert_eq!(client.put(path, body).await.status, 422, "{path}");
    }
}

#[tokio::test]
async fn a_reset_goes_back_to_the_start() {
    let client = Client::demo().await;
    client.create(ANN).await;
    client
        .put("/sandbox/switches", json!({ "put": "keeps" }))
        .await;
    let fault = FaultRule::new(FaultAction::DropBeforeEffect);
    client.sandbox.set_faults(Faults::one(fault));
    let reply = client.post("/sandbox/reset", Value::Null).await;
    assert_eq!(reply.status, 204);
    assert_eq!(client.sandbox.snapshot(), Seed::demo());
    assert!(client.sandbox.calls().is_empty());
    assert_eq!(client.get(&users()).await.status, 401);
    assert_eq!(
        client.get("/sandbox/switches").await.json()["put"],
        "clears"
    );
}

#[tokio::test]
async fn a_state_file_carries_the_state_to_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        state_file: Some(folder.path().join("sandbox.json")),
        ..Options::default()
    };
    let client = Client::new(options.clone()).await;
    let id = client.create(ANN).await;
    client
        .sandbox
        .edit(|world| world.resellers[0].name = "Renamed".to_owned());
    let before = client.sandbox.snapshot();
    client.sandbox.stop().await;
    let client = Client::new(options).await;
    assert_eq!(client.sandbox.snapshot(), before);
    assert_eq!(client.get(&user(&id)).await.json()["name"], ANN);
    assert_ne!(client.create("bo@acme.example").await, id);
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(files.len(), 1);
}

#[tokio::test]
async fn a_broken_state_file_is_reported_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.json");
    std::fs::write(&file, "{").unwrap();
    let started = scim_bridge::sandbox::Sandbox::start(Options {
        state_file: Some(file),
        ..Options::default()
    });
    let error = started.await.err().unwrap().to_string();
    assert!(error.contains("sandbox.json"), "{error}");
}

#[tokio::test]
async fn a_hand_written_seed_needs_no_ids_for_people() {
    let seed: Seed = toml::from_str(
        r#"
        [[resellers]]
        id = "northwind"
        name = "Northwind"
        api_accounts = [{ username = "api@n.example", password = "p", client_secret = "s" }]
        administrators = [{ name = "api@n.example", roleId = 1, allowRestApiAccess = true }]
        [[resellers.organizations]]
        id = "acme"
        users = [{ name = "ann@acme.example", roleId = 7, shoeSize = 44 }]
        "#,
    )
    .unwrap();
    let sandbox = scim_bridge::sandbox::Sandbox::start(Options {
        seed,
        ..Options::default()
    })
    .await
    .unwrap();
    let world = sandbox.snapshot();
    let (api, ann) = (world.person("api@n.example"), world.person(ANN));
    assert!(!ann.unwrap().id.is_empty());
    assert_ne!(ann.unwrap().id, api.unwrap().id);
    assert_eq!(ann.unwrap().fields["shoeSize"], json!(44));
}

#[test]
fn seed_faults_and_switches_survive_json_and_toml() {
    let faults = Faults {
        rules: vec![
            FaultRule::new(FaultAction::Hold).on("POST", "/users"),
            FaultRule::new(FaultAction::LatencyMs(5))
                .skip(1)
                .times(2)
                .percent(3),
        ],
        seed: 9,
    };
    let text = toml::to_string(&faults).unwrap();
    assert_eq!(toml::from_str::<Faults>(&text).unwrap(), faults);
    let text = toml::to_string(&Switches::default()).unwrap();
    assert_eq!(
        toml::from_str::<Switches>(&text).unwrap(),
        Switches::default()
    );
    let text = toml::to_string(&Seed::demo()).unwrap();
    assert_eq!(toml::from_str::<Seed>(&text).unwrap(), Seed::demo());
    let text = serde_json::to_string(&Seed::demo()).unwrap();
    assert_eq!(serde_json::from_str::<Seed>(&text).unwrap(), Seed::demo());
}
