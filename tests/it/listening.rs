//! Connections that mean no good, and those that come encrypted: the service answers everybody else all the while.

mod idle;
mod later;
mod many;
mod sizes;
mod slow;
pub mod tls;
mod unread;
mod wire;

use crate::harness::{Bridge, Setup};

/// A bridge with further lines of its server's section.
async fn bridge(server: String) -> Bridge {
    Bridge::with(Setup {
        server: server.leak(),
        ..Setup::default()
    })
    .await
}

/// Asserts that somebody else is served as ever.
async fn serves_others(bridge: &Bridge) {
    bridge.get("/Users?count=0", 200).await;
}
