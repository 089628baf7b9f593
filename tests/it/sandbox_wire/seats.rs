//! Users on subscriptions.

use scim_bridge::sandbox::World;
use scim_bridge::sandbox::seed::{
    BACKUP_VAULT, CANCELLED_PLAN, COMPANY_BACKUP, DESIGN_STUDIO, EXPERT_HOTLINE, NAMED_CONTACT,
    OFFICE_SUITE, OLGA, PETER, PRO_SEATS, TEAM_PLAN, VERA,
};
use serde_json::{Value, json};

use super::support::{Client, seats};

fn assign(user: &str) -> Value {
    json!({ "userId": user })
}

/// Checks that assigning Vera is refused with these words and changes nothing.
async fn check_refused(
    service: &str,
    subscription: &str,
    words: &str,
    edit: impl FnOnce(&mut World),
) {
    let client = Client::demo().await;
    client.sandbox.edit(edit);
    let before = client.sandbox.snapshot();
    let reply = client
        .post(&seats(service, subscription), assign(VERA))
        .await;
    assert_eq!(reply.status, 400, "{words}");
    let message = reply.json()[0]["errorMessage"].as_str().unwrap().to_owned();
    assert!(message.contains(words), "{message}");
    assert_eq!(client.sandbox.snapshot(), before);
}

#[tokio::test]
async fn an_assigned_user_is_listed_until_unassigned() {
    let client = Client::demo().await;
    let path = seats(OFFICE_SUITE, TEAM_PLAN);
    assert_eq!(client.post(&path, assign(VERA)).await.status, 201);
    assert_eq!(
        client.last_call().note,
        "assigns vera.reader@acme.example to Office Suite / Team plan"
    );
    let listed = client.get(&path).await.json();
    assert_eq!(listed[1]["userId"], json!(VERA));
    assert_eq!(listed[1]["name"], "vera.reader@acme.example");
    assert_eq!(listed[1]["externalUserId"], Value::Null);
    assert_eq!(client.delete(&format!("{path}/{VERA}")).await.status, 204);
    let listed = client.get(&path).await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["userId"], json!(OLGA));
}

#[tokio::test]
async fn an_external_user_id_is_set_with_the_assignment_or_afterwards() {
    let client = Client::demo().await;
    let path = seats(OFFICE_SUITE, TEAM_PLAN);
    let body = json!({ "userId": VERA, "externalUserId": "v-1" });
    client.post(&path, body).await;
    assert_eq!(client.get(&path).await.json()[1]["externalUserId"], "v-1");
    let body = json!({ "userId": VERA, "externalUserId": "v-2" });
    assert_eq!(client.put(&path, body).await.status, 204);
    assert_eq!(client.get(&path).await.json()[1]["externalUserId"], "v-2");
    let body = json!({ "userId": PETER, "externalUserId": "p" });
    assert_eq!(client.put(&path, body).await.status, 404);
}

#[tokio::test]
async fn assigning_twice_is_refused() {
    let client = Client::demo().await;
    let path = seats(OFFICE_SUITE, TEAM_PLAN);
    let reply = client.post(&path, assign(OLGA)).await;
    assert_eq!(reply.status, 400);
    assert_eq!(reply.json()[0]["errorCode"], json!(5));
}

#[tokio::test]
async fn unassigning_who_is_not_there_is_not_found() {
    let client = Client::demo().await;
    let path = format!("{}/{PETER}", seats(OFFICE_SUITE, TEAM_PLAN));
    assert_eq!(client.delete(&path).await.status, 404);
}

#[tokio::test]
async fn assigning_is_refused_where_it_makes_no_sense() {
    check_refused(BACKUP_VAULT, COMPANY_BACKUP, "not user assigned", |_| {}).await;
    check_refused(OFFICE_SUITE, CANCELLED_PLAN, "cancelled", |_| {}).await;
    check_refused(OFFICE_SUITE, TEAM_PLAN, "does not exist", |world| {
        world.resellers[0].organizations[0]
            .users
            .retain(|user| user.id != VERA);
    })
    .await;
}

#[tokio::test]
async fn no_more_users_than_seats() {
    check_refused(DESIGN_STUDIO, PRO_SEATS, "No licenses", |world| {
        world.subscription_mut(PRO_SEATS).unwrap().quantity = Some(1);
    })
    .await;
}

#[tokio::test]
async fn a_single_user_subscription_takes_one_user_whatever_its_quantity() {
    check_refused(EXPERT_HOTLINE, NAMED_CONTACT, "single user", |world| {
        world.assign(NAMED_CONTACT, PETER).unwrap();
    })
    .await;
    let client = Client::demo().await;
    let path = seats(EXPERT_HOTLINE, NAMED_CONTACT);
    assert_eq!(client.post(&path, assign(VERA)).await.status, 201);
}

#[tokio::test]
async fn a_user_must_be_named() {
    let client = Client::demo().await;
    let reply = client
        .post(&seats(OFFICE_SUITE, TEAM_PLAN), json!({}))
        .await;
    assert_eq!(reply.status, 400);
    assert!(reply.json()["UserId"].is_array());
}

#[tokio::test]
async fn the_whole_path_has_to_be_right() {
    let client = Client::demo().await;
    for (service, subscription) in [
        (DESIGN_STUDIO, TEAM_PLAN),
        (OFFICE_SUITE, "nothing"),
        ("nothing", TEAM_PLAN),
    ] {
        let path = seats(service, subscription);
        assert_eq!(client.get(&path).await.status, 404);
        assert_eq!(client.post(&path, assign(VERA)).await.status, 404);
        assert_eq!(client.delete(&format!("{path}/{OLGA}")).await.status, 404);
    }
}
