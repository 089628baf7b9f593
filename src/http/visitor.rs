//! Where a request comes from: what a proxy says of that counts only if the proxy is trusted.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

use crate::auth::{self, Attempt, Authority};
use crate::domain::model::TenantId;
use crate::listen::{Certificate, Peer, origin};

/// Whoever sent a request, which carries this along as an extension.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// The address of the client itself, as far as it can be believed.
    pub(super) address: IpAddr,
    /// The certificate that was shown on the connection.
    pub(super) certificate: Option<Arc<Certificate>>,
}

/// The proxies in front of the bridge.
#[derive(Clone, Debug)]
pub struct Proxies {
    /// Their networks; what others say of where a request comes from is ignored.
    pub trusted: Arc<[IpNet]>,
    /// The header in which they say it. Another one may be the client's own and is ignored.
    pub header: HeaderName,
}

impl Visitor {
    /// The visitor that [`find`] found.
    pub(super) fn of(parts: &Parts) -> Option<&Self> {
        parts.extensions.get()
    }

    /// The same of a whole request.
    pub(super) fn among(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// What this visitor does at the door of a tenant.
    pub(super) fn attempt<'a>(
        &'a self,
        tenant: &'a TenantId,
        authorization: Option<&'a str>,
        wants: Authority,
        request: &'a str,
    ) -> Attempt<'a> {
        let certificate = self.certificate.as_deref();
        Attempt {
            tenant,
            authorization,
            certificate: certificate.map(|certificate| auth::Certificate {
                sha256: &certificate.sha256,
                names: &certificate.names,
            }),
            address: self.address,
            wants,
            request,
        }
    }
}

/// Where a request comes from, as wrong credentials are counted.
pub fn origin_of(parts: &Parts) -> Option<IpAddr> {
    Visitor::of(parts).map(|visitor| origin(visitor.address))
}

/// Finds out where a request comes from.
pub(super) async fn find(
    State(proxies): State<Proxies>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(peer) = request.extensions().get::<Peer>().cloned() {
        let address = peer.address.ip().to_canonical();
        let visitor = Visitor {
            address: proxies.client(address, request.headers()),
            certificate: peer.certificate,
        };
        request.extensions_mut().insert(visitor);
    }
    next.run(request).await
}

impl Proxies {
    /// The client's address: the last one that is no trusted proxy's. Each proxy adds the address that it was called from
    /// at the end, so what stands before that one may be made up.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        let lines = headers.get_all(&self.header).iter().rev();
        let hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
        for hop in hops {
            if !self.trusts(client) {
                break;
            }
            let hop = std::str::from_utf8(hop).ok();
            // Nobody vouches for what stands before something that cannot be read.
            let Some(hop) = hop.and_then(|hop| self.read(hop)) else {
                break;
            };
            client = hop;
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|net| net.contains(&address))
    }

    /// The address in one entry of the header: `192.0.2.1`, or `for=192.0.2.1;proto=https` (RFC 7239).
    fn read(&self, entry: &str) -> Option<IpAddr> {
        if self.header != "forwarded" {
            return address(entry);
        }
        let mut pairs = entry.split(';').filter_map(|pair| pair.split_once('='));
        let (_, node) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
        address(node.trim().trim_matches('"'))
    }
}

/// An address with or without a port, IPv6 with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.split_once(']'))
        .map(|(bare, _)| bare);
    let parsed = bare.unwrap_or(text).parse().ok();
    let parsed = parsed.or_else(|| text.rsplit_once(':')?.0.parse().ok());
    parsed.map(|address: IpAddr| address.to_canonical())
}
