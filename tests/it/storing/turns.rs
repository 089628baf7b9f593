//! A write that waits only so long for its turn: it is made, or it never is.

use std::time::Duration;

use scim_bridge::store::{StoreError, UserKey};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::{acme, store, user};

#[tokio::test]
async fn a_write_whose_turn_does_not_come_in_time_is_never_made() {
    let (store, _dir) = store().await;
    let (begun, begins) = oneshot::channel();
    let (release, released) = oneshot::channel::<()>();
    let long = store.write(move |_| {
        Box::pin(async move {
            begun.send(()).unwrap();
            released.await.unwrap();
            Ok::<_, StoreError>(())
        })
    });
    let late = async {
        begins.await.unwrap();
        let write = store.write_by(Instant::now(), |tx| {
            Box::pin(async move { tx.insert_user(&user("late")).await })
        });
        let outcome: Result<(), StoreError> = write.await;
        assert!(matches!(outcome, Err(StoreError::Busy)));
        release.send(()).unwrap();
    };
    let (long, ()) = futures_util::join!(long, late);
    long.unwrap();
    stored!(store, |tx| tx.insert_user(&user("next")).await?);
    let found = async |id: &str| {
        store
            .user(UserKey::Id(acme(), id.to_owned()))
            .await
            .unwrap()
    };
    assert!(found("late").await.is_none());
    assert!(found("next").await.is_some());
}

#[tokio::test]
async fn a_write_whose_turn_has_come_is_answered_for_however_long_it_takes() {
    let (store, _dir) = store().await;
    let (begun, begins) = oneshot::channel();
    let (release, released) = oneshot::channel::<()>();
    let soon = Instant::now() + Duration::from_millis(200);
    let write = store.write_by(soon, move |tx| {
        Box::pin(async move {
            begun.send(()).unwrap();
            released.await.unwrap();
            tx.insert_user(&user("ann")).await
        })
    });
    let later = async {
        begins.await.unwrap();
        let mut beats =
            tokio::time::interval_at(soon + Duration::from_millis(10), Duration::from_secs(1));
        beats.tick().await;
        release.send(()).unwrap();
    };
    let (outcome, ()) = futures_util::join!(write, later);
    outcome.unwrap();
    let found = store.user(UserKey::Id(acme(), "ann".to_owned())).await;
    assert!(found.unwrap().is_some());
}
