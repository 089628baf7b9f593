//! Who has not signed in for a while. A report for people: nothing is decided on it.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt;
use jiff::Timestamp;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::tenant::Tenant;
use super::{Bridge, clock};
use crate::cloudmore::{Failure, PersonRow};
use crate::domain::model::{AccountId, UserId};
use crate::scim::format_instant;
use crate::store::StoreError;

/// When somebody signed in last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LastAccess {
    /// At this time, microseconds since 1970.
    At(i64),
    /// Never, as far as Cloudmore says.
    Never,
    /// Cloudmore says it in a form that is not understood.
    Unclear(String),
}

/// As `lastAccess`, or as `unclear`; not at all if it was never.
impl Serialize for LastAccess {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::At(at) => map.serialize_entry("lastAccess", &format_instant(*at))?,
            Self::Unclear(text) => map.serialize_entry("unclear", text)?,
            Self::Never => {}
        }
        map.end()
    }
}

impl LastAccess {
    /// Reads what Cloudmore says. Its format is not documented: ISO 8601, with or without a zone, which is UTC then
    /// (`reference/cloudmore-api.md`, section 5).
    pub fn read(text: Option<&str>) -> Self {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
            return Self::Never;
        };
        let zoned = text.parse::<Timestamp>();
        let at = zoned.or_else(|_| format!("{text}Z").parse::<Timestamp>());
        at.map_or_else(
            |_| Self::Unclear(text.to_owned()),
            |at| Self::At(at.as_microsecond()),
        )
    }
}

/// A person in Cloudmore who has not signed in for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Inactive {
    /// Cloudmore's id of the account.
    #[serde(rename = "accountId")]
    pub account: AccountId,
    /// Its login name.
    pub name: String,
    /// Its address.
    pub email: String,
    /// When the last sign-in was.
    #[serde(flatten)]
    pub last_access: LastAccess,
    /// The user whose account it is; `None` if it is not the bridge's.
    #[serde(rename = "userId", skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// Its assignments, as far as the bridge knows.
    pub assignments: usize,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Cloudmore could not be read.
    #[error(transparent)]
    Cloudmore(#[from] Failure),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Bridge {
    /// The people of a tenant's target who have not signed in for so long, or never, or of whom it is not clear; the
    /// longest absent first. Reads the list, and those whom the list does not say it of one by one. What is read is
    /// also shown as `lastAccessedDate` of our users from now on.
    ///
    /// # Errors
    /// [`ReportError`] when Cloudmore cannot be read or the store fails.
    pub async fn inactive(
        &self,
        tenant: &Tenant,
        absence: Duration,
    ) -> Result<Vec<Inactive>, ReportError> {
        let people = tenant.target.people().await?.into_vec();
        let people = people
            .into_iter()
            .filter(|person| !tenant.is_api_account(&person.name));
        let reads = people.map(|person| async move {
            let said = last_access(tenant, &person).await?;
            Ok::<_, Failure>((person, said))
        });
        let mut reads = futures_util::stream::iter(reads).buffer_unordered(tenant.concurrency);
        let mut said = Vec::new();
        while let Some(read) = reads.next().await {
            // Who went away meanwhile is no part of the report.
            if let (person, Some(text)) = read? {
                said.push((person, text));
            }
        }
        let owners = self.note_access(tenant, &said).await?;
        let oldest = self.clock.now().saturating_sub(clock::micros(absence));
        let mut inactive = Vec::new();
        for (person, text) in said {
            let last_access = LastAccess::read(text.as_deref());
            if matches!(last_access, LastAccess::At(at) if at > oldest) {
                continue;
            }
            let user = owners.get(&person.id.folded()).cloned();
            let assignments = match &user {
                Some(user) => self.store.assignments(&tenant.id, user).await?,
                None => 0,
            };
            inactive.push(Inactive {
                account: person.id,
                name: person.name,
                email: person.email,
                last_access,
                user,
                assignments,
            });
        }
        inactive.sort_by_cached_key(|each| {
            let at = match each.last_access {
                LastAccess::Never => i64::MIN,
                LastAccess::At(at) => at,
                LastAccess::Unclear(_) => i64::MAX,
            };
            (at, each.name.clone())
        });
        Ok(inactive)
    }

    /// Keeps when people signed in last, and says whose accounts are ours.
    async fn note_access(
        &self,
        tenant: &Tenant,
        said: &[(PersonRow, Option<String>)],
    ) -> Result<HashMap<String, UserId>, StoreError> {
        let seen: Vec<_> = said
            .iter()
            .map(|(person, text)| {
                let at = match LastAccess::read(text.as_deref()) {
                    LastAccess::At(at) => Some(at),
                    LastAccess::Never | LastAccess::Unclear(_) => None,
                };
                (person.id.clone(), at)
            })
            .collect();
        let id = tenant.id.clone();
        let write = self
            .store
            .write(move |tx| Box::pin(async move { tx.note_access(&id, &seen).await }));
        let owners: Result<_, StoreError> = write.await;
        Ok(owners?
            .into_iter()
            .map(|(account, user)| (account.folded(), user))
            .collect())
    }
}

/// What Cloudmore says of a person's last sign-in, in the list or else in the detail. The outer `None`: the person is
/// gone.
async fn last_access(
    tenant: &Tenant,
    person: &PersonRow,
) -> Result<Option<Option<String>>, Failure> {
    if person.last_accessed.is_some() {
        return Ok(Some(person.last_accessed.clone()));
    }
    let detail = tenant.target.person(&person.id).await?;
    Ok(detail.map(|detail| detail.last_accessed))
}
