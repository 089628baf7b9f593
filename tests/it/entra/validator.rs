//! Microsoft's validators as sequences: the SCIM Validator's lists and the Postman collection
//! (`reference/idp-behaviour.md`, sections 7.1 and 7.3), as far as this version offers them.

use serde_json::{Value, json};

use crate::harness::Bridge;

const ENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A user with every kind of attribute, as the validator invents one.
fn full() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENT],
        "userName": "ebba@acme.example", "externalId": "e-1", "active": true, "displayName": "Ebba Holm",
        "name": {"formatted": "Ebba Holm", "familyName": "Holm", "givenName": "Ebba", "middleName": "A",
            "honorificPrefix": "Dr", "honorificSuffix": "II"},
        "nickName": "Eb", "title": "Lead", "userType": "Employee", "preferredLanguage": "sv-SE",
        "locale": "sv_SE", "timezone": "Europe/Stockholm", "profileUrl": "https://example.com/ebba",
        "emails": [{"type": "work", "value": "ebba@acme.example", "primary": true},
            {"type": "home", "value": "ebba@example.com", "display": "Private"}],
        "phoneNumbers": [{"type": "work", "value": "+46 (0)8-555 01"}, {"type": "fax", "value": "5-555-5555"}],
        "addresses": [{"type": "work", "streetAddress": "Kungsgatan 1", "locality": "Stockholm",
            "postalCode": "111 43", "country": "Sweden", "formatted": "Kungsgatan 1, Stockholm"}],
        "roles": [{"primary": true, "type": "x", "value": "Reader", "display": "Reads"}],
        ENT: {"employeeNumber": "7", "costCenter": "C", "organization": "O", "division": "D",
            "department": "Legal", "manager": {"value": "m-1"}},
    })
}

async fn found(bridge: &Bridge, endpoint: &str, filter: &str) -> Value {
    let list = bridge
        .get(&format!("/{endpoint}?filter={filter}"), 200)
        .await;
    assert_eq!(list["totalResults"], 1, "{filter}");
    list["Resources"][0].clone()
}

/// Every attribute of `sent` is in `got` as sent. Of `schemas`, which the server's own extension adds to, at least those
/// that were sent are there.
fn assert_contains(got: &Value, sent: &Value) {
    for (name, value) in sent.as_object().unwrap() {
        if name == "schemas" {
            let got = got[name].as_array().unwrap();
            let missing = value
                .as_array()
                .unwrap()
                .iter()
                .find(|urn| !got.contains(urn));
            assert_eq!(missing, None);
        } else {
            assert_eq!(&got[name], value, "{name}");
        }
    }
}

#[tokio::test]
async fn the_user_tests_of_the_validator_pass_in_order() {
    let bridge = super::start().await;
    // U1: everything that was posted comes back as posted.
    let made = bridge.post("/Users", full(), 201).await;
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("/Users/{id}");
    let by_name = "userName+eq+%22ebba%40acme.example%22";
    assert_contains(&made, &full());
    assert_eq!(found(&bridge, "Users", by_name).await, made);
    // U2, U5
    bridge.post("/Users", full(), 409).await;
    found(&bridge, "Users", "userName+eq+%22EBBA%40ACME.EXAMPLE%22").await;
    // U6, U7: folded, and one operation an attribute.
    let folded = json!([
        {"op": "replace", "path": "emails[type eq \"work\"].value", "value": "eb@acme.example"},
        {"op": "replace", "path": "addresses[type eq \"work\"].locality", "value": "Lund"},
        {"op": "replace", "value": {"title": "Chief", "name.givenName": "Eb",
            format!("{ENT}:department"): "Sales", "roles": [{"primary": "True", "value": "Owner"}]}},
    ]);
    bridge.patch(&path, folded, 200).await;
    let user = found(&bridge, "Users", by_name).await;
    assert_eq!(user["title"], "Chief");
    assert_eq!(user["name"]["givenName"], "Eb");
    assert_eq!(user["emails"][0]["value"], "eb@acme.example");
    assert_eq!(user["addresses"][0]["locality"], "Lund");
    assert_eq!(user["addresses"][0]["streetAddress"], "Kungsgatan 1");
    assert_eq!(user[ENT]["department"], "Sales");
    assert_eq!(user[ENT]["division"], "D");
    assert_eq!(user["roles"], json!([{"primary": true, "value": "Owner"}]));
    // U9
    let rename = json!([{"op": "replace", "value": {"userName": "holm@acme.example"}}]);
    bridge.patch(&path, rename, 200).await;
    let by_name = "userName+eq+%22holm%40acme.example%22";
    assert_eq!(found(&bridge, "Users", by_name).await["id"], id.as_str());
    // U11
    let manager = format!("{ENT}:manager");
    for (operation, expected) in [
        (
            json!({"op": "add", "path": manager, "value": "m-2"}),
            json!("m-2"),
        ),
        (
            json!({"op": "replace", "path": manager, "value": {"value": "m-3"}}),
            json!("m-3"),
        ),
        (
            json!({"op": "replace", "path": manager, "value": ""}),
            Value::Null,
        ),
        (json!({"op": "Remove", "path": manager}), Value::Null),
        (
            json!({"op": "add", "path": manager, "value": "m-4"}),
            json!("m-4"),
        ),
        (
            json!({"op": "replace", "path": manager, "value": {"value": ""}}),
            Value::Null,
        ),
    ] {
        let user = bridge.patch(&path, json!([operation]), 200).await;
        assert_eq!(user[ENT]["manager"]["value"], expected, "{operation}");
    }
    // U10
    let disable = json!([{"op": "replace", "path": "active", "value": false}]);
    bridge.patch(&path, disable, 200).await;
    assert_eq!(found(&bridge, "Users", by_name).await["active"], false);
    // U12, P5
    bridge.delete(&path, 204).await;
    bridge.get(&path, 404).await;
    bridge.delete(&path, 404).await;
}

