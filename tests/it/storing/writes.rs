//! Writes: each stands or falls alone, those that wait together share a commit, and what was
//! answered is on the disk.

use crate::harness::evidence;
use futures_util::future::join_all;
use scim_bridge::store::{Store, StoreError, WriteCounts};

use super::{add, by_id, open, store, user};

/// Why a test's write does not want to be kept.
#[derive(Debug)]
enum Refusal {
    Mind,
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Adds a user, then changes its mind if told to.
async fn insert(store: &Store, id: String, changes_mind: bool) -> Result<(), Refusal> {
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.insert_user(&user(&id)).await?;
                if changes_mind {
                    return Err(Refusal::Mind);
                }
                Ok(())
            })
        })
        .await
}

async fn has(store: &Store, id: &str) -> bool {
    store.user(by_id(id)).await.unwrap().is_some()
}

#[tokio::test]
async fn a_write_that_fails_leaves_nothing_and_does_not_touch_those_beside_it() {
    let (store, _dir) = store().await;
    let writes =
        ["a", "b", "c", "d", "e"].map(|id| insert(&store, id.to_owned(), id == "b" || id == "d"));
    let ended = join_all(writes).await;
    for (id, ended) in ["a", "b", "c", "d", "e"].into_iter().zip(ended) {
        assert_eq!(has(&store, id).await, ended.is_ok(), "{id}: {ended:?}");
    }
    let expected = WriteCounts {
        writes: 3,
        commits: 1,
    };
    assert_eq!(
        store.write_counts(),
        expected,
        "they did not share a commit"
    );
}

#[tokio::test]
async fn a_statement_that_the_database_refuses_fails_its_own_write_only() {
    let (store, _dir) = store().await;
    add(&store, &["taken"]).await;
    let writes = ["a", "taken", "b"].map(|id| insert(&store, id.to_owned(), false));
    let ended = join_all(writes).await;
    assert!(matches!(
        ended.as_slice(),
        [Ok(()), Err(Refusal::Store(StoreError::Database(_))), Ok(())]
    ));
    assert!(has(&store, "a").await && has(&store, "b").await);
}

#[tokio::test]
async fn writers_that_come_together_share_commits() {
    let (store, _dir) = store().await;
    let writers = (0..32).map(|at| insert(&store, format!("u-{at}"), false));
    for ended in join_all(writers).await {
        ended.unwrap();
    }
    let counts = store.write_counts();
    assert_eq!(counts.writes, 32);
    assert!(counts.commits < 32, "each had a commit of its own");
    let kind = scim_bridge::scim::ResourceKind::User;
    assert_eq!(
        super::found(&store, &super::acme(), kind, &[]).await.len(),
        32
    );
}

#[tokio::test]
async fn what_was_answered_is_there_when_the_file_is_opened_again() {
    let (store, dir) = store().await;
    add(&store, &["a", "b"]).await;
    drop(store);
    let store = open(&dir).await;
    assert!(has(&store, "a").await && has(&store, "b").await);
}

#[tokio::test]
async fn what_was_answered_is_in_the_files_even_if_the_process_ends_at_once() {
    let file =
        |dir: &tempfile::TempDir| format!("sqlite://{}", dir.path().join("bridge.db").display());
    let dir = evidence::folder();
    let store = Store::open(&file(&dir), None).await.unwrap();
    add(&store, &["a"]).await;
    let copy = evidence::folder();
    for name in ["bridge.db", "bridge.db-wal"] {
        std::fs::copy(dir.path().join(name), copy.path().join(name)).unwrap();
    }
    let copied = Store::open(&file(&copy), None).await.unwrap();
    assert!(has(&copied, "a").await);
}

#[tokio::test]
async fn a_file_has_one_bridge() {
    let dir = evidence::folder();
    let url = format!("sqlite://{}", dir.path().join("bridge.db").display());
    let _store = Store::open(&url, None).await.unwrap();
    let refused = Store::open(&url, None).await.unwrap_err().to_string();
    assert!(
        refused.contains("another scim-bridge has it open"),
        "{refused}"
    );
    assert!(refused.contains("bridge.db"), "{refused}");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let dir = evidence::folder();
    let path = dir.path().join("missing").join("bridge.db");
    let url = format!("sqlite://{}", path.display());
    let refused = Store::open(&url, None).await.unwrap_err().to_string();
    assert!(refused.contains("missing"), "{refused}");
}
