//! How many connections there may be, and how long one may take for what.

use std::time::Duration;

use super::descriptors;

/// What connections have to keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Most connections at once. Beyond it the one that has been idle for longest is closed.
    pub connections: usize,
    /// Most connections of one address, or of one IPv6 network (/64), at once.
    pub connections_per_address: usize,
    /// How long the TLS handshake may take, and then again the head of a request from its first byte.
    pub header_timeout: Duration,
    /// How long a body may take, besides a second for each [`Bounds::BODY_PACE`] bytes of it.
    pub body_timeout: Duration,
    /// How long a connection is kept that nothing is asked on. Reading an answer may take a second more for each
    /// [`Bounds::BODY_PACE`] bytes of it.
    pub idle_timeout: Duration,
    /// Most bytes that the headers of a request may have.
    pub header_bytes: usize,
    /// Most bytes that the address of a request may have.
    pub target_bytes: usize,
}

impl Bounds {
    /// How many bytes of a body may take a second.
    pub const BODY_PACE: u64 = 16 * 1024;
    /// Most requests under way on one connection of HTTP/2.
    pub(super) const STREAMS: u32 = 64;

    /// How long so many bytes of a body may take.
    #[must_use]
    pub const fn time_for(bytes: u64) -> Duration {
        Duration::from_micros(bytes.saturating_mul(1_000_000) / Self::BODY_PACE)
    }

    /// What is not even read. Between this and the limits themselves a request is refused with a sentence.
    pub(super) fn unread_bytes(&self) -> usize {
        self.header_bytes
            .saturating_add(self.target_bytes)
            .saturating_mul(2)
    }

    /// The same with no more connections than the machine lets the process have.
    pub(super) fn within_descriptors(self) -> Self {
        Self {
            connections: descriptors::at_most(self.connections),
            ..self
        }
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_per_address: 512,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_secs(75),
            header_bytes: 32 * 1024,
            target_bytes: 16 * 1024,
        }
    }
}
