//! How often each of many did something. Whoever rests is forgotten, and there is an end to how many are remembered.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::domain::gate::Rate;

/// Most that are remembered at once.
const MOST: usize = 10_000;

/// The debts of many to one rate each.
#[derive(Debug)]
pub(super) struct Rates<K>(Mutex<HashMap<K, i64>>);

impl<K> Default for Rates<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash> Rates<K> {
    /// Counts one more of `key`.
    ///
    /// # Errors
    /// How long it has to wait, if it is too many. Then it is not counted.
    pub(super) fn take(&self, key: &K, rate: Rate, now: i64) -> Result<(), Duration> {
        let mut debts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let debt = debts.get(key).copied().unwrap_or(now);
        let debt = rate.take(debt, now)?;
        if !debts.contains_key(key) {
            make_room(&mut debts, MOST, now, |debt| *debt);
        }
        debts.insert(key.clone(), debt);
        Ok(())
    }
}

/// Forgets those whose time is over, and if that is not enough, the one whose time is over first.
pub(super) fn make_room<K: Clone + Eq + Hash, V>(
    kept: &mut HashMap<K, V>,
    most: usize,
    now: i64,
    until: impl Fn(&V) -> i64,
) {
    if kept.len() < most {
        return;
    }
    kept.retain(|_, value| until(value) > now);
    if kept.len() < most {
        return;
    }
    let first = kept.iter().min_by_key(|(_, value)| until(value));
    if let Some(first) = first.map(|(key, _)| key.clone()) {
        kept.remove(&first);
    }
}
