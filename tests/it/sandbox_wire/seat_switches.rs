//! The open questions about subscriptions, seats, services and user groups: the other answers.

use scim_bridge::sandbox::seed::{
    EXPERT_HOTLINE, NAMED_CONTACT, OFFICE_SUITE, OLGA, PETER, TEAM_PLAN, VERA,
};
use serde_json::{Value, json};

use super::support::{Client, organization, person, reseller, seats, users};

fn subscriptions() -> String {
    format!("{}/services/{OFFICE_SUITE}/subscriptions", organization())
}

#[tokio::test]
async fn an_external_id_may_be_ignored_in_an_assignment() {
    let client = Client::set("external_id_on_assign", "ignored").await;
    let path = seats(OFFICE_SUITE, TEAM_PLAN);
    let body = json!({ "userId": VERA, "externalUserId": "v-1" });
    assert_eq!(client.post(&path, body.clone()).await.status, 201);
    assert_eq!(
        client.get(&path).await.json()[1]["externalUserId"],
        Value::Null
    );
    assert_eq!(client.put(&path, body).await.status, 204);
    assert_eq!(client.get(&path).await.json()[1]["externalUserId"], "v-1");
}

#[tokio::test]
async fn a_full_subscription_may_be_a_conflict_or_be_overbooked() {
    for (position, status) in [("conflict", 409), ("overbooks", 201)] {
        let client = Client::set("seats_exhausted", position).await;
        client.sandbox.edit(|world| {
            world.assign(NAMED_CONTACT, PETER).unwrap();
            world.subscription_mut(TEAM_PLAN).unwrap().quantity = Some(1);
        });
        for path in [
            seats(EXPERT_HOTLINE, NAMED_CONTACT),
            seats(OFFICE_SUITE, TEAM_PLAN),
        ] {
            let reply = client.post(&path, json!({ "userId": VERA })).await;
            assert_eq!(reply.status, status, "{position}");
        }
    }
}

#[tokio::test]
async fn seats_may_be_listed_with_ids_only() {
    let client = Client::set("seat_rows", "ids_only").await;
    let rows = client.get(&seats(OFFICE_SUITE, TEAM_PLAN)).await.json();
    assert_eq!(
        rows,
        json!([{ "userId": OLGA, "externalUserId": "hand-made" }])
    );
}

#[tokio::test]
async fn seats_take_and_show_ids_that_are_numbers() {
    let client = Client::set("person_ids", "number").await;
    let id: u64 = client
        .post(&users(), person("ann@acme.example"))
        .await
        .id()
        .parse()
        .unwrap();
    let path = seats(OFFICE_SUITE, TEAM_PLAN);
    assert_eq!(
        client.post(&path, json!({ "userId": id })).await.status,
        201
    );
    assert_eq!(client.get(&path).await.json()[1]["userId"], json!(id));
    assert_eq!(client.delete(&format!("{path}/{id}")).await.status, 204);
}

#[tokio::test]
async fn a_subscription_has_its_id_state_and_product_in_other_forms() {
    for (switch, position, field, active, cancelled) in [
        (
            "subscription_status",
            "one_l",
            "status",
            json!("Active"),
            json!("Canceled"),
        ),
        (
            "subscription_status",
            "number",
            "status",
            json!(0),
            json!(1),
        ),
        (
            "subscription_status",
            "absent",
            "status",
            Value::Null,
            Value::Null,
        ),
        (
            "product",
            "object",
            "product",
            json!({ "name": "Team plan" }),
            json!({ "name": "Starter plan" }),
        ),
        (
            "subscription_key",
            "subscription_id",
            "id",
            Value::Null,
            Value::Null,
        ),
    ] {
        let client = Client::set(switch, position).await;
        let rows = client.get(&subscriptions()).await.json();
        assert_eq!(
            (&rows[0][field], &rows[1][field]),
            (&active, &cancelled),
            "{position}"
        );
        let keyed = position == "subscription_id";
        assert_eq!(rows[0]["subscriptionId"] == json!(TEAM_PLAN), keyed);
        let one = client
            .get(&format!("{}/{TEAM_PLAN}", subscriptions()))
            .await;
        assert_eq!(one.json(), rows[0]);
    }
}

#[tokio::test]
async fn services_and_organizations_may_say_less() {
    let client = Client::set("user_assigned", "hidden").await;
    let services = client.get(&format!("{}/services", reseller())).await.json();
    assert!(services[0].get("userAssigned").is_none());
    let client = Client::set("organization_domains", "hidden").await;
    let acme = client.get(&organization()).await.json();
    assert!(acme.get("primaryDomain").is_none() && acme.get("domains").is_none());
}

#[tokio::test]
async fn members_of_user_groups_have_other_keys_and_ids() {
    for (key, other) in [("user_id", "id"), ("id", "userId")] {
        let client = Client::set("group_member_key", key).await;
        let groups = format!("{}/UserGroups", organization());
        let group = client
            .post(&groups, json!({ "name": "Finance" }))
            .await
            .id();
        let members = format!("{groups}/{group}/members");
        assert_eq!(
            client.post(&members, json!({ other: OLGA })).await.status,
            400
        );
    }
    let client = Client::set("group_member_ids", "membership").await;
    let groups = format!("{}/UserGroups", organization());
    let group = client
        .post(&groups, json!({ "name": "Finance" }))
        .await
        .id();
    let members = format!("{groups}/{group}/members");
    client.post(&members, json!({ "userId": OLGA })).await;
    let id = client.get(&members).await.json()[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_ne!(id, OLGA);
    assert_eq!(
        client.delete(&format!("{members}/{OLGA}")).await.status,
        404
    );
    assert_eq!(client.delete(&format!("{members}/{id}")).await.status, 204);
}
