//! The open questions about a person's fields: the other answers, for users and administrators.

use scim_bridge::sandbox::seed::{COST_CENTRE, OLGA, VERA};
use serde_json::{Value, json};

use super::support::{Client, both, but, user, users};

/// Creates a person in both populations and gives the paths to them.
async fn created(client: &Client) -> [String; 2] {
    let [users, administrators] = both();
    let mut paths = Vec::new();
    for (path, body) in [users, administrators] {
        let reply = client.post(&path, body).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        paths.push(format!("{path}/{}", reply.id()));
    }
    paths.try_into().unwrap()
}

/// The detail with one field set, sent back.
async fn put_back(client: &Client, path: &str, field: &str, value: Value) -> u16 {
    let body = but(client.get(path).await.json(), field, value);
    client.put(path, body).await.status
}

#[tokio::test]
async fn the_active_flag_is_honoured_ignored_or_absent() {
    for (position, after) in [
        ("honoured", json!(false)),
        ("ignored", json!(true)),
        ("absent", Value::Null),
    ] {
        let client = Client::set("active_flag", position).await;
        for path in created(&client).await {
            assert_eq!(
                put_back(&client, &path, "isActive", json!(false)).await,
                204
            );
            assert_eq!(
                client.get(&path).await.json()["isActive"],
                after,
                "{position}"
            );
        }
    }
    let client = Client::demo().await;
    assert_eq!(
        put_back(&client, &user(VERA), "isActive", json!("no")).await,
        400
    );
}

#[tokio::test]
async fn a_flag_that_is_ignored_survives_a_put_without_it() {
    let client = Client::set("active_flag", "ignored").await;
    client.sandbox.edit(|world| {
        let vera = world.person_mut("vera.reader@acme.example").unwrap();
        vera.fields.insert("isActive".to_owned(), json!(false));
    });
    assert_eq!(
        put_back(&client, &user(VERA), "isActive", Value::Null).await,
        204
    );
    assert_eq!(
        client.get(&user(VERA)).await.json()["isActive"],
        json!(false)
    );
}

#[tokio::test]
async fn more_fields_may_be_required() {
    for (position, missing) in [
        (
            "with_title_and_phone",
            vec!["Title", "CellPhone", "CellPhonePrefix"],
        ),
        ("with_address", vec!["Address"]),
    ] {
        let client = Client::set("required_fields", position).await;
        for (path, body) in both() {
            let reply = client.post(&path, body).await;
            assert_eq!(reply.status, 400);
            let map = reply.json();
            let named: Vec<&String> = map.as_object().unwrap().keys().collect();
            assert_eq!(named, missing);
        }
        assert_eq!(
            put_back(&client, &user(VERA), "title", json!("Reader")).await,
            204
        );
    }
}

#[tokio::test]
async fn a_put_may_have_to_be_as_whole_as_a_create() {
    let client = Client::set("required_on_put", "as_on_create").await;
    for path in created(&client).await {
        let reply = client.put(&path, json!({ "roleId": 7 })).await;
        assert_eq!(reply.status, 400);
        let map = reply.json();
        let named: Vec<&String> = map.as_object().unwrap().keys().collect();
        assert_eq!(named, ["FirstName", "LastName", "DisplayName", "Email"]);
        assert_eq!(put_back(&client, &path, "title", json!("Clerk")).await, 204);
    }
}

#[tokio::test]
async fn a_mandatory_custom_property_is_asked_for() {
    let client = Client::demo().await;
    client
        .sandbox
        .edit(|world| world.resellers[0].custom_properties[0].mandatory = true);
    for (path, body) in both() {
        let reply = client.post(&path, body.clone()).await;
        assert_eq!(reply.status, 400);
        assert!(
            reply.json()["CustomProperties"][0]
                .as_str()
                .unwrap()
                .contains("Cost centre")
        );
        let properties = json!([{ "name": "cost centre", "value": "9" }]);
        let reply = client
            .post(&path, but(body, "customProperties", properties))
            .await;
        assert_eq!(reply.status, 201);
    }
}

#[tokio::test]
async fn a_badly_formed_phone_number_may_be_accepted() {
    let client = Client::set("phone_format", "anything").await;
    for (path, body) in both() {
        let body = but(body, "cellPhone", json!("call me"));
        let reply = client.post(&path, body).await;
        assert_eq!(reply.status, 201);
        let detail = client.get(&format!("{path}/{}", reply.id())).await.json();
        assert_eq!(detail["cellPhone"], "call me");
    }
}

#[tokio::test]
async fn an_address_may_be_shown_always_and_sent_back_so() {
    let client = Client::set("address_shown", "always").await;
    for path in created(&client).await {
        let detail = client.get(&path).await.json();
        assert_eq!(
            detail["address"],
            json!({ "countryCode": null, "street": null, "postalCode": null, "city": null })
        );
        assert_eq!(put_back(&client, &path, "title", json!("Clerk")).await, 204);
    }
    let world = client.sandbox.snapshot();
    for name in ["ann@acme.example", "ann@northwind.example"] {
        let ann = world.person(name).unwrap();
        assert_eq!(ann.text("title"), "Clerk");
        assert!(!ann.fields.contains_key("address"));
    }
}

