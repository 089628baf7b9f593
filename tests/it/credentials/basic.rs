//! User names and passwords (HTTP Basic), of the store and of the configuration.

use serde_json::json;

use super::{Show, as_basic, as_bearer, bridge, make, opens, refused, tell};
use crate::harness::{BROKER_TOKEN, SPARE_SECRET, TOKEN, expect, person};

const OKTA: &str = "[[tenant.basic]]\nusername = \"okta\"\npassword = { env = \"SPARE_SECRET\" }\n";

#[tokio::test]
async fn a_user_name_and_its_password_open() {
    let bridge = bridge(OKTA).await;
    let made = make(&bridge, "acme", json!({"label": "Okta", "kind": "basic"})).await;
    for pair in [
        ("okta", SPARE_SECRET),
        (made.name.as_str(), made.secret.as_str()),
    ] {
        opens(&bridge, as_basic, pair).await;
    }
    let create = bridge.http.post(bridge.url("/Users")).json(&person("ann"));
    expect(create.basic_auth("okta", Some(SPARE_SECRET)), 201).await;
    tell(&bridge, "acme", &made.id, "revoke").await;
    refused(&bridge, "acme", as_basic, (&made.name, &made.secret)).await;
}

#[tokio::test]
async fn another_name_or_password_or_tenant_or_form_does_not() {
    let bridge = bridge(OKTA).await;
    let made = make(&bridge, "acme", json!({"label": "Okta", "kind": "basic"})).await;
    let (name, secret) = (made.name.as_str(), made.secret.as_str());
    for pair in [
        ("okta", secret),
        (name, SPARE_SECRET),
        (name, ""),
        ("", secret),
        ("OKTA", SPARE_SECRET),
        ("nobody", SPARE_SECRET),
        ("okta", TOKEN),
        (
            name,
            "scimb_0000000000000000000000000000000000000000000000000000000000000000",
        ),
        ("northwind", BROKER_TOKEN),
    ] {
        refused(&bridge, "acme", as_basic, pair).await;
    }
    for tenant in ["northwind", "unheard"] {
        refused(&bridge, tenant, as_basic, ("okta", SPARE_SECRET)).await;
        refused(&bridge, tenant, as_basic, (name, secret)).await;
    }
    for secret in [secret, SPARE_SECRET] {
        refused(&bridge, "acme", as_bearer, ("", secret)).await;
    }
    let raw: Show = |request, header, _| request.header("authorization", header);
    for header in [
        "Basic",
        "Basic ",
        "Basic :",
        "Basic !",
        "Basic b2t0YQ==",
        "Basic /////w==",
        &format!("Basic okta:{SPARE_SECRET}"),
    ] {
        refused(&bridge, "acme", raw, (header, "")).await;
    }
}
