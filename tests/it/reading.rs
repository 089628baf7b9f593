//! Reads over HTTP: lists by page and filter over hundreds of people, projections, and what an
//! answer carries besides.

mod answers;
mod filters;
mod large_group;
mod paging;
mod projection;

use std::sync::Arc;

use scim_bridge::domain::model::{GroupId, TenantId, UserId};
use scim_bridge::scim::{Document, Reading};
use scim_bridge::store::{GroupRecord, StoreError, UserRecord};
use serde_json::{Value, json};

use crate::harness::{Bridge, person};

/// A bridge whose tenant `acme` has so many users and groups, put into the store at once. User
/// `u0007` is inactive as every seventh one is; group `g0003` has the members `u0003`.
async fn populated(users: usize, groups: usize) -> Bridge {
    let bridge = Bridge::start().await;
    let people = (0..users).map(user).collect();
    let teams = (0..groups).map(group).collect();
    store(&bridge, people, teams, |number| vec![user_id(number)]).await;
    bridge
}

/// Stores people and groups in one transaction, each group with the members that `members` names.
async fn store(
    bridge: &Bridge,
    people: Vec<UserRecord>,
    groups: Vec<GroupRecord>,
    members: fn(usize) -> Vec<String>,
) {
    let inner = Arc::clone(bridge.app.bridge());
    let work = async move {
        let write = inner.store().write(move |tx| {
            Box::pin(async move {
                for user in &people {
                    tx.insert_user(user).await?;
                }
                for (number, group) in groups.iter().enumerate() {
                    tx.insert_group(group).await?;
                    let members = members(number);
                    tx.add_members(&group.tenant, &group.id, &members, "seed")
                        .await?;
                }
                Ok::<_, StoreError>(())
            })
        });
        write.await.unwrap();
    };
    bridge.app.run(work).await;
}

fn user_id(number: usize) -> String {
    format!("00000000-user-{number:04}")
}

fn group_id(number: usize) -> String {
    format!("00000000-group-{number:04}")
}

fn user(number: usize) -> UserRecord {
    let mut body = person(&format!("u{number:04}"));
    body["active"] = json!(!number.is_multiple_of(7));
    UserRecord {
        tenant: TenantId::new("acme"),
        id: UserId::new(user_id(number)),
        document: Document::user_from_create(&body, &mut Reading::default()).unwrap(),
        version: 1,
        created: 0,
        modified: 0,
        account: None,
    }
}

fn group(number: usize) -> GroupRecord {
    let body =
        json!({"displayName": format!("g{number:04}"), "externalId": format!("x{number:04}")});
    GroupRecord {
        tenant: TenantId::new("acme"),
        id: GroupId::new(group_id(number)),
        document: Document::group_from_create(&body, &mut Reading::default())
            .unwrap()
            .0,
        version: 1,
        created: 0,
        modified: 0,
    }
}

/// The numbers of the resources on a page, by their ids.
fn numbers(page: &Value) -> Vec<usize> {
    let resources = page["Resources"].as_array().unwrap().iter();
    let ids = resources.map(|resource| resource["id"].as_str().unwrap());
    ids.map(|id| id.rsplit('-').next().unwrap().parse().unwrap())
        .collect()
}
