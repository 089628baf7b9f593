//! The dirty set: rows coalesce, a claim keeps others out, and no change is lost to work on an
//! older one.

use scim_bridge::domain::model::UserId;
use scim_bridge::store::{DirtyRow, Lease, Setback, Store};

use super::{acme, store, users};

async fn mark(store: &Store, ids: &[&str], due_at: i64) {
    let users = users(ids);
    stored!(store, |tx| tx.mark(&acme(), &users, due_at).await?);
}

async fn claim(store: &Store, id: &str, lease: &'static str, now: i64) -> Option<Lease> {
    let user = UserId::new(id);
    stored!(store, |tx| tx
        .claim(&acme(), &user, lease, now, now + 60)
        .await?)
}

async fn finish(store: &Store, lease: &Lease) -> bool {
    let lease = lease.clone();
    stored!(store, |tx| tx.finish(&lease).await?)
}

async fn fail(store: &Store, lease: &Lease) -> bool {
    let lease = lease.clone();
    stored!(store, |tx| tx.fail(&lease, 7, "refused").await?)
}

async fn defer(store: &Store, lease: &Lease, due_at: i64) {
    put_off(store, lease, due_at, 0).await;
}

async fn put_off(store: &Store, lease: &Lease, due_at: i64, free_at: i64) {
    let lease = lease.clone();
    let setback = Setback {
        now: 3,
        due_at,
        free_at,
        urgent: false,
        counts: true,
        error: "later".to_owned(),
    };
    stored!(store, |tx| tx.defer(&lease, &setback).await?);
}

async fn row(store: &Store, id: &str) -> Option<DirtyRow> {
    store.dirty(&acme(), &UserId::new(id)).await.unwrap()
}

/// Who is due, the longest waiting first.
async fn due(store: &Store, now: i64) -> Vec<UserId> {
    let due = store.due(&acme(), now, 10).await.unwrap();
    due.into_iter().map(|row| row.user).collect()
}

#[tokio::test]
async fn marks_of_one_user_become_one_row_that_is_due_at_the_last_ones_time() {
    let (store, _dir) = store().await;
    mark(&store, &["a", "b"], 10).await;
    mark(&store, &["a"], 20).await;
    assert_eq!(due(&store, 9).await, users(&[]));
    assert_eq!(due(&store, 10).await, users(&["b"]));
    assert_eq!(due(&store, 20).await, users(&["b", "a"]));
}

#[tokio::test]
async fn a_claim_keeps_others_out_until_it_ends() {
    let (store, _dir) = store().await;
    mark(&store, &["a"], 0).await;
    assert!(claim(&store, "a", "one", 100).await.is_some());
    assert_eq!(claim(&store, "a", "two", 159).await, None);
    assert_eq!(due(&store, 159).await, users(&[]));
    assert_eq!(due(&store, 160).await, users(&["a"]));
    assert!(claim(&store, "a", "two", 160).await.is_some());
    assert_eq!(claim(&store, "nobody", "one", 0).await, None);
}

#[tokio::test]
async fn a_claim_that_was_taken_over_can_do_nothing_any_more() {
    let (store, _dir) = store().await;
    mark(&store, &["a"], 0).await;
    let lost = claim(&store, "a", "one", 0).await.unwrap();
    let held = claim(&store, "a", "two", 60).await.unwrap();
    assert!(!finish(&store, &lost).await);
    assert!(!fail(&store, &lost).await);
    defer(&store, &lost, 1000).await;
    let renewed = lost.clone();
    assert_eq!(stored!(store, |tx| tx.renew(&renewed, 500).await?), None);
    assert_eq!(row(&store, "a").await.unwrap().attempts, 0);
    assert!(finish(&store, &held).await);
    assert_eq!(row(&store, "a").await, None);
}

#[tokio::test]
async fn work_on_an_older_change_neither_finishes_nor_fails_nor_delays_a_newer_one() {
    let (store, _dir) = store().await;
    mark(&store, &["a"], 0).await;
    let older = claim(&store, "a", "one", 0).await.unwrap();
    mark(&store, &["a"], 5).await;
    assert!(!finish(&store, &older).await);
    assert!(!fail(&store, &older).await);

    let renewed = older.clone();
    let generation = stored!(store, |tx| tx.renew(&renewed, 60).await?);
    assert_ne!(
        generation,
        Some(older.generation),
        "the newer change does not show"
    );

    defer(&store, &older, 1000).await;
    assert_eq!(due(&store, 5).await, users(&["a"]));
    let newer = claim(&store, "a", "two", 5).await.unwrap();
    assert!(finish(&store, &newer).await);
}

