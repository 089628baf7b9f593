//! The circuit breaker of one client at work: which calls it lets through, and what it learns from them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::answer::Answer;
use super::breaker::{Attempt, Breaker, Heard, Standing};
use super::client::Clock;
use super::failure::{Failure, FailureKind};

/// What all calls of one client pass.
pub(super) struct Gate {
    state: Mutex<State>,
    now: Clock,
}

#[derive(Default)]
struct State {
    breaker: Breaker,
    /// Why the circuit was opened.
    cause: String,
}

/// A call that passed. If nothing is heard of it, another one may take its place.
pub(super) struct Passed<'g> {
    gate: &'g Gate,
    attempt: Option<Attempt>,
}

impl Gate {
    pub(super) fn new(now: Clock) -> Self {
        Self {
            state: Mutex::default(),
            now,
        }
    }

    /// What may be done now.
    pub(super) fn standing(&self) -> Standing {
        self.state().breaker.standing((self.now)())
    }

    /// Whether it is worth while to wait for a turn.
    ///
    /// # Errors
    /// `CircuitOpen` while no call is made.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let (now, state) = ((self.now)(), self.state());
        match state.breaker.standing(now) {
            Standing::Closed | Standing::HalfOpen => Ok(()),
            Standing::Open(wait) => Err(shut(wait, now, &state.cause)),
        }
    }

    /// Lets a call through that is about to be made.
    ///
    /// # Errors
    /// `CircuitOpen` while no call is made.
    pub(super) fn pass(&self) -> Result<Passed<'_>, Failure> {
        let (now, mut state) = ((self.now)(), self.state());
        match state.breaker.begin(now) {
            Ok(attempt) => Ok(Passed {
                gate: self,
                attempt: Some(attempt),
            }),
            Err(wait) => Err(shut(wait, now, &state.cause)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Passed<'_> {
    /// Takes note of how the call ended.
    pub(super) fn ended(mut self, outcome: &Result<Answer, Failure>) {
        let Some(attempt) = self.attempt.take() else {
            return;
        };
        let failure = match outcome {
            Ok(answer) => answer.body().err(),
            Err(failure) => Some(failure.clone()),
        };
        let (now, mut state) = ((self.gate.now)(), self.gate.state());
        let before = state.breaker.standing(now);
        let chance = f64::from(getrandom::u32().unwrap_or(u32::MAX)) / f64::from(u32::MAX);
        let heard = heard(failure.as_ref());
        state.breaker.end(attempt, now, heard, chance);
        match (before, state.breaker.standing(now), failure) {
            (Standing::Closed, Standing::Open(wait), Some(failure)) => {
                state.cause = failure.to_string();
                tracing::warn!(error = %failure, ?wait, "Cloudmore is called no more for a while");
            }
            (_, Standing::Open(_), Some(failure)) => state.cause = failure.to_string(),
            (Standing::Open(_), Standing::Closed, _) => tracing::info!("Cloudmore is back"),
            _ => {}
        }
    }
}

impl Drop for Passed<'_> {
    fn drop(&mut self) {
        if let Some(attempt) = self.attempt.take() {
            let now = (self.gate.now)();
            self.gate.state().breaker.abandon(attempt, now);
        }
    }
}

fn heard(failure: Option<&Failure>) -> Heard {
    let Some(failure) = failure.filter(|failure| failure.is_outage()) else {
        return Heard::Fine;
    };
    match (failure.retry_after(), failure.kind) {
        (Some(wait), _) => Heard::Throttled(wait),
        (None, FailureKind::Throttled { .. } | FailureKind::Credentials) => Heard::Broken,
        (None, _) => Heard::Outage,
    }
}

fn shut(wait: std::time::Duration, now: i64, cause: &str) -> Failure {
    let again = i64::try_from(wait.as_micros()).map(|wait| now.saturating_add(wait));
    let again = again
        .ok()
        .and_then(|at| Timestamp::from_microsecond(at).ok());
    let again = again.map_or_else(String::new, |at| format!("; it is called again at {at:.0}"));
    let kind = FailureKind::CircuitOpen { retry_after: wait };
    Failure::new(
        kind,
        format!("the last calls failed, so this one was not sent{again}. {cause}"),
    )
}