#[tokio::test]
async fn custom_properties_have_one_of_three_forms() {
    for (position, entry) in [
        (
            "name_and_value",
            json!({ "name": "Cost centre", "value": "4711" }),
        ),
        (
            "property_id_and_value",
            json!({ "propertyId": COST_CENTRE, "value": "4711" }),
        ),
        (
            "all",
            json!({ "propertyId": COST_CENTRE, "name": "Cost centre", "value": "4711" }),
        ),
    ] {
        let client = Client::set("custom_property_keys", position).await;
        assert_eq!(
            client.get(&user(OLGA)).await.json()["customProperties"],
            json!([entry])
        );
        for path in created(&client).await {
            let status = put_back(&client, &path, "customProperties", json!([entry])).await;
            assert_eq!(status, 204, "{position}");
            assert_eq!(
                client.get(&path).await.json()["customProperties"],
                json!([entry])
            );
            let no_list = json!({ "Cost centre": "4711" });
            assert_eq!(
                put_back(&client, &path, "customProperties", no_list).await,
                400
            );
        }
    }
}

#[tokio::test]
async fn a_custom_property_that_is_not_defined_is_stored_refused_or_dropped() {
    let undefined = json!([{ "name": "Floor", "value": "2" }]);
    for (position, status, stored) in [
        ("stored", 204, undefined.clone()),
        ("refused", 400, Value::Null),
        ("dropped", 204, json!([])),
    ] {
        let client = Client::set("undefined_properties", position).await;
        for path in created(&client).await {
            let answer = put_back(&client, &path, "customProperties", undefined.clone()).await;
            assert_eq!(answer, status, "{position}");
            assert_eq!(client.get(&path).await.json()["customProperties"], stored);
        }
    }
    let client = Client::set("custom_property_keys", "property_id_and_value").await;
    let undefined = json!([{ "propertyId": "x", "value": "2" }]);
    assert_eq!(
        put_back(&client, &user(VERA), "customProperties", undefined).await,
        400
    );
}

#[tokio::test]
async fn the_last_sign_in_is_written_in_many_ways() {
    for (position, olga, vera) in [
        ("zulu", json!("2025-03-14T09:26:53Z"), Some(Value::Null)),
        (
            "without_zone",
            json!("2025-03-14T09:26:53"),
            Some(Value::Null),
        ),
        (
            "fraction",
            json!("2025-03-14T09:26:53.1234567"),
            Some(Value::Null),
        ),
        (
            "offset",
            json!("2025-03-14T09:26:53+00:00"),
            Some(Value::Null),
        ),
        (
            "year_one",
            json!("2025-03-14T09:26:53"),
            Some(json!("0001-01-01T00:00:00")),
        ),
        ("null", Value::Null, Some(Value::Null)),
        ("unparsable", json!("14.03.2025 09.26"), Some(Value::Null)),
        ("absent", Value::Null, None),
    ] {
        let client = Client::set("last_accessed_format", position).await;
        for at in [user(OLGA), user(VERA)] {
            let shown = client.get(&at).await.json();
            let expected = if at == user(OLGA) {
                vera.as_ref().map(|_| &olga)
            } else {
                vera.as_ref()
            };
            assert_eq!(shown.get("lastAccessedDate"), expected, "{position}");
        }
    }
}

#[tokio::test]
async fn new_people_may_have_numbers_for_ids() {
    let client = Client::set("person_ids", "number").await;
    for path in created(&client).await {
        let id = path.rsplit('/').next().unwrap().parse::<u64>().unwrap();
        assert_eq!(client.get(&path).await.json()["id"], json!(id));
    }
    assert_eq!(client.get(&user(OLGA)).await.json()["id"], json!(OLGA));
}

#[tokio::test]
async fn fields_without_a_value_may_be_shown_as_null() {
    let client = Client::set("empty_fields", "null").await;
    for path in created(&client).await {
        let detail = client.get(&path).await.json();
        for field in [
            "title",
            "cellPhone",
            "cellPhonePrefix",
            "address",
            "customProperties",
        ] {
            assert_eq!(detail.get(field), Some(&Value::Null), "{field}");
        }
        assert_eq!(put_back(&client, &path, "title", json!("Clerk")).await, 204);
        assert_eq!(client.get(&path).await.json()["title"], "Clerk");
    }
}

#[tokio::test]
async fn a_list_row_may_be_an_id_and_a_name() {
    let client = Client::set("list_rows", "minimal").await;
    let expected = json!({ "id": OLGA, "name": "olga.first@acme.example" });
    assert_eq!(client.get(&users()).await.json()[0], expected);
}
