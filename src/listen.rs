//! Connections: taken up, bounded in number and time, with TLS or without, and ended.
//!
//! The accept loop is our own, because the usual one waits for ever for a client that begins a request and does not end
//! it. In clear it speaks HTTP/1.1 alone; under TLS the client chooses HTTP/2 or HTTP/1.1 (ALPN).

mod activity;
mod bounds;
mod connection;
mod descriptors;
mod peer;
mod places;
mod tls;
mod tolerant;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

pub use bounds::Bounds;
pub use peer::{Certificate, Peer, origin};
pub use tls::{Tls, TlsFiles, TlsTrouble};

use places::Places;

/// How long the loop rests when the machine has no descriptor for a connection.
const REST: Duration = Duration::from_millis(20);

/// A bound address and all that its connections have to keep to.
#[derive(Debug)]
pub struct Listener {
    /// Where connections come from.
    pub socket: TcpListener,
    /// How many of them, and for how long.
    pub bounds: Bounds,
    /// TLS, unless it speaks in clear.
    pub tls: Option<Arc<Tls>>,
    /// Whose connections are not counted by address: proxies bring those of everybody.
    pub proxies: Vec<IpNet>,
}

impl Listener {
    /// Serves connections until `stop`, then lets requests that are under way end.
    pub async fn serve(self, router: Router, stop: CancellationToken) {
        let places = Places::new(self.bounds.within_descriptors(), self.proxies);
        let connections = TaskTracker::new();
        loop {
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                () = stop.cancelled() => break,
            };
            let (stream, address) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    recover(&error, &places).await;
                    continue;
                }
            };
            let Some(place) = places.take(address.ip()) else {
                debug!(%address, "There is no place for a connection");
                continue;
            };
            without_delay(&stream);
            let connection = connection::Connection {
                address,
                place,
                bounds: self.bounds,
                router: router.clone(),
                stop: stop.clone(),
            };
            let tls = self.tls.as_ref().map(|tls| tls.acceptor());
            connections.spawn(connection.serve(stream, tls));
        }
        drop(self.socket);
        connections.close();
        connections.wait().await;
    }
}

/// A client that went away before it was taken up is no trouble. Otherwise something is used up, most likely descriptors:
/// the oldest connection that waits for nothing gives its own back.
async fn recover(error: &io::Error, places: &Arc<Places>) {
    let gone = [
        io::ErrorKind::ConnectionAborted,
        io::ErrorKind::ConnectionReset,
        io::ErrorKind::ConnectionRefused,
    ];
    if !gone.contains(&error.kind()) {
        warn!(error = %error, "A connection could not be taken up");
        places.close_oldest();
        tokio::time::sleep(REST).await;
    }
}

/// Answers are written whole, so waiting for more of one only makes it late.
fn without_delay(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        debug!(error = %error, "A connection is gone already");
    }
}
