//! Pages of resources that have to be looked at: the candidates that the keys leave, one by one, within a budget.

use super::super::Bridge;
use super::super::read::{Besides, Stored, links_attribute};
use super::{List, Page, Part, Start};
use crate::scim::{Column, Deviations, Dialect, Key, Position, Quirk, ResourceKind, ScimError};
use crate::store::{Behind, ResourceRecord, UserKey, Walk};

/// Resources that are read at once.
const CHUNK: usize = 200;

/// What a request may still cost, in comparisons.
struct Budget {
    left: u64,
    /// Comparisons for each value.
    terms: u64,
}

/// The places of the resources that a filter selects.
#[derive(Default)]
struct Matches {
    /// With `externalId` compared exactly.
    exact: Vec<Position>,
    /// With `externalId` compared without case, where it is looked up.
    folded: Vec<Position>,
}

impl Part {
    /// The key by which the cache of identities knows a user.
    pub(super) fn identity(&self) -> Option<&Key> {
        let is_identity =
            |key: &&Key| matches!(key, Key::Id(_) | Key::UserName(_) | Key::ExternalId(_));
        let keys = self.selection.keys.iter();
        keys.filter(|_| self.kind == ResourceKind::User)
            .find(is_identity)
    }
}

impl Budget {
    fn spend(&mut self, values: usize) -> Result<(), ScimError> {
        let work = (values as u64).saturating_mul(self.terms);
        self.left = self.left.checked_sub(work).ok_or_else(|| {
            ScimError::too_many(
                "This search would have to look at too many resources for one request. Narrow it down with and: by an eq \
                 on id, userName, externalId, displayName, emails.value, members.value or active, or by a time of \
                 meta.lastModified. Or ask for fewer terms, or sort by id or userName.",
            )
        })?;
        Ok(())
    }
}

impl Matches {
    /// Without an exact hit, a single hit without case is what a client means that changed the case of its matching
    /// attribute (`reference/idp-behaviour.md`, section 8, decision 2).
    fn settle(self, dialect: &Dialect, met: &mut Deviations) -> Vec<Position> {
        let is_one = self.exact.is_empty() && self.folded.len() == 1;
        if is_one && dialect.accepts(Quirk::ExternalIdCase) {
            met.note(Quirk::ExternalIdCase);
            self.folded
        } else {
            self.exact
        }
    }
}

impl Bridge {
    pub(super) async fn page_by_evaluation(
        &self,
        list: &List<'_>,
        start: &Start,
    ) -> Result<Page, ScimError> {
        let mut positions = Vec::new();
        let mut budget = Budget {
            left: list.context.tenant.dialect.limits.list_work,
            terms: list
                .query
                .filter
                .as_ref()
                .map_or(1, |filter| filter.terms()),
        };
        for part in &list.parts {
            positions.extend(self.matches(list, part, &mut budget).await?);
        }
        let is_descending = list.is_descending();
        positions.sort_unstable_by(|one, other| one.compare(other, is_descending));
        Ok(cut(&positions, start, list))
    }

    /// The places of all resources of one type that match.
    async fn matches(
        &self,
        list: &List<'_>,
        part: &Part,
        budget: &mut Budget,
    ) -> Result<Vec<Position>, ScimError> {
        let mut matches = Matches::default();
        match self.known_user(list, part).await? {
            Some(users) => self.sift(list, part, &users, budget, &mut matches).await?,
            None => self.sift_all(list, part, budget, &mut matches).await?,
        }
        let mut met = Deviations::default();
        let positions = matches.settle(&list.context.tenant.dialect, &mut met);
        self.met(list.context, &met);
        Ok(positions)
    }

