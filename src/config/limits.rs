//! `[limits]`: how much one request may hold, and one answer.

use std::time::Duration;

use super::reader::At;
use super::values;
use crate::scim::Limits;

const SHORTEST_CURSOR: Duration = Duration::from_secs(60);
const LONGEST_CURSOR: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) fn read(at: &At<'_>) -> Option<Limits> {
    at.table(|limits| {
        let default = Limits::DEFAULT;
        let patch_operations = limits.or("patch_operations", default.patch_operations, |at| {
            at.integer(1..=100_000)
        });
        let bulk_operations = limits.or("bulk_operations", default.bulk_operations, |at| {
            at.integer(1..=10_000)
        });
        let members = limits.or("members", default.members, |at| at.integer(1..=1_000_000));
        let list_elements = limits.or("list_elements", default.list_elements, |at| {
            at.integer(10..=100_000)
        });
        let filter_length = limits.or("filter_length", default.filter_length, |at| {
            at.integer(256..=65_536)
        });
        // Filters are read by recursion, so that depth costs stack.
        let filter_depth = limits.or("filter_depth", default.filter_depth, |at| {
            at.integer(4..=128)
        });
        let page_size = limits.or("page_size", default.page_size, |at| at.integer(1..=10_000));
        let cursor_timeout = limits.or("cursor_timeout", default.cursor_timeout, |at| {
            at.parsed(|text| values::duration(text, &(SHORTEST_CURSOR..=LONGEST_CURSOR)))
        });
        let list_work = limits.or("list_work", default.list_work, |at| {
            at.integer(1_000..=1_000_000_000)
        });
        Some(Limits {
            patch_operations: patch_operations?,
            bulk_operations: bulk_operations?,
            members: members?,
            list_elements: list_elements?,
            filter_length: filter_length?,
            filter_depth: filter_depth?,
            page_size: page_size?,
            cursor_timeout: cursor_timeout?,
            list_work: list_work?,
        })
    })
}
