//! How much is kept, whatever is sent.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use scim_bridge::auth::{Attempt, Authority, Credentials, Doors};
use scim_bridge::domain::model::TenantId;
use scim_bridge::store::Store;
use tempfile::TempDir;

use crate::harness::stores;

struct Flood {
    doors: Doors,
    time: Arc<AtomicI64>,
    _folder: TempDir,
}

impl Flood {
    /// Before doors that have the tenant `acme`.
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let url = stores::url(folder.path());
        let store = Store::open(&url, None).await.unwrap();
        let time = Arc::new(AtomicI64::new(1_767_225_600_000_000));
        let clock = Arc::clone(&time);
        let now = move || clock.load(Ordering::SeqCst);
        let doors = Doors::new(Arc::new(store), now).unwrap();
        let acme = TenantId::new("acme");
        doors.replace(HashMap::from([(acme, Credentials::default())]));
        Self {
            doors,
            time,
            _folder: folder,
        }
    }

    async fn refused(&self, tenant: &str, from: u32, shown: Option<&str>) {
        self.time.fetch_add(1, Ordering::SeqCst);
        let attempt = Attempt {
            tenant: &TenantId::new(tenant),
            authorization: shown,
            certificate: None,
            address: IpAddr::V6(Ipv6Addr::from_bits(from.into())),
            wants: Authority::Read,
            request: "the request",
        };
        self.doors.admit(&attempt).await.unwrap_err();
    }

    /// How many entries there are about a tenant, and how many decisions they count.
    async fn kept(&self, tenant: Option<&str>) -> (usize, i64) {
        let kept = self.doors.decisions(tenant, true, 100_000).await.unwrap();
        (kept.len(), kept.iter().map(|one| one.times).sum())
    }
}

#[tokio::test]
async fn a_flood_from_everywhere_fills_no_store_and_hides_no_other_reason() {
    let flood = Flood::start().await;
    flood.refused("acme", 0, None).await;
    for from in 0..400 {
        flood.refused("acme", from, Some("Bearer wrong")).await;
    }
    assert_eq!(flood.kept(None).await, (201, 201));
    // Those that find no place before the next write are counted together.
    for from in 10_000..11_000 {
        flood.refused("acme", from, Some("Bearer wrong")).await;
    }
    let kept = flood
        .doors
        .decisions(Some("acme"), true, 1000)
        .await
        .unwrap();
    assert_eq!(kept.len(), 201);
    assert_eq!((kept[0].address.as_str(), kept[0].times), ("", 500));
    assert!(
        kept.iter()
            .any(|one| one.reason.starts_with("no credential"))
    );
}

#[tokio::test]
async fn tenants_that_are_made_up_are_bounded_together() {
    let flood = Flood::start().await;
    flood.refused("acme", 0, None).await;
    for number in 0..3 {
        for tenant in 0..400 {
            flood.refused(&format!("t{number}-{tenant}"), 1, None).await;
        }
        flood.kept(None).await;
    }
    assert_eq!(flood.kept(None).await, (501, 501));
    assert_eq!(flood.kept(Some("t2-399")).await, (1, 1));
    assert_eq!(flood.kept(Some("t0-0")).await, (0, 0));
    for tenant in 0..2000 {
        flood.refused(&format!("u-{tenant}"), 1, None).await;
    }
    flood.kept(None).await;
    assert_eq!(flood.kept(Some("")).await, (1, 1500));
    assert_eq!(flood.kept(Some("acme")).await, (1, 1));
}

#[tokio::test]
async fn what_is_older_than_ninety_days_is_forgotten() {
    let flood = Flood::start().await;
    let day = 24 * 60 * 60 * 1_000_000;
    flood.refused("acme", 0, None).await;
    flood.refused("acme", 1, None).await;
    flood.kept(None).await;
    flood.time.fetch_add(89 * day, Ordering::SeqCst);
    flood.refused("acme", 1, None).await;
    assert_eq!(flood.kept(None).await, (2, 3));
    flood.time.fetch_add(2 * day, Ordering::SeqCst);
    flood.refused("acme", 2, None).await;
    assert_eq!(flood.kept(None).await, (2, 3));
}
