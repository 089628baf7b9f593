//! The published contract says what really goes over the wire, at every position of every switch.

use std::collections::BTreeSet;

use scim_bridge::sandbox::seed::{
    ACME, HAND_MADE_ADMINISTRATOR, KEY_CUSTOMERS, NORTHWIND, OFFICE_SUITE, OLGA, TEAM_PLAN,
};
use scim_bridge::sandbox::{FieldNames, Switches};
use serde_json::{Map, Value, json};

use super::support::{
    Client, GOOD_PASSWORD, administrator, administrators, organization, reseller, seats, user,
    users,
};

const PATH: &str = "/swagger/v1/swagger.json";

/// The models of the contract, wherever it has them.
async fn schemas(client: &Client) -> Value {
    let document = client.get(PATH).await.json();
    let places = ["/components/schemas", "/definitions"];
    let found = places.iter().find_map(|place| document.pointer(place));
    found.unwrap().clone()
}

fn keys(object: &Value) -> BTreeSet<String> {
    object.as_object().unwrap().keys().cloned().collect()
}

/// The rows of a list, wherever it has them.
fn rows(list: &Value) -> Vec<Value> {
    let wrapped = || list.as_object()?.values().find_map(Value::as_array);
    list.as_array().or_else(wrapped).unwrap().clone()
}

#[tokio::test]
async fn the_contract_is_public_and_has_the_models_that_cloudmore_has() {
    let mut client = Client::demo().await;
    client.token.clear();
    let schemas = schemas(&client).await;
    for model in [
        "UserCreateViewModel",
        "UserUpdateViewModel",
        "UserDetailViewModel",
        "UserViewModel",
        "UserAddressCreateViewModel",
        "AdministratorCreateViewModel",
        "AdministratorUpdateViewModel",
        "AdministratorDetailViewModel",
        "AdministratorViewModel",
        "AdministratorAddressDetailViewModel",
        "RoleViewModel",
        "OrganizationViewModel",
        "OrganizationServiceSubscriptionUserCreateViewModel",
        "OrganizationServiceSubscriptionUserUpdateViewModel",
        "OrganizationServiceSubscriptionUserViewModel",
    ] {
        assert!(schemas[model]["properties"].is_object(), "{model}");
    }
    assert_eq!(
        schemas["UserUpdateViewModel"]["required"],
        json!(["roleId"])
    );
    let properties = &schemas["UserDetailViewModel"]["properties"];
    assert_eq!(properties["roleId"]["type"], "integer");
    assert_eq!(
        properties["address"]["$ref"],
        "#/components/schemas/UserAddressDetailViewModel"
    );
}

#[tokio::test]
async fn the_contract_names_exactly_what_answers_carry_at_every_position() {
    for (name, switches) in Switches::every_position() {
        if name == "client_auth=basic" {
            continue;
        }
        let mut client = Client::with(switches).await;
        let schemas = schemas(&client).await;
        let world = client.sandbox.snapshot();
        let hanna = &world.person(HAND_MADE_ADMINISTRATOR).unwrap().id;
        client.sandbox.edit(|world| {
            let hanna = world.person_mut(HAND_MADE_ADMINISTRATOR).unwrap();
            hanna
                .fields
                .insert("allowRestApiAccess".to_owned(), json!(false));
        });
        let subscriptions = format!("{}/services/{OFFICE_SUITE}/subscriptions", organization());
        for (path, model) in [
            (user(OLGA), "UserDetailViewModel"),
            (administrator(hanna), "AdministratorDetailViewModel"),
            (users(), "UserViewModel"),
            (administrators(), "AdministratorViewModel"),
            (
                format!("{}/OrganizationRoles", organization()),
                "RoleViewModel",
            ),
            (
                format!("{}/Organizations", reseller()),
                "OrganizationViewModel",
            ),
            (format!("{}/services", reseller()), "ServiceViewModel"),
            (subscriptions, "OrganizationServiceSubscriptionViewModel"),
            (
                format!("{}/services/{OFFICE_SUITE}/subscriptions", reseller()),
                "ServiceSubscriptionViewModel",
            ),
            (
                seats(OFFICE_SUITE, TEAM_PLAN),
                "OrganizationServiceSubscriptionUserViewModel",
            ),
        ] {
            client.sign_in().await;
            let answer = client.get(&path).await.json();
            let object = if path == user(OLGA) || path == administrator(hanna) {
                answer
            } else if path == administrators() {
                rows(&answer)[1].clone()
            } else {
                rows(&answer)[0].clone()
            };
            assert_eq!(
                keys(&object),
                keys(&schemas[model]["properties"]),
                "{name}: {model}"
            );
        }
    }
}

