//! What is known of Cloudmore comes back as it was stored.

use proptest::collection::vec;
use proptest::prelude::*;
use scim_bridge::domain::model::{Account, Known, KnownSeat, SubscriptionRef, UserId};
use scim_bridge::store::Store;

use super::{account, acme, store, users};
use crate::planning::arbitrary::known;

async fn remember(store: &Store, user: &'static str, before: &Known, after: &Known, now: i64) {
    let (before, after) = (before.clone(), after.clone());
    stored!(store, |tx| {
        tx.remember(&acme(), &UserId::new(user), &before, &after, now)
            .await?
    });
}

async fn recalled(store: &Store, user: &str) -> Known {
    store
        .person(&acme(), &UserId::new(user))
        .await
        .unwrap()
        .known
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_remembered_is_recalled(states in vec(known(), 1..6)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (store, _dir) = store().await;
            let mut before = Known::Nothing;
            for after in states {
                remember(&store, "a", &before, &after, 0).await;
                assert_eq!(recalled(&store, "a").await, after);
                before = after;
            }
            assert_eq!(recalled(&store, "b").await, Known::Nothing);
        });
    }
}

#[tokio::test]
async fn refused_assignments_are_tried_again_once_they_are_old_enough_and_nothing_else_is_dropped()
{
    let (store, _dir) = store().await;
    let at = |name: &str| SubscriptionRef {
        service: "office".to_owned(),
        subscription: name.to_owned(),
    };
    let seats = [
        (
            at("refused"),
            KnownSeat::Refused {
                reason: "no seats".to_owned(),
            },
        ),
        (at("absent"), KnownSeat::Absent),
    ];
    let with = |seats: &[(SubscriptionRef, KnownSeat)]| {
        Known::Account(Account {
            seats: seats.iter().cloned().collect(),
            ..account()
        })
    };
    remember(&store, "a", &Known::Nothing, &with(&seats), 100).await;

    let retry =
        async |before: i64| stored!(store, |tx| tx.retry_refused_seats(before, 500).await?);
    assert_eq!(retry(99).await, 0);
    assert!(!store.has_refused_seats(99).await.unwrap());
    assert!(store.has_refused_seats(100).await.unwrap());
    assert_eq!(retry(100).await, 1);
    assert_eq!(recalled(&store, "a").await, with(&seats[1..]));
    let due = store.due(&acme(), 500, 10).await.unwrap();
    assert_eq!(
        due.into_iter().map(|row| row.user).collect::<Vec<_>>(),
        users(&["a"])
    );
}
