//! The cache of identities: it counts, and it never answers what is older than an answered write.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use scim_bridge::domain::model::Known;
use scim_bridge::store::{IdentityCounts, Store, UserKey, UserRecord};
use serde_json::json;

use super::{account, acme, add, by_id, record, store, user};

async fn counts_after(store: &Store, key: UserKey, hits: u64, misses: u64) {
    store.user(key).await.unwrap();
    assert_eq!(store.identity_counts(), IdentityCounts { hits, misses });
}

#[tokio::test]
async fn a_lookup_is_answered_from_memory_until_the_user_changes() {
    let (store, _dir) = store().await;
    add(&store, &["a", "b"]).await;
    counts_after(&store, by_id("a"), 0, 1).await;
    counts_after(&store, by_id("a"), 1, 1).await;
    counts_after(
        &store,
        UserKey::Name(acme(), "a@acme.example".to_owned()),
        1,
        2,
    )
    .await;

    let before = user("a");
    let after = UserRecord {
        version: 2,
        ..before.clone()
    };
    stored!(store, |tx| tx.update_user(&before, &after).await?);
    counts_after(&store, by_id("b"), 1, 3).await;
    counts_after(&store, by_id("a"), 1, 4).await;
    counts_after(&store, by_id("b"), 2, 4).await;
}

#[tokio::test]
async fn that_there_is_nobody_is_asked_every_time() {
    let (store, _dir) = store().await;
    counts_after(&store, by_id("a"), 0, 1).await;
    counts_after(&store, by_id("a"), 0, 2).await;
    add(&store, &["a"]).await;
    assert!(store.user(by_id("a")).await.unwrap().is_some());
}

#[tokio::test]
async fn a_write_that_is_not_kept_leaves_the_memory_alone() {
    let (store, _dir) = store().await;
    add(&store, &["a"]).await;
    counts_after(&store, by_id("a"), 0, 1).await;
    let refused = store.write(|tx| {
        Box::pin(async move {
            tx.delete_user(&user("a")).await?;
            Err::<(), _>(scim_bridge::store::StoreError::Closed)
        })
    });
    refused.await.unwrap_err();
    counts_after(&store, by_id("a"), 1, 1).await;
}

#[tokio::test]
async fn a_new_account_shows_at_once() {
    let (store, _dir) = store().await;
    add(&store, &["a"]).await;
    assert_eq!(store.user(by_id("a")).await.unwrap().unwrap().account, None);
    let known = Known::Account(account());
    let user = user("a").id;
    stored!(store, |tx| tx
        .remember(&acme(), &user, &Known::Nothing, &known, 0)
        .await?);
    let shown = store
        .user(by_id("a"))
        .await
        .unwrap()
        .unwrap()
        .account
        .clone();
    assert_eq!(shown, Some(account().id));
}

/// One writer for each user raises its version; readers by every key must never see a version
/// below one that was answered before they asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_reader_sees_an_older_version_than_one_that_was_answered() {
    const VERSIONS: i64 = 60;
    let (store, _dir) = store().await;
    let store = Arc::new(store);
    let mut tasks = tokio::task::JoinSet::new();
    for id in ["a", "b", "c", "d"] {
        let first = record(
            id,
            json!({"userName": format!("{id}@acme.example"), "externalId": id}),
        );
        let made = first.clone();
        stored!(store, |tx| tx.insert_user(&made).await?);
        let answered = Arc::new(AtomicI64::new(1));
        for key in [
            by_id(id),
            UserKey::Name(acme(), format!("{id}@acme.example")),
            UserKey::External(acme(), id.to_owned()),
        ] {
            let (store, answered) = (Arc::clone(&store), Arc::clone(&answered));
            tasks.spawn(async move {
                loop {
                    let floor = answered.load(Ordering::SeqCst);
                    let seen = store.user(key.clone()).await.unwrap().unwrap().version;
                    assert!(
                        seen >= floor,
                        "{key:?} is at {seen}, but {floor} was answered"
                    );
                    if floor == VERSIONS {
                        return;
                    }
                    tokio::task::yield_now().await;
                }
            });
        }
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            let mut before = first;
            while before.version < VERSIONS {
                let after = UserRecord {
                    version: before.version + 1,
                    ..before.clone()
                };
                let written = after.clone();
                stored!(store, |tx| tx.update_user(&before, &written).await?);
                answered.store(after.version, Ordering::SeqCst);
                before = after;
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    assert!(store.identity_counts().hits > 0, "the cache took no part");
}
