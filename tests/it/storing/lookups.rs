//! Finding users and groups by their names.

use scim_bridge::domain::model::TenantId;
use scim_bridge::scim::fold;
use scim_bridge::store::UserKey;
use serde_json::json;

use super::{acme, add, group, record, store};

#[tokio::test]
async fn a_user_is_found_by_its_name_in_any_case_and_by_its_external_id() {
    let (store, _dir) = store().await;
    let ann = record(
        "ann",
        json!({"userName": "Ann@Acme.Example", "externalId": "E-1"}),
    );
    stored!(store, |tx| tx.insert_user(&ann).await?);
    let check = async |key: UserKey, found: bool| {
        let user = store.user(key.clone()).await.unwrap();
        assert_eq!(user.is_some(), found, "{key:?}");
    };
    let name = |tenant: TenantId, text: &str| UserKey::Name(tenant, fold(text));
    let external = |tenant: TenantId, text: &str| UserKey::External(tenant, fold(text));
    check(name(acme(), "ann@acme.example"), true).await;
    check(name(acme(), "ANN@ACME.EXAMPLE"), true).await;
    check(name(acme(), "ann"), false).await;
    check(external(acme(), "e-1"), true).await;
    check(external(acme(), "e-2"), false).await;
    check(name(TenantId::new("other"), "ann@acme.example"), false).await;
    check(external(TenantId::new("other"), "e-1"), false).await;
}

#[tokio::test]
async fn an_external_id_that_two_users_bear_finds_neither_and_lists_both() {
    let (store, _dir) = store().await;
    for id in ["a", "b"] {
        let twin = record(id, json!({"userName": id, "externalId": "same"}));
        stored!(store, |tx| tx.insert_user(&twin).await?);
    }
    let key = UserKey::External(acme(), "same".to_owned());
    assert_eq!(store.user(key).await.unwrap(), None);
    let both = store.users_by_external_key(&acme(), "same").await.unwrap();
    assert_eq!(both.len(), 2);
}

#[tokio::test]
async fn a_user_who_changes_name_is_found_under_the_other_one_only() {
    let (store, _dir) = store().await;
    let before = record("ann", json!({"userName": "ann"}));
    let after = record("ann", json!({"userName": "anna"}));
    let made = before.clone();
    stored!(store, |tx| tx.insert_user(&made).await?);
    let key = |name: &str| UserKey::Name(acme(), name.to_owned());
    assert!(store.user(key("ann")).await.unwrap().is_some());
    stored!(store, |tx| tx.update_user(&before, &after).await?);
    assert!(store.user(key("ann")).await.unwrap().is_none());
    assert!(store.user(key("anna")).await.unwrap().is_some());
}

#[tokio::test]
async fn pages_hold_every_user_once_in_the_order_of_making() {
    let (store, _dir) = store().await;
    add(&store, &["a", "b", "c", "d", "e"]).await;
    let mut seen = Vec::new();
    for offset in [0, 2, 4, 6] {
        let page = store.users_page(&acme(), offset, 2).await.unwrap();
        seen.extend(page.into_iter().map(|user| user.id.to_string()));
    }
    assert_eq!(seen, ["a", "b", "c", "d", "e"]);
    let after = store.users_after(&acme(), "c", 10).await.unwrap();
    assert_eq!(after.len(), 2);
}

#[tokio::test]
async fn a_group_is_found_by_its_folded_name_in_its_own_tenant() {
    let (store, _dir) = store().await;
    stored!(store, |tx| tx
        .insert_group(&group("g", "Cloudmore Finance"))
        .await?);
    let name = fold("CLOUDMORE finance");
    let found = store.group_by_name(&acme(), &name).await.unwrap();
    assert_eq!(
        found.map(|group| group.id.to_string()).as_deref(),
        Some("g")
    );
    let other = TenantId::new("other");
    assert_eq!(store.group_by_name(&other, &name).await.unwrap(), None);
}
