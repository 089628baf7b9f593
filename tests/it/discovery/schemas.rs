//! The schemas as published, and that they say what resources show.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{CLOUDMORE, ENT, GROUP, USER};
use crate::harness::{Bridge, person};

/// Calls `look` with every value in `value`, and with its name if it has one.
fn each(value: &Value, look: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            look(name, value);
            each(value, look);
        }),
        Value::Array(elements) => elements.iter().for_each(|element| {
            look("", element);
            each(element, look);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn of<'a>(list: &'a Value, id: &str) -> &'a Value {
    let resources = list["Resources"].as_array().unwrap();
    resources.iter().find(|one| one["id"] == id).unwrap()
}

#[tokio::test]
async fn q096_schemas_are_a_list_in_camel_case_without_nulls() {
    let bridge = Bridge::start().await;
    let list = bridge.get("/Schemas", 200).await;
    let ids = list["Resources"].as_array().unwrap().iter();
    let ids: Vec<_> = ids.map(|schema| schema["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [USER, GROUP, ENT, CLOUDMORE]);
    assert_eq!(list["totalResults"], 4);
    assert_eq!(list["itemsPerPage"], 4);
    assert!(list.to_string().contains("User Account"), "section 7.3");
    each(&list, &mut |name, value| {
        assert!(!value.is_null(), "{name}");
        assert_ne!(value, "", "{name}");
        let capitals = name.starts_with(|c: char| c.is_ascii_uppercase());
        assert!(!capitals || name == "Resources", "{name}");
    });
}

#[tokio::test]
async fn every_attribute_that_entra_maps_is_found_in_the_schemas() {
    // 2.4 and 2.13: the paths that the validation workflow makes of the schemas.
    let bridge = Bridge::start().await;
    let list = bridge.get("/Schemas", 200).await;
    let found = paths(&list);
    for mapped in [
        "userName",
        "active",
        "displayName",
        "title",
        "preferredLanguage",
        "name.givenName",
        "name.familyName",
        "emails[type eq \"work\"].value",
        "phoneNumbers[type eq \"work\"].value",
        "phoneNumbers[type eq \"mobile\"].value",
        "phoneNumbers[type eq \"fax\"].value",
        "addresses[type eq \"work\"].streetAddress",
        "addresses[type eq \"other\"].formatted",
        "roles[primary eq \"True\"].value",
        "members",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
    ] {
        assert!(found.contains(mapped), "{mapped}");
    }
}

fn paths(list: &Value) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for schema in list["Resources"].as_array().unwrap() {
        let prefix = match schema["id"].as_str().unwrap() {
            USER | GROUP => String::new(),
            urn => format!("{urn}:"),
        };
        for attribute in schema["attributes"].as_array().unwrap() {
            let name = format!("{prefix}{}", attribute["name"].as_str().unwrap());
            let simple = attribute["type"] != "complex";
            if simple || name.ends_with("manager") || name == "members" {
                paths.insert(name);
                continue;
            }
            let parts = attribute["subAttributes"].as_array().unwrap();
            let kinds = parts.iter().find(|part| part["name"] == "type");
            let kinds = kinds.and_then(|kinds| kinds["canonicalValues"].as_array());
            let holders: Vec<String> = match (attribute["multiValued"] == true, kinds) {
                (false, _) => vec![name],
                (true, None) => vec![format!("{name}[primary eq \"True\"]")],
                (true, Some(kinds)) => {
                    let holder = |kind: &Value| format!("{name}[type eq {kind}]");
                    kinds.iter().map(holder).collect()
                }
            };
            for part in parts {
                let part = part["name"].as_str().unwrap();
                paths.extend(holders.iter().map(|holder| format!("{holder}.{part}")));
            }
        }
    }
    paths
}

#[tokio::test]
async fn only_what_must_be_there_is_required_and_what_nobody_reads_is_not_published() {
    // 2.13; section 8, decision 12
    let bridge = Bridge::start().await;
    let list = bridge.get("/Schemas", 200).await;
    let mut required = Vec::new();
    each(&list, &mut |_, value| {
        if value["required"] == true {
            required.push(value["name"].as_str().unwrap().to_owned());
        }
        assert_ne!(value["name"], "password");
        assert_ne!(value["returned"], "never");
    });
    assert_eq!(required, ["userName", "displayName"]);
}

#[tokio::test]
async fn what_resources_show_is_what_the_schemas_say() {
    // Design, invariant 10
    let bridge = Bridge::start().await;
    let group = bridge.group("Cloudmore Finance").await;
    let mut body = person("ann");
    body["roles"] = json!([{"value": "Reader", "primary": true}]);
    body[ENT] = json!({"department": "Finance", "manager": {"value": "9b1e40"}});
    let user = bridge.post("/Users", body, 201).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    bridge.join(&group, &user).await;
    let schemas = bridge.get("/Schemas", 200).await;
    for (path, core) in [
        (format!("/Users/{user}"), USER),
        (format!("/Groups/{group}"), GROUP),
    ] {
        let path = format!("{path}?attributes={core},{CLOUDMORE},{ENT},meta");
        let resource = bridge.get(&path, 200).await;
        let listed = resource["schemas"].as_array().unwrap();
        for (name, value) in resource.as_object().unwrap() {
            if ["schemas", "id", "externalId", "meta"].contains(&name.as_str()) {
                continue;
            }
            if name.contains(':') {
                assert!(listed.contains(&json!(name)), "{name}");
                for (part, value) in value.as_object().unwrap() {
                    agrees(&of(&schemas, name)["attributes"], part, value);
                }
            } else {
                agrees(&of(&schemas, core)["attributes"], name, value);
            }
        }
    }
    let usual = bridge.get(&format!("/Users/{user}"), 200).await;
    assert_eq!(usual.get(CLOUDMORE), None);
    let path = format!("/Users/{user}?attributes={CLOUDMORE}");
    let asked = bridge.get(&path, 200).await;
    assert!(asked[CLOUDMORE]["assignments"].is_array());
}

/// Whether `value` is what the attribute `name` among `attributes` is said to be.
fn agrees(attributes: &Value, name: &str, value: &Value) {
    let mut attributes = attributes.as_array().unwrap().iter();
    let attribute = attributes.find(|attribute| attribute["name"] == name);
    let attribute = attribute.unwrap_or_else(|| panic!("{name} is not published"));
    assert_eq!(value.is_array(), attribute["multiValued"] == true, "{name}");
    let elements = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    for element in elements {
        match attribute["type"].as_str().unwrap() {
            "boolean" => assert!(element.is_boolean(), "{name}"),
            "complex" => {
                for (part, value) in element.as_object().unwrap() {
                    agrees(&attribute["subAttributes"], part, value);
                }
            }
            _ => assert!(element.is_string(), "{name}"),
        }
    }
}
