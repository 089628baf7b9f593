//! One test for each open question: the other answers.

use scim_bridge::sandbox::seed::{
    ACME, CANCELLED_PLAN, OFFICE_SUITE, OLGA, PETER, TEAM_PLAN, VERA,
};
use scim_bridge::sandbox::switches::{
    AssignTwice, Cancelled, CreatedId, DeleteAssigned, Duplicate, KeyCase, ListRows, Lists, Names,
    Put, PutName, PutReply, RoleIds, UnassignMissing, UnknownFields,
};
use scim_bridge::sandbox::{Organization, Role, Switches};
use serde_json::{Value, json};

use super::support::{Client, but, organization, person, reseller, seats, user, users};

#[tokio::test]
async fn the_id_of_a_create_is_where_the_switch_puts_it() {
    for created_id in [
        CreatedId::Location,
        CreatedId::BodyString,
        CreatedId::BodyId,
        CreatedId::BodyUserId,
        CreatedId::BodyObject,
        CreatedId::Neither,
    ] {
        let client = Client::with(Switches {
            created_id,
            ..Switches::default()
        })
        .await;
        let reply = client.post(&users(), person("ann@acme.example")).await;
        assert_eq!(reply.status, 201);
        let id = client
            .sandbox
            .snapshot()
            .person("ann@acme.example")
            .unwrap()
            .id
            .clone();
        let location = format!("https://elsewhere.cloudmore.example{}", user(&id));
        let (at, body) = match created_id {
            CreatedId::Location => (Some(location), String::new()),
            CreatedId::BodyString => (None, json!(id).to_string()),
            CreatedId::BodyId => (None, json!({ "id": id }).to_string()),
            CreatedId::BodyUserId => (None, json!({ "userId": id }).to_string()),
            CreatedId::BodyObject => (None, client.get(&user(&id)).await.text),
            CreatedId::Neither => (None, String::new()),
        };
        assert_eq!((reply.location, reply.text), (at, body));
    }
}

#[tokio::test]
async fn lists_are_bare_or_wrapped() {
    for (lists, key) in [
        (Lists::Items, "items"),
        (Lists::Data, "data"),
        (Lists::Value, "value"),
        (Lists::Results, "results"),
        (Lists::Counted, "items"),
    ] {
        let client = Client::with(Switches {
            lists,
            ..Switches::default()
        })
        .await;
        let rows = client.get(&users()).await.json();
        assert_eq!(rows[key].as_array().unwrap().len(), 3);
    }
}

#[tokio::test]
async fn full_list_rows_equal_the_detail() {
    let client = Client::with(Switches {
        list_rows: ListRows::Full,
        ..Switches::default()
    })
    .await;
    let rows = client.get(&users()).await.json();
    assert_eq!(rows[0], client.get(&user(OLGA)).await.json());
}

#[tokio::test]
async fn a_put_may_keep_what_it_leaves_out() {
    let client = Client::with(Switches {
        put: Put::Keeps,
        ..Switches::default()
    })
    .await;
    let before = client.get(&user(OLGA)).await.json();
    client
        .put(&user(OLGA), json!({ "roleId": 7, "title": null }))
        .await;
    let after = client.get(&user(OLGA)).await.json();
    assert_eq!(after["address"], before["address"]);
    assert_eq!(after["roleId"], json!(7));
    assert!(after.get("title").is_none());
}

#[tokio::test]
async fn a_put_may_keep_the_name_and_answer_success() {
    let client = Client::with(Switches {
        put_name: PutName::Keeps,
        ..Switches::default()
    })
    .await;
    let before = client.get(&user(VERA)).await.json();
    let body = but(before.clone(), "name", json!("new@acme.example"));
    assert_eq!(client.put(&user(VERA), body).await.status, 204);
    assert_eq!(client.get(&user(VERA)).await.json()["name"], before["name"]);
}

#[tokio::test]
async fn a_put_may_answer_with_the_object() {
    let client = Client::with(Switches {
        put_reply: PutReply::Body,
        ..Switches::default()
    })
    .await;
    let before = client.get(&user(VERA)).await.json();
    let reply = client
        .put(&user(VERA), but(before, "title", json!("Reader")))
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json(), client.get(&user(VERA)).await.json());
    let body = json!({ "userId": OLGA, "externalUserId": "o" });
    let reply = client.put(&seats(OFFICE_SUITE, TEAM_PLAN), body).await;
    assert_eq!(reply.json()["externalUserId"], "o");
}

#[tokio::test]
async fn a_taken_name_is_refused_in_four_ways() {
    for (duplicate, status, at) in [
        (Duplicate::ErrorList, 400, "/0/errorMessage"),
        (Duplicate::FieldMap, 400, "/Name/0"),
        (Duplicate::Conflict, 409, "/0/errorMessage"),
        (Duplicate::Empty, 400, ""),
    ] {
        let client = Client::with(Switches {
            duplicate,
            ..Switches::default()
        })
        .await;
        let reply = client
            .post(&users(), person("olga.first@acme.example"))
            .await;
        assert_eq!(reply.status, status);
        let body = reply.json();
        let message = body.pointer(at).unwrap();
        assert_eq!(message.is_string(), duplicate != Duplicate::Empty);
        assert_eq!(reply.text.is_empty(), duplicate == Duplicate::Empty);
    }
}

