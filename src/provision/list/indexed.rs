//! Pages that the store's indexes answer: nothing is read but the page.

use super::super::Bridge;
use super::{List, Page, Part, Start};
use crate::scim::{Column, Position, ScimError};
use crate::store::{Behind, Walk};

/// An order that the store can walk in.
#[derive(Clone, Copy)]
pub(super) struct Order {
    column: Column,
    is_descending: bool,
}

impl List<'_> {
    /// The order in which the store can answer by itself; `None` if resources have to be looked at.
    ///
    /// Without a sort the types follow each other, each in the order of ids, which is that of making.
    pub(super) fn order(&self) -> Option<Order> {
        let by_index = |part: &Part| part.selection.is_exact && part.identity().is_none();
        if !self.parts.iter().all(by_index) {
            return None;
        }
        let column = match (&self.query.sort, self.parts.as_slice()) {
            (None, _) => Column::Id,
            (Some(sort), [part]) => sort.column(part.kind)?,
            // Types would have to be merged.
            (Some(_), _) => return None,
        };
        Some(Order {
            column,
            is_descending: self.is_descending(),
        })
    }
}

impl Bridge {
    pub(super) async fn page_by_index(
        &self,
        list: &List<'_>,
        order: Order,
        start: &Start,
    ) -> Result<Page, ScimError> {
        let mut counts = Vec::with_capacity(list.parts.len());
        for part in &list.parts {
            counts.push(self.store.count(list.shelf(part)).await?);
        }
        let total = counts.iter().sum();
        let (behind, is_backward) = match start {
            Start::Offset(offset) => (Behind::Many(*offset), false),
            Start::Cursor(cursor) => (Behind::Place(&cursor.position), cursor.is_backward),
        };
        // One more than wanted shows whether there is more.
        let mut positions = self
            .walk(list, order, &counts, behind, is_backward, list.size + 1)
            .await?;
        let is_end = positions.len() as u64 <= list.size;
        positions.truncate(usize::try_from(list.size).unwrap_or(usize::MAX));
        let is_beginning = match (start, positions.first()) {
            (Start::Offset(offset), _) => *offset == 0,
            (Start::Cursor(_), None) => true,
            (Start::Cursor(_), Some(first)) => self
                .walk(list, order, &counts, Behind::Place(first), !is_backward, 1)
                .await?
                .is_empty(),
        };
        let (is_first, is_last) = if is_backward {
            positions.reverse();
            (is_end, is_beginning)
        } else {
            (is_beginning, is_end)
        };
        Ok(Page {
            positions,
            total,
            is_first,
            is_last,
        })
    }

    /// Walks through the types of the list, one after the other. `counts` has the size of each.
    async fn walk(
        &self,
        list: &List<'_>,
        order: Order,
        counts: &[u64],
        mut behind: Behind<'_>,
        is_backward: bool,
        limit: u64,
    ) -> Result<Vec<Position>, ScimError> {
        let mut parts: Vec<_> = list.parts.iter().zip(counts).collect();
        if is_backward {
            parts.reverse();
        }
        let mut found = Vec::new();
        if let Behind::Place(position) = behind {
            // The types before that of the position are behind us.
            let begun = parts
                .iter()
                .position(|(part, _)| part.kind == position.kind);
            parts.drain(..begun.unwrap_or(parts.len()));
        }
        for (part, count) in parts {
            let here = match behind {
                Behind::Many(offset) => {
                    behind = Behind::Many(offset.saturating_sub(*count));
                    Behind::Many(offset.min(*count))
                }
                Behind::Place(_) => std::mem::replace(&mut behind, Behind::Many(0)),
            };
            let walk = Walk {
                column: order.column,
                is_descending: order.is_descending != is_backward,
                behind: here,
                limit: limit.saturating_sub(found.len() as u64),
            };
            if walk.limit == 0 {
                break;
            }
            found.extend(self.store.walk(list.shelf(part), walk).await?);
        }
        Ok(found)
    }
}
