//! What of a SCIM user becomes which field of the account, and that nothing else of the account changes.

use scim_bridge::domain::phone;
use scim_bridge::sandbox::{Person, seed};
use serde_json::{Value, json};

use crate::harness::{BROKER_TOKEN, Bridge, Setup, expect, person};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Maja with a phone, an address and a cost centre.
fn maja() -> Value {
    let mut body = person("maja");
    body["title"] = json!("Analyst");
    body["phoneNumbers"] = json!([
        {"type": "work", "value": "+372 6 400 500"},
        {"type": "mobile", "value": "+372 555 0101"}
    ]);
    body["addresses"] = json!([{
        "type": "work", "streetAddress": "1 Harbour Road", "locality": "Tallinn", "postalCode": "10111", "country": "ee"
    }]);
    body[ENTERPRISE] = json!({"costCenter": "4711"});
    body
}

fn account(bridge: &Bridge, name: &str) -> Person {
    let world = bridge.sandbox.snapshot();
    world.person(name).unwrap().clone()
}

#[tokio::test]
async fn title_phone_and_address_travel_with_the_account() {
    let bridge = Bridge::start().await;
    bridge.post("/Users", maja(), 201).await;
    let fields = account(&bridge, "maja@acme.example").fields;
    assert_eq!(fields["title"], "Analyst");
    assert_eq!(fields["cellPhonePrefix"], "372");
    assert_eq!(fields["cellPhone"], "5550101");
    assert_eq!(
        fields["address"],
        json!({"city": "Tallinn", "countryCode": "EE", "postalCode": "10111", "street": "1 Harbour Road"})
    );
}

#[tokio::test]
async fn the_tenant_says_what_fills_which_field() {
    let bridge = Bridge::with(Setup {
        tenant: r#"
            [tenant.account]
            title = ["nickName", { text = "Staff" }]
            cell_phone = 'phoneNumbers[type eq "work"].value'
            street = []
            last_name = "name.familyName"
            [[tenant.account.custom_property]]
            name = "Cost centre"
            from = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter"
        "#,
        ..Setup::default()
    })
    .await;
    bridge.post("/Users", maja(), 201).await;
    let fields = account(&bridge, "maja@acme.example").fields;
    assert_eq!(fields["title"], "Staff");
    assert_eq!(fields["cellPhone"], "6400500");
    assert_eq!(fields["address"].get("street"), None);
    assert_eq!(
        fields["customProperties"],
        json!([{"name": "Cost centre", "value": "4711"}])
    );
}

#[tokio::test]
async fn administrators_have_the_same_fields() {
    let bridge = Bridge::start().await;
    let mut body = maja();
    body["userName"] = json!("maja@northwind.example");
    let address = bridge.url_of("northwind", "/Users");
    let request = bridge.http.post(address).bearer_auth(BROKER_TOKEN);
    expect(request.json(&body), 201).await;
    let fields = account(&bridge, "maja@northwind.example").fields;
    assert_eq!(fields["cellPhone"], "5550101");
    assert_eq!(fields["address"]["city"], "Tallinn");
}

#[tokio::test]
async fn an_update_keeps_what_a_person_entered() {
    let bridge = Bridge::start().await;
    let id = bridge.user("maja").await;
    bridge.sandbox.edit(|world| {
        let acme = world.organization_mut(seed::ACME).unwrap();
        let maja = acme
            .users
            .iter_mut()
            .find(|user| user.name() == "maja@acme.example");
        let by_hand = by_hand().map(|(field, value)| (field.to_owned(), value));
        maja.unwrap().fields.extend(by_hand);
    });
    let title = json!([{"op": "replace", "path": "title", "value": "Analyst"}]);
    bridge.patch(&format!("/Users/{id}"), title, 200).await;
    let fields = account(&bridge, "maja@acme.example").fields;
    assert_eq!(fields["title"], "Analyst");
    for (field, value) in by_hand() {
        assert_eq!(fields[field], value, "{field}");
    }
    // A part of what a person entered may come from the directory.
    let city = json!([{"op": "add", "path": "addresses", "value": [{"type": "work", "locality": "Tartu"}]}]);
    bridge.patch(&format!("/Users/{id}"), city, 200).await;
    let fields = account(&bridge, "maja@acme.example").fields;
    assert_eq!(
        fields["address"],
        json!({"countryCode": "EE", "street": "2 Mill Lane", "postalCode": "10112", "city": "Tartu"})
    );
}

fn by_hand() -> [(&'static str, Value); 5] {
    [
        ("cellPhonePrefix", json!("46")),
        ("cellPhone", json!("700000000")),
        (
            "address",
            json!({"countryCode": "EE", "street": "2 Mill Lane", "postalCode": "10112", "city": "Tallinn"}),
        ),
        (
            "customProperties",
            json!([{"name": "Cost centre", "value": "1"}, {"name": "Floor", "value": "2"}]),
        ),
        ("unheardOf", json!({"kept": [1, 2]})),
    ]
}

#[tokio::test]
async fn a_name_of_another_domain_is_refused_before_any_call() {
    let bridge = Bridge::with(Setup {
        tenant: r#"allowed_domains = ["acme.example", "acme.test"]"#,
        ..Setup::default()
    })
    .await;
    bridge.calls();
    let mut body = person("maja");
    body["userName"] = json!("maja@elsewhere.example");
    let refused = bridge.post("/Users", body, 400).await;
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("acme.example, acme.test"), "{detail}");
    assert!(bridge.calls().is_empty());

    let id = bridge.user("maja").await;
    let rename = json!([{"op": "replace", "path": "userName", "value": "maja@elsewhere.example"}]);
    bridge.patch(&format!("/Users/{id}"), rename, 400).await;
    assert_eq!(bridge.access("maja"), "role 7; ");
}

#[test]
fn a_phone_number_is_split_only_when_it_is_certain() {
    for (text, expected) in [
        ("+372 555 0101", Some(("372", "5550101"))),
        ("tel:+1-201-555-0123", Some(("1", "2015550123"))),
        ("+46.70.000.00.00", Some(("46", "700000000"))),
        ("+7 495 000 00 00", Some(("7", "4950000000"))),
        ("+598 94 000 000", Some(("598", "94000000"))),
        ("372 555 0101", None),
        ("00372 555 0101", None),
        ("+44 (0)20 0000 0000", None),
        ("+372 555 0101 ext. 4", None),
        ("+0 555 010 100", None),
        ("+37255", None),
        ("+372555010101234567", None),
        ("", None),
    ] {
        let split = phone::split(text);
        let split = split
            .as_ref()
            .map(|(prefix, number)| (prefix.as_str(), number.as_str()));
        assert_eq!(split, expected, "{text}");
    }
}
