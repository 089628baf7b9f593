//! Looking who is to lose something, before anything is done: they come before all others.
//!
//! A write that takes access away says so. What other changes come to, such as new mappings, is seen here, by the same
//! plan that is carried out later.

use super::Bridge;
use super::tenant::Tenant;
use super::verdict::takes_away;
use crate::domain::model::UserId;
use crate::domain::plan::plan;
use crate::store::{Person, StoreError};

/// Rows looked at before those found are worked on.
const SLICE: u32 = 256;

impl Bridge {
    /// Looks at rows that are due and at which nobody has looked yet. Returns whether that may change what comes next:
    /// somebody is to lose something, or there are more to look at.
    pub(super) async fn look_who_loses(&self, tenant: &Tenant) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let unseen = self.store.unseen(&tenant.id, now, SLICE).await?;
        if unseen.is_empty() {
            return Ok(false);
        }
        let more = unseen.len() >= usize::try_from(SLICE).unwrap_or(usize::MAX);
        let (mut urgent, mut others) = (Vec::new(), Vec::new());
        for row in unseen {
            let loses = self.loses(tenant, &row.user).await?;
            // Whoever cannot be read is found out about when the turn comes.
            if loses == Some(true) {
                urgent.push(row);
            } else {
                others.push(row);
            }
        }
        let news = more || !urgent.is_empty();
        let id = tenant.id.clone();
        let write = self
            .store
            .write(move |tx| Box::pin(async move { tx.note_seen(&id, &urgent, &others).await }));
        let noted: Result<(), StoreError> = write.await;
        noted?;
        Ok(news)
    }

    /// Whether a user is to lose something that may be there; `None` if what is stored cannot be read.
    pub(super) async fn loses(
        &self,
        tenant: &Tenant,
        user: &UserId,
    ) -> Result<Option<bool>, StoreError> {
        match self.store.person(&tenant.id, user).await {
            Ok(person) => Ok(Some(self.takes_from(tenant, &person))),
            Err(error) if error.is_corrupt() => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn takes_from(&self, tenant: &Tenant, person: &Person) -> bool {
        let wanted = self.wish(tenant, person);
        let steps = plan(&wanted, &person.known);
        !steps.is_empty() && takes_away(&wanted, &steps, &person.known)
    }
}
