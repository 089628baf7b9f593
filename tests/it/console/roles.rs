//! Every route of the admin API with a token of every role, and without.

use std::time::Duration;

use reqwest::Method;
use scim_bridge::auth::{digest, hex};
use scim_bridge::domain::administrator::Role;
use scim_bridge::http::admin_routes;
use serde_json::Value;

use crate::harness::operator::{ADMIN_TOKEN, admin_section, roles_section, token_of};
use crate::harness::{Bridge, Setup};

/// Which role each route needs; a route that is not listed here fails the test.
const EXPECTED: [(&str, &str, Role); 24] = [
    ("GET", "/tenants", Role::Viewer),
    ("GET", "/admissions", Role::Viewer),
    ("GET", "/tenants/{tenant}/plan", Role::Viewer),
    ("GET", "/tenants/{tenant}/first-sync", Role::Viewer),
    ("GET", "/tenants/{tenant}/catalogue", Role::Viewer),
    ("GET", "/tenants/{tenant}/inactive", Role::Viewer),
    ("GET", "/tenants/{tenant}/drift", Role::Viewer),
    ("GET", "/tenants/{tenant}/held", Role::Viewer),
    ("GET", "/tenants/{tenant}/failed", Role::Viewer),
    ("POST", "/tenants/{tenant}/reconcile", Role::Operator),
    ("POST", "/tenants/{tenant}/held/{user}", Role::Operator),
    ("POST", "/tenants/{tenant}/removals/release", Role::Operator),
    ("POST", "/tenants/{tenant}/removals/reject", Role::Operator),
    ("POST", "/tenants/{tenant}/replay", Role::Operator),
    ("POST", "/tenants/{tenant}/pause", Role::Operator),
    ("POST", "/tenants/{tenant}/resume", Role::Operator),
    ("POST", "/pause", Role::Operator),
    ("POST", "/resume", Role::Operator),
    ("GET", "/tenants/{tenant}/credentials", Role::Viewer),
    ("POST", "/tenants/{tenant}/credentials", Role::Admin),
    (
        "POST",
        "/tenants/{tenant}/credentials/{id}/rotate",
        Role::Admin,
    ),
    (
        "POST",
        "/tenants/{tenant}/credentials/{id}/revoke",
        Role::Operator,
    ),
    ("GET", "/tenants/{tenant}/export", Role::Admin),
    ("POST", "/tenants/{tenant}/import", Role::Admin),
];

async fn bridge(section: String) -> Bridge {
    Bridge::with(Setup {
        server: section.leak(),
        ..Setup::default()
    })
    .await
}

/// What the admin API answers: status, and its words if it refuses.
async fn ask(bridge: &Bridge, method: &str, path: &str, token: Option<&str>) -> (u16, String) {
    let path = path.replace("{tenant}", "acme").replace("{user}", "nobody");
    let url = format!("http://{}/admin/api{path}", bridge.app.addr());
    let request = bridge.http.request(method.parse::<Method>().unwrap(), url);
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap_or_default();
    let words = body["error"].as_str().unwrap_or_default().to_owned();
    (status, words)
}

#[tokio::test]
async fn every_route_opens_for_the_roles_that_it_needs_and_for_no_other() {
    let bridge = bridge(roles_section()).await;
    let routes: Vec<_> = admin_routes().collect();
    assert_eq!(routes, EXPECTED);
    for (method, path, needed) in routes {
        for role in Role::ALL {
            let (status, words) = ask(&bridge, method, path, Some(&token_of(role))).await;
            let name = format!("{method} {path} as {role}: {status} {words}");
            if role < needed {
                assert_eq!(status, 403, "{name}");
                let (has, needs) = (format!("the role {role}."), format!("the role {needed},"));
                assert!(words.contains(&has) && words.contains(&needs), "{name}");
            } else {
                // Without a body some are refused for that; nobody is told that the role is not enough.
                assert!(![401, 403, 405].contains(&status), "{name}");
            }
        }
        for token in [None, Some("scimb_of-nobody-at-all"), Some("")] {
            let (status, _) = ask(&bridge, method, path, token).await;
            assert_eq!(status, 401, "{method} {path}");
        }
        let (status, _) = ask(&bridge, method, path, Some(ADMIN_TOKEN)).await;
        assert!(![401, 403].contains(&status), "{method} {path}");
    }
}

#[tokio::test]
async fn addresses_that_are_not_there_say_so_to_every_role_and_to_nobody_else() {
    let bridge = bridge(roles_section()).await;
    for role in Role::ALL {
        let token = token_of(role);
        assert_eq!(ask(&bridge, "GET", "/nothing", Some(&token)).await.0, 404);
        assert_eq!(ask(&bridge, "GET", "/pause", Some(&token)).await.0, 405);
    }
    assert_eq!(ask(&bridge, "GET", "/nothing", None).await.0, 401);
    assert_eq!(ask(&bridge, "GET", "/pause", None).await.0, 401);
}

#[tokio::test]
async fn a_token_opens_nothing_from_its_end_on() {
    let token = "scimb_night-shift-for-tests-only";
    let entry = format!(
        "[[admin.token]]\nsha256 = \"{}\"\nrole = \"viewer\"\nexpires = \"2026-01-02\"",
        hex(&digest(token))
    );
    let bridge = bridge(format!("{}\n{entry}", admin_section())).await;
    assert_eq!(ask(&bridge, "GET", "/tenants", Some(token)).await.0, 200);
    bridge.advance(Duration::from_secs(24 * 60 * 60 - 1));
    assert_eq!(ask(&bridge, "GET", "/tenants", Some(token)).await.0, 200);
    bridge.advance(Duration::from_secs(1));
    assert_eq!(ask(&bridge, "GET", "/tenants", Some(token)).await.0, 401);
}
