//! The token endpoint and what the tokens open.

use scim_bridge::sandbox::seed::{ACME, API_SECRET, NORTHWIND};
use scim_bridge::sandbox::switches::{ClientAuth, TokenErrors};
use scim_bridge::sandbox::{Organization, Person, Reseller, Switches};
use serde_json::json;

use super::support::{Client, credentials, organization, user, users, without_secret};

const BASIC: Option<(&str, &str)> = Some(("ro.customer.client", API_SECRET));

#[tokio::test]
async fn the_secret_may_travel_in_the_form_or_in_the_header() {
    let client = Client::demo().await;
    for (form, basic) in [(credentials(), None), (without_secret(), BASIC)] {
        let reply = client.ask_token(&form, basic).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        assert_eq!(reply.json()["expires_in"], json!(86_400));
        assert_eq!(reply.json()["token_type"], json!("Bearer"));
    }
}

#[tokio::test]
async fn the_switch_for_client_auth_leaves_one_way_only() {
    let form = (credentials(), None);
    let header = (without_secret(), BASIC);
    for (client_auth, good, bad) in [
        (ClientAuth::Form, &form, &header),
        (ClientAuth::Basic, &header, &form),
    ] {
        let client = Client::demo().await;
        client.sandbox.set_switches(Switches {
            client_auth,
            ..Switches::default()
        });
        assert_eq!(client.ask_token(&good.0, good.1).await.status, 200);
        let refused = client.ask_token(&bad.0, bad.1).await;
        assert_eq!(refused.status, 400);
        assert_eq!(refused.json(), json!({ "error": "invalid_client" }));
    }
}

#[tokio::test]
async fn each_wrong_credential_has_its_error() {
    let client = Client::demo().await;
    for (field, value, error) in [
        ("password", "wrong", "invalid_grant"),
        ("username", "nobody@northwind.example", "invalid_grant"),
        ("client_secret", "wrong", "invalid_client"),
        ("client_id", "wrong", "invalid_client"),
        ("scope", "all", "invalid_scope"),
        ("grant_type", "client_credentials", "unsupported_grant_type"),
    ] {
        let mut form = credentials();
        form.retain(|(key, _)| *key != field);
        form.push((field, value));
        let reply = client.ask_token(&form, None).await;
        assert_eq!(reply.status, 400, "{field}");
        assert_eq!(reply.json(), json!({ "error": error }), "{field}");
    }
}

#[tokio::test]
async fn the_switch_for_token_errors_answers_401() {
    let client = Client::demo().await;
    client.sandbox.set_switches(Switches {
        token_errors: TokenErrors::Unauthorized,
        ..Switches::default()
    });
    let reply = client.ask_token(&without_secret(), None).await;
    assert_eq!(reply.status, 401);
    assert_eq!(reply.json(), json!({ "error": "invalid_client" }));
}

#[tokio::test]
async fn every_api_path_needs_a_token() {
    let mut client = Client::demo().await;
    for token in ["", "made-up"] {
        client.token = token.to_owned();
        for path in ["/api/healthcheck".to_owned(), users()] {
            assert_eq!(client.get(&path).await.status, 401, "{path}");
        }
    }
}

#[tokio::test]
async fn expired_tokens_are_refused_and_a_new_one_is_good() {
    let mut client = Client::demo().await;
    client.sandbox.expire_tokens();
    assert_eq!(client.get(&users()).await.status, 401);
    client.sign_in().await;
    assert_eq!(client.get(&users()).await.status, 200);
}

#[tokio::test]
async fn a_token_lasts_as_long_as_the_switch_says() {
    let client = Client::with(Switches {
        token_lifetime_seconds: 0,
        ..Switches::default()
    })
    .await;
    assert_eq!(client.get(&users()).await.status, 401);
}

#[tokio::test]
async fn a_token_lasts_as_many_calls_as_the_switch_says() {
    let client = Client::with(Switches {
        token_calls: Some(2),
        ..Switches::default()
    })
    .await;
    for status in [200, 200, 401] {
        assert_eq!(client.get(&users()).await.status, status);
    }
}

#[tokio::test]
async fn an_api_account_without_rest_access_gets_no_token_and_its_token_is_void() {
    let client = Client::demo().await;
    client.sandbox.edit(|world| {
        let northwind = world.reseller_mut(NORTHWIND).unwrap();
        northwind.administrators[0]
            .fields
            .shift_remove("allowRestApiAccess");
    });
    let reply = client.ask_token(&credentials(), None).await;
    assert_eq!(reply.json(), json!({ "error": "invalid_grant" }));
    assert_eq!(client.get(&users()).await.status, 401);
}

#[tokio::test]
async fn another_resellers_data_is_forbidden_and_an_unknown_reseller_is_not_found() {
    let client = Client::demo().await;
    client.sandbox.edit(|world| {
        world.resellers.push(Reseller {
            id: "other".to_owned(),
            organizations: vec![Organization {
                id: "theirs".to_owned(),
                users: vec![Person::new("eve@other.example", 7)],
                ..Organization::default()
            }],
            ..Reseller::default()
        });
    });
    for (path, status) in [
        ("/api/resellers/other/organizations".to_owned(), 403),
        (
            "/api/resellers/other/organizations/theirs/Users".to_owned(),
            403,
        ),
        ("/api/resellers/nobody/organizations".to_owned(), 404),
        (organization().replace(ACME, "theirs"), 404),
        (user("nobody"), 404),
    ] {
        assert_eq!(client.get(&path).await.status, status, "{path}");
    }
}
