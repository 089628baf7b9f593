//! Who is at the other end of a connection.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

/// The other end of a connection, which every request of it carries along as an extension.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its address: a client's, or a proxy's.
    pub address: SocketAddr,
    /// The certificate that it showed, checked against the configured authority.
    pub certificate: Option<Arc<Certificate>>,
}

/// A client's certificate.
#[derive(Debug, PartialEq, Eq)]
pub struct Certificate {
    /// SHA-256 of the whole certificate in DER, its fingerprint.
    pub sha256: [u8; 32],
    /// The DNS names that it is for.
    pub names: Vec<String>,
}

/// What counts as one address in limits. Whoever has an IPv6 address usually has a whole /64 network of them.
pub fn origin(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let network = v6.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}
