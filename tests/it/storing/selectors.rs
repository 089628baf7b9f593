//! Selectors and the groups they are bound to: names move, bindings stay (invariant 11).

use scim_bridge::domain::mapping::GroupSelector;
use scim_bridge::domain::model::GroupId;
use scim_bridge::store::{GroupRecord, Store};

use super::{acme, group, store};

fn selector() -> GroupSelector {
    GroupSelector::DisplayName("Cloudmore Finance".to_owned())
}

async fn bind(store: &Store, group: &'static str) -> bool {
    stored!(store, |tx| {
        tx.bind(&acme(), &selector().key(), &GroupId::new(group))
            .await?
    })
}

async fn bound_to(store: &Store) -> Option<GroupId> {
    let bindings = store.bindings(&acme()).await.unwrap();
    bindings.group(&selector()).cloned()
}

#[tokio::test]
async fn a_selector_stays_with_its_group_when_groups_swap_their_names() {
    let (store, _dir) = store().await;
    stored!(store, |tx| tx
        .introduce_selector(&acme(), &selector().key())
        .await?);
    for (id, name) in [("one", "Cloudmore Finance"), ("two", "Lunch")] {
        stored!(store, |tx| tx.insert_group(&group(id, name)).await?);
    }
    assert!(bind(&store, "one").await);
    for (id, name) in [
        ("one", "Something"),
        ("two", "Cloudmore Finance"),
        ("one", "Lunch"),
    ] {
        let renamed = GroupRecord {
            version: 2,
            ..group(id, name)
        };
        stored!(store, |tx| tx.update_group(&renamed).await?);
        assert_eq!(
            bound_to(&store).await,
            Some(GroupId::new("one")),
            "{id} is {name}"
        );
    }
    assert!(
        !bind(&store, "two").await,
        "a bound selector was bound again"
    );
    assert_eq!(bound_to(&store).await, Some(GroupId::new("one")));
}

#[tokio::test]
async fn a_selector_is_free_again_once_its_group_is_deleted_but_is_not_new() {
    let (store, _dir) = store().await;
    let introduced = |store: Store| async move {
        let first = stored!(store, |tx| tx
            .introduce_selector(&acme(), &selector().key())
            .await?);
        (store, first)
    };
    let (store, first) = introduced(store).await;
    assert!(first);
    stored!(store, |tx| tx
        .insert_group(&group("one", "Cloudmore Finance"))
        .await?);
    assert!(bind(&store, "one").await);
    stored!(store, |tx| tx
        .delete_group(&acme(), &GroupId::new("one"))
        .await?);
    assert_eq!(bound_to(&store).await, None);
    let (store, first) = introduced(store).await;
    assert!(!first);
    assert!(bind(&store, "two").await);
}

#[tokio::test]
async fn mappings_count_as_changed_when_their_digest_differs_from_the_stored_one() {
    let (store, _dir) = store().await;
    for (digest, changed) in [("one", true), ("one", false), ("two", true), ("one", true)] {
        let noted = stored!(store, |tx| tx
            .note_tenant(&acme(), "there", digest, 0)
            .await?);
        assert_eq!(noted, changed, "{digest}");
    }
}
