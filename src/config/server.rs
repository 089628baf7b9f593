//! `[server]`: how the bridge itself is reached.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::connections;
use super::reader::At;
use super::tls;
use super::values;
use crate::listen::{Bounds, TlsFiles};

/// How the bridge itself is reached.
#[derive(Clone, Debug)]
pub struct Server {
    /// The address it listens at.
    pub listen: SocketAddr,
    /// The address identity providers know it by, used in `meta.location`: http or https, without a slash at its end.
    pub public_url: Option<String>,
    /// The largest request body it takes, in bytes.
    pub max_body_bytes: usize,
    /// How long requests and steps that are under way may take to end when it stops.
    pub stop_timeout: Duration,
    /// How many SCIM requests it has under way at once, at most.
    pub max_requests: usize,
    /// What its connections have to keep to.
    pub connections: Bounds,
    /// Where its certificate is; without one it speaks in clear.
    pub tls: Option<TlsFiles>,
}

const SHORTEST_STOP: Duration = Duration::from_secs(1);
const LONGEST_STOP: Duration = Duration::from_mins(10);

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_url: None,
            max_body_bytes: 4 * 1024 * 1024,
            stop_timeout: Duration::from_secs(25),
            max_requests: 256,
            connections: Bounds::default(),
            tls: None,
        }
    }
}

pub(super) fn read(at: &At<'_>) -> Option<Server> {
    at.table(|server| {
        let default = Server::default();
        let listen = server.or("listen", default.listen, |at| at.parsed(address));
        let public_url = server.optional("public_url", |at| {
            at.parsed(|text| values::web_address(text).map(|_| text.to_owned()))
        });
        let max_body_bytes = server.or("max_body_bytes", default.max_body_bytes, |at| {
            at.integer(1024..=1024 * 1024 * 1024)
        });
        let stop_timeout = server.or("stop_timeout", default.stop_timeout, |at| {
            at.parsed(|text| values::duration(text, &(SHORTEST_STOP..=LONGEST_STOP)))
        });
        let max_requests = server.or("max_requests", default.max_requests, |at| {
            at.integer(1..=10_000)
        });
        let connections = server.or("connections", default.connections, connections::read);
        let tls = server.optional("tls", tls::read);
        Some(Server {
            listen: listen?,
            public_url: public_url?,
            max_body_bytes: max_body_bytes?,
            stop_timeout: stop_timeout?,
            max_requests: max_requests?,
            connections: connections?,
            tls: tls?,
        })
    })
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "must be an IP address and a port, such as \"127.0.0.1:8080\" or \"0.0.0.0:8080\""
            .to_owned()
    })
}
