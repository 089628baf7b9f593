//! `[server]`: how the bridge itself is reached.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use ipnet::IpNet;

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
    /// The networks of the proxies that say from where requests come.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which they say it.
    pub client_address_header: &'static str,
    /// How many wrong credentials an address may show before it has to wait.
    pub bad_credentials: u32,
    /// How many requests of one address may be refused in a second for want of a right credential.
    pub refusals_per_second: u32,
}

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED: &str = "forwarded";

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
            trusted_proxies: Vec::new(),
            client_address_header: FORWARDED_FOR,
            bad_credentials: 20,
            refusals_per_second: 10,
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
        let trusted_proxies = server.or("trusted_proxies", default.trusted_proxies, |at| {
            at.items(|at| at.parsed(values::network))
        });
        let header = server.or("client_address_header", FORWARDED_FOR, |at| {
            at.choice(&[(FORWARDED_FOR, FORWARDED_FOR), (FORWARDED, FORWARDED)])
        });
        let bad_credentials = server.or("bad_credentials", default.bad_credentials, |at| {
            at.integer(1..=1_000_000)
        });
        let refusals = server.or("refusals_per_second", default.refusals_per_second, |at| {
            at.integer(1..=100_000)
        });
        Some(Server {
            listen: listen?,
            public_url: public_url?,
            max_body_bytes: max_body_bytes?,
            stop_timeout: stop_timeout?,
            max_requests: max_requests?,
            connections: connections?,
            tls: tls?,
            trusted_proxies: trusted_proxies?,
            client_address_header: header?,
            bad_credentials: bad_credentials?,
            refusals_per_second: refusals?,
        })
    })
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "must be an IP address and a port, such as \"127.0.0.1:8080\" or \"0.0.0.0:8080\""
            .to_owned()
    })
}
