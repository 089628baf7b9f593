//! Ten thousand connections that are open and silent, against the program itself, which has descriptors of its own.

use std::fs;
use std::io::Write;
use std::time::{Duration, Instant};

use reqwest::Client;
use rustix::process::{Resource, getrlimit, setrlimit};
use scim_bridge::sandbox::{Options, Sandbox};
use tempfile::TempDir;
use tokio::net::TcpStream;

use super::wire::{Wire, head};
use crate::serving::{Served, write_configuration};

const WANTED: u64 = 10_000;
/// What the tests beside this one need.
const OTHERS: u64 = 2_000;
const TOKEN: &str = crate::harness::TOKEN;

/// As many connections as this process may have.
fn possible() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
    let descriptors = limit.current.unwrap_or(u64::MAX);
    usize::try_from(descriptors.saturating_sub(OTHERS).min(WANTED)).unwrap()
}

async fn answers(address: &str) -> Duration {
    let begun = Instant::now();
    let url = format!("http://{address}/scim/acme/v2/Users?count=0");
    let answer = Client::new().get(url).bearer_auth(TOKEN).send().await;
    assert_eq!(answer.unwrap().status(), 200);
    begun.elapsed()
}

#[tokio::test]
async fn ten_thousand_idle_connections_keep_nobody_from_being_answered() {
    let connections = possible();
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("bridge.toml");
    write_configuration(&file, &sandbox.url(), &[TOKEN]);
    let mut more = fs::OpenOptions::new().append(true).open(&file).unwrap();
    writeln!(
        more,
        "[server.connections]\nmax = 10500\nmax_per_address = 10500\nheader_timeout = \"10m\"\nidle_timeout = \"10m\""
    )
    .unwrap();
    let mut served = Served::start(&file);
    let address = served.address();
    let to = address.parse().unwrap();

    let mut open = Vec::with_capacity(connections);
    let mut slowest = Duration::ZERO;
    let asked = head("GET", "/scim/acme/v2/Users?count=0", "");
    for number in 0..connections {
        let mut wire = Wire::to(to).await;
        match number % 100 {
            // A few have been answered, a few have begun to ask, most are silent.
            0 => {
                wire.write(&asked).await;
                assert_eq!(wire.answer().await.status, 200);
            }
            1 => wire.write(&asked[..40]).await,
            _ => {}
        }
        open.push(wire);
        if number % 1000 == 999 {
            slowest = slowest.max(answers(&address).await);
        }
    }
    slowest = slowest.max(answers(&address).await);
    let is_open = |stream: &TcpStream| {
        let read = stream.try_read(&mut [0]);
        matches!(read, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
    };
    let still = open.iter().filter(|wire| is_open(&wire.0)).count();
    println!("{still} of {connections} connections open, {slowest:?} for an answer at most");
    assert_eq!(still, connections);
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    served.stop();
}
