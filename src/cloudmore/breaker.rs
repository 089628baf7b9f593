//! When a broker's Cloudmore is called at all: a circuit breaker as a state machine, which takes time and chance as
//! arguments.

use std::time::Duration;

/// So many outages in a row open the circuit.
const FAILURES: u32 = 3;

/// How long an open circuit stays so at most, by how often it was opened in a row. The last one repeats, and is short,
/// because a leaver may be waiting.
const DELAYS: [Duration; 7] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(16),
    Duration::from_secs(32),
    Duration::from_secs(60),
];

/// How long it stays open at least, and how long others wait for the outcome of a probe before they ask again.
const MOMENT: Duration = Duration::from_secs(1);

/// The circuit of one broker. Times are microseconds since 1970.
#[derive(Clone, Debug, Default)]
pub struct Breaker {
    state: State,
    /// Outages in a row while it is closed.
    failures: u32,
    /// How often it was opened since it was closed last.
    openings: u32,
    /// Counts the openings for ever: what is heard of a call from before the last one is no news.
    epoch: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Calls go through.
    #[default]
    Closed,
    /// None does before `until`, and then one.
    Open { until: i64 },
    /// That one is under way.
    Probing,
}

/// What may be done at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Calls go through.
    Closed,
    /// One call may find out whether Cloudmore is back.
    HalfOpen,
    /// No call is made for so long.
    Open(Duration),
}

/// A call that was let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    epoch: u64,
    probes: bool,
}

/// What a call has shown of Cloudmore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It answers; also when it refuses what one person's data or ids are to blame for.
    Fine,
    /// It is out.
    Outage,
    /// It is out for certain: it asks to slow down without saying how long, or refuses the API account.
    Broken,
    /// It wants to be left alone for so long.
    Throttled(Duration),
}

impl Breaker {
    /// What may be done now.
    pub fn standing(&self, now: i64) -> Standing {
        match self.state {
            State::Closed => Standing::Closed,
            State::Open { until } if until <= now => Standing::HalfOpen,
            State::Open { until } => Standing::Open(Duration::from_micros(until.abs_diff(now))),
            State::Probing => Standing::Open(MOMENT),
        }
    }

    /// Lets a call through, or says how long none is. Each call that was let through has to be ended or abandoned.
    ///
    /// # Errors
    /// How long no call is made.
    pub fn begin(&mut self, now: i64) -> Result<Attempt, Duration> {
        let probes = match self.standing(now) {
            Standing::Closed => false,
            Standing::HalfOpen => true,
            Standing::Open(wait) => return Err(wait),
        };
        if probes {
            self.state = State::Probing;
        }
        Ok(Attempt {
            epoch: self.epoch,
            probes,
        })
    }

    /// Takes note of what a call has shown. `chance` in 0.0..1.0 spreads the next probes of many bridges.
    pub fn end(&mut self, attempt: Attempt, now: i64, heard: Heard, chance: f64) {
        if let Heard::Throttled(wait) = heard {
            // That counts whenever the call began, but it makes no wait shorter.
            let until = after(now, wait);
            let until = match self.state {
                State::Open { until: already } => already.max(until),
                State::Probing if attempt.epoch != self.epoch => return,
                State::Closed | State::Probing => until,
            };
            return self.open(until);
        }
        if attempt.epoch != self.epoch {
            return;
        }
        match heard {
            Heard::Fine => {
                *self = Self {
                    epoch: self.epoch,
                    ..Self::default()
                }
            }
            Heard::Outage if !attempt.probes && self.failures + 1 < FAILURES => self.failures += 1,
            Heard::Outage | Heard::Broken | Heard::Throttled(_) => {
                let delay = delay(self.openings, chance);
                self.openings = self.openings.saturating_add(1);
                self.open(after(now, delay));
            }
        }
    }

    /// Nothing came of a call, so that another one may probe.
    pub fn abandon(&mut self, attempt: Attempt, now: i64) {
        if attempt.probes && attempt.epoch == self.epoch {
            self.state = State::Open { until: now };
        }
    }

    fn open(&mut self, until: i64) {
        self.state = State::Open { until };
        self.failures = 0;
        self.epoch += 1;
    }
}

fn delay(openings: u32, chance: f64) -> Duration {
    let last = DELAYS.len().saturating_sub(1);
    let step = usize::try_from(openings).map_or(last, |step| step.min(last));
    let full = DELAYS.get(step).copied().unwrap_or(MOMENT);
    full.mul_f64(chance.clamp(0.0, 1.0)).max(MOMENT)
}

fn after(moment: i64, wait: Duration) -> i64 {
    moment.saturating_add(i64::try_from(wait.as_micros()).unwrap_or(i64::MAX))
}
