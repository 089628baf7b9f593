//! Mappings: members of this group, or bearers of this SCIM role, get this Cloudmore role and these subscriptions.

use std::collections::HashMap;

use super::model::{GroupId, RoleId, SubscriptionRef};

/// How a mapping names its group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GroupSelector {
    /// By `displayName`, without regard to case.
    DisplayName(String),
    /// By `externalId`, exactly.
    ExternalId(String),
}

impl GroupSelector {
    /// The form under which the store remembers what the selector is bound to.
    pub fn key(&self) -> String {
        match self {
            Self::DisplayName(name) => format!("name:{}", crate::scim::fold(name)),
            Self::ExternalId(id) => format!("externalId:{id}"),
        }
    }

    /// Whether a group that bears these names is the one meant.
    pub fn selects(&self, display_name: &str, external_id: Option<&str>) -> bool {
        match self {
            Self::DisplayName(name) => crate::scim::fold(name) == crate::scim::fold(display_name),
            Self::ExternalId(id) => external_id == Some(id),
        }
    }
}

impl std::fmt::Display for GroupSelector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::DisplayName(name) => write!(f, "group \"{name}\""),
            Self::ExternalId(id) => write!(f, "group with externalId \"{id}\""),
        }
    }
}

/// Whom a mapping is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Whom {
    /// The members of a group.
    Group(GroupSelector),
    /// The users whose SCIM attribute `roles` has this value, without regard to case: an app role of Entra
    /// (RFC 7643 section 4.1.2).
    Role(String),
}

impl std::fmt::Display for Whom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Group(group) => write!(f, "member of {group}"),
            Self::Role(role) => write!(f, "bearer of the role \"{role}\""),
        }
    }
}

/// What becomes the external user id of an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExternalUserId {
    /// None is sent.
    None,
    /// The SCIM `userName`.
    UserName,
    /// The primary e-mail address.
    Email,
    /// The SCIM `externalId`.
    ExternalId,
    /// The SCIM `id`.
    Id,
}

/// A subscription that a mapping grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedSubscription {
    /// The subscription.
    pub at: SubscriptionRef,
    /// The source of the external user id.
    pub external_user_id: ExternalUserId,
}

/// A rule: whoever it is about gets the role and the subscriptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Whom it is about.
    pub whom: Whom,
    /// The role, if the mapping grants one.
    pub role: Option<RoleId>,
    /// The subscriptions.
    pub subscriptions: Vec<MappedSubscription>,
}

impl Mapping {
    /// The group that it is about, if it is about a group.
    pub fn group(&self) -> Option<&GroupSelector> {
        match &self.whom {
            Whom::Group(group) => Some(group),
            Whom::Role(_) => None,
        }
    }
}

/// Which group each selector is bound to. A selector binds to the first group that bears the
/// name and stays with it: group owners can rename groups in an IdP, and must not be able to
/// grant themselves anything by it (design, section 7).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings(HashMap<String, GroupId>);

impl Bindings {
    /// The group that a selector is bound to.
    pub fn group(&self, selector: &GroupSelector) -> Option<&GroupId> {
        self.0.get(&selector.key())
    }
}

impl FromIterator<(String, GroupId)> for Bindings {
    fn from_iter<I: IntoIterator<Item = (String, GroupId)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}
