//! What Cloudmore offers and who has it, as far as the bridge reads it: roles, organizations, services, subscriptions, seats.

use crate::domain::model::{AccountId, RoleId};

use super::fields::Field;
use super::listing::Row;
use super::record::{Lacks, Record};

/// A role that people of a target can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Cloudmore's id.
    pub id: RoleId,
    /// Its name; Cloudmore renames roles, so configuration goes by id (`reference/cloudmore-api.md`, section 4.1).
    pub name: String,
}

/// A customer of the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Cloudmore's id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A service that an organization has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Cloudmore's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether users are assigned to it; `None` when Cloudmore does not say.
    pub user_assigned: Option<bool>,
    /// Whether one of its subscriptions takes more than one user; `None` when Cloudmore does not say.
    pub allows_multiple_users: Option<bool>,
}

/// An organization's subscription to a service. Cloudmore lists cancelled ones as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Cloudmore's id.
    pub id: String,
    /// Its name, or that of its product; empty if Cloudmore gives none.
    pub name: String,
    /// Seats paid for, when Cloudmore says so.
    pub quantity: Option<i64>,
    /// Whether it is cancelled; `None` when Cloudmore does not say or says it in a word that is not known.
    pub cancelled: Option<bool>,
}

/// An assignment of a user to a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The user who is assigned.
    pub user: AccountId,
    /// The user's id in the service, if one is set.
    pub external_user_id: Option<String>,
}

impl Row for Role {
    const WHAT: &'static str = "role";

    fn read(row: Record<'_>) -> Result<Self, Lacks> {
        Ok(Self {
            id: RoleId(row.integer(Field::Id).ok_or_else(|| row.lacks(Field::Id))?),
            name: row.required_text(Field::Name)?,
        })
    }
}

impl Row for Organization {
    const WHAT: &'static str = "organization";

    fn read(row: Record<'_>) -> Result<Self, Lacks> {
        Ok(Self {
            id: row.required_id(Field::Id)?,
            name: row.required_text(Field::Name)?,
        })
    }
}

impl Row for Service {
    const WHAT: &'static str = "service";

    fn read(row: Record<'_>) -> Result<Self, Lacks> {
        Ok(Self {
            id: row.required_id(Field::Id)?,
            name: row.required_text(Field::Name)?,
            user_assigned: row.flag(Field::UserAssigned),
            allows_multiple_users: row.flag(Field::AllowMultipleUsers),
        })
    }
}

impl Row for Subscription {
    const WHAT: &'static str = "subscription";

    fn read(row: Record<'_>) -> Result<Self, Lacks> {
        let id = row.id(Field::Id).or_else(|| row.id(Field::SubscriptionId));
        let name = row
            .text(Field::Name)
            .or_else(|| row.text(Field::ProductName));
        Ok(Self {
            id: id.ok_or_else(|| row.lacks(Field::Id))?,
            name: name.unwrap_or_default(),
            quantity: row.integer(Field::Quantity),
            cancelled: row
                .text(Field::Status)
                .and_then(|status| cancelled(&status)),
        })
    }
}

impl Row for Seat {
    const WHAT: &'static str = "assignment";

    fn read(row: Record<'_>) -> Result<Self, Lacks> {
        // Not `id` instead: it may be the assignment's own, and a user who is not found by it would seem unassigned.
        Ok(Self {
            user: AccountId::new(row.required_id(Field::UserId)?),
            external_user_id: row.text(Field::ExternalUserId),
        })
    }
}

/// Both spellings of "cancelled" mean yes and "active" means no; other words are not known.
fn cancelled(status: &str) -> Option<bool> {
    let status = status.to_lowercase();
    if status.starts_with("cancel") {
        Some(true)
    } else if status == "active" {
        Some(false)
    } else {
        None
    }
}
