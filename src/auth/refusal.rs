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
    /// A client certificate alone was shown, and none that the tenant has.
    #[error("the client certificate that was shown is none of the tenant's, and nothing else was")]
    Certificate,
    /// Good, but from a network that the tenant may not be reached from.
    #[error("it is right, but came from where `allow_from` lets nobody in")]
    Elsewhere,
    /// Good, but the tenant was asked too often; how long to wait.
    #[error("it is right, but more requests came for the tenant than `requests_per_second` allows")]
    TooOften(Duration),
    /// Not looked at, because too much that was wrong came from the same address.
    #[error("it was not looked at, because too many wrong credentials had come from its address")]
    Unheard,
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
    /// What an administrator can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Nothing => {
                "Enter the secret token in the provisioning settings; they send none, or not as `Authorization: Bearer`."
            }
            Self::Unknown => {
                "Enter a token of this tenant. `scim-bridge token create --tenant` makes one if the old one is lost."
            }
            Self::WrongSecret => {
                "Enter the password or client secret that belongs to this name, or make a new pair."
            }
            Self::Certificate => {
                "Add the certificate to the tenant as [[tenant.certificate]], or let the client show another one."
            }
            Self::Elsewhere => {
                "Add the address to `allow_from` of the tenant if it is the identity provider's. If it is a proxy's, add that to \
                 `trusted_proxies`."
            }
            Self::TooOften(_) => {
                "Raise `requests_per_second` of the tenant, or wait: the client was told when to come again."
            }
            Self::Unheard => {
                "Find out who shows wrong credentials from there, from the other refusals of this address. The wait ends by itself."
            }
            Self::OtherTenant => {
                "Enter the tenant URL of the tenant that the credential is for, or a credential of this one."
            }
            Self::OtherKind => {
                "Choose the way of authentication in the provisioning settings that the credential was made for."
            }
            Self::Revoked => "Make a new credential and enter it in the provisioning settings.",
            Self::Ended => {
                "Make a new credential. `scim-bridge token rotate` does so beside the old one, next time before that ends."
            }
            Self::ReadOnly => {
                "Enter a credential with full authority if the client is to make changes."
            }
            Self::Unreadable => {
                "Let the identity provider send a JWT that is signed, with a key id (`kid`) and an `alg` of `algorithms`."
            }
            Self::Issuer => {
                "If its issuer is the right one, enter exactly that as `issuer` of a [[tenant.jwt]]."
            }
            Self::Algorithm => {
                "Let the issuer sign with one of `algorithms`, or add its algorithm there."
            }
            Self::Audience => {
                "If its audience is meant for this bridge, add exactly that to `audience` of the [[tenant.jwt]]."
            }
            Self::Expired => {
                "The client must get a new one. If it has, look at the clocks of the issuer and of this machine."
            }
            Self::NotYetValid => "Look at the clocks of the issuer and of this machine.",
            Self::Claim(_) => {
                "Let the issuer put the claim in, or change `required_claims` of the [[tenant.jwt]]."
            }
            Self::UnknownKey => {
                "If the issuer has just changed its keys, it gets in by itself soon. Otherwise look at `keys` of the [[tenant.jwt]]."
            }
            Self::Signature => {
                "It was changed on the way or made by somebody else. Look who sends it."
            }
            Self::KeysUnreachable => {
                "Let this machine reach the issuer by https; the log says what goes wrong. Nobody is refused for good meanwhile."
            }
            Self::StoreAway => {
                "Bring the store back; the log says what goes wrong. Nobody is refused for good meanwhile."
            }
        }
    }

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
