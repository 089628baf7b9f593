//! What the pages show.

use scim_bridge::domain::administrator::Role;
use scim_bridge::sandbox::FaultRule;
use serde_json::json;

use super::bridge;
use super::visitor::Visitor;
use crate::converging::cloudmore::status;
use crate::harness::operator::token_of;
use crate::harness::{Bridge, Setup, person};

#[tokio::test]
async fn the_overview_shows_all_tenants_and_who_needs_a_person() {
    let bridge = bridge("").await;
    let visitor = Visitor::of(&bridge);
    visitor.sign_in(&token_of(Role::Viewer)).await;
    let page = visitor.get("/admin").await.body;
    for words in [
        "The viewer",
        "(viewer)",
        ">acme<",
        ">northwind<",
        "Nothing. Everybody has",
    ] {
        assert!(page.contains(words), "{words} is not in {page}");
    }
    troubled(&bridge, "<script>alert(1)</script>").await;
    let page = visitor.get("/admin").await.body;
    assert!(
        page.contains("&#60;script&#62;alert(1)&#60;/script&#62;@acme.example"),
        "{page}"
    );
    assert!(
        page.contains("Urgent:") && page.contains("keeps access that is to be taken away"),
        "{page}"
    );
    assert!(page.contains("scim-bridge failed acme"), "{page}");
    assert!(
        !page.contains("<script") && !page.contains(" style=") && !page.contains("javascript:")
    );
}

/// A leaver of this name whose account Cloudmore does not let go.
pub async fn troubled(bridge: &Bridge, name: &str) {
    let mut user = person("mallory");
    user["userName"] = json!(format!("{name}@acme.example"));
    let made = bridge.post("/Users", user, 201).await;
    bridge.faults([FaultRule::new(status(400)).on("DELETE", "/Users/")]);
    bridge
        .set_active(made["id"].as_str().unwrap(), false, 500)
        .await;
}

#[tokio::test]
async fn without_administrators_there_is_no_console() {
    let bridge = Bridge::with(Setup::default()).await;
    for path in ["/admin", "/admin/sign-in", "/admin/assets/console.css"] {
        let answer = Visitor::of(&bridge).get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body.contains("Add [admin]"), "{}", answer.body);
    }
}