#[tokio::test]
async fn attributes_can_be_added_one_by_one_to_a_sparse_user() {
    // U8
    let bridge = super::start().await;
    let made = bridge
        .post("/Users", json!({"userName": "bo@acme.example"}), 201)
        .await;
    let path = format!("/Users/{}", made["id"].as_str().unwrap());
    let add = |path: &str, value: Value| json!({"op": "add", "path": path, "value": value});
    let operations = json!([
        add("displayName", json!("Bo")),
        add("name.formatted", json!("Bo Berg")),
        add("emails[type eq \"work\"].value", json!("bo@acme.example")),
        add("emails[type eq \"work\"].display", json!("Work")),
        add("emails[type eq \"home\"].value", json!("bo@example.com")),
        add("emails[type eq \"home\"].primary", json!(true)),
        add(
            "phoneNumbers[type eq \"mobile\"].value",
            json!("5-555-5555")
        ),
        add("addresses[type eq \"other\"].formatted", json!("Somewhere")),
        add(&format!("{ENT}:employeeNumber"), json!("8")),
    ]);
    bridge.patch(&path, operations, 200).await;
    let user = bridge.get(&path, 200).await;
    assert_contains(
        &user,
        &json!({
            "displayName": "Bo", "name": {"formatted": "Bo Berg"}, ENT: {"employeeNumber": "8"},
            "phoneNumbers": [{"type": "mobile", "value": "5-555-5555"}],
            "addresses": [{"type": "other", "formatted": "Somewhere"}],
            "emails": [{"type": "work", "value": "bo@acme.example", "display": "Work"},
                {"type": "home", "value": "bo@example.com", "primary": true}],
        }),
    );
}

