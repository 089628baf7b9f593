//! A tenant moves from one store to another, from a file to PostgreSQL: nobody's id changes, nothing is done in Cloudmore,
//! and the work goes on where it was.

use std::collections::BTreeSet;

use scim_bridge::store::Store;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row};

use crate::converging::cloudmore::{fault, status};
use crate::harness::operator::admin_section;
use crate::harness::{Bridge, Setup, evidence};

async fn bridge() -> Bridge {
    Bridge::with(Setup {
        server: admin_section().leak(),
        ..Setup::default()
    })
    .await
}

/// Takes the tenant `acme` to a bridge on another store.
async fn moved(bridge: Bridge) -> Bridge {
    let file = bridge.folder().join("acme.json");
    let file = file.to_str().unwrap().to_owned();
    let export = ["export", "--tenant", "acme", "--file", &file];
    let (code, _, errors) = bridge.operate(&export).await;
    assert_eq!(code, Some(0), "{errors}");
    let text = std::fs::read(&file).unwrap();

    let bridge = bridge.elsewhere().await;
    let file = bridge.folder().join("acme.json");
    std::fs::write(&file, text).unwrap();
    let import = [
        "import",
        "--tenant",
        "acme",
        "--file",
        file.to_str().unwrap(),
    ];
    let (code, said, errors) = bridge.operate(&import).await;
    assert_eq!(code, Some(0), "{errors}");
    assert!(
        said.contains("has 2 users, 1 groups and 2 accounts"),
        "{said}"
    );
    let (code, _, errors) = bridge.operate(&import).await;
    assert_eq!(code, Some(1));
    assert!(errors.contains("empty tenant"), "{errors}");
    bridge
}

#[tokio::test]
async fn a_tenant_moves_without_losing_an_id() {
    let bridge = bridge().await;
    let finance = bridge.group("Cloudmore Finance").await;
    let (ann, bob) = (bridge.user("ann").await, bridge.user("bob").await);
    bridge.join(&finance, &ann).await;
    // Bob leaves while Cloudmore is out: the work moves as well.
    bridge.faults([fault(status(503))]);
    bridge.set_active(&bob, false, 200).await;
    bridge.faults([]);
    let before = bridge.get("/Users?sortBy=id", 200).await["Resources"].clone();

    let bridge = moved(bridge).await;
    let after = bridge.get("/Users?sortBy=id", 200).await["Resources"].clone();
    let ids = |users: &serde_json::Value| {
        let users = users.as_array().unwrap().iter();
        users
            .map(|user| (user["id"].clone(), user["meta"]["version"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&before), ids(&after));
    bridge.calls();
    bridge.pass(std::time::Duration::from_secs(180)).await;
    assert_eq!(bridge.access("ann"), "role 6; Pro seats, Team plan");
    assert_eq!(
        bridge.access("bob"),
        "nothing",
        "the leaver's revocation was not lost"
    );
    let writes = bridge
        .calls()
        .into_iter()
        .filter(|call| !call.starts_with("GET"));
    assert_eq!(writes.count(), 1, "nothing but Bob's account was touched");
    // What was ours is ours still.
    bridge.leave(&finance, &ann).await;
    assert_eq!(bridge.access("ann"), "role 7; ");
}

#[tokio::test]
async fn what_is_not_an_export_is_refused_and_changes_nothing() {
    let bridge = bridge().await;
    let file = bridge.folder().join("odd.json");
    let import = [
        "import",
        "--tenant",
        "acme",
        "--file",
        file.to_str().unwrap(),
    ];
    let target = "organization elsewhere of reseller none";
    for (text, expected) in [
        ("{\"format\":1,\"ten".to_owned(), "cannot read"),
        (
            "{\"format\":9,\"tenant\":\"acme\",\"target\":\"x\",\"tables\":{}}".to_owned(),
            "form 9",
        ),
        (
            format!("{{\"format\":1,\"tenant\":\"acme\",\"target\":\"{target}\",\"tables\":{{}}}}"),
            target,
        ),
        (
            "{\"tables\":{}}".to_owned(),
            "not what scim-bridge export writes",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        let (code, _, errors) = bridge.operate(&import).await;
        assert_eq!(code, Some(1));
        assert!(errors.contains(expected), "{errors}");
    }
    bridge.user("ann").await;
}

/// A table or a column that is added to the store must not be left behind.
#[tokio::test]
async fn every_table_and_column_of_a_tenant_is_exported() {
    let folder = evidence::folder();
    let path = folder.path().join("bridge.db");
    drop(
        Store::open(&format!("sqlite://{}", path.display()), None)
            .await
            .unwrap(),
    );
    let mut file = SqliteConnectOptions::new()
        .filename(&path)
        .connect()
        .await
        .unwrap();
    let rows = sqlx::query(
        "select m.name as table_name, c.name as column_name from sqlite_master m \
         join pragma_table_info(m.name) c where m.type = 'table' and exists \
         (select 1 from pragma_table_info(m.name) where name = 'tenant')",
    );
    let rows = rows.fetch_all(&mut file).await.unwrap();
    let here: BTreeSet<(String, String)> = rows
        .iter()
        .map(|row| (row.get("table_name"), row.get("column_name")))
        .collect();
    let exported: BTreeSet<(String, String)> = scim_bridge::store::exported_columns()
        .map(|(table, column)| (table.to_owned(), column.to_owned()))
        .collect();
    let missing: Vec<_> = here
        .difference(&exported)
        .filter(|(table, column)| {
            // The tenant is said once; the trail numbers itself; pauses, credentials and who was let in are of one store.
            let stays = ["pause", "credential", "admission"];
            column != "tenant"
                && (table, column) != (&"audit".to_owned(), &"id".to_owned())
                && !stays.contains(&table.as_str())
        })
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    let unknown: Vec<_> = exported.difference(&here).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
