//! The record of decisions: what an administrator reads to learn why somebody was refused. Requests never wait for it; it is
//! gathered in memory and written every few seconds, so that a flood of wrong tokens is no flood of writes.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::attempt::{Attempt, Denied, Known};
use super::refusal::Refusal;
use super::{Doors, TOKEN_PREFIX};
use crate::store::{Admission, Store, StoreError};

/// How long decisions are gathered before they are written.
const GATHERED: Duration = Duration::from_secs(3);

/// Most different decisions that wait to be written with all that is known of them; those beyond are counted without their
/// address, and without the name of a tenant that is not there.
const WAITING: usize = 500;

/// Longest text that is kept of what a caller made up, in characters.
const LONGEST: usize = 200;

/// Longest name of a tenant that there could be.
const LONGEST_NAME: usize = 64;

/// Why somebody was refused who named a tenant that is not there, whatever was shown.
const NO_TENANT: (&str, &str) = (
    "there is no tenant of this name",
    "Enter the tenant URL that ends in /scim/, the name of the tenant, and /v2. `scim-bridge tenant list` says which there are.",
);

pub(super) struct Record {
    store: Arc<Store>,
    waiting: Mutex<HashMap<String, Admission>>,
    /// Held while writing, so that whoever reads has what was decided before.
    writing: tokio::sync::Mutex<()>,
}

impl Doors {
    /// Writes the record down every few seconds, until it is told to stop.
    pub async fn keep_record(self: Arc<Self>, stop: CancellationToken) {
        let mut clock = tokio::time::interval(GATHERED);
        clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while stop.run_until_cancelled(clock.tick()).await.is_some() {
            self.write_record().await;
        }
    }

    /// Writes down what was decided since the last time.
    pub async fn write_record(&self) {
        self.record.write((self.now)()).await;
    }

    /// What was decided, the latest first: about one tenant or all, refusals alone or also who was let in.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn decisions(
        &self,
        tenant: Option<&str>,
        refusals_alone: bool,
        limit: u32,
    ) -> Result<Vec<Admission>, StoreError> {
        self.write_record().await;
        self.store.admissions(tenant, refusals_alone, limit).await
    }

    /// Records that somebody was not heard because of the wrong credentials that had come from the same address.
    pub fn unheard(&self, attempt: &Attempt<'_>) {
        let denied = Denied::from(Refusal::Unheard);
        self.record_refusal(attempt, &denied, (self.now)());
    }

    pub(super) fn record_refusal(&self, attempt: &Attempt<'_>, denied: &Denied, now: i64) {
        let is_there = self.current().contains_key(attempt.tenant);
        let refusal = &denied.refusal;
        let (reason, advice) = match refusal.retry_after() {
            None if !is_there => (NO_TENANT.0.to_owned(), NO_TENANT.1),
            None | Some(_) => (refusal.to_string(), refusal.advice()),
        };
        let kind = denied
            .known
            .as_ref()
            .map_or(denied.kind, |known| known.kind);
        let said = denied.said.iter();
        self.record.note(Admission {
            known: is_there,
            reason,
            advice: advice.to_owned(),
            kind: kind.to_owned(),
            said: said
                .map(|(what, said)| ((*what).to_owned(), legible(said)))
                .collect(),
            ..admission(attempt, denied.known.as_deref(), now)
        });
    }

    pub(super) fn record_admission(&self, attempt: &Attempt<'_>, known: &Known, now: i64) {
        self.record.note(Admission {
            admitted: true,
            ..admission(attempt, Some(known), now)
        });
    }
}

impl Record {
    pub(super) fn new(store: Arc<Store>) -> Self {
        Self {
            store,
            waiting: Mutex::default(),
            writing: tokio::sync::Mutex::default(),
        }
    }

    fn note(&self, mut one: Admission) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = one.key();
        if waiting.len() >= WAITING && !waiting.contains_key(&key) {
            one.address.clear();
            if !one.known {
                one.tenant.clear();
            }
            key = one.key();
        }
        match waiting.entry(key) {
            Entry::Occupied(mut before) => before.get_mut().add(one),
            Entry::Vacant(place) => {
                place.insert(one);
            }
        }
    }

    async fn write(&self, now: i64) {
        let _writing = self.writing.lock().await;
        let gathered: Vec<_> = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *waiting).into_values().collect()
        };
        if gathered.is_empty() {
            return;
        }
        let gathered: Arc<[Admission]> = gathered.into();
        let written = Arc::clone(&gathered);
        let write = self
            .store
            .write(move |tx| Box::pin(async move { tx.add_admissions(&written, now).await }));
        let written: Result<(), StoreError> = write.await;
        if let Err(error) = written {
            warn!(error = %error, "Who was refused and who was let in cannot be recorded yet");
            gathered.iter().cloned().for_each(|one| self.note(one));
        }
    }
}

fn admission(attempt: &Attempt<'_>, known: Option<&Known>, now: i64) -> Admission {
    let text = |text: fn(&Known) -> &str| known.map(text).unwrap_or_default().to_owned();
    Admission {
        tenant: tenant(attempt.tenant.as_str()),
        known: true,
        admitted: false,
        reason: String::new(),
        advice: String::new(),
        kind: text(|known| known.kind),
        credential: text(|known| &known.id),
        label: text(|known| &known.label),
        address: attempt.address.to_string(),
        said: std::collections::BTreeMap::new(),
        request: attempt.request.to_owned(),
        first_at: now,
        last_at: now,
        times: 1,
    }
}

/// The tenant's name as it stands in the address, unless it could be a secret that somebody entered in the wrong place.
fn tenant(name: &str) -> String {
    let is_long = name.chars().count() > LONGEST_NAME;
    if is_long || name.contains(TOKEN_PREFIX) || name.starts_with("eyJ") {
        return "(no name of a tenant)".to_owned();
    }
    legible(name)
}

/// What a caller made up, for a terminal and a database.
fn legible(text: &str) -> String {
    let shown = text.chars().take(LONGEST);
    let shown = shown.map(|letter| match letter.is_control() {
        true => char::REPLACEMENT_CHARACTER,
        false => letter,
    });
    shown.collect()
}
