//! Looking at one user: what the lists leave open, or where they differ, is read on its own.

use super::lists::Lists;
use super::{Run, Stopped};
use crate::domain::drift::{Difference, Seen, Survivor, compare};
use crate::domain::entitlement::Wanted;
use crate::domain::model::{AccountId, Known, UserId};
use crate::domain::sighting::{Sight, Sighting};
use crate::store::Subject;

/// How a look at a user ended.
pub(super) struct Looked {
    /// The user.
    pub(super) user: UserId,
    /// What was known of the user when it began.
    pub(super) before: Subject,
    /// What came of it; `None`: something is being done for the user, or has just been.
    pub(super) compared: Option<Compared>,
}

/// What a comparison came to.
#[derive(Default)]
pub(super) struct Compared {
    /// Where Cloudmore differs.
    pub(super) differences: Vec<Difference>,
    /// Why something is left open, if it is.
    pub(super) unknown: Option<String>,
}

impl Run<'_> {
    /// Compares a user. Costs a read of the account if the list does not tell enough, or something else than it should.
    pub(super) async fn look(&mut self, lists: &Lists, user: UserId) -> Result<Looked, Stopped> {
        let subject = self.bridge.store.subject(&self.tenant.id, &user).await?;
        let is_recent = subject
            .changed
            .is_some_and(|changed| lists.is_recent(changed));
        let compared = if subject.is_busy || is_recent {
            None
        } else {
            Some(self.compare(lists, &subject).await?)
        };
        Ok(Looked {
            user,
            before: subject,
            compared,
        })
    }

    async fn compare(&mut self, lists: &Lists, subject: &Subject) -> Result<Compared, Stopped> {
        let known = &subject.person.known;
        let wanted = self.bridge.wish(&self.tenant, &subject.person);
        let mut compared = Compared::default();
        let mut seen = Seen {
            account: Sight::Unknown,
            seats: Default::default(),
            taken: subject.taken.clone(),
            survivors: self.survivors(lists, subject, &mut compared).await?,
        };
        if let Known::Account(account) = known {
            seen.seats = lists.seats_of(&account.id).collect();
            seen.account = match lists.account(&account.id) {
                Sight::Unknown => Sight::Unknown,
                Sight::Present(row) if row.sighting.suffices(&wanted, known) => {
                    Sight::Present(row.sighting.clone())
                }
                Sight::Present(_) | Sight::Absent => {
                    self.account(&account.id, &mut compared).await?
                }
            };
        }
        let policy = &self.tenant.policy;
        let differences = compare(&wanted, known, &seen, policy);
        let listed = |sighting: &Sighting| !sighting.whole;
        let by_the_list = matches!(&seen.account, Sight::Present(sighting) if listed(sighting));
        compared.differences = differences;
        if let (Known::Account(account), true, Wanted::Account(_) | Wanted::Locked { .. }) =
            (known, by_the_list && hangs_on_the_row(&compared), &wanted)
        {
            seen.account = self.account(&account.id, &mut compared).await?;
            compared.differences = compare(&wanted, known, &seen, &self.tenant.policy);
        }
        Ok(compared)
    }

    /// The account by a read of its own: the one way in which it is certainly gone.
    async fn account(
        &mut self,
        id: &AccountId,
        compared: &mut Compared,
    ) -> Result<Sight<Sighting>, Stopped> {
        self.keep().await?;
        match self.tenant.target.person(id).await {
            Ok(Some(person)) => Ok(Sight::Present(person.sighting)),
            Ok(None) => Ok(Sight::Absent),
            Err(failure) if failure.is_outage() => Err(failure.into()),
            Err(failure) => {
                compared.unknown = Some(failure.to_string());
                Ok(Sight::Unknown)
            }
        }
    }

    /// The accounts that the user had and that are there again, or still.
    async fn survivors(
        &mut self,
        lists: &Lists,
        subject: &Subject,
        compared: &mut Compared,
    ) -> Result<Vec<Survivor>, Stopped> {
        let mut survivors = Vec::new();
        for (former, taken) in &subject.former {
            let is_listed = matches!(lists.account(&former.id), Sight::Present(_));
            if !is_listed || lists.is_recent(former.since) {
                continue;
            }
            let Sight::Present(sighting) = self.account(&former.id, compared).await? else {
                continue;
            };
            let seats = lists.seats_of(&former.id).filter(|(at, seat)| {
                let is_there = matches!(seat, Sight::Present(_));
                is_there && taken.contains(at)
            });
            survivors.push(Survivor {
                id: former.id.clone(),
                origin: former.origin,
                sighting,
                seats: seats.map(|(at, _)| at).collect(),
            });
        }
        Ok(survivors)
    }
}

/// Whether a difference is one of the account itself, which a list may tell late.
fn hangs_on_the_row(compared: &Compared) -> bool {
    let mut differences = compared.differences.iter();
    differences.any(|difference| match difference {
        Difference::Role { .. }
        | Difference::Field { .. }
        | Difference::Unlocked { .. }
        | Difference::LockedOut { .. } => true,
        Difference::AccountMissing
        | Difference::AccountExtra
        | Difference::AccountBack(_)
        | Difference::AssignmentMissing { .. }
        | Difference::AssignmentExtra { .. }
        | Difference::AssignmentForeign { .. }
        | Difference::ExternalUserId { .. } => false,
    })
}
