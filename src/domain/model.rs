//! The words of the domain: whose account, which role, which subscription, and what is known of them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the id as it stands.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// A tenant: one SCIM base address, bound to one Cloudmore target.
    TenantId
);
text_id!(
    /// The SCIM `id` of a user; made by us, never changes.
    UserId
);
text_id!(
    /// The SCIM `id` of a group; made by us, never changes.
    GroupId
);
text_id!(
    /// Cloudmore's id of a user or administrator; opaque.
    AccountId
);

impl AccountId {
    /// The form in which ids compare: they are GUIDs as far as is known, and those are equal in either case.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// Cloudmore's id of a role: a JSON number on the wire (`reference/cloudmore-api.md`, section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoleId(pub i64);

impl fmt::Display for RoleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A subscription, which Cloudmore addresses by its service and its own id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SubscriptionRef {
    /// Id of the service.
    pub service: String,
    /// Id of the subscription to it.
    pub subscription: String,
}

impl fmt::Display for SubscriptionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.service, self.subscription)
    }
}

/// The fields of a Cloudmore account that come from the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Login name, unique across Cloudmore without regard to case.
    pub name: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Name as shown.
    pub display_name: String,
    /// Address for reports.
    pub email: String,
    /// What else the directory gives; what it does not give stays as Cloudmore has it.
    #[serde(flatten)]
    pub details: BTreeMap<Detail, String>,
}

/// A field of an account that the directory may give or not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Detail {
    /// Job title.
    Title,
    /// Country prefix of the mobile number, digits alone.
    CellPhonePrefix,
    /// Mobile number, the digits after the prefix.
    CellPhone,
    /// Country of the address, in two letters.
    Country,
    /// Street and number.
    Street,
    /// Postal code.
    PostalCode,
    /// Town.
    City,
    /// The custom property of this name.
    Custom(String),
}

/// How the name of a custom property is told from that of a field.
const CUSTOM: &str = "custom:";

impl From<Detail> for String {
    fn from(detail: Detail) -> Self {
        match detail {
            Detail::Title => "title".to_owned(),
            Detail::CellPhonePrefix => "cell_phone_prefix".to_owned(),
            Detail::CellPhone => "cell_phone".to_owned(),
            Detail::Country => "country".to_owned(),
            Detail::Street => "street".to_owned(),
            Detail::PostalCode => "postal_code".to_owned(),
            Detail::City => "city".to_owned(),
            Detail::Custom(name) => format!("{CUSTOM}{name}"),
        }
    }
}

impl From<String> for Detail {
    fn from(name: String) -> Self {
        match name.as_str() {
            "title" => Self::Title,
            "cell_phone_prefix" => Self::CellPhonePrefix,
            "cell_phone" => Self::CellPhone,
            "country" => Self::Country,
            "street" => Self::Street,
            "postal_code" => Self::PostalCode,
            "city" => Self::City,
            other => Self::Custom(other.strip_prefix(CUSTOM).unwrap_or(other).to_owned()),
        }
    }
}

/// How an account came to be ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The bridge created it.
    Made,
    /// It was there before, and the tenant's `adopt` policy linked it.
    Adopted,
}

/// An account of ours, as we last knew it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Cloudmore's id.
    pub id: AccountId,
    /// How it came to be ours.
    pub origin: Origin,
    /// The fields as last written or read.
    pub profile: Profile,
    /// The role as last written or read. `None` when it is not known, nor for certain anything else
    /// of the account: an adopted one did not show its role, or the outcome of the last write was
    /// not seen. The next plan then writes, and a write begins with a look.
    pub role: Option<RoleId>,
    /// Its assignments, ours and those found to be foreign.
    pub seats: BTreeMap<SubscriptionRef, KnownSeat>,
    /// How its bearer is kept out, if the account stays although its bearer has left.
    pub locked: Option<Locked>,
}

/// How an account that stays gives no access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lock {
    /// It has this role, which the tenant has chosen for leavers.
    Role(RoleId),
    /// Cloudmore's field of this name is `false`.
    Flag(String),
}

/// An account that is locked, or was to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locked {
    /// How.
    pub lock: Lock,
    /// When it was begun, microseconds since 1970: the grace period runs from here.
    pub since: i64,
    /// Whether it was seen to be so. Until then it is done again.
    pub seen: bool,
    /// A field that an earlier lock may have set to `false`.
    pub earlier: Option<String>,
}

impl Locked {
    /// The field that is, or may be, `false`.
    pub fn flag(&self) -> Option<&String> {
        match &self.lock {
            Lock::Flag(field) => Some(field),
            Lock::Role(_) => self.earlier.as_ref(),
        }
    }
}

/// What a deleted account had, as Cloudmore showed it: for the day its bearer comes back. Opaque here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Keepsake(pub serde_json::Map<String, serde_json::Value>);

/// What is known of a user on Cloudmore's side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// There is no account of ours.
    Nothing,
    /// A create was begun and its outcome is not known: look before anything else.
    Uncertain {
        /// The fields that were sent.
        profile: Profile,
        /// The role that was sent.
        role: RoleId,
        /// Cloudmore has said that it made the account, though not under which id: it is there, even if the list does
        /// not show it yet.
        made: bool,
    },
    /// There is one.
    Account(Account),
}

/// Who made an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SeatOrigin {
    /// The bridge assigned it, and takes it away again.
    Made,
    /// It was there before; the bridge leaves it alone for ever.
    Foreign,
}

/// What is known of one assignment of an account to a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownSeat {
    /// An assign, or taking one of ours away, was begun and its outcome is not known: look before
    /// anything is given.
    Uncertain {
        /// The external user id that the assignment has if it is there.
        external_user_id: Option<String>,
    },
    /// The account is assigned.
    Held {
        /// Who assigned it.
        origin: SeatOrigin,
        /// The external user id as last written; `None` also when it is not known.
        external_user_id: Option<String>,
    },
    /// It was looked for and is not there, so whatever is there later is not by another hand.
    Absent,
    /// Cloudmore refused it (no seats, cancelled subscription); tried again later.
    Refused {
        /// Cloudmore's words.
        reason: String,
    },
}

impl KnownSeat {
    /// The external user id as last written or sent, if any.
    pub fn external_user_id(&self) -> Option<&str> {
        match self {
            Self::Uncertain { external_user_id }
            | Self::Held {
                external_user_id, ..
            } => external_user_id.as_deref(),
            Self::Absent | Self::Refused { .. } => None,
        }
    }
}
