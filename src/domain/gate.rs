//! Before a tenant's door: from where it may be reached, how often, and which client certificates open it.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;

use super::credential::Authority;

/// What a tenant lets through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    /// The networks it may be reached from; none: all.
    pub allow_from: Vec<IpNet>,
    /// How often it may be asked; `None`: as often as the bridge can.
    pub rate: Option<Rate>,
    /// Client certificates that open it.
    pub pins: Vec<Pin>,
}

/// A client certificate of the configured authority that opens a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Which certificate.
    pub of: Pinned,
    /// What the audit calls its bearer.
    pub label: String,
    /// What its bearer may do.
    pub authority: Authority,
}

/// What a certificate is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pinned {
    /// SHA-256 of the whole certificate: this one and no other.
    Fingerprint([u8; 32]),
    /// A DNS name that it is for: whichever the authority gives it to.
    Name(String),
}

/// How often something may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// In a second, for ever.
    pub per_second: u32,
    /// At once, after a rest; at least 1.
    pub burst: u32,
}

impl Gate {
    /// Whether an address is one of those it may be reached from.
    pub fn lets_in(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.allow_from.is_empty() || self.allow_from.iter().any(|net| net.contains(&address))
    }

    /// The pin of a certificate, which was checked against its authority before.
    pub fn recognise(&self, sha256: &[u8; 32], names: &[String]) -> Option<&Pin> {
        self.pins.iter().find(|pin| match &pin.of {
            Pinned::Fingerprint(pinned) => pinned == sha256,
            Pinned::Name(pinned) => names.iter().any(|name| name.eq_ignore_ascii_case(pinned)),
        })
    }
}

impl Rate {
    /// What becomes of the debt if something happens at `now`, with times in microseconds. The debt is the moment at which
    /// all that has happened would have happened at the lasting rate.
    ///
    /// # Errors
    /// How long it has to wait.
    pub fn take(self, debt: i64, now: i64) -> Result<i64, Duration> {
        let interval = 1_000_000 / i64::from(self.per_second.max(1));
        let most = interval * i64::from(self.burst.max(1));
        // A clock that was set back leaves nobody waiting for longer than the rate itself would.
        let after = debt.clamp(now, now.saturating_add(most)) + interval;
        let over = after - now - most;
        match u64::try_from(over) {
            Ok(over) if over > 0 => Err(Duration::from_micros(over)),
            Ok(_) | Err(_) => Ok(after),
        }
    }
}
