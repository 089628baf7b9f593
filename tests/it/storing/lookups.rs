//! Finding users and groups by their names.

use scim_bridge::domain::model::TenantId;
use scim_bridge::scim::{Column, Key, ResourceKind, fold};
use scim_bridge::store::{Behind, Shelf, UserKey, Walk};
use serde_json::json;

use super::{acme, add, found, group, record, store};

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
    let keys = [Key::ExternalId("same".to_owned())];
    let both = found(&store, &acme(), ResourceKind::User, &keys).await;
    assert_eq!(both, ["a", "b"]);
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

fn walk(column: Column, is_descending: bool, behind: Behind<'_>) -> Walk<'_> {
    Walk {
        column,
        is_descending,
        behind,
        limit: 2,
    }
}

#[tokio::test]
async fn a_walk_meets_every_user_once_from_either_end() {
    let (store, _dir) = store().await;
    add(&store, &["a", "b", "c", "d", "e"]).await;
    let (tenant, kind) = (acme(), ResourceKind::User);
    let shelf = Shelf {
        tenant: &tenant,
        kind,
        keys: &[],
    };
    for column in [Column::Id, Column::Name, Column::Created, Column::Modified] {
        for is_descending in [false, true] {
            let mut by_offset = Vec::new();
            for offset in [0, 2, 4, 6] {
                by_offset.extend(
                    store
                        .walk(shelf, walk(column, is_descending, Behind::Many(offset)))
                        .await
                        .unwrap(),
                );
            }
            let mut by_place = store
                .walk(shelf, walk(column, is_descending, Behind::Many(0)))
                .await
                .unwrap();
            while let Some(last) = by_place.last().cloned() {
                let further = store
                    .walk(shelf, walk(column, is_descending, Behind::Place(&last)))
                    .await
                    .unwrap();
                if further.is_empty() {
                    break;
                }
                by_place.extend(further);
            }
            assert_eq!(by_offset, by_place);
            let mut ids: Vec<_> = by_offset.iter().map(|place| place.id.as_str()).collect();
            if is_descending {
                ids.reverse();
            }
            assert_eq!(ids, ["a", "b", "c", "d", "e"], "{column:?}");
        }
    }
}

#[tokio::test]
async fn a_group_is_found_by_its_folded_name_in_its_own_tenant() {
    let (store, _dir) = store().await;
    stored!(store, |tx| tx
        .insert_group(&group("g", "Cloudmore Finance"))
        .await?);
    let keys = [Key::DisplayName(fold("CLOUDMORE finance"))];
    let kind = ResourceKind::Group;
    assert_eq!(found(&store, &acme(), kind, &keys).await, ["g"]);
    let other = TenantId::new("other");
    assert!(found(&store, &other, kind, &keys).await.is_empty());
}
