//! Replicas that start at once, and one that is older than the database.

use scim_bridge::store::Store;

use crate::harness::{evidence, stores};

#[tokio::test]
async fn replicas_that_start_at_once_on_an_empty_database_migrate_it_once() {
    let folder = evidence::folder();
    let url = stores::postgres(folder.path());
    let opened = futures_util::future::join_all((0..4).map(|_| Store::open(&url, None))).await;
    for store in opened {
        store.unwrap().ping().await.unwrap();
    }
}

#[tokio::test]
async fn a_database_that_a_newer_bridge_has_migrated_is_left_alone() {
    let folder = evidence::folder();
    let url = stores::postgres(folder.path());
    drop(Store::open(&url, None).await.unwrap());
    stores::query(
        folder.path(),
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         values (9999, 'of a later version', true, '', 0)",
    );
    let refused = Store::open(&url, None).await.unwrap_err().to_string();
    assert!(refused.contains("newer"), "{refused}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let url = "postgres://scim@127.0.0.1:1/scim-bridge";
    let refused = Store::open(url, None).await.unwrap_err().to_string();
    assert!(refused.contains("store"), "{refused}");
}
