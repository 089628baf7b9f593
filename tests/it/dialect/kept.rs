//! Attributes and extensions that a tenant declares are kept and returned as they were sent.

use serde_json::{Value, json};

use crate::harness::{Bridge, Setup, person};

const CONTOSO: &str = "urn:ietf:params:scim:schemas:extension:contoso:2.0:User";

const KEEP: &str = r#"scim = { unknown_attributes = "refuse",
    keep = ["urn:ietf:params:scim:schemas:extension:contoso:2.0:User", "costCode"] }"#;

async fn bridge() -> Bridge {
    Bridge::with(Setup {
        tenant: KEEP,
        ..Setup::default()
    })
    .await
}

fn dressed() -> Value {
    let mut body = person("ann");
    body["COSTCODE"] = json!(["4711", 12]);
    body[CONTOSO] = json!({"shoeSize": 42, "hat": {"colour": "red"}, "none": null});
    body
}

#[tokio::test]
async fn what_is_declared_comes_back_as_sent() {
    // Q019
    let bridge = bridge().await;
    let made = bridge.post("/Users", dressed(), 201).await;
    assert_eq!(made["costCode"], json!(["4711", 12]));
    assert_eq!(made[CONTOSO], dressed()[CONTOSO]);
    let schemas = made["schemas"].as_array().unwrap();
    assert!(schemas.contains(&json!(CONTOSO)));
    let path = format!("/Users/{}", made["id"].as_str().unwrap());
    assert_eq!(bridge.put(&path, made.clone(), 200).await, made);
    let mut bare = person("ann");
    bare["costCode"] = json!([]);
    let bare = bridge.put(&path, bare, 200).await;
    assert_eq!((bare.get("costCode"), bare.get(CONTOSO)), (None, None));
}

#[tokio::test]
async fn what_is_not_declared_is_refused() {
    let bridge = bridge().await;
    let mut body = dressed();
    body["shoeSize"] = json!(42);
    let error = bridge.post("/Users", body, 400).await;
    assert!(error["detail"].as_str().unwrap().contains("shoeSize"));
    bridge.get("/Users?filter=costCode+pr", 400).await;
}

#[tokio::test]
async fn a_patch_changes_what_is_kept() {
    let bridge = bridge().await;
    let made = bridge.post("/Users", dressed(), 201).await;
    let path = format!("/Users/{}", made["id"].as_str().unwrap());
    for (operation, cost_code, contoso) in [
        (
            json!({"op": "add", "path": "costcode", "value": [12, "9"]}),
            json!(["4711", 12, "9"]),
            dressed()[CONTOSO].clone(),
        ),
        (
            json!({"op": "replace", "path": format!("{CONTOSO}:SHOESIZE"), "value": 43}),
            json!(["4711", 12, "9"]),
            json!({"shoeSize": 43, "hat": {"colour": "red"}, "none": null}),
        ),
        (
            json!({"op": "replace", "value": {"costCode": "1", CONTOSO: {"hat": null, "scarf": "s"}}}),
            json!("1"),
            json!({"shoeSize": 43, "none": null, "scarf": "s"}),
        ),
        (
            json!({"op": "remove", "path": format!("{CONTOSO}:scarf")}),
            json!("1"),
            json!({"shoeSize": 43, "none": null}),
        ),
        (
            json!({"op": "remove", "path": CONTOSO}),
            json!("1"),
            Value::Null,
        ),
        (
            json!({"op": "add", "path": format!("{CONTOSO}:hat.colour"), "value": "blue"}),
            json!("1"),
            json!({"hat": {"colour": "blue"}}),
        ),
        (
            json!({"op": "remove", "path": "costCode"}),
            Value::Null,
            json!({"hat": {"colour": "blue"}}),
        ),
    ] {
        let after = bridge.patch(&path, json!([operation]), 200).await;
        assert_eq!(after["costCode"], cost_code, "{operation}");
        assert_eq!(after[CONTOSO], contoso, "{operation}");
    }
    let brackets = json!([{"op": "add", "path": "costCode[value eq 1].x", "value": 2}]);
    let error = bridge.patch(&path, brackets, 400).await;
    assert_eq!(error["scimType"], "invalidPath");
}

