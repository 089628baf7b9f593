//! Storms: the real program before a simulated Cloudmore that fails in every way, thousands of random operations of an
//! Entra-like and an Okta-like client, and `kill -9` at random moments. When it is over, Cloudmore is as the directory
//! says, nothing is there twice, no leaver has anything, and what people made by hand is as they made it.
//!
//! `tests/storm/run` runs them. `SCIM_BRIDGE_STORM_SEED` repeats the operations of a storm, `SCIM_BRIDGE_STORM_OPERATIONS` makes it longer.

mod bridges;
pub(crate) mod chance;
mod chaos;
mod cloudmore;
mod connection;
mod cycle;
mod directory;
mod entra;
mod identity;
mod okta;
mod progress;
mod verdict;
mod watch;
mod work;

use std::sync::Arc;
use std::time::Instant;

use scim_bridge::sandbox::Faults;

use bridges::{ACME_TOKEN, Bridges, Database, GLOBEX_TOKEN};
use chance::Chance;
use chaos::Disturbance;
use cloudmore::ByHand;
use connection::Connection;
use progress::Progress;
use watch::Watch;
use work::{Client, Kind};

const OPERATIONS: usize = 2000;
const KILLS: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_storm_makes_a_bridge_on_sqlite_lose_anything() {
    storm(Database::Sqlite, 1, OPERATIONS, KILLS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_storm_makes_a_bridge_on_postgresql_lose_anything() {
    storm(Database::Postgres, 1, OPERATIONS, KILLS).await;
}

/// One is killed now and then, one stands still for longer than its claims last.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_storm_makes_three_replicas_lose_anything_or_do_it_twice() {
    storm(Database::Postgres, 3, OPERATIONS * 3 / 10, KILLS * 3 / 10).await;
}

async fn storm(database: Database, replicas: usize, operations: usize, kills: usize) {
    // Kills grow with the operations.
    let wanted = number("SCIM_BRIDGE_STORM_OPERATIONS").unwrap_or(OPERATIONS);
    let more = |count: usize| (count * wanted).div_ceil(OPERATIONS);
    let disturbance = Disturbance {
        operations: more(operations),
        kills: more(kills),
        stop: replicas > 1,
    };
    let seed = number("SCIM_BRIDGE_STORM_SEED").unwrap_or_else(random);
    println!("{database:?}, {replicas} at work: SCIM_BRIDGE_STORM_SEED={seed} {disturbance:?}");

    let sandbox = Arc::new(cloudmore::start().await);
    let watch = Watch::begin(&sandbox);
    let mut by_hand = ByHand::begin(&sandbox);
    by_hand.make(&sandbox);
    let mut bridges = Bridges::start(database, replicas, &sandbox.url()).await;
    let to = |tenant, token| Connection::new(tenant, token, &bridges.ports);
    let (acme, globex) = (to("acme", ACME_TOKEN), to("globex", GLOBEX_TOKEN));
    let mut entra = Client::new(Kind::Entra, acme, "acme.example", seed);
    let mut okta = Client::new(Kind::Okta, globex, "globex.example", seed);

    let begun = Instant::now();
    sandbox.set_faults(cloudmore::faults(seed));
    let progress = &Progress::new(disturbance.operations);
    let chaos = async {
        let process = bridges.id(0);
        let chance = Chance::new(seed, 1);
        let kills = disturbance.kills(&mut bridges, &sandbox, progress, &mut by_hand, chance);
        tokio::join!(kills, disturbance.stop(process, progress));
        progress.calm();
    };
    tokio::join!(chaos, entra.work(progress), okta.work(progress));
    let operations = progress.count();
    println!("{operations} operations after {:?}", begun.elapsed());
    let mut mended = entra.full_cycle(progress).await;
    mended.extend(okta.full_cycle(progress).await);
    sandbox.set_faults(Faults::default());

    let mut wrong = verdict::of_time(&bridges, &sandbox, [&entra, &okta]).await;
    println!("converged after {:?}", begun.elapsed());
    for client in [&entra, &okta] {
        wrong.extend(client.differs(progress).await);
    }
    wrong.extend(progress.refusals());
    wrong.extend(by_hand.differs(&sandbox.snapshot()));
    let seen = watch.end();
    wrong.extend(seen.wrong);
    println!("{mended:#?}\n{:#?}", seen.calls);
    // What one bridge has answered stands. Requests that a stopped one had taken may come late.
    if replicas == 1 {
        wrong.extend(mended);
    }
    if !wrong.is_empty() {
        let kept = bridges.keep();
        let kept = kept.display();
        panic!("SCIM_BRIDGE_STORM_SEED={seed}, logs in {kept}:\n{wrong:#?}");
    }
}

fn number<T: std::str::FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number, not {text}")),
    )
}

fn random() -> u64 {
    let now = std::time::SystemTime::now();
    let since = now.duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::from(since.subsec_nanos())
}
