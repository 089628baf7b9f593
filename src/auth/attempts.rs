//! Wrong credentials, by the address that they come from.
//!
//! Whoever shows many that could be guesses has to wait, longer each time, and is not listened to meanwhile. Others behind
//! the same address are: a credential that was right from there before is looked at as ever, and so is one that nobody can
//! guess, a token or a password of ours or a JWT. So wrong ones never lock out right ones, which matters because all customers of an IdP come
//! from the same few addresses.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::digest;
use super::rates::{Rates, make_room};
use super::shown::{Shown, bearer};
use crate::domain::gate::Rate;

/// The first wait; each one after it is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_mins(5);
/// When an address that shows nothing wrong any more is forgotten.
const FORGOTTEN: Duration = Duration::from_mins(15);
/// How long a credential counts as right, from where it was. It is looked at all the same.
const RIGHT: Duration = Duration::from_hours(24);
/// Most addresses, and most credentials, that are remembered.
const MOST: usize = 10_000;

/// How much is wrong before somebody has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How many credentials that could be guesses may be wrong, one after the other.
    pub bad_credentials: u32,
    /// How many requests of one address may be refused for want of a right credential, whatever they show.
    pub refusals: Rate,
}

/// What is remembered of wrong credentials, and of right ones. It is this process's own.
#[derive(Debug)]
pub struct Attempts {
    patience: Patience,
    wrong: Mutex<HashMap<IpAddr, Wrong>>,
    refused: Rates<IpAddr>,
    asking: Rates<IpAddr>,
    /// The digests of credentials that were right, from where, and until when they count as such. From elsewhere they may be
    /// guesses that hit.
    right: Mutex<HashMap<(IpAddr, [u8; 32]), i64>>,
}

/// The guesses of one address.
#[derive(Debug)]
struct Wrong {
    count: u32,
    last: i64,
}

impl Attempts {
    /// Nothing is remembered.
    pub fn new(patience: Patience) -> Self {
        Self {
            patience,
            wrong: Mutex::default(),
            refused: Rates::default(),
            asking: Rates::default(),
            right: Mutex::default(),
        }
    }

    /// How long an address has to wait before what it shows is looked at, if it has to. `now` is in microseconds since 1970.
    pub fn wait(&self, from: IpAddr, authorization: Option<&str>, now: i64) -> Option<Duration> {
        authorization.filter(|shown| self.may_be_guess(from, shown, now))?;
        let wrong = lock(&self.wrong);
        self.left(wrong.get(&from)?, now)
    }

    /// Counts an attempt about which somebody else has to be asked, right or wrong.
    ///
    /// # Errors
    /// How long its address has to wait, if these are too many.
    pub fn asks(&self, from: IpAddr, now: i64) -> Result<(), Duration> {
        self.asking.take(&from, self.patience.refusals, now)
    }

    /// Counts a request that was refused for want of a right credential.
    ///
    /// # Errors
    /// How long its address has to wait, if these are too many.
    pub fn refused(
        &self,
        from: IpAddr,
        authorization: Option<&str>,
        now: i64,
    ) -> Result<(), Duration> {
        if authorization.is_some_and(|shown| self.may_be_guess(from, shown, now)) {
            let mut wrong = lock(&self.wrong);
            if !wrong.contains_key(&from) {
                make_room(&mut wrong, MOST, now, |wrong| {
                    wrong.last.saturating_add(micros(FORGOTTEN))
                });
            }
            let wrong = wrong.entry(from).or_insert(Wrong {
                count: 0,
                last: now,
            });
            if now.saturating_sub(wrong.last) >= micros(FORGOTTEN) {
                wrong.count = 0;
            }
            wrong.count = wrong.count.saturating_add(1);
            wrong.last = now;
        }
        self.refused.take(&from, self.patience.refusals, now)
    }

    /// Remembers a credential that was right.
    pub fn was_right(&self, from: IpAddr, authorization: Option<&str>, now: i64) {
        let Some(shown) = authorization.filter(|shown| is_guessable(shown)) else {
            return;
        };
        let shown = (from, digest(bearer(shown)));
        let mut right = lock(&self.right);
        if !right.contains_key(&shown) {
            make_room(&mut right, MOST, now, |until| *until);
        }
        right.insert(shown, now.saturating_add(micros(RIGHT)));
    }

    fn may_be_guess(&self, from: IpAddr, shown: &str, now: i64) -> bool {
        if !is_guessable(shown) {
            return false;
        }
        let right = lock(&self.right);
        let until = right.get(&(from, digest(bearer(shown))));
        until.is_none_or(|until| *until <= now)
    }

    /// What is left of the wait.
    fn left(&self, wrong: &Wrong, now: i64) -> Option<Duration> {
        let over = wrong.count.checked_sub(self.patience.bad_credentials)?;
        let wait = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(over));
        let since = now.saturating_sub(wrong.last);
        let left = micros(wait.min(LONGEST_WAIT)).saturating_sub(since.max(0));
        let left = u64::try_from(left).ok().filter(|left| *left > 0)?;
        Some(Duration::from_micros(left))
    }
}

fn is_guessable(authorization: &str) -> bool {
    !Shown::read(Some(authorization)).is_beyond_guessing()
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
