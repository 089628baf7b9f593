//! Memberships: what a change says that it did is what it did, and it alone can be undone.

use scim_bridge::domain::model::{GroupId, UserId};
use scim_bridge::store::Store;

use super::{acme, add, group, names, store, users};
use scim_bridge::scim::ResourceKind;

fn finance() -> GroupId {
    GroupId::new("finance")
}

/// A group without members and four users.
async fn prepared() -> (Store, tempfile::TempDir) {
    let (store, dir) = store().await;
    add(&store, &["a", "b", "c", "d"]).await;
    stored!(store, |tx| tx
        .insert_group(&group("finance", "Finance"))
        .await?);
    (store, dir)
}

async fn join(store: &Store, ids: &[&str], change: &'static str) -> Vec<UserId> {
    let ids = names(ids);
    let mut added = stored!(store, |tx| tx
        .add_members(&acme(), &finance(), &ids, change)
        .await?);
    added.sort();
    added
}

async fn leave(store: &Store, ids: &[&str]) -> Vec<UserId> {
    let ids = names(ids);
    let mut removed = stored!(store, |tx| tx
        .remove_members(&acme(), &finance(), &ids)
        .await?);
    removed.sort();
    removed
}

async fn members(store: &Store) -> Vec<UserId> {
    stored!(store, |tx| tx.members(&acme(), &finance()).await?)
}

#[tokio::test]
async fn adding_says_whom_it_added_and_nobody_else() {
    let (store, _dir) = prepared().await;
    assert_eq!(join(&store, &["a", "b"], "one").await, users(&["a", "b"]));
    assert_eq!(
        join(&store, &["b", "c", "stranger"], "two").await,
        users(&["c"])
    );
    assert_eq!(join(&store, &[], "three").await, users(&[]));
    assert_eq!(members(&store).await, users(&["a", "b", "c"]));
}

#[tokio::test]
async fn removing_says_whom_it_removed_and_removes_nobody_else() {
    let (store, _dir) = prepared().await;
    join(&store, &["a", "b", "c"], "one").await;
    assert_eq!(leave(&store, &["b", "d", "stranger"]).await, users(&["b"]));
    assert_eq!(leave(&store, &[]).await, users(&[]));
    assert_eq!(members(&store).await, users(&["a", "c"]));
}

#[tokio::test]
async fn undoing_a_change_takes_back_what_it_added_and_what_still_stands() {
    let (store, _dir) = prepared().await;
    join(&store, &["a", "b", "c"], "one").await;
    join(&store, &["c", "d"], "two").await;
    leave(&store, &["b"]).await;
    join(&store, &["b"], "three").await;

    let mut undone = stored!(store, |tx| tx
        .undo_members(&acme(), &finance(), "one")
        .await?);
    undone.sort();
    assert_eq!(undone, users(&["a", "c"]));
    assert_eq!(members(&store).await, users(&["b", "d"]));
}

#[tokio::test]
async fn a_deleted_user_and_a_deleted_group_leave_no_membership_behind() {
    let (store, _dir) = prepared().await;
    join(&store, &["a", "b"], "one").await;
    stored!(store, |tx| tx.delete_user(&super::user("a")).await?);
    assert_eq!(members(&store).await, users(&["b"]));
    stored!(store, |tx| tx.delete_group(&acme(), &finance()).await?);
    assert_eq!(members(&store).await, users(&[]));
    let links = store.links(&acme(), ResourceKind::User, &["b"]).await;
    assert_eq!(links.unwrap(), []);
}

#[tokio::test]
async fn groups_of_another_tenant_have_no_part_in_it() {
    let (store, _dir) = prepared().await;
    let other = scim_bridge::domain::model::TenantId::new("other");
    let ids = names(&["a"]);
    let added = stored!(store, |tx| tx
        .add_members(&other, &finance(), &ids, "one")
        .await?);
    assert_eq!(
        added,
        users(&[]),
        "the users of another tenant were taken for its own"
    );
    join(&store, &["a"], "one").await;
    let (ids, other) = (
        names(&["a"]),
        scim_bridge::domain::model::TenantId::new("other"),
    );
    let removed = stored!(store, |tx| tx
        .remove_members(&other, &finance(), &ids)
        .await?);
    assert_eq!(removed, users(&[]));
    assert_eq!(members(&store).await, users(&["a"]));
}
