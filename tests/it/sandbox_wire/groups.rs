//! User groups and their members.

use scim_bridge::sandbox::seed::{OLGA, PETER};
use serde_json::json;

use super::support::{Client, organization, user};

#[tokio::test]
async fn a_group_lives_from_create_to_delete() {
    let client = Client::demo().await;
    let groups = format!("{}/UserGroups", organization());
    let created = client.post(&groups, json!({ "name": "Finance" })).await;
    assert_eq!(created.status, 201);
    let group = format!("{groups}/{}", created.id());
    assert_eq!(client.get(&groups).await.json()[0]["name"], "Finance");
    let renamed = client.put(&group, json!({ "name": "Accounts" })).await;
    assert_eq!(renamed.status, 204);
    assert_eq!(client.get(&group).await.json()["name"], "Accounts");
    assert_eq!(client.post(&groups, json!({})).await.status, 400);
    assert_eq!(client.delete(&group).await.status, 204);
    assert_eq!(client.get(&group).await.status, 404);
}

#[tokio::test]
async fn members_come_and_go_and_leave_with_their_account() {
    let client = Client::demo().await;
    let groups = format!("{}/UserGroups", organization());
    let created = client.post(&groups, json!({ "name": "Finance" })).await;
    let members = format!("{groups}/{}/members", created.id());
    for (body, status) in [
        (json!({ "userId": OLGA }), 201),
        (json!({ "id": PETER }), 201),
        (json!({ "userId": OLGA }), 400),
        (json!({ "userId": "nobody" }), 400),
        (json!({}), 400),
    ] {
        assert_eq!(client.post(&members, body).await.status, status);
    }
    let olga = format!("{members}/{OLGA}");
    assert_eq!(client.delete(&olga).await.status, 204);
    assert_eq!(client.delete(&olga).await.status, 404);
    let listed = client.get(&members).await.json();
    assert_eq!(
        listed,
        json!([{ "id": PETER, "name": "peter.craft@acme.example" }])
    );
    client.delete(&user(PETER)).await;
    assert_eq!(client.get(&members).await.json(), json!([]));
}