#[tokio::test]
async fn a_projection_reaches_what_is_kept() {
    let bridge = bridge().await;
    let made = bridge.post("/Users", dressed(), 201).await;
    let path = format!("/Users/{}", made["id"].as_str().unwrap());
    for (attributes, cost_code, contoso) in [
        ("costcode", true, Value::Null),
        (CONTOSO, false, dressed()[CONTOSO].clone()),
        (
            "urn:ietf:params:scim:schemas:extension:contoso:2.0:User:SHOESIZE",
            false,
            json!({"shoeSize": 42}),
        ),
    ] {
        let shown = bridge
            .get(&format!("{path}?attributes={attributes}"), 200)
            .await;
        assert_eq!(shown.get("costCode").is_some(), cost_code, "{attributes}");
        assert_eq!(shown[CONTOSO], contoso, "{attributes}");
        let rest = bridge
            .get(&format!("{path}?excludedAttributes={attributes}"), 200)
            .await;
        assert_eq!(rest.get("costCode").is_some(), !cost_code, "{attributes}");
        assert_ne!(rest[CONTOSO], shown[CONTOSO], "{attributes}");
    }
}

#[tokio::test]
async fn an_extension_whose_name_ends_in_its_version_is_one_like_others() {
    const HR: &str = "urn:contoso:hr:2.0";
    let bridge = Bridge::with(Setup {
        tenant: "scim = { keep = [\"urn:contoso:hr:2.0\"] }",
        ..Setup::default()
    })
    .await;
    let mut body = person("ann");
    body[HR] = json!({"badge": 1});
    let made = bridge.post("/Users", body, 201).await;
    let path = format!("/Users/{}", made["id"].as_str().unwrap());
    for (operation, expected) in [
        (
            json!({"op": "replace", "path": HR, "value": {"badge": 2}}),
            json!({"badge": 2}),
        ),
        (
            json!({"op": "add", "value": {HR: {"door": 3}}}),
            json!({"badge": 2, "door": 3}),
        ),
        (
            json!({"op": "replace", "path": format!("{HR}:door"), "value": 4}),
            json!({"badge": 2, "door": 4}),
        ),
        (json!({"op": "remove", "path": HR}), Value::Null),
        (
            json!({"op": "add", "path": HR, "value": {"badge": 5}}),
            json!({"badge": 5}),
        ),
    ] {
        let user = bridge.patch(&path, json!([operation]), 200).await;
        assert_eq!(user[HR], expected, "{operation}");
    }
    let asked = bridge.get(&format!("{path}?attributes={HR}"), 200).await;
    assert_eq!(asked[HR], json!({"badge": 5}));
    let rest = bridge
        .get(&format!("{path}?excludedAttributes={HR}"), 200)
        .await;
    assert_eq!((rest.get(HR), &rest["userName"]), (None, &made["userName"]));
}

#[tokio::test]
async fn an_unknown_extension_is_ignored_wherever_it_stands() {
    // Q018; section 8, decision 5
    let bridge = Bridge::start().await;
    let made = bridge.post("/Users", person("ann"), 201).await;
    let path = format!("/Users/{}", made["id"].as_str().unwrap());
    for urn in [
        "urn:contoso:hr:2.0",
        "urn:contoso:hr",
        "urn:contoso:hr:v1.5:User",
    ] {
        let value = json!({urn: {"badge": 1}});
        let user = bridge
            .patch(&path, json!([{"op": "add", "value": value}]), 200)
            .await;
        assert_eq!(user, made, "{urn}");
        let badge = json!([{"op": "add", "path": urn, "value": {"badge": 1}}]);
        assert_eq!(bridge.patch(&path, badge, 200).await, made);
    }
    let misspelt = "urn:ietf:params:scim:schemas:extension:enterprise:2.0User";
    let value = json!({misspelt: {"department": "Tours"}});
    let user = bridge
        .patch(&path, json!([{"op": "add", "value": value}]), 200)
        .await;
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    assert_eq!(user[enterprise]["department"], "Tours");
}
