//! When a failed convergence is tried again: the delays as data.

use std::time::Duration;

/// The delay before each further attempt; the last one repeats for ever, so that a leaver is
/// never given up on.
const DELAYS: [Duration; 7] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(60 * 60),
];

/// The longest that somebody who is to lose access waits for the next attempt.
pub const URGENT: Duration = Duration::from_secs(2 * 60);

/// How long a refused assignment waits before it is tried again: an administrator may have
/// bought seats meanwhile.
pub const REFUSED_SEAT_RETRY: Duration = Duration::from_secs(60 * 60);

/// The delay after the given number of failed attempts (1 for the first). Cloudmore's own wish
/// (`Retry-After`) counts when it is longer. `chance` in 0.0..1.0 spreads the retries over the
/// whole delay, so that a recovering Cloudmore is hit by as few of them at once as can be.
pub fn delay(attempts: u32, retry_after: Option<Duration>, chance: f64) -> Duration {
    let last = DELAYS.len().saturating_sub(1);
    let step = usize::try_from(attempts.saturating_sub(1)).map_or(last, |step| step.min(last));
    let full = DELAYS.get(step).copied().unwrap_or_default();
    let spread = full.mul_f64(chance.clamp(0.0, 1.0));
    spread.max(retry_after.unwrap_or_default())
}

/// As [`delay`], for somebody who is to lose access: Cloudmore may be back any minute, and then it
/// must not take an hour.
pub fn urgent_delay(attempts: u32, retry_after: Option<Duration>, chance: f64) -> Duration {
    let patient = delay(attempts, None, chance);
    patient.min(URGENT).max(retry_after.unwrap_or_default())
}
