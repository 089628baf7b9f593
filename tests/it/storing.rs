//! The store through its public doors: what it promises about writes, lookups, leases and members.

/// Runs statements as one write that has to succeed, and answers what they answer.
macro_rules! stored {
    ($store:expr, |$tx:ident| $work:expr) => {
        $store
            .write(move |$tx| {
                Box::pin(async move { Ok::<_, scim_bridge::store::StoreError>($work) })
            })
            .await
            .unwrap()
    };
}

mod accounts;
mod dirty;
mod identities;
mod lookups;
mod members;
mod selectors;
mod turns;
mod writes;

use std::collections::BTreeMap;

use scim_bridge::domain::model::{
    Account, AccountId, GroupId, Origin, Profile, RoleId, TenantId, UserId,
};
use scim_bridge::scim::{Column, Document, Key, Reading, ResourceKind};
use scim_bridge::store::{Behind, GroupRecord, Shelf, Store, UserKey, UserRecord, Walk};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{evidence, stores};

/// A store in a folder of its own.
async fn store() -> (Store, TempDir) {
    let dir = evidence::folder();
    (open(&dir).await, dir)
}

async fn open(dir: &TempDir) -> Store {
    Store::open(&stores::url(dir.path()), None).await.unwrap()
}

fn acme() -> TenantId {
    TenantId::new("acme")
}

/// The ids of the resources that fulfil the keys, in order.
async fn found(store: &Store, tenant: &TenantId, kind: ResourceKind, keys: &[Key]) -> Vec<String> {
    let shelf = Shelf { tenant, kind, keys };
    let all = Walk {
        column: Column::Id,
        is_descending: false,
        behind: Behind::Many(0),
        limit: 1_000,
    };
    let found = store.walk(shelf, all).await.unwrap();
    assert_eq!(store.count(shelf).await.unwrap(), found.len() as u64);
    found.into_iter().map(|place| place.id).collect()
}

fn users(ids: &[&str]) -> Vec<UserId> {
    ids.iter().map(|id| UserId::new(*id)).collect()
}

fn names(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// A user of `acme` whose userName is made of the id.
fn user(id: &str) -> UserRecord {
    record(id, json!({"userName": format!("{id}@acme.example")}))
}

fn record(id: &str, body: Value) -> UserRecord {
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

fn group(id: &str, name: &str) -> GroupRecord {
    let (document, _) =
        Document::group_from_create(&json!({"displayName": name}), &mut Reading::default())
            .unwrap();
    GroupRecord {
        tenant: acme(),
        id: GroupId::new(id),
        document,
        version: 1,
        created: 0,
        modified: 0,
    }
}

/// An account without assignments.
fn account() -> Account {
    let name = || "a@acme.example".to_owned();
    Account {
        locked: None,
        id: AccountId::new("account-1"),
        origin: Origin::Made,
        profile: Profile {
            name: name(),
            first_name: name(),
            last_name: name(),
            display_name: name(),
            email: name(),
            details: Default::default(),
        },
        role: Some(RoleId(7)),
        seats: BTreeMap::new(),
    }
}

/// Adds the users of these ids.
async fn add(store: &Store, ids: &[&str]) {
    for user in ids.iter().map(|id| user(id)) {
        stored!(store, |tx| tx.insert_user(&user).await?);
    }
}

fn by_id(id: &str) -> UserKey {
    UserKey::Id(acme(), id.to_owned())
}
