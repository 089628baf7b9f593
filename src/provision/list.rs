//! SCIM lists (RFC 7644 sections 3.4.2 and 3.4.3): one way from a query to a page, for every resource type.
//!
//! Where keys and an order of the store say all, it answers by index (`indexed`), at a cost that does not grow with the
//! place of the page. Otherwise the candidates that the keys leave are evaluated (`evaluated`), within a budget; of them only
//! the places are kept, and the page alone is rendered for the client.

mod cursors;
mod evaluated;
mod indexed;

use std::collections::HashMap;

use serde_json::Value;

use super::read::{Besides, Stored};
use super::{Bridge, Context};
use crate::domain::model::TenantId;
use crate::scim::{
    Cursor, ListQuery, Paging, Position, Reading, ResourceKind, ScimError, Selection,
    cursor_response, list_response,
};
use crate::store::Shelf;

/// A list that was asked for.
struct List<'a> {
    context: &'a Context,
    base: &'a str,
    query: &'a ListQuery,
    /// The resource types in it that can have matches, in the order of types.
    parts: Vec<Part>,
    /// Resources on a page.
    size: u64,
}

/// The resources of one type in a list.
struct Part {
    kind: ResourceKind,
    selection: Selection,
}

/// Where a page begins.
enum Start {
    /// Behind so many resources.
    Offset(u64),
    /// At a cursor.
    Cursor(Cursor),
}

/// The places of a page, out of how many, and whether there are more at its ends.
struct Page {
    positions: Vec<Position>,
    total: u64,
    is_first: bool,
    is_last: bool,
}

impl Bridge {
    /// The resources of these types that match the query. `base` is the tenant's SCIM base address.
    ///
    /// # Errors
    /// 400 for a filter or sort that cannot be evaluated, for a cursor that does not count, and `tooMany` for a search
    /// that would take too much work: never a part of the answer.
    pub async fn list(
        &self,
        context: &Context,
        base: &str,
        kinds: &[ResourceKind],
        query: &ListQuery,
    ) -> Result<Value, ScimError> {
        let list = self.read(context, |reading| {
            List::new(context, base, kinds, query, reading)
        })?;
        let text = match &query.paging {
            Paging::Index(from) => {
                let page = self.page(&list, &Start::Offset(from - 1)).await?;
                let resources = self.show_page(&list, &page.positions).await?;
                return Ok(list_response(resources, page.total, *from));
            }
            Paging::Cursor(text) => text,
        };
        let seal = self.cursor_seal(context, kinds, query).await?;
        let start = if text.is_empty() {
            Start::Offset(0)
        } else {
            Start::Cursor(seal.open(text)?)
        };
        let mut page = self.page(&list, &start).await?;
        if page.positions.is_empty()
            && matches!(&start, Start::Cursor(cursor) if cursor.is_backward)
        {
            // What was before is gone: the list begins here.
            page = self.page(&list, &Start::Offset(0)).await?;
        }
        let resources = self.show_page(&list, &page.positions).await?;
        let next = page.positions.last().filter(|_| !page.is_last);
        let next = next.map(|last| seal.seal(last, false));
        let previous = page.positions.first().filter(|_| !page.is_first);
        let previous = previous.map(|first| seal.seal(first, true));
        Ok(cursor_response(resources, page.total, next, previous))
    }

    async fn page(&self, list: &List<'_>, start: &Start) -> Result<Page, ScimError> {
        match list.order() {
            Some(order) => self.page_by_index(list, order, start).await,
            None => self.page_by_evaluation(list, start).await,
        }
    }

    /// The resources at these places as the client wants to see them. Those that are gone meanwhile are left out.
    async fn show_page(
        &self,
        list: &List<'_>,
        positions: &[Position],
    ) -> Result<Vec<Value>, ScimError> {
        let mut shown = HashMap::new();
        for Part { kind, .. } in &list.parts {
            let kind = *kind;
            let ids = positions.iter().filter(|position| position.kind == kind);
            let ids: Vec<_> = ids.map(|position| position.id.as_str()).collect();
            if ids.is_empty() {
                continue;
            }
            let records = self.store.records(list.tenant(), kind, &ids).await?;
            let stored: Vec<_> = records
                .iter()
                .map(|record| Stored::resource(record, list.base))
                .collect();
            let view = list.query.projection.of(kind);
            let besides = Besides::shown(kind, &view);
            let rendered = self.render(kind, list.tenant(), &stored, besides).await?;
            for (record, resource) in records.iter().zip(rendered) {
                shown.insert((kind, record.id.clone()), view.apply(resource));
            }
        }
        let place = |position: &Position| shown.remove(&(position.kind, position.id.clone()));
        Ok(positions.iter().filter_map(place).collect())
    }
}

impl<'a> List<'a> {
    fn new(
        context: &'a Context,
        base: &'a str,
        kinds: &[ResourceKind],
        query: &'a ListQuery,
        reading: &mut Reading<'_>,
    ) -> Result<Self, ScimError> {
        if let Some(sort) = &query.sort {
            sort.check(reading)?;
        }
        let mut parts = Vec::new();
        for kind in kinds {
            let selection = match &query.filter {
                Some(filter) => {
                    filter.check(*kind, reading)?;
                    filter.selection(*kind)
                }
                None => Some(Selection::ALL),
            };
            let kind = *kind;
            parts.extend(selection.map(|selection| Part { kind, selection }));
        }
        let limits = &context.tenant.dialect.limits;
        let wanted = query.count.unwrap_or_else(|| limits.usual_page());
        Ok(Self {
            context,
            base,
            query,
            parts,
            size: wanted.min(limits.page_size),
        })
    }

    fn tenant(&self) -> &'a TenantId {
        &self.context.tenant.id
    }

    fn is_descending(&self) -> bool {
        self.query
            .sort
            .as_ref()
            .is_some_and(|sort| sort.is_descending())
    }

    fn shelf<'s>(&'s self, part: &'s Part) -> Shelf<'s> {
        Shelf {
            tenant: self.tenant(),
            kind: part.kind,
            keys: &part.selection.keys,
        }
    }
}
