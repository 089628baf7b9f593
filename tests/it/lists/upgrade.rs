//! A store of the version before lists had keys: all its users are found by them.

use crate::harness::evidence;
use scim_bridge::domain::model::TenantId;
use scim_bridge::scim::{Column, Filter, Reading, ResourceKind};
use scim_bridge::store::{Behind, Shelf, Store, Walk};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqlStr};

const BEFORE: &str = include_str!("../../../src/store/migrations/0001_directory.sql");

#[tokio::test]
async fn users_of_an_older_store_are_found_by_every_key() {
    let folder = evidence::folder();
    let path = folder.path().join("bridge.db");
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true);
    let mut old = options.connect().await.unwrap();
    let first = Migration::new(
        1,
        "directory".into(),
        MigrationType::Simple,
        SqlStr::from_static(BEFORE),
        false,
    );
    Migrator::with_migrations(vec![first])
        .run(&mut old)
        .await
        .unwrap();
    for number in 0..1_201 {
        let document = serde_json::json!({
            "userName": format!("u{number}"),
            "displayName": if number == 1_000 { "ÅSA" } else { "Bo" },
            "emails": [{"value": format!("É{number}@example.com")}, {"value": "All@example.com"}],
            "active": number % 2 == 0,
        });
        sqlx::query(
            "insert into directory_user \
             (tenant, id, name_key, display, document, version, created, modified) \
             values ($1, $2, $3, $4, $5, 1, $6, $6)",
        )
        .bind(if number == 1_200 { "b" } else { "a" })
        .bind(format!("{number:04}"))
        .bind(format!("u{number}"))
        .bind(document["displayName"].as_str())
        .bind(document.to_string())
        .bind(number)
        .execute(&mut old)
        .await
        .unwrap();
    }
    old.close().await.unwrap();

    // The second time there is nothing to be done.
    let url = format!("sqlite://{}", path.display());
    drop(Store::open(&url, None).await.unwrap());
    let store = Store::open(&url, None).await.unwrap();
    let tenant = TenantId::new("a");
    for (filter, expected) in [
        ("displayName eq \"åsa\"", vec!["1000"]),
        ("emails.value eq \"é1100@example.com\"", vec!["1100"]),
        (
            "emails.value eq \"all@example.com\" and id eq \"0003\"",
            vec!["0003"],
        ),
        (
            "active eq false and meta.lastModified le \"1970-01-01T00:00:00.000005Z\"",
            vec!["0001", "0003", "0005"],
        ),
        ("userName eq \"u1200\"", vec![]),
    ] {
        let selection = Filter::parse(filter, &mut Reading::default())
            .unwrap()
            .selection(ResourceKind::User);
        let selection = selection.unwrap();
        assert!(selection.is_exact);
        let shelf = Shelf {
            tenant: &tenant,
            kind: ResourceKind::User,
            keys: &selection.keys,
        };
        let all = Walk {
            column: Column::Id,
            is_descending: false,
            behind: Behind::Many(0),
            limit: 10,
        };
        let found = store.walk(shelf, all).await.unwrap();
        let ids: Vec<_> = found.into_iter().map(|position| position.id).collect();
        assert_eq!(ids, expected, "{filter}");
        assert_eq!(store.count(shelf).await.unwrap(), expected.len() as u64);
    }
}
