//! The resource types that the server holds.

use super::schema::{self, Schema};
use serde::{Deserialize, Serialize};

static USER_EXTENSIONS: &[&Schema] = &[&schema::ENTERPRISE_USER, &schema::CLOUDMORE_USER];

/// A SCIM resource type (RFC 7643 sections 4.1 and 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ResourceKind {
    /// A person.
    User,
    /// A named set of members.
    Group,
}

impl ResourceKind {
    /// Every resource type, in the order in which discovery lists them.
    pub const ALL: [Self; 2] = [Self::User, Self::Group];

    /// The name in `meta.resourceType`.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// The path segment under the base address.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::User => "Users",
            Self::Group => "Groups",
        }
    }

    /// The schema that every resource of this type has.
    pub fn core(self) -> &'static Schema {
        match self {
            Self::User => &schema::USER,
            Self::Group => &schema::GROUP,
        }
    }

    /// The schemas that a resource of this type may have besides.
    pub fn extensions(self) -> &'static [&'static Schema] {
        match self {
            Self::User => USER_EXTENSIONS,
            Self::Group => &[],
        }
    }
}
