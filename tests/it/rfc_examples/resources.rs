//! Resources as RFC 7643 section 8 and RFC 7644 sections 3.3 to 3.6, 3.9 and 3.12 show them.

use reqwest::{Method, header};
use serde_json::{Value, json};

use super::{ENTERPRISE, ERROR, GROUP, LIST, USER, group, user};
use crate::harness::Bridge;

/// Every attribute of RFC 7643 sections 4.1 and 4.3 that a client may set.
fn full_user() -> Value {
    json!({
        "schemas": [USER, ENTERPRISE],
        "externalId": "701984",
        "userName": "barbara@acme.example",
        "name": {
            "formatted": "Ms. Barbara J Berg, III",
            "familyName": "Berg",
            "givenName": "Barbara",
            "middleName": "Jane",
            "honorificPrefix": "Ms.",
            "honorificSuffix": "III",
        },
        "displayName": "Babs Berg",
        "nickName": "Babs",
        "profileUrl": "https://login.example.com/barbara",
        "emails": [
            {"value": "barbara@example.com", "type": "work", "primary": true},
            {"value": "babs@example.org", "type": "home"},
        ],
        "addresses": [
            {
                "streetAddress": "100 Universal Way",
                "locality": "Lakeside",
                "region": "NW",
                "postalCode": "91608",
                "country": "US",
                "formatted": "100 Universal Way\nLakeside, NW 91608 US",
                "type": "work",
                "primary": true,
            },
            {"streetAddress": "456 Hill Road", "locality": "Lakeside", "type": "home"},
        ],
        "phoneNumbers": [
            {"value": "tel:+1-555-555-5555", "type": "work"},
            {"value": "tel:+1-555-555-4444", "type": "mobile"},
        ],
        "ims": [{"value": "someimhandle", "type": "xmpp"}],
        "photos": [
            {"value": "https://photos.example.com/barbara/F", "type": "photo"},
            {"value": "https://photos.example.com/barbara/T", "type": "thumbnail"},
        ],
        "userType": "Employee",
        "title": "Tour Guide",
        "preferredLanguage": "en-US",
        "locale": "en-US",
        "timezone": "America/Los_Angeles",
        "active": true,
        "entitlements": [{"value": "tours"}],
        "roles": [{"value": "guide", "primary": true}],
        "x509Certificates": [{"value": "MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAw"}],
        ENTERPRISE: {
            "employeeNumber": "701984",
            "costCenter": "4130",
            "organization": "Universal Studios",
            "division": "Theme Park",
            "department": "Tour Operations",
            "manager": {"value": "26118915-6090-4610-87e4-49d8ca9f808d"},
        },
    })
}

#[tokio::test]
async fn the_minimal_user_has_what_every_resource_has() {
    // RFC 7643 section 8.1
    let bridge = Bridge::start().await;
    let body = json!({"schemas": [USER], "userName": "barbara@acme.example"});
    let made = bridge.post("/Users", body, 201).await;
    assert_eq!(made["schemas"], json!([USER]));
    assert_eq!(made["userName"], "barbara@acme.example");
    let meta = &made["meta"];
    assert_eq!(meta["resourceType"], "User");
    assert_eq!(meta["created"], meta["lastModified"]);
    let id = made["id"].as_str().unwrap();
    assert_eq!(meta["location"], bridge.url(&format!("/Users/{id}")));
    assert!(meta["version"].as_str().unwrap().starts_with("W/\""));
}

#[tokio::test]
async fn the_full_user_is_kept_value_by_value_and_the_password_is_not() {
    // RFC 7643 sections 8.2 and 8.3
    let bridge = Bridge::start().await;
    let mut body = full_user();
    body["password"] = json!("t1meMa$heen");
    body["groups"] = json!([{"value": "e9e30dba", "display": "Nobody asked"}]);
    let made = bridge.post("/Users", body, 201).await;
    let path = format!("/Users/{}", made["id"].as_str().unwrap());
    let read = bridge.get(&path, 200).await;
    for (name, value) in full_user().as_object().unwrap() {
        assert_eq!(read[name], *value, "{name}");
    }
    for hidden in ["password", "groups"] {
        assert_eq!(read.get(hidden), None, "{hidden}");
    }
}

#[tokio::test]
async fn a_group_refers_to_its_members_and_they_to_it() {
    // RFC 7643 section 8.4
    let bridge = Bridge::start().await;
    let barbara = user(
        &bridge,
        json!({"userName": "barbara@acme.example", "displayName": "Babs Berg"}),
    )
    .await;
    let id = group(&bridge, &[&barbara]).await;
    let read = bridge.get(&format!("/Groups/{id}"), 200).await;
    assert_eq!(read["schemas"], json!([GROUP]));
    assert_eq!(read["displayName"], "Tour Guides");
    let location = bridge.url(&format!("/Users/{barbara}"));
    let member =
        json!({"value": barbara, "$ref": location, "type": "User", "display": "Babs Berg"});
    assert_eq!(read["members"], json!([member]));
    let read = bridge.get(&format!("/Users/{barbara}"), 200).await;
    let location = bridge.url(&format!("/Groups/{id}"));
    let membership =
        json!({"value": id, "$ref": location, "type": "direct", "display": "Tour Guides"});
    assert_eq!(read["groups"], json!([membership]));
}

