//! The open questions about login names and e-mail addresses: the other answers.

use scim_bridge::sandbox::seed::VERA;
use serde_json::json;

use super::support::{Client, both, but, person, user, users};

#[tokio::test]
async fn a_person_of_a_foreign_domain_may_be_accepted() {
    let client = Client::set("domains", "accepted").await;
    let reply = client.post(&users(), person("ann@elsewhere.example")).await;
    assert_eq!(reply.status, 201);
}

#[tokio::test]
async fn casing_of_names_is_ignored_lowered_or_counts() {
    for (position, stored, again) in [
        ("ignored", "Ann@Acme.example", 400),
        ("lowered", "ann@acme.example", 400),
        ("significant", "Ann@Acme.example", 201),
    ] {
        let client = Client::set("names_case", position).await;
        let id = client.create("Ann@Acme.example").await;
        assert_eq!(client.get(&user(&id)).await.json()["name"], stored);
        let reply = client.post(&users(), person("ANN@acme.example")).await;
        assert_eq!(reply.status, again, "{position}");
    }
}

#[tokio::test]
async fn an_email_may_have_to_be_unique() {
    let client = Client::set("emails", "unique").await;
    for (path, body) in both() {
        let body = but(body, "email", json!("OLGA.first@acme.example"));
        let reply = client.post(&path, body).await;
        assert_eq!(reply.status, 400);
        assert!(reply.text.contains("E-mail"), "{}", reply.text);
    }
    let vera = but(
        client.get(&user(VERA)).await.json(),
        "title",
        json!("Reader"),
    );
    assert_eq!(client.put(&user(VERA), vera).await.status, 204);
}
