//! The guard: how many users may lose something before a person is asked, and whose removals always wait.
//!
//! A removal is a user from whom a plan takes something. Up to the limits it goes through; beyond them it waits until a
//! person releases or rejects it, and what the same plan gives is given all the same.

mod case;
mod shield;

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use case::Case;
pub use shield::Shield;

use super::mapping::GroupSelector;
use super::model::{RoleId, SubscriptionRef};

/// What a tenant lets through, and whom it protects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The time within which users are counted.
    pub window: Duration,
    /// How many users may lose something in it.
    pub max_removals: u32,
    /// As a part of the accounts that there were at its beginning, if that is more.
    pub max_removals_percent: u32,
    /// The userNames, folded, of those from whom nothing is taken without a person.
    pub protected_users: BTreeSet<String>,
    /// The groups whose mappings give what is not taken without a person.
    pub protected_groups: Vec<GroupSelector>,
    /// The roles from whose bearers nothing is taken without a person.
    pub protected_roles: BTreeSet<RoleId>,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            window: Duration::from_hours(1),
            max_removals: 25,
            max_removals_percent: 10,
            protected_users: BTreeSet::new(),
            protected_groups: Vec::new(),
            protected_roles: BTreeSet::new(),
        }
    }
}

/// Something that a plan takes from a user.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Taken {
    /// The account is deleted, or gives no access any more.
    Account,
    /// A role that is protected or privileged is replaced by another.
    Role,
    /// The assignment to a subscription.
    Assignment(SubscriptionRef),
}

/// All that a plan takes.
pub type Takes = BTreeSet<Taken>;

/// Why a removal waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// As many as may have lost something within the window.
    Count,
    /// The user is protected.
    User,
    /// A protected group gave what would be taken.
    Group,
    /// The account has a protected role.
    Role,
}

impl Reason {
    /// In words that end a sentence about the guard.
    pub fn words(self, guard: &Guard) -> String {
        match self {
            Self::Count => format!(
                "more than {} users, or {} % of all, would have lost something within {}",
                guard.max_removals,
                guard.max_removals_percent,
                span(guard.window)
            ),
            Self::User => "the user is protected".to_owned(),
            Self::Group => "a protected group gave what would be taken".to_owned(),
            Self::Role => "the account has a protected role".to_owned(),
        }
    }
}

fn span(window: Duration) -> String {
    match window.as_secs() {
        secs if secs % 3600 == 0 => format!("{} h", secs / 3600),
        secs if secs % 60 == 0 => format!("{} min", secs / 60),
        secs => format!("{secs} s"),
    }
}

/// How far a removal is that waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Nobody has decided.
    Waiting,
    /// A person wants it; it is done as soon as the user's turn comes.
    Released,
    /// A person does not want it; the user keeps what would be taken until the directory says something else.
    Rejected,
}

/// A removal that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// How far it is.
    pub stage: Stage,
    /// Why it waits.
    pub reason: Reason,
    /// What would be taken.
    pub takes: Takes,
    /// Stands for what the directory said of the user.
    pub wish: String,
}

/// What the guard remembers of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// What the work under way was let take.
    pub taking: Takes,
    /// The removal that waits.
    pub held: Option<Hold>,
    /// What the user has that is protected.
    pub shield: Shield,
}

/// How much was let through within the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The accounts at the beginning of the window: those that give access now, and those that were taken in it.
    pub accounts: u64,
    /// The users who lost something, but for those whom a person released.
    pub counted: u64,
}

impl Guard {
    /// How many users may lose something within the window.
    pub fn allowed(&self, accounts: u64) -> u64 {
        let part = accounts.saturating_mul(u64::from(self.max_removals_percent)) / 100;
        part.max(u64::from(self.max_removals))
    }
}

/// What the guard says of a removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It began before and is ended.
    Continues,
    /// The user was counted within the window already.
    CountedAlready,
    /// It takes a place in the window.
    Counted,
    /// A person released it.
    Released,
    /// It waits as it did.
    Waits,
    /// It waits from now on.
    Held(Reason),
}

/// A removal before the guard.
#[derive(Clone, Copy, Debug)]
pub struct Removal<'r> {
    /// What would be taken; not empty.
    pub takes: &'r Takes,
    /// Why a person has to be asked, however few have lost something.
    pub protected: Option<Reason>,
    /// Stands for what the directory says of the user.
    pub wish: &'r str,
    /// Whether the user was counted within the window.
    pub counted: bool,
}

/// Decides about a removal by what is remembered of the user and what was let through within the window.
pub fn decide(removal: Removal<'_>, record: &Record, guard: &Guard, tally: Tally) -> Verdict {
    let Removal { takes, .. } = removal;
    if takes.is_subset(&record.taking) {
        return Verdict::Continues;
    }
    match &record.held {
        Some(hold) if hold.stage == Stage::Released => return Verdict::Released,
        Some(hold) if hold.stage == Stage::Waiting => return Verdict::Waits,
        // What was rejected is asked again only if it is another removal.
        Some(hold) if hold.wish == removal.wish && takes.is_subset(&hold.takes) => {
            return Verdict::Waits;
        }
        Some(hold) => return Verdict::Held(removal.protected.unwrap_or(hold.reason)),
        None => {}
    }
    match removal.protected {
        Some(reason) => Verdict::Held(reason),
        None if removal.counted => Verdict::CountedAlready,
        None if tally.counted < guard.allowed(tally.accounts) => Verdict::Counted,
        None => Verdict::Held(Reason::Count),
    }
}
