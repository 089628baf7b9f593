//! The lists that a run compares with: who is there, and who is assigned. A list that was not read whole, or that lacks so
//! much that it is likely wrong, leaves open what is not in it.

use std::collections::{BTreeSet, HashMap};

use super::super::clock;
use super::{Run, Stopped};
use crate::cloudmore::{FailureKind, Listing, PersonRow, Seat};
use crate::domain::model::{AccountId, SubscriptionRef};
use crate::domain::sighting::Sight;

/// What changed within this time before a list was read may not be in it, because clocks and lists lag.
const RECENT: std::time::Duration = std::time::Duration::from_mins(1);

/// Of so few assignments any number may go at once.
const FEW_SEATS: usize = 4;

/// What was read, and when.
pub(super) struct Lists {
    /// When it was begun, microseconds since 1970.
    pub(super) read_at: i64,
    people: HashMap<String, PersonRow>,
    /// Whether who is not in the list is not there.
    is_complete: bool,
    seats: HashMap<SubscriptionRef, Seats>,
    /// Accounts that are not ours.
    pub(super) foreign: u64,
    /// What leaves something open, in words.
    pub(super) unknown: Vec<String>,
}

/// Who is assigned to a subscription.
struct Seats {
    /// By folded account id, each with the external user id.
    rows: HashMap<String, Option<String>>,
    is_complete: bool,
}

impl Lists {
    /// Reads one list of people, and one list for each subscription that a mapping grants or somebody is known to have.
    pub(super) async fn read(run: &mut Run<'_>) -> Result<Self, Stopped> {
        let (bridge, tenant) = (run.bridge, run.tenant.clone());
        let read_at = bridge.clock.now();
        let mut lists = Self {
            read_at,
            people: by_id(tenant.target.people().await?),
            is_complete: true,
            seats: HashMap::new(),
            foreign: 0,
            unknown: Vec::new(),
        };
        let known = bridge.store.known_accounts(&tenant.id).await?;
        lists.count_foreign(run, &known).await?;
        let settled = known
            .iter()
            .filter(|(_, changed)| !lists.is_recent(**changed));
        let settled: BTreeSet<_> = settled.map(|(id, _)| id.clone()).collect();
        let missing = settled.iter().filter(|id| !lists.people.contains_key(*id));
        let missing = missing.count();
        if 2 * missing > settled.len() && !run.is_insisted_on() {
            lists.is_complete = false;
            lists.unknown.push(format!(
                "Cloudmore's list lacks {missing} of the {} accounts that should be there, which is taken for a wrong \
                 answer. If they are really gone, `scim-bridge reconcile --repair` asks for each of them",
                settled.len()
            ));
        }
        if tenant.target.has_subscriptions() {
            lists.read_seats(run).await?;
        }
        Ok(lists)
    }

    async fn count_foreign(
        &mut self,
        run: &Run<'_>,
        known: &HashMap<String, i64>,
    ) -> Result<(), Stopped> {
        let former = run.bridge.store.former_accounts(&run.tenant.id).await?;
        let people = self.people.iter();
        let foreign = people.filter(|(id, row)| {
            !known.contains_key(*id)
                && !former.contains(*id)
                && !run.tenant.is_api_account(&row.name)
        });
        self.foreign = u64::try_from(foreign.count()).unwrap_or(u64::MAX);
        Ok(())
    }

    async fn read_seats(&mut self, run: &mut Run<'_>) -> Result<(), Stopped> {
        let (bridge, tenant) = (run.bridge, run.tenant.clone());
        let known = bridge.store.known_seats(&tenant.id).await?;
        let mappings = tenant.policy.mappings.iter();
        let mapped: BTreeSet<_> = mappings
            .flat_map(|mapping| &mapping.subscriptions)
            .map(|granted| granted.at.clone())
            .collect();
        let all: BTreeSet<_> = mapped.iter().chain(known.keys()).cloned().collect();
        let nobody = BTreeSet::new();
        for at in all {
            run.keep().await?;
            let held = known.get(&at).unwrap_or(&nobody);
            let listing = match tenant.target.seats(&at).await {
                Ok(listing) => listing,
                Err(failure) if failure.is_outage() => return Err(failure.into()),
                // What nobody has or is to have may be gone altogether.
                Err(failure)
                    if failure.kind == FailureKind::NotFound
                        && held.is_empty()
                        && !mapped.contains(&at) =>
                {
                    continue;
                }
                Err(failure) => {
                    let words = format!("the assignments to {at} could not be read: {failure}");
                    self.unknown.push(words);
                    continue;
                }
            };
            let rows: HashMap<_, _> = listing.into_iter().map(row).collect();
            let missing = held.iter().filter(|id| !rows.contains_key(*id)).count();
            let is_complete =
                held.len() < FEW_SEATS || 2 * missing <= held.len() || run.is_insisted_on();
            if !is_complete {
                self.unknown.push(format!(
                    "Cloudmore's list of {at} lacks {missing} of the {} assignments that should be there, which is \
                     taken for a wrong answer. If they are really gone, `scim-bridge reconcile --repair` makes them again",
                    held.len()
                ));
            }
            self.seats.insert(at, Seats { rows, is_complete });
        }
        Ok(())
    }

    /// Whether the lists may not have it yet.
    pub(super) fn is_recent(&self, changed: i64) -> bool {
        changed > self.read_at.saturating_sub(clock::micros(RECENT))
    }

    /// An account.
    pub(super) fn account(&self, id: &AccountId) -> Sight<&PersonRow> {
        match self.people.get(&id.folded()) {
            Some(row) => Sight::Present(row),
            None if self.is_complete => Sight::Absent,
            None => Sight::Unknown,
        }
    }

    /// The assignments of an account, by subscription, each with the external user id. A list in which nobody has one may
    /// not show any.
    pub(super) fn seats_of(
        &self,
        id: &AccountId,
    ) -> impl Iterator<Item = (SubscriptionRef, Sight<Sight<String>>)> {
        let id = id.folded();
        self.seats.iter().map(move |(at, seats)| {
            let sight = match seats.rows.get(&id) {
                Some(Some(external)) => Sight::Present(Sight::Present(external.clone())),
                Some(None) if seats.rows.values().any(Option::is_some) => {
                    Sight::Present(Sight::Absent)
                }
                Some(None) => Sight::Present(Sight::Unknown),
                None if seats.is_complete => Sight::Absent,
                None => Sight::Unknown,
            };
            (at.clone(), sight)
        })
    }
}

fn by_id(people: Listing<PersonRow>) -> HashMap<String, PersonRow> {
    let people = people.into_iter();
    people.map(|row| (row.id.folded(), row)).collect()
}

fn row(seat: Seat) -> (String, Option<String>) {
    (seat.user.folded(), seat.external_user_id)
}