#[tokio::test]
async fn a_user_is_created_with_201_and_the_location() {
    // RFC 7644 section 3.3
    let bridge = Bridge::start().await;
    let request = bridge.request(Method::POST, "/Users");
    let request = request.header(header::ACCEPT, "application/scim+json");
    let body = json!({
        "schemas": [USER],
        "userName": "barbara@acme.example",
        "externalId": "barbara",
        "name": {"formatted": "Ms. Barbara J Berg III", "familyName": "Berg", "givenName": "Barbara"},
    });
    let content_type = [(header::CONTENT_TYPE, "application/scim+json")];
    let request = request.headers(
        content_type
            .into_iter()
            .map(|(name, value)| (name, value.parse().unwrap()))
            .collect(),
    );
    let response = request.body(body.to_string()).send().await.unwrap();
    assert_eq!(response.status(), 201);
    let media_type = response.headers()[header::CONTENT_TYPE].to_str().unwrap();
    assert!(
        media_type.starts_with("application/scim+json"),
        "{media_type}"
    );
    let location = response.headers()[header::LOCATION]
        .to_str()
        .unwrap()
        .to_owned();
    let made: Value = response.json().await.unwrap();
    assert_eq!(made["meta"]["location"], location);
    assert_eq!(made["externalId"], "barbara");
}

#[tokio::test]
async fn a_known_user_is_read_and_an_unknown_one_is_not_found() {
    // RFC 7644 sections 3.4.1 and 3.12
    let bridge = Bridge::start().await;
    let id = user(&bridge, json!({"userName": "barbara@acme.example"})).await;
    let read = bridge.get(&format!("/Users/{id}"), 200).await;
    assert_eq!(
        (&read["id"], &read["userName"]),
        (&json!(id), &json!("barbara@acme.example"))
    );
    let error = bridge
        .get("/Users/2819c223-7f76-453a-919d-413861904646", 404)
        .await;
    assert_eq!(error["schemas"], json!([ERROR]));
    assert_eq!(error["status"], "404");
    let detail = error["detail"].as_str().unwrap();
    assert!(
        detail.contains("2819c223-7f76-453a-919d-413861904646"),
        "{detail}"
    );
}

#[tokio::test]
async fn a_list_shows_of_each_user_what_is_asked_for() {
    // RFC 7644 sections 3.4.2 and 3.9
    let bridge = Bridge::start().await;
    for name in ["barbara", "jim"] {
        user(
            &bridge,
            json!({"userName": format!("{name}@acme.example"), "displayName": name}),
        )
        .await;
    }
    let list = bridge.get("/Users?attributes=userName", 200).await;
    assert_eq!(list["schemas"], json!([LIST]));
    assert_eq!(list["totalResults"], 2);
    let names: Vec<_> = list["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| {
            assert!(user.get("displayName").is_none() && user["id"].is_string());
            user["userName"].as_str().unwrap()
        })
        .collect();
    assert_eq!(names, ["barbara@acme.example", "jim@acme.example"]);
    let page = bridge.get("/Users?startIndex=1&count=1", 200).await;
    assert_eq!(
        (
            &page["totalResults"],
            &page["itemsPerPage"],
            &page["startIndex"]
        ),
        (&json!(2), &json!(1), &json!(1))
    );
}

#[tokio::test]
async fn a_user_is_replaced_whole() {
    // RFC 7644 section 3.5.1
    let bridge = Bridge::start().await;
    let id = user(
        &bridge,
        json!({"userName": "barbara@acme.example", "title": "Guide"}),
    )
    .await;
    let body = json!({
        "schemas": [USER],
        "id": id,
        "userName": "barbara@acme.example",
        "externalId": "barbara",
        "name": {"formatted": "Ms. Barbara J Berg III", "familyName": "Berg", "givenName": "Barbara", "middleName": "Jane"},
        "roles": [],
        "emails": [{"value": "barbara@example.com"}, {"value": "babs@example.org"}],
    });
    let after = bridge.put(&format!("/Users/{id}"), body, 200).await;
    assert_eq!(after["name"]["middleName"], "Jane");
    assert_eq!(after["emails"].as_array().unwrap().len(), 2);
    for gone in ["title", "roles"] {
        assert_eq!(after.get(gone), None, "{gone}");
    }
}

#[tokio::test]
async fn a_user_is_deleted_with_204_and_gone() {
    // RFC 7644 section 3.6
    let bridge = Bridge::start().await;
    let id = user(&bridge, json!({"userName": "barbara@acme.example"})).await;
    let path = format!("/Users/{id}");
    bridge.delete(&path, 204).await;
    let error = bridge.get(&path, 404).await;
    assert_eq!(
        (&error["schemas"], &error["status"]),
        (&json!([ERROR]), &json!("404"))
    );
}
