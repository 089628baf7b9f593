//! `[server.connections]`: how many connections there may be, and how long one may take for what.

use std::time::Duration;

use super::reader::At;
use super::values;
use crate::listen::Bounds;

const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_mins(10);

pub(super) fn read(at: &At<'_>) -> Option<Bounds> {
    let duration = |at: &At<'_>| at.parsed(|text| values::duration(text, &(SHORTEST..=LONGEST)));
    at.table(|bounds| {
        let usual = Bounds::default();
        let connections = bounds.or("max", usual.connections, |at| at.integer(1..=1_000_000));
        let per_address = bounds.or("max_per_address", usual.connections_per_address, |at| {
            at.integer(1..=1_000_000)
        });
        let header_timeout = bounds.or("header_timeout", usual.header_timeout, duration);
        let body_timeout = bounds.or("body_timeout", usual.body_timeout, duration);
        let idle_timeout = bounds.or("idle_timeout", usual.idle_timeout, duration);
        let header_bytes = bounds.or("max_header_bytes", usual.header_bytes, |at| {
            at.integer(4096..=256 * 1024)
        });
        let target_bytes = bounds.or("max_target_bytes", usual.target_bytes, |at| {
            at.integer(1024..=60 * 1024)
        });
        Some(Bounds {
            connections: connections?,
            connections_per_address: per_address?,
            header_timeout: header_timeout?,
            body_timeout: body_timeout?,
            idle_timeout: idle_timeout?,
            header_bytes: header_bytes?,
            target_bytes: target_bytes?,
        })
    })
}
