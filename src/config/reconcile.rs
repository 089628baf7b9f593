//! `[tenant.reconcile]`: when Cloudmore is compared with what users should have, and what is done about differences.

use std::time::Duration;

use crate::domain::policy::{Policy, Reconcile, ReconcileMode};

use super::reader::At;
use super::values;

const SHORTEST: Duration = Duration::from_hours(1);
const LONGEST: Duration = Duration::from_hours(24 * 366);

pub(super) fn read(at: &At<'_>) -> Option<Reconcile> {
    let usual = Policy::default().reconcile;
    at.table(|reconcile| {
        let every = reconcile.or("every", usual.every, |at| at.parsed(every));
        let mode = reconcile.or("mode", usual.mode, |at| {
            at.choice(&[
                ("report", ReconcileMode::Report),
                ("repair", ReconcileMode::Repair),
            ])
        });
        Some(Reconcile {
            every: every?,
            mode: mode?,
        })
    })
}

fn every(text: &str) -> Result<Option<Duration>, String> {
    if text == "never" {
        return Ok(None);
    }
    let every = values::duration(text, &(SHORTEST..=LONGEST)).map(Some);
    every.map_err(|says| format!("{says}, or \"never\""))
}
