//! Answers of success that are not kept, and lists that lag behind: why a client has to look again.

use scim_bridge::sandbox::Switches;
use scim_bridge::sandbox::seed::{HAND_MADE_ADMINISTRATOR, OFFICE_SUITE, OLGA, TEAM_PLAN};
use serde_json::json;

use super::support::{
    Client, administrator, administrators, both, but, person, seats, user, users,
};

#[tokio::test]
async fn a_delete_may_be_promised_and_not_done() {
    let client = Client::set("delete", "keeps").await;
    let before = client.sandbox.snapshot();
    let hanna = before.person(HAND_MADE_ADMINISTRATOR).unwrap().id.clone();
    for path in [user(OLGA), administrator(&hanna)] {
        assert_eq!(client.delete(&path).await.status, 204);
        assert!(client.last_call().note.contains("and does not"));
        assert_eq!(client.get(&path).await.status, 200);
    }
    assert_eq!(client.sandbox.snapshot(), before);
}

#[tokio::test]
async fn deleting_who_is_not_there_may_succeed() {
    let client = Client::set("delete_missing", "no_content").await;
    for path in [user("nobody"), administrator("nobody")] {
        assert_eq!(client.delete(&path).await.status, 204);
        assert_eq!(client.get(&path).await.status, 404);
    }
}

#[tokio::test]
async fn a_change_of_role_may_be_promised_and_not_done() {
    let client = Client::set("put_role", "keeps").await;
    for (path, body) in both() {
        let created = client.post(&path, body.clone()).await;
        let path = format!("{path}/{}", created.id());
        let before = client.get(&path).await.json();
        let other = if body["roleId"] == json!(7) { 6 } else { 2 };
        let body = but(
            but(before.clone(), "roleId", json!(other)),
            "title",
            json!("Clerk"),
        );
        assert_eq!(client.put(&path, body).await.status, 204);
        let after = client.get(&path).await.json();
        assert_eq!(after["roleId"], before["roleId"]);
        assert_eq!(after["title"], "Clerk");
    }
}

#[tokio::test]
async fn an_unassignment_may_be_promised_and_not_done() {
    let client = Client::set("unassign", "keeps").await;
    let before = client.sandbox.snapshot();
    let path = seats(OFFICE_SUITE, TEAM_PLAN);
    assert_eq!(client.delete(&format!("{path}/{OLGA}")).await.status, 204);
    assert_eq!(client.sandbox.snapshot(), before);
}

#[tokio::test]
async fn a_list_may_leave_out_who_was_just_created() {
    let client = Client::with(Switches {
        list_lag: 2,
        ..Switches::default()
    })
    .await;
    for (path, body) in both() {
        let name = body["name"].as_str().unwrap().to_owned();
        let created = client.post(&path, body).await;
        let read = client.get(&format!("{path}/{}", created.id())).await;
        assert_eq!(read.json()["name"], name);
        for expected in [false, false, true, true] {
            let listed = client.get(&path).await.text;
            assert_eq!(listed.contains(&name), expected);
        }
    }
}

#[tokio::test]
async fn a_list_that_lags_does_so_for_its_own_people_only() {
    let client = Client::with(Switches {
        list_lag: 1,
        ..Switches::default()
    })
    .await;
    client.post(&users(), person("ann@acme.example")).await;
    client.get(&administrators()).await;
    assert!(!client.get(&users()).await.text.contains("ann@acme.example"));
    assert!(client.get(&users()).await.text.contains("ann@acme.example"));
}
