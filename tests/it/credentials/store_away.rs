//! A store that cannot be asked whose credential it is: nobody is let in, nobody is refused for good, nothing is told.

use reqwest::Method;
use serde_json::json;

use super::{Show, admin, as_basic, as_bearer, make, shown};
use crate::harness::operator::admin_section;
use crate::harness::{Bridge, Setup, TOKEN, expect, stores};

#[tokio::test]
async fn what_cannot_be_looked_up_is_a_503_for_every_tenant_and_no_wrong_credential() {
    let bridge = Bridge::with(Setup {
        server: format!("bad_credentials = 2\n{}", admin_section()).leak(),
        postgres: true,
        ..Setup::default()
    })
    .await;
    let bearer = make(&bridge, "acme", json!({"label": "Entra"})).await;
    let basic = make(&bridge, "acme", json!({"label": "Okta", "kind": "basic"})).await;
    stores::query(bridge.folder(), "alter table credential rename to away");

    let made_up = scim_bridge::auth::new_token().unwrap();
    let away = shown(&bridge, "unheard", as_bearer, ("", &made_up)).await;
    assert_eq!(away.0, 503);
    assert_eq!(away.1["retry-after"], "30");
    let attempts: [(Show, (&str, &str)); 4] = [
        (as_bearer, ("", &bearer.secret)),
        (as_bearer, ("", &made_up)),
        (as_basic, (&basic.name, &basic.secret)),
        // As often as this one, it would have to wait if it were wrong.
        (as_basic, ("okta", "a-guess")),
    ];
    for _ in 0..4 {
        for (show, pair) in attempts {
            for tenant in ["acme", "northwind", "unheard"] {
                assert_eq!(shown(&bridge, tenant, show, pair).await, away, "{tenant}");
            }
        }
    }
    // What the configuration has needs no store.
    assert_eq!(shown(&bridge, "acme", as_bearer, ("", TOKEN)).await.0, 200);

    stores::query(bridge.folder(), "alter table away rename to credential");
    assert_eq!(
        shown(&bridge, "acme", as_basic, ("okta", "a-guess"))
            .await
            .0,
        401
    );
    for (show, pair) in [attempts[0], attempts[2]] {
        assert_eq!(shown(&bridge, "acme", show, pair).await.0, 200);
    }
    let told = expect(admin(&bridge, Method::GET, "admissions?tenant=acme"), 200).await;
    let told = told["admissions"].as_array().unwrap();
    let away = told
        .iter()
        .find(|one| one["reason"] == "the store cannot be asked");
    assert_eq!(away.unwrap()["times"], 16);
}

#[tokio::test]
async fn what_cannot_be_recorded_is_recorded_later() {
    let bridge = Bridge::with(Setup {
        server: admin_section().leak(),
        postgres: true,
        ..Setup::default()
    })
    .await;
    stores::query(bridge.folder(), "alter table admission rename to away");
    for _ in 0..3 {
        assert_eq!(
            shown(&bridge, "acme", as_bearer, ("", "wrong")).await.0,
            401
        );
        let answer = expect(admin(&bridge, Method::GET, "admissions"), 500).await;
        assert!(answer["error"].as_str().unwrap().contains("log says why"));
    }
    stores::query(bridge.folder(), "alter table away rename to admission");
    let told = expect(admin(&bridge, Method::GET, "admissions"), 200).await;
    assert_eq!(told["admissions"][0]["times"], 3);
}

#[tokio::test]
async fn names_that_no_store_can_keep_are_simply_wrong() {
    for postgres in [false, true] {
        let bridge = Bridge::with(Setup {
            postgres,
            ..Setup::default()
        })
        .await;
        for tenant in ["acme", "unheard"] {
            super::refused(&bridge, tenant, as_basic, ("a\0b", "c")).await;
        }
    }
}