#[tokio::test]
async fn the_group_tests_of_the_validator_pass_in_order() {
    let bridge = super::start().await;
    let user = bridge.user("ann").await;
    // G1, G2, G3
    let group = bridge.group("Team").await;
    let path = format!("/Groups/{group}");
    bridge
        .post("/Groups", json!({"displayName": "Team"}), 409)
        .await;
    let without = bridge
        .get(&format!("{path}?excludedAttributes=members"), 200)
        .await;
    assert_eq!(without.get("members"), None);
    // G4, G5, G6
    found(&bridge, "Groups", "displayName eq \"Team\"").await;
    found(
        &bridge,
        "Groups",
        "displayName eq \"TEAM\"&excludedAttributes=members",
    )
    .await;
    let none = bridge
        .get("/Groups?filter=displayName eq \"None\"", 200)
        .await;
    assert_eq!(none["Resources"], json!([]));
    // G7, G8, P7 and a PATCH without operations
    for (operations, field, expected) in [
        (
            json!([{"op": "replace", "value": {"externalId": "g-1"}}]),
            "externalId",
            "g-1",
        ),
        (
            json!([{"op": "replace", "value": {"displayName": "Crew"}}]),
            "displayName",
            "Crew",
        ),
        (
            json!([{"op": "remove", "path": "externalId"},
                {"op": "add", "path": "externalId", "value": "g-2"},
                {"op": "replace", "path": "externalId", "value": "g-3"}]),
            "externalId",
            "g-3",
        ),
        (json!([]), "displayName", "Crew"),
    ] {
        bridge.patch(&path, operations, 204).await;
        assert_eq!(bridge.get(&path, 200).await[field], expected);
    }
    // G9, G10
    let set = json!([{"op": "replace", "path": "members", "value": [{"value": user}]}]);
    bridge.patch(&path, set, 204).await;
    assert_eq!(
        bridge.get(&path, 200).await["members"][0]["value"],
        user.as_str()
    );
    let unset = json!([{"op": "remove", "path": format!("members[value eq \"{user}\"]")}]);
    bridge.patch(&path, unset, 204).await;
    assert_eq!(bridge.get(&path, 200).await["members"], json!([]));
    // G11, P6, P3, P4
    bridge.delete(&path, 204).await;
    bridge.get(&path, 404).await;
    bridge.delete(&path, 404).await;
    bridge.delete("/Users/nobody", 404).await;
    bridge.delete("/Groups/nothing", 404).await;
}

#[tokio::test]
async fn the_requests_of_the_postman_collection_are_answered_as_it_asserts() {
    let bridge = super::start().await;
    let core = json!({"UserName": "ola@acme.example", "Active": "True", "DisplayName": "Ola",
        "Emails": [{"Primary": true, "type": "work", "value": "ola@acme.example"},
            {"type": "work", "value": "o@acme.example"}],
        "Name": {"FamilyName": "Employee", "GivenName": "Ola"}});
    let ola = bridge.post("/Users", core, 201).await;
    assert_eq!(ola["active"], true);
    let ola = format!("/Users/{}", ola["id"].as_str().unwrap());
    let enterprise = json!({"userName": "pia@acme.example", "emails": [{"value": "pia@acme.example"}],
        ENT: {"Department": "B", "Manager": {"Value": "m-1"}}});
    let pia = bridge.post("/Users", enterprise, 201).await;
    assert_eq!(
        pia[ENT],
        json!({"department": "B", "manager": {"value": "m-1"}})
    );
    let pia = format!("/Users/{}", pia["id"].as_str().unwrap());
    // Complex attributes and projections
    for query in [
        "attributes=emails[type eq \"work\"]",
        "attributes=emails[value eq \"ola@acme.example\"]",
        "attributes=userName,emails",
    ] {
        let user = bridge.get(&format!("{ola}?{query}"), 200).await;
        assert!(user.to_string().contains("ola@acme.example"), "{query}");
        assert_eq!(user["displayName"], Value::Null, "{query}");
        assert!(user["id"].is_string(), "{query}");
    }
    // Unquoted filters
    for (filter, expected) in [
        ("DisplayName+eq+%22OLA%22", 1),
        (
            "name.FamilyName eq Employee and (emails.Value co acme.example or emails.Value co example.org)",
            1,
        ),
        ("userName sw O", 1),
        ("meta.Created gt 2015-10-10T14:38:21.8617979-07:00", 2),
        ("meta.Created lt 2015-10-10T14:38:21.8617979-07:00", 0),
    ] {
        let list = bridge.get(&format!("/Users?filter={filter}"), 200).await;
        assert_eq!(list["totalResults"], expected, "{filter}");
    }
    // Garbage
    bridge
        .post("/Users", json!({"displayName": "No name"}), 400)
        .await;
    bridge
        .put(&ola, json!({"displayName": "No name"}), 400)
        .await;
    let put = json!({"userName": "ola@acme.example", "name": {"formatted": "Ola E"}, "favoriteColour": "red"});
    let user = bridge.put(&ola, put, 200).await;
    assert_eq!(user["name"], json!({"formatted": "Ola E"}));
    assert_eq!(user.get("favoriteColour"), None);
    let page = bridge.get("/Users?startIndex=1&count=2", 200).await;
    assert_eq!(
        (&page["itemsPerPage"], &page["totalResults"]),
        (&json!(2), &json!(2))
    );
    // Teardown
    bridge.delete(&ola, 204).await;
    bridge.delete(&pia, 204).await;
    assert_eq!(
        bridge.get("/Users?attributes=userName", 200).await["Resources"],
        json!([])
    );
}
