//! Directories made up for a test: put into the store at once, and read back one by one.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use scim_bridge::domain::model::{GroupId, TenantId, UserId};
use scim_bridge::provision::Context;
use scim_bridge::scim::{Column, Document, Projection, Reading, ResourceKind};
use scim_bridge::store::{Behind, GroupRecord, Shelf, StoreError, UserKey, UserRecord, Walk};
use serde_json::{Value, json};

use crate::harness::Bridge;

const WORDS: &[&str] = &["a", "B", "ab", "Ab", "work", "home", "é", "É", "x y", "z"];

/// Bodies of users and groups, and who is in which group, by number.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    pub users: Vec<Value>,
    pub groups: Vec<(Value, Vec<usize>)>,
}

/// The id of the user of this number; ids are in the order of numbers.
pub fn user_id(number: usize) -> String {
    format!("1-user-{number:04}")
}

pub fn group_id(number: usize) -> String {
    format!("0-group-{number:04}")
}

/// Microseconds since 1970: a few resources share each moment.
fn moment(number: usize, steps: usize) -> i64 {
    1_767_225_600_000_000 + i64::try_from(number % steps).unwrap() * 500_000
}

/// Puts the directory in the place of all that the tenant `acme` has.
pub async fn install(bridge: &Bridge, directory: &Directory) {
    let users: Vec<_> = directory.users.iter().enumerate().map(user).collect();
    let groups: Vec<_> = directory.groups.iter().enumerate().map(group).collect();
    let inner = Arc::clone(bridge.app.bridge());
    let work = async move {
        let tenant = TenantId::new("acme");
        let all = Walk {
            column: Column::Id,
            is_descending: false,
            behind: Behind::Many(0),
            limit: 10_000,
        };
        let kind = ResourceKind::User;
        let shelf = Shelf {
            tenant: &tenant,
            kind,
            keys: &[],
        };
        let former = inner.store().walk(shelf, all).await.unwrap();
        let write = inner.store().write(move |tx| {
            Box::pin(async move {
                for group in tx.groups(&tenant).await? {
                    tx.delete_group(&tenant, &group.id).await?;
                }
                for user in former {
                    let user = tx.user(&UserKey::Id(tenant.clone(), user.id)).await?;
                    tx.delete_user(&user.unwrap()).await?;
                }
                for user in &users {
                    tx.insert_user(user).await?;
                }
                for (group, members) in &groups {
                    tx.insert_group(group).await?;
                    tx.add_members(&tenant, &group.id, members, "test").await?;
                }
                Ok::<_, StoreError>(())
            })
        });
        write.await.unwrap();
    };
    bridge.app.run(work).await;
}

fn user((number, body): (usize, &Value)) -> UserRecord {
    UserRecord {
        tenant: TenantId::new("acme"),
        id: UserId::new(user_id(number)),
        document: Document::user_from_create(body, &mut Reading::default()).unwrap(),
        version: 1,
        created: moment(number, 5),
        modified: moment(number, 7),
        account: None,
    }
}

fn group((number, (body, members)): (usize, &(Value, Vec<usize>))) -> (GroupRecord, Vec<String>) {
    let group = GroupRecord {
        tenant: TenantId::new("acme"),
        id: GroupId::new(group_id(number)),
        document: Document::group_from_create(body, &mut Reading::default())
            .unwrap()
            .0,
        version: 1,
        created: moment(number, 3),
        modified: moment(number, 4),
    };
    (
        group,
        members.iter().map(|number| user_id(*number)).collect(),
    )
}

/// Somebody of the tenant `acme`, for whoever calls the use cases directly.
pub fn context(bridge: &Bridge) -> Context {
    let tenant = bridge.app.bridge().tenant(&TenantId::new("acme"));
    Context::new(tenant.unwrap(), "a test".to_owned(), "none".to_owned())
}

/// Every resource, read by its id: users, then groups, each in the order of ids.
pub async fn everything(bridge: &Bridge, directory: &Directory) -> Vec<Value> {
    let (users, groups) = (directory.users.len(), directory.groups.len());
    let (inner, context) = (Arc::clone(bridge.app.bridge()), context(bridge));
    let read = async move {
        let whole = Projection::default();
        let mut all = Vec::new();
        for number in 0..users {
            let id = user_id(number);
            let read = inner.get(&context, "", (ResourceKind::User, &id), &whole);
            all.extend(read.await.unwrap().body);
        }
        for number in 0..groups {
            let id = group_id(number);
            let read = inner.get(&context, "", (ResourceKind::Group, &id), &whole);
            all.extend(read.await.unwrap().body);
        }
        all
    };
    bridge.app.run(read).await
}

pub fn word() -> impl Strategy<Value = String> {
    select(WORDS).prop_map(str::to_owned)
}

fn email() -> impl Strategy<Value = Value> {
    let kind = select(vec![json!("work"), json!("Home"), json!(null)]);
    let primary = select(vec![json!(true), json!(false), json!(null)]);
    (word(), kind, primary).prop_map(
        |(value, kind, primary)| json!({"value": value, "type": kind, "primary": primary}),
    )
}

/// A user whose name is made unique by its number.
fn user_body() -> impl Strategy<Value = Value> {
    let optional = || prop::option::weighted(0.7, word());
    let names = (optional(), optional(), optional(), optional());
    let external = prop::option::weighted(0.7, select(vec!["m1", "M1", "m2", "m3", "m4", "M4"]));
    let emails = prop::collection::vec(email(), 0..4);
    (word(), names, external, emails, any::<bool>()).prop_map(
        |(name, (display, title, given, department), external, emails, active)| {
            json!({
                "userName": name, "displayName": display, "title": title, "active": active,
                "externalId": external, "emails": emails, "name": {"givenName": given},
                super::ENT: {"department": department},
            })
        },
    )
}

pub fn directory() -> impl Strategy<Value = Directory> {
    let users = prop::collection::vec(user_body(), 20..31);
    let external = prop::option::of(select(vec!["m1", "M1", "g2", "G2"]));
    let group = (word(), external, prop::collection::vec(0_usize..20, 0..4));
    let groups = prop::collection::vec(group, 10..16);
    (users, groups).prop_map(|(mut users, groups)| {
        for (number, user) in users.iter_mut().enumerate() {
            let name = user["userName"].as_str().unwrap();
            user["userName"] = json!(format!("{name}{}", number));
        }
        let group = |(number, (name, external, members)): (usize, (String, _, Vec<usize>))| {
            let name = format!("{name}{number}");
            (
                json!({"displayName": name, "externalId": external}),
                members,
            )
        };
        let groups = groups.into_iter().enumerate().map(group).collect();
        Directory { users, groups }
    })
}
