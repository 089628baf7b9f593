//! What the work of a SCIM request costs: a filter, a PATCH of a large user, and one member more in
//! a small and in a large group.
//!
//! `cargo bench` prints the times. That the last two cost the same is a test: `tests/it/large_groups.rs`.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on should fail where it stands"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use scim_bridge::domain::model::{GroupId, TenantId, UserId};
use scim_bridge::scim::{Deviations, Document, Filter, PatchRequest, Reading, ResourceKind};
use scim_bridge::store::{GroupRecord, Store, StoreError, UserRecord};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const FILTER: &str = r#"userName sw "maja" and (emails[type eq "work" and value co "@example.com"] or not (active eq false)) and name.familyName pr"#;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A group, and whoever joins and leaves it.
const SIZES: [usize; 2] = [10, 100_000];
const JOINER: &str = "joiner";
const LABEL: &str = "a benchmark";

/// A user with 100 values: 15 single ones, 5 in the extension, and 20 list elements of 4 parts.
fn large_user() -> Value {
    let mut body = Map::new();
    for name in [
        "userName",
        "displayName",
        "nickName",
        "title",
        "userType",
        "preferredLanguage",
        "locale",
        "timezone",
        "externalId",
    ] {
        body.insert(name.to_owned(), json!("maja.ekholm@example.com"));
    }
    body.insert("active".to_owned(), json!(true));
    body.insert(
        "name".to_owned(),
        json!({"formatted": "Maja Ekholm", "familyName": "Ekholm", "givenName": "Maja", "middleName": "A", "honorificPrefix": "Dr"}),
    );
    body.insert(
        ENTERPRISE.to_owned(),
        json!({"department": "Finance", "division": "EMEA", "costCenter": "4711", "organization": "Acme", "employeeNumber": "E-1"}),
    );
    for name in ["emails", "phoneNumbers", "roles", "entitlements"] {
        let element = |number: usize| json!({"value": format!("{name}-{number}@example.com"), "display": number.to_string(), "type": format!("kind-{number}"), "primary": number == 0});
        body.insert(name.to_owned(), (0..5).map(element).collect());
    }
    Value::Object(body)
}

fn filter(criterion: &mut Criterion) {
    let user = large_user();
    let filter = Filter::parse(FILTER, &mut Reading::default()).unwrap();
    assert!(filter.matches(ResourceKind::User, &user));
    criterion.bench_function("filter: read", |bencher| {
        bencher.iter(|| Filter::parse(black_box(FILTER), &mut Reading::default()).unwrap());
    });
    criterion.bench_function("filter: evaluate on a user of 100 values", |bencher| {
        bencher.iter(|| filter.matches(ResourceKind::User, black_box(&user)));
    });
}

fn patch(criterion: &mut Criterion) {
    let user = Document::user_from_create(&large_user(), &mut Reading::default()).unwrap();
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            {"op": "Replace", "path": "displayName", "value": "Maja Lind"},
            {"op": "Replace", "path": "emails[type eq \"kind-3\"].value", "value": "maja.lind@example.com"},
            {"op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "Legal"},
            {"op": "remove", "path": "phoneNumbers[type eq \"kind-4\"]"},
        ],
    });
    criterion.bench_function("patch: 4 operations on a user of 100 values", |bencher| {
        bencher.iter(|| {
            let mut reading = Reading::default();
            let request = PatchRequest::parse(black_box(&body), ResourceKind::User, &mut reading);
            let mut met = Deviations::default();
            request.unwrap().apply_to_user(&user, &mut met).unwrap()
        });
    });
}

fn membership(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = TempDir::new().unwrap();
    let store = runtime.block_on(async {
        let url = format!("sqlite://{}", folder.path().join("bridge.db").display());
        let store = Store::open(&url, None).await.unwrap();
        fill(&store).await.unwrap();
        store
    });
    for size in SIZES {
        let name = format!("membership: one more in a group of {size}, durable");
        criterion.bench_function(&name, |bencher| {
            bencher.iter_custom(|times| {
                runtime.block_on(async {
                    let mut spent = Duration::ZERO;
                    for _ in 0..times {
                        let begun = Instant::now();
                        join(&store, size).await.unwrap();
                        spent += begun.elapsed();
                        leave(&store, size).await.unwrap();
                    }
                    spent
                })
            });
        });
    }
}

async fn join(store: &Store, size: usize) -> Result<(), StoreError> {
    let joiner = [JOINER.to_owned()];
    let work = store.write(move |tx| {
        Box::pin(async move { tx.add_members(&acme(), &group(size), &joiner, LABEL).await })
    });
    work.await.map(drop)
}

async fn leave(store: &Store, size: usize) -> Result<(), StoreError> {
    let joiner = [JOINER.to_owned()];
    let work = store.write(move |tx| {
        Box::pin(async move { tx.remove_members(&acme(), &group(size), &joiner).await })
    });
    work.await.map(drop)
}

/// Users and groups of each size; the joiner is in none.
async fn fill(store: &Store) -> Result<(), StoreError> {
    let most = SIZES.into_iter().max().unwrap_or_default();
    let work = store.write(move |tx| {
        Box::pin(async move {
            let ids: Vec<_> = (0..most).map(|number| format!("u-{number:06}")).collect();
            for id in ids.iter().map(String::as_str).chain([JOINER]) {
                tx.insert_user(&user(id)).await?;
            }
            for size in SIZES {
                tx.insert_group(&record(size)).await?;
                let members = ids.get(..size).unwrap_or_default();
                tx.add_members(&acme(), &group(size), members, LABEL)
                    .await?;
            }
            Ok(())
        })
    });
    work.await
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

criterion_group!(benches, filter, patch, membership);
criterion_main!(benches);