    /// Keeps the places of all records that match, of those that the keys leave.
    async fn sift_all(
        &self,
        list: &List<'_>,
        part: &Part,
        budget: &mut Budget,
        matches: &mut Matches,
    ) -> Result<(), ScimError> {
        let all = Walk {
            column: Column::Id,
            is_descending: false,
            behind: Behind::Many(0),
            limit: i64::MAX.unsigned_abs(),
        };
        let candidates = self.store.walk(list.shelf(part), all).await?;
        budget.spend(candidates.len())?;
        for chunk in candidates.chunks(CHUNK) {
            let ids: Vec<_> = chunk
                .iter()
                .map(|candidate| candidate.id.as_str())
                .collect();
            let records = self.store.records(list.tenant(), part.kind, &ids).await?;
            self.sift(list, part, &records, budget, matches).await?;
        }
        Ok(())
    }

    /// The user, or none, whom an identity among the keys means; `None` if the keys do not say so exactly. The user is in
    /// memory if it was wanted before: IdPs look for each user by one of these again and again.
    async fn known_user(
        &self,
        list: &List<'_>,
        part: &Part,
    ) -> Result<Option<Vec<ResourceRecord>>, ScimError> {
        let tenant = list.tenant().clone();
        let (key, is_unique) = match part.identity() {
            Some(Key::Id(id)) => (UserKey::Id(tenant, id.clone()), true),
            Some(Key::UserName(name)) => (UserKey::Name(tenant, name.clone()), true),
            Some(Key::ExternalId(id)) => (UserKey::External(tenant, id.clone()), false),
            _ => return Ok(None),
        };
        let user = self.store.user(key).await?;
        let user = user.map(|user| ResourceRecord::from(&*user));
        Ok((is_unique || user.is_some()).then(|| user.into_iter().collect()))
    }

    /// Keeps the places of the records that match.
    async fn sift(
        &self,
        list: &List<'_>,
        part: &Part,
        records: &[ResourceRecord],
        budget: &mut Budget,
        matches: &mut Matches,
    ) -> Result<(), ScimError> {
        let (kind, query) = (part.kind, list.query);
        let links = links_attribute(kind);
        let besides = Besides::compared(kind, query);
        let sorted_by = query.sort.as_ref().map(|sort| sort.values(kind));
        let stored: Vec<_> = records
            .iter()
            .map(|record| Stored::resource(record, list.base))
            .collect();
        let rendered = self.render(kind, list.tenant(), &stored, besides).await?;
        for (record, resource) in records.iter().zip(rendered) {
            if besides.links {
                let links = resource.get(links).and_then(|links| links.as_array());
                budget.spend(links.map_or(0, Vec::len))?;
            }
            let position = || Position {
                value: sorted_by.as_ref().and_then(|value| value(&resource)),
                kind,
                id: record.id.clone(),
            };
            let Some(filter) = &query.filter else {
                matches.exact.push(position());
                continue;
            };
            if part.selection.is_by_external_id() && filter.matches(kind, &resource) {
                matches.folded.push(position());
            }
            if filter.matches_exactly(kind, &resource) {
                matches.exact.push(position());
            }
        }
        Ok(())
    }
}

/// The page of `positions`, which are in order.
fn cut(positions: &[Position], start: &Start, list: &List<'_>) -> Page {
    let size = usize::try_from(list.size).unwrap_or(usize::MAX);
    let is_descending = list.is_descending();
    let (from, to) = match start {
        Start::Offset(offset) => {
            let from = usize::try_from(*offset)
                .unwrap_or(usize::MAX)
                .min(positions.len());
            (from, from.saturating_add(size).min(positions.len()))
        }
        Start::Cursor(cursor) => {
            let compare = |other: &Position| other.compare(&cursor.position, is_descending);
            if cursor.is_backward {
                let to = positions.partition_point(|other| compare(other).is_lt());
                (to.saturating_sub(size), to)
            } else {
                let from = positions.partition_point(|other| compare(other).is_le());
                (from, from.saturating_add(size).min(positions.len()))
            }
        }
    };
    Page {
        positions: positions.get(from..to).unwrap_or_default().to_vec(),
        total: positions.len() as u64,
        is_first: from == 0,
        is_last: to == positions.len(),
    }
}
