//! What a tenant decides about its accounts: the keys of `[[tenant]]` that rules read.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::account_data::AccountData;
use super::entitlement::NoAccount;
use super::guard::Guard;
use super::mapping::{GroupSelector, Mapping, Whom};
use super::model::{Lock, RoleId};

/// Which SCIM attribute becomes the Cloudmore login name. Single sign-on demands that it equals
/// the SAML `mail` attribute (`reference/cloudmore-api.md`, section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountName {
    /// The SCIM `userName`.
    UserName,
    /// The primary e-mail address.
    Email,
}

/// What happens when Cloudmore has an account of the person already that is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adopt {
    /// The user is refused with 409; the account is left alone.
    Refuse,
    /// The account is taken over.
    Link,
    /// The user waits until a person decides about the account.
    Hold,
}

/// What makes an account that exists already that of a new user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdoptBy {
    /// The login name, without regard to case.
    Name,
    /// The login name, or the e-mail address if no other account has it.
    Email,
}

/// What becomes of a leaver's account, after its assignments were taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// It is deleted.
    Delete,
    /// It stays, locked.
    Lock(Lock),
}

/// What becomes of leavers' accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprovision {
    /// When the user is deactivated, or has no role any more.
    pub deactivated: Leaving,
    /// When the user is deleted.
    pub deleted: Leaving,
    /// How long a locked account stays before it is deleted; `None` is for ever.
    pub grace: Option<Duration>,
}

impl Deprovision {
    /// What becomes of the account of a user who should have none for this reason.
    pub fn of(&self, reason: NoAccount) -> &Leaving {
        match reason {
            NoAccount::Deleted => &self.deleted,
            NoAccount::Inactive | NoAccount::NoRole => &self.deactivated,
        }
    }
}

/// What the IdP is told while Cloudmore is slow, down or throttling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnOutage {
    /// Success: the change is durable and the worker goes on with it.
    Queue,
    /// 503 with `Retry-After`: the change is undone, unless it takes access away.
    Fail,
}

/// What the IdP is told when Cloudmore refuses an assignment (no seats, cancelled subscription).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnRefusedAssignment {
    /// Success: the refusal is recorded, shown and tried again later.
    Record,
    /// An error, for changes that concern a single member.
    Fail,
}

/// What a comparison with Cloudmore does about differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReconcileMode {
    /// They are told. Only access that somebody has lost is taken away.
    Report,
    /// They are mended.
    Repair,
}

impl ReconcileMode {
    /// Its name, as it is stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Repair => "repair",
        }
    }

    /// The one of this name; whatever is not known changes nothing.
    pub fn named(name: &str) -> Self {
        match name {
            "repair" => Self::Repair,
            _ => Self::Report,
        }
    }
}

/// When Cloudmore is compared with what users should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reconcile {
    /// How long after the last time; `None` is only when somebody asks for it.
    pub every: Option<Duration>,
    /// What is done about differences.
    pub mode: ReconcileMode,
}

/// The roles of a broker's administrators that can change everything there, other administrators included
/// (`reference/cloudmore-api.md`, section 4.1).
pub const PRIVILEGED: [(RoleId, &str); 2] =
    [(RoleId(1), "Super Admin"), (RoleId(24), "Global Admin")];

/// Everything a tenant decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Source of the login name.
    pub account_name: AccountName,
    /// Where the other fields of an account come from.
    pub account_data: AccountData,
    /// What stands behind the `@` of a login name or address that comes without one.
    pub account_domain: Option<String>,
    /// The domains that account names may have; any if there are none.
    pub allowed_domains: Vec<String>,
    /// The role of users whose groups map to none; without it such users get no account.
    pub default_role: Option<RoleId>,
    /// The names that roles should have; Cloudmore renames roles.
    pub role_names: BTreeMap<RoleId, String>,
    /// Whether [`PRIVILEGED`] roles may be given.
    pub privileged_roles: bool,
    /// Handling of accounts that exist already.
    pub adopt: Adopt,
    /// How such accounts are found.
    pub adopt_by: AdoptBy,
    /// Whether what the IdP says is only kept, and nothing changed in Cloudmore.
    pub observe: bool,
    /// What becomes of leavers' accounts.
    pub deprovision: Deprovision,
    /// How much may be taken before a person is asked.
    pub guard: Guard,
    /// Answer during outages.
    pub on_outage: OnOutage,
    /// Answer to refused assignments.
    pub on_refused_assignment: OnRefusedAssignment,
    /// Comparisons with Cloudmore.
    pub reconcile: Reconcile,
    /// How long a SCIM write waits for Cloudmore.
    pub settle_timeout: Duration,
    /// The mappings, in the order of precedence for the role.
    pub mappings: Vec<Mapping>,
}

/// What holds where a tenant says nothing: nobody gets anything.
impl Default for Policy {
    fn default() -> Self {
        Self {
            account_name: AccountName::UserName,
            account_data: AccountData::default(),
            account_domain: None,
            allowed_domains: Vec::new(),
            default_role: None,
            role_names: BTreeMap::new(),
            privileged_roles: false,
            adopt: Adopt::Refuse,
            adopt_by: AdoptBy::Name,
            observe: false,
            deprovision: Deprovision {
                deactivated: Leaving::Delete,
                deleted: Leaving::Delete,
                grace: None,
            },
            guard: Guard::default(),
            on_outage: OnOutage::Queue,
            on_refused_assignment: OnRefusedAssignment::Record,
            reconcile: Reconcile {
                every: Some(Duration::from_hours(24)),
                mode: ReconcileMode::Report,
            },
            settle_timeout: Duration::from_secs(8),
            mappings: Vec::new(),
        }
    }
}

impl Policy {
    /// Whether an account may have this name.
    pub fn allows_name(&self, name: &str) -> bool {
        let domain = name.rsplit_once('@').map_or("", |(_, domain)| domain);
        let mut allowed = self.allowed_domains.iter();
        self.allowed_domains.is_empty() || allowed.any(|each| each.eq_ignore_ascii_case(domain))
    }

    /// The roles that the tenant can give.
    pub fn roles(&self) -> BTreeSet<RoleId> {
        let mapped = self.mappings.iter().filter_map(|mapping| mapping.role);
        let leavers = [&self.deprovision.deactivated, &self.deprovision.deleted];
        let leavers = leavers.into_iter().filter_map(|leaving| match leaving {
            Leaving::Lock(Lock::Role(role)) => Some(*role),
            Leaving::Lock(Lock::Flag(_)) | Leaving::Delete => None,
        });
        self.default_role
            .into_iter()
            .chain(mapped)
            .chain(leavers)
            .collect()
    }

    /// The groups that mappings are about.
    pub fn selectors(&self) -> impl Iterator<Item = &GroupSelector> {
        self.mappings.iter().filter_map(Mapping::group)
    }

    /// The values of the SCIM attribute `roles` that mappings are about, each once, in the order of the mappings.
    pub fn scim_roles(&self) -> Vec<&str> {
        let mut roles = Vec::new();
        for mapping in &self.mappings {
            if let Whom::Role(role) = &mapping.whom
                && !roles.contains(&role.as_str())
            {
                roles.push(role.as_str());
            }
        }
        roles
    }
}