#[tokio::test]
async fn a_row_that_is_put_off_counts_its_attempts_and_says_why() {
    let (store, _dir) = store().await;
    mark(&store, &["a"], 0).await;
    for attempt in 1..=3 {
        let lease = claim(&store, "a", "one", 0).await.unwrap();
        assert_eq!(lease.attempts, attempt - 1);
        defer(&store, &lease, 100).await;
    }
    let row = row(&store, "a").await.unwrap();
    let expected = DirtyRow {
        tenant: acme(),
        user: UserId::new("a"),
        due_at: 100,
        free_at: 0,
        attempts: 3,
        failed: false,
        urgent: false,
        since: Some(3),
        last_error: Some("later".to_owned()),
    };
    assert_eq!(row, expected);
}

#[tokio::test]
async fn a_failed_row_waits_for_a_new_change() {
    let (store, _dir) = store().await;
    mark(&store, &["a"], 0).await;
    let lease = claim(&store, "a", "one", 0).await.unwrap();
    assert!(fail(&store, &lease).await);
    assert_eq!(due(&store, i64::MAX).await, users(&[]));
    assert_eq!(claim(&store, "a", "two", 1000).await, None);
    assert!(row(&store, "a").await.unwrap().failed);

    mark(&store, &["a"], 7).await;
    let row = row(&store, "a").await.unwrap();
    assert!(!row.failed && row.attempts == 0);
    assert_eq!(due(&store, 7).await, users(&["a"]));
}

#[tokio::test]
async fn a_claim_outlives_the_process_that_made_it_unless_it_is_released() {
    let (store, dir) = store().await;
    mark(&store, &["a", "b"], 0).await;
    assert!(claim(&store, "a", "one", 0).await.is_some());
    drop(store);
    let store = super::open(&dir).await;
    assert_eq!(due(&store, 59).await, users(&["b"]));
    assert_eq!(due(&store, 60).await, users(&["a", "b"]));
    stored!(store, |tx| tx.release_leases(50).await?);
    assert_eq!(due(&store, 50).await, users(&["a", "b"]));
}

#[tokio::test]
async fn a_row_whose_last_call_may_be_under_way_stays_alone_even_if_a_change_comes() {
    let (store, _dir) = store().await;
    mark(&store, &["a"], 0).await;
    let lease = claim(&store, "a", "one", 0).await.unwrap();
    put_off(&store, &lease, 1, 60).await;
    mark(&store, &["a"], 5).await;
    assert_eq!(due(&store, 59).await, users(&[]));
    assert_eq!(claim(&store, "a", "two", 59).await, None);
    assert!(claim(&store, "a", "two", 60).await.is_some());
}

#[tokio::test]
async fn leaving_a_row_to_the_worker_hastens_it_unless_it_was_put_off_for_a_failure() {
    let (store, _dir) = store().await;
    mark(&store, &["fresh", "failing", "sooner"], 100).await;
    mark(&store, &["sooner"], 5).await;
    let lease = claim(&store, "failing", "one", 0).await.unwrap();
    defer(&store, &lease, 900).await;
    let all = users(&["fresh", "failing", "sooner"]);
    stored!(store, |tx| tx.make_due(&acme(), &all, 10).await?);
    let due_at = async |id| row(&store, id).await.unwrap().due_at;
    assert_eq!(due_at("fresh").await, 10);
    assert_eq!(due_at("failing").await, 900);
    assert_eq!(due_at("sooner").await, 5);
}

#[tokio::test]
async fn only_the_rows_of_the_tenants_asked_for_are_due() {
    let (store, _dir) = store().await;
    mark(&store, &["a"], 0).await;
    let other = scim_bridge::domain::model::TenantId::new("other");
    assert_eq!(store.due(&other, 10, 10).await.unwrap(), []);
}
