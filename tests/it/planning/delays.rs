//! When a failed attempt is repeated.

use std::time::Duration;

use proptest::prelude::*;
use scim_bridge::domain::schedule::{delay, urgent_delay};

use super::config;

const HOUR: Duration = Duration::from_secs(60 * 60);

#[test]
fn the_first_attempts_are_close_and_the_last_delay_repeats_for_ever() {
    let longest = |attempts| delay(attempts, None, 1.0);
    assert_eq!(longest(1), Duration::from_secs(1));
    assert_eq!(longest(2), Duration::from_secs(5));
    for attempts in [7, 8, 1000, u32::MAX] {
        assert_eq!(longest(attempts), HOUR);
    }
}

#[test]
fn who_is_to_lose_access_never_waits_longer_than_two_minutes() {
    let longest = |attempts| urgent_delay(attempts, None, 1.0);
    assert_eq!(longest(1), Duration::from_secs(1));
    assert_eq!(longest(1000), Duration::from_secs(120));
    assert_eq!(urgent_delay(1, Some(HOUR), 0.0), HOUR);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn chance_spreads_a_delay_evenly_from_nothing_to_all_of_it(attempts: u32, chance in 0.0..1.0f64) {
        let full = delay(attempts, None, 1.0);
        let spread = delay(attempts, None, chance);
        prop_assert_eq!(delay(attempts, None, 0.0), Duration::ZERO);
        prop_assert!(spread.abs_diff(full.mul_f64(chance)) < Duration::from_micros(1));
        prop_assert!(spread <= HOUR);
    }

    #[test]
    fn delays_never_become_shorter(attempts in 1u32..50, chance in 0.0..1.0f64) {
        prop_assert!(delay(attempts, None, chance) <= delay(attempts + 1, None, chance));
    }

    #[test]
    fn cloudmores_own_wish_counts_when_it_is_longer(
        attempts: u32,
        chance in 0.0..1.0f64,
        seconds in 0u64..100_000,
    ) {
        let wish = Duration::from_secs(seconds);
        let own = delay(attempts, None, chance);
        prop_assert_eq!(delay(attempts, Some(wish), chance), own.max(wish));
    }
}
