//! Why somebody is not let in: for administrators and the log. A caller is told the same for nearly all of them.

use std::time::Duration;

use super::keys::PAUSE;
use crate::domain::credential::Lapse;

/// Why nobody is let in. Tells nothing of what was shown, so it can be logged and kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No credential, or a header that cannot be read.
    #[error("no credential was shown, or none that can be read")]
    Nothing,
    /// There is no such tenant, or neither a credential of it nor anything like a JWT was shown.
    #[error("nothing that is known was shown")]
    Unknown,
    /// A user name or a client id that the tenant has, with another secret.
    #[error("the name is known, but the secret that was shown with it is wrong")]
    WrongSecret,
    /// Good, but for another tenant.
    #[error("it is a credential of another tenant")]
    OtherTenant,
    /// Good, but to be shown in another way.
    #[error(
        "it is a credential that is to be shown in another way: as bearer token, by Basic, or at the token endpoint"
    )]
    OtherKind,
    /// Somebody has taken it back.
    #[error("it was revoked")]
    Revoked,
    /// Its time is over.
    #[error("it has expired")]
    Ended,
    /// It may look, and not change anything.
    #[error("it is for reading only, and a change was asked for")]
    ReadOnly,
    /// Not a JWT, or not signed, or in a way that is not known.
    #[error("it cannot be read as a JWT with a signature")]
    Unreadable,
    /// Nobody whom the tenant trusts.
    #[error("the tenant does not trust its issuer (`iss`)")]
    Issuer,
    /// Signed in a way that is not allowed.
    #[error("its algorithm (`alg`) is not one of `algorithms`")]
    Algorithm,
    /// Made for somebody else.
    #[error("its audience (`aud`) is not one of `audience`")]
    Audience,
    /// It has ended, or does not say when it will.
    #[error("it has expired (`exp`)")]
    Expired,
    /// It has not begun.
    #[error("it is not valid yet (`nbf`)")]
    NotYetValid,
    /// A claim that must be there is not, or says something else.
    #[error("its claim `{0}` is not what `required_claims` says")]
    Claim(String),
    /// The issuer has no key of the name that the JWT gives.
    #[error("its issuer has no such key (`kid`)")]
    UnknownKey,
    /// Changed, or signed with another key.
    #[error("its signature is wrong")]
    Signature,
    /// Whether the JWT is right cannot be told: it is neither let in nor refused for good.
    #[error("the keys of its issuer cannot be fetched")]
    KeysUnreachable,
    /// Whether the credential is right cannot be told.
    #[error("the store cannot be asked")]
    StoreAway,
}

impl Refusal {
    /// When it is worth showing the same credential again, if ever.
    pub fn retry_after(&self) -> Option<Duration> {
        let cannot_tell = matches!(self, Self::KeysUnreachable | Self::StoreAway);
        cannot_tell.then_some(PAUSE)
    }
}

impl From<Lapse> for Refusal {
    fn from(lapse: Lapse) -> Self {
        match lapse {
            Lapse::Revoked => Self::Revoked,
            Lapse::Expired => Self::Ended,
        }
    }
}
