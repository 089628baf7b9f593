//! A membership change costs by its own size, never by the group's.

use std::time::{Duration, Instant};

use scim_bridge::domain::model::{GroupId, TenantId, UserId};
use scim_bridge::scim::{Document, Reading};
use scim_bridge::store::{GroupRecord, StoreError, UserRecord};
use serde_json::{Value, json};

use crate::harness::Bridge;

const SMALL: usize = 10;
const LARGE: usize = 100_000;

/// Requests of each kind that one comparison is made of; their medians are compared.
const ROUNDS: usize = 40;

/// How much longer it may take in the large group.
const MOST: f64 = 1.5;

/// A machine that is busy with other things may spoil a comparison, but not each of these.
const COMPARISONS: usize = 5;

#[tokio::test]
async fn one_member_more_or_less_costs_the_same_in_a_group_of_10_and_of_100000() {
    let bridge = Bridge::start().await;
    fill(&bridge).await;
    let joiner = bridge.user("joiner").await;
    let add = json!([{"op": "Add", "path": "members", "value": [{"$ref": null, "value": joiner}]}]);
    let remove = json!([{"op": "remove", "path": format!("members[value eq \"{joiner}\"]")}]);
    let mut ratios = Vec::new();
    for _ in 0..COMPARISONS {
        let mut spent: [Vec<Duration>; 4] = Default::default();
        for _ in 0..ROUNDS {
            // In turns, so that whatever else the machine does meets both alike.
            for (kind, (size, operations)) in [
                (SMALL, &add),
                (LARGE, &add),
                (SMALL, &remove),
                (LARGE, &remove),
            ]
            .into_iter()
            .enumerate()
            {
                spent[kind].push(patch(&bridge, size, operations).await);
            }
        }
        let [small_add, large_add, small_remove, large_remove] = spent.map(median);
        let ratio = f64::max(large_add / small_add, large_remove / small_remove);
        if ratio <= MOST {
            return;
        }
        ratios.push(ratio);
    }
    panic!("the large group takes so many times as long: {ratios:?}");
}

async fn patch(bridge: &Bridge, size: usize, operations: &Value) -> Duration {
    let begun = Instant::now();
    let path = format!("/Groups/{}", group(size));
    bridge.patch(&path, operations.clone(), 204).await;
    begun.elapsed()
}

fn median(mut spent: Vec<Duration>) -> f64 {
    spent.sort_unstable();
    spent[spent.len() / 2].as_secs_f64()
}

/// Puts users and both groups into the store of a running bridge, which asking for each would take
/// minutes to do.
async fn fill(bridge: &Bridge) {
    let store = bridge.app.bridge().store();
    let work = store.write(|tx| {
        Box::pin(async move {
            let ids: Vec<_> = (0..LARGE).map(|number| format!("u-{number:06}")).collect();
            for id in &ids {
                tx.insert_user(&user(id)).await?;
            }
            for size in [SMALL, LARGE] {
                tx.insert_group(&record(size)).await?;
                tx.add_members(&acme(), &group(size), &ids[..size], "the beginning")
                    .await?;
            }
            Ok::<_, StoreError>(())
        })
    });
    work.await.unwrap();
}

fn acme() -> TenantId {
    TenantId::new("acme")
}

fn group(size: usize) -> GroupId {
    GroupId::new(format!("g-{size}"))
}

fn user(id: &str) -> UserRecord {
    let body = json!({"userName": format!("{id}@acme.example")});
    UserRecord {
        tenant: acme(),
        id: UserId::new(id),
        document: Document::user_from_create(&body, &mut Reading::default()).unwrap(),
        version: 1,
        created: 0,
        modified: 0,
        account: None,
    }
}

fn record(size: usize) -> GroupRecord {
    let body = json!({"displayName": format!("Group of {size}")});
    GroupRecord {
        tenant: acme(),
        id: group(size),
        document: Document::group_from_create(&body, &mut Reading::default())
            .unwrap()
            .0,
        version: 1,
        created: 0,
        modified: 0,
    }
}
