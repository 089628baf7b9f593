//! Somebody at the door of a tenant, and what comes of it.

use std::collections::BTreeMap;
use std::net::IpAddr;

use tracing::{error, info};

use super::{Authority, Refusal};
use crate::domain::credential::{Credential, hex};
use crate::domain::gate::Pin;
use crate::domain::model::TenantId;
use crate::store::StoreError;

/// Somebody at the door of a tenant.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The tenant, as the address names it.
    pub tenant: &'a TenantId,
    /// The header `Authorization`.
    pub authorization: Option<&'a str>,
    /// The client certificate of the connection.
    pub certificate: Option<Certificate<'a>>,
    /// From where.
    pub address: IpAddr,
    /// What is asked for: to look, or to change something.
    pub wants: Authority,
    /// The correlation id of the request.
    pub request: &'a str,
}

/// A client certificate, which was checked against its authority.
#[derive(Clone, Copy, Debug)]
pub struct Certificate<'a> {
    /// SHA-256 of the whole certificate in DER, its fingerprint.
    pub sha256: &'a [u8; 32],
    /// The DNS names that it is for.
    pub names: &'a [String],
}

/// A credential that was recognised, as a record may name it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) kind: &'static str,
    pub(super) id: String,
    /// The user name or the client id.
    pub(super) name: Option<String>,
    pub(super) label: String,
    pub(super) authority: Authority,
    pub(super) expires_at: Option<i64>,
}

/// A refusal, and of what.
#[derive(Clone, Debug)]
pub(super) struct Denied {
    pub(super) refusal: Refusal,
    pub(super) known: Option<Box<Known>>,
    /// What was shown, if it is not known.
    pub(super) kind: &'static str,
    /// What it says of itself: nothing secret, but made up by whoever showed it.
    pub(super) said: BTreeMap<&'static str, String>,
}

/// A credential that opens something at this time.
pub(super) fn open(credential: &Credential, now: i64) -> Result<Known, Denied> {
    let known = Known::from(credential);
    match credential.lapse(now) {
        None => Ok(known),
        Some(lapse) => Err(known.denied(lapse.into())),
    }
}

impl Known {
    pub(super) fn denied(self, refusal: Refusal) -> Denied {
        Denied {
            known: Some(Box::new(self)),
            ..Denied::from(refusal)
        }
    }
}

impl Denied {
    /// The same, of something of this kind.
    pub(super) fn of(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    /// The same, of something that says this of itself.
    pub(super) fn saying(mut self, what: &'static str, said: String) -> Self {
        self.said.insert(what, said);
        self
    }

    /// What anybody can send without knowing anything is no line in the log.
    pub(super) fn log(&self, attempt: &Attempt<'_>) {
        if matches!(self.refusal, Refusal::Nothing | Refusal::Unknown) {
            return;
        }
        let known = self.known.as_ref();
        info!(
            request.id = attempt.request, tenant = %attempt.tenant, reason = %self.refusal, client = %attempt.address,
            kind = known.map(|known| known.kind), credential = known.map(|known| known.id.as_str()),
            "A credential was refused"
        );
    }
}

impl From<&Credential> for Known {
    fn from(credential: &Credential) -> Self {
        Self {
            kind: credential.kind.as_str(),
            id: credential.id.clone(),
            name: credential.name.clone(),
            label: credential.label.clone(),
            authority: credential.authority,
            expires_at: credential.expires_at,
        }
    }
}

impl Known {
    /// A certificate and the pin that it has.
    pub(super) fn pinned(certificate: Certificate<'_>, pin: &Pin) -> Self {
        Self {
            kind: "certificate",
            id: hex(certificate.sha256),
            name: None,
            label: pin.label.clone(),
            authority: pin.authority,
            expires_at: None,
        }
    }
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            known: None,
            kind: "",
            said: BTreeMap::new(),
        }
    }
}

/// What cannot be looked up is neither right nor wrong.
impl From<StoreError> for Denied {
    fn from(error: StoreError) -> Self {
        error!(error = %error, "A credential cannot be looked up");
        Refusal::StoreAway.into()
    }
}
