//! What is known of a credential that was shown: which one it is, or why it opens nothing.

use tracing::{error, info};

use super::{Attempt, Authority, Refusal};
use crate::domain::credential::Credential;
use crate::store::StoreError;

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
            refusal,
            known: Some(Box::new(self)),
        }
    }
}

impl Denied {
    /// What anybody can send without knowing anything is no line in the log.
    pub(super) fn log(&self, attempt: &Attempt<'_>) {
        if matches!(self.refusal, Refusal::Nothing | Refusal::Unknown) {
            return;
        }
        let known = self.known.as_ref();
        info!(
            request.id = attempt.request, tenant = %attempt.tenant, reason = %self.refusal,
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

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            known: None,
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