#[tokio::test]
async fn a_body_of_exactly_what_is_required_creates_a_person_at_every_position() {
    for (name, switches) in Switches::every_position() {
        if name == "client_auth=basic" {
            continue;
        }
        let mut client = Client::with(switches).await;
        let schemas = schemas(&client).await;
        for (path, model, role, address) in [
            (users(), "UserCreateViewModel", 7, "ann@acme.example"),
            (
                administrators(),
                "AdministratorCreateViewModel",
                24,
                "ann@northwind.example",
            ),
        ] {
            let mut body = Map::new();
            for field in schemas[model]["required"].as_array().unwrap() {
                let field = field.as_str().unwrap();
                let value = match field.to_lowercase().as_str() {
                    "name" | "email" => json!(address),
                    "password" => json!(GOOD_PASSWORD),
                    "roleid" => json!(role),
                    "address" => json!({}),
                    "cellphone" | "cellphoneprefix" => json!("5550"),
                    _ => json!("Ann"),
                };
                body.insert(field.to_owned(), value);
            }
            for field in body.keys() {
                let mut less = body.clone();
                less.remove(field);
                client.sign_in().await;
                let reply = client.post(&path, Value::Object(less)).await;
                assert_eq!(reply.status, 400, "{name}: without {field}");
            }
            let reply = client.post(&path, Value::Object(body)).await;
            assert!([200, 201].contains(&reply.status), "{name}: {reply:?}");
        }
    }
}

#[tokio::test]
async fn the_contract_has_the_new_names_of_fields() {
    let names = json!({ "user": { "firstName": "givenName" }, "seat": { "userId": "member" } });
    let client = Client::with(Switches {
        field_names: serde_json::from_value::<FieldNames>(names).unwrap(),
        ..Switches::default()
    })
    .await;
    let schemas = schemas(&client).await;
    let properties = keys(&schemas["UserCreateViewModel"]["properties"]);
    assert!(properties.contains("givenName") && !properties.contains("firstName"));
    let required = schemas["UserCreateViewModel"]["required"]
        .as_array()
        .unwrap();
    assert!(required.contains(&json!("givenName")));
    let seat = &schemas["OrganizationServiceSubscriptionUserCreateViewModel"];
    assert_eq!(seat["required"], json!(["member"]));
    assert!(keys(&schemas["AdministratorViewModel"]["properties"]).contains("firstName"));
}

#[tokio::test]
async fn every_path_of_the_contract_is_served() {
    let client = Client::demo().await;
    let document = client.get(PATH).await.json();
    let group = format!("{}/UserGroups", organization());
    let group = client.post(&group, json!({ "name": "Finance" })).await.id();
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() > 20);
    for (template, operations) in paths {
        let id = if template.contains("UserGroups/{id}") {
            &group
        } else if template.contains("Organizations/{id}") {
            ACME
        } else if template.contains("ResellerAdministrators") {
            &client.sandbox.snapshot().resellers[0].administrators[1].id
        } else {
            OLGA
        };
        let group = if template.contains("OrganizationGroups") {
            KEY_CUSTOMERS
        } else {
            &group
        };
        let path = template
            .replace("{resellerId}", NORTHWIND)
            .replace("{organizationId}", ACME)
            .replace("{serviceId}", OFFICE_SUITE)
            .replace("{subscriptionId}", TEAM_PLAN)
            .replace("{userId}", OLGA)
            .replace("{groupId}", group)
            .replace("{id}", id);
        for method in ["GET", "POST", "PUT", "DELETE"] {
            let offered = operations.get(method.to_lowercase()).is_some();
            if method == "GET" && offered {
                assert_eq!(client.get(&path).await.status, 200, "{path}");
            } else if !offered {
                let method = method.parse().unwrap();
                let reply = client.try_send(method, &path, None).await.unwrap();
                assert_eq!(reply.status, 405, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn the_contract_may_be_in_the_older_form() {
    let client = Client::set("contract_form", "definitions").await;
    let document = client.get(PATH).await.json();
    assert_eq!(document["swagger"], "2.0");
    let properties = &document["definitions"]["UserDetailViewModel"]["properties"];
    assert_eq!(
        properties["address"]["$ref"],
        "#/definitions/UserAddressDetailViewModel"
    );
}