#[tokio::test]
async fn names_may_be_unique_within_one_list_only() {
    for (names, status) in [(Names::UniqueEverywhere, 400), (Names::UniqueInList, 201)] {
        let client = Client::with(Switches {
            names,
            ..Switches::default()
        })
        .await;
        client.sandbox.edit(|world| {
            world.resellers[0].organizations.push(Organization {
                id: "globex".to_owned(),
                roles: vec![Role {
                    id: 7,
                    name: "User".to_owned(),
                }],
                ..Organization::default()
            });
        });
        let path = users().replace(ACME, "globex");
        let reply = client.post(&path, person("olga.first@acme.example")).await;
        assert_eq!(reply.status, status);
        let again = client
            .post(&users(), person("olga.first@acme.example"))
            .await;
        assert_eq!(again.status, 400);
    }
}

#[tokio::test]
async fn deleting_somebody_who_is_assigned_may_be_refused() {
    let client = Client::with(Switches {
        delete_assigned: DeleteAssigned::Refuses,
        ..Switches::default()
    })
    .await;
    assert_eq!(client.delete(&user(OLGA)).await.status, 400);
    client
        .delete(&format!("{}/{OLGA}", seats(OFFICE_SUITE, TEAM_PLAN)))
        .await;
    assert_eq!(client.delete(&user(OLGA)).await.status, 204);
}

#[tokio::test]
async fn assigning_twice_may_be_a_conflict_or_succeed() {
    for (assign_twice, status) in [(AssignTwice::Conflict, 409), (AssignTwice::Succeeds, 200)] {
        let client = Client::with(Switches {
            assign_twice,
            ..Switches::default()
        })
        .await;
        let before = client.sandbox.snapshot();
        let path = seats(OFFICE_SUITE, TEAM_PLAN);
        let reply = client.post(&path, json!({ "userId": OLGA })).await;
        assert_eq!(reply.status, status);
        assert_eq!(client.sandbox.snapshot(), before);
    }
}

#[tokio::test]
async fn unassigning_who_is_not_there_may_succeed() {
    let client = Client::with(Switches {
        unassign_missing: UnassignMissing::NoContent,
        ..Switches::default()
    })
    .await;
    let path = format!("{}/{PETER}", seats(OFFICE_SUITE, TEAM_PLAN));
    assert_eq!(client.delete(&path).await.status, 204);
}

#[tokio::test]
async fn a_cancelled_subscription_may_take_users() {
    let client = Client::with(Switches {
        cancelled: Cancelled::Accepts,
        ..Switches::default()
    })
    .await;
    let path = seats(OFFICE_SUITE, CANCELLED_PLAN);
    assert_eq!(
        client.post(&path, json!({ "userId": VERA })).await.status,
        201
    );
}

#[tokio::test]
async fn role_ids_may_be_text() {
    let client = Client::with(Switches {
        role_ids: RoleIds::String,
        ..Switches::default()
    })
    .await;
    assert_eq!(client.get(&user(OLGA)).await.json()["roleId"], "6");
    let roles = client
        .get(&format!("{}/ResellerRoles", reseller()))
        .await
        .json();
    assert_eq!(roles[0]["id"], "1");
    let olga = client.get(&user(OLGA)).await.json();
    assert_eq!(client.put(&user(OLGA), olga).await.status, 204);
}

#[tokio::test]
async fn unknown_fields_may_be_dropped_without_a_word() {
    let client = Client::with(Switches {
        unknown_fields: UnknownFields::Dropped,
        ..Switches::default()
    })
    .await;
    client.sandbox.edit(|world| {
        let olga = world.person_mut("olga.first@acme.example").unwrap();
        olga.fields.insert("hatSize".to_owned(), json!(7));
    });
    let before = client.get(&user(OLGA)).await.json();
    assert_eq!(before["hatSize"], json!(7));
    let mut body = but(before, "hatSize", json!(8));
    body["shoeSize"] = json!(44);
    assert_eq!(client.put(&user(OLGA), body).await.status, 204);
    let after = client.get(&user(OLGA)).await.json();
    assert_eq!(after["hatSize"], json!(7));
    assert_eq!(after["shoeSize"], Value::Null);
}

#[tokio::test]
async fn keys_may_be_in_pascal_case_and_sent_back_so() {
    let client = Client::with(Switches {
        key_case: KeyCase::Pascal,
        ..Switches::default()
    })
    .await;
    let olga = client.get(&user(OLGA)).await.json();
    assert_eq!(olga["FirstName"], "olga");
    assert_eq!(olga["Address"]["CountryCode"], "EE");
    let roles = client
        .get(&format!("{}/OrganizationRoles", organization()))
        .await
        .json();
    assert_eq!(roles[0]["Name"], "Organization Admin");
    let refused = client.post(&users(), person("ann@elsewhere.example")).await;
    assert!(refused.json()[0]["ErrorMessage"].is_string());
    let before = client.sandbox.snapshot();
    assert_eq!(client.put(&user(OLGA), olga).await.status, 204);
    assert_eq!(client.sandbox.snapshot(), before);
}
