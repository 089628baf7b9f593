//! The circuit breaker as a state machine: whatever calls show, it lets one probe through in time, and never two.

use std::time::Duration;

use proptest::prelude::*;
use scim_bridge::cloudmore::{Attempt, Breaker, Heard, Standing};

const SECOND: i64 = 1_000_000;
const MINUTE: Duration = Duration::from_secs(60);

fn after(now: i64, wait: Duration) -> i64 {
    now + i64::try_from(wait.as_micros()).unwrap()
}

/// Lets calls fail until the circuit opens, and answers for how long it does.
fn opened(breaker: &mut Breaker, now: i64, chance: f64) -> Duration {
    loop {
        match breaker.begin(now) {
            Ok(attempt) => breaker.end(attempt, now, Heard::Outage, chance),
            Err(wait) => return wait,
        }
    }
}

#[test]
fn three_outages_in_a_row_open_it_and_a_probe_that_succeeds_closes_it() {
    let mut breaker = Breaker::default();
    for heard in [
        Heard::Outage,
        Heard::Outage,
        Heard::Fine,
        Heard::Outage,
        Heard::Outage,
    ] {
        let attempt = breaker.begin(0).unwrap();
        breaker.end(attempt, 0, heard, 1.0);
        assert_eq!(breaker.standing(0), Standing::Closed, "{heard:?}");
    }
    let attempt = breaker.begin(0).unwrap();
    breaker.end(attempt, 0, Heard::Outage, 1.0);
    assert_eq!(breaker.begin(0), Err(Duration::from_secs(1)));
    assert_eq!(
        breaker.standing(SECOND - 1),
        Standing::Open(Duration::from_micros(1))
    );
    assert_eq!(breaker.standing(SECOND), Standing::HalfOpen);
    let probe = breaker.begin(SECOND).unwrap();
    assert!(breaker.begin(SECOND).is_err(), "one probe at a time");
    breaker.end(probe, SECOND, Heard::Fine, 1.0);
    assert_eq!(breaker.standing(SECOND), Standing::Closed);
}

#[test]
fn each_probe_that_fails_doubles_the_wait_up_to_a_minute() {
    let (mut breaker, mut now) = (Breaker::default(), 0);
    let mut waits = Vec::new();
    for _ in 0..9 {
        let wait = opened(&mut breaker, now, 1.0);
        waits.push(wait.as_secs());
        now = after(now, wait);
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
}

#[test]
fn what_cloudmore_asks_for_counts_exactly_and_no_earlier_call_ends_it() {
    let mut breaker = Breaker::default();
    let (before, told) = (breaker.begin(0).unwrap(), breaker.begin(0).unwrap());
    let wish = Duration::from_secs(300);
    breaker.end(told, 0, Heard::Throttled(wish), 0.5);
    breaker.end(before, 0, Heard::Fine, 0.5);
    assert_eq!(breaker.standing(0), Standing::Open(wish));
    assert_eq!(breaker.standing(300 * SECOND), Standing::HalfOpen);
}

#[test]
fn a_probe_that_comes_to_nothing_leaves_its_place_to_the_next() {
    let mut breaker = Breaker::default();
    let now = after(0, opened(&mut breaker, 0, 0.5));
    let probe = breaker.begin(now).unwrap();
    breaker.abandon(probe, now);
    assert_eq!(breaker.standing(now), Standing::HalfOpen);
}

/// Something that happens: time passes and a call begins, or one of those under way ends.
#[derive(Clone, Debug)]
enum Event {
    Begin {
        later: u64,
    },
    End {
        which: usize,
        heard: Heard,
        chance: f64,
    },
    Abandon {
        which: usize,
    },
}

fn event() -> impl Strategy<Value = Event> {
    let heard = prop_oneof![
        Just(Heard::Fine),
        Just(Heard::Outage),
        Just(Heard::Broken),
        (0u64..3_600).prop_map(|wait| Heard::Throttled(Duration::from_secs(wait))),
    ];
    prop_oneof![
        3 => (0u64..40_000_000).prop_map(|later| Event::Begin { later }),
        2 => (any::<usize>(), heard, 0.0..1.0f64)
            .prop_map(|(which, heard, chance)| Event::End { which, heard, chance }),
        1 => any::<usize>().prop_map(|which| Event::Abandon { which }),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_one_call_finds_out_in_time(events in proptest::collection::vec(event(), 0..60)) {
        let (mut breaker, mut now) = (Breaker::default(), 0i64);
        let mut under_way: Vec<(Attempt, bool)> = Vec::new();
        let mut longest = MINUTE;
        for event in events {
            match event {
                Event::Begin { later } => {
                    now += i64::try_from(later).unwrap();
                    let probes = breaker.standing(now) == Standing::HalfOpen;
                    if let Ok(attempt) = breaker.begin(now) {
                        under_way.push((attempt, probes));
                    }
                    prop_assert!(!probes || breaker.begin(now).is_err(), "a second probe");
                }
                Event::End { which, heard, chance } if !under_way.is_empty() => {
                    let (attempt, _) = under_way.swap_remove(which % under_way.len());
                    if let Heard::Throttled(wait) = heard {
                        longest = longest.max(wait);
                    }
                    breaker.end(attempt, now, heard, chance);
                }
                Event::Abandon { which } if !under_way.is_empty() => {
                    let (attempt, _) = under_way.swap_remove(which % under_way.len());
                    breaker.abandon(attempt, now);
                }
                Event::End { .. } | Event::Abandon { .. } => {}
            }
            if let Standing::Open(wait) = breaker.standing(now) {
                prop_assert!(wait <= longest, "{wait:?} is longer than anybody asked for");
            }
        }
        for (attempt, _) in under_way {
            breaker.abandon(attempt, now);
        }
        let later = after(now, longest);
        let probe = breaker.begin(later).expect("shut for ever");
        breaker.end(probe, later, Heard::Fine, 0.5);
        prop_assert_eq!(breaker.standing(later), Standing::Closed);
    }

    #[test]
    fn what_one_person_is_to_blame_for_never_opens_it(calls in 0usize..100) {
        let mut breaker = Breaker::default();
        for _ in 0..calls {
            let attempt = breaker.begin(0).unwrap();
            breaker.end(attempt, 0, Heard::Fine, 0.5);
        }
        prop_assert_eq!(breaker.standing(0), Standing::Closed);
    }

    #[test]
    fn a_wait_is_spread_between_a_second_and_all_of_it(rounds in 1usize..12, chance in 0.0..1.0f64) {
        let (mut breaker, mut whole) = (Breaker::default(), Breaker::default());
        let (mut now, mut then) = (0, 0);
        for _ in 0..rounds {
            let (wait, full) = (opened(&mut breaker, now, chance), opened(&mut whole, then, 1.0));
            prop_assert!(Duration::from_secs(1) <= wait && wait <= full && full <= MINUTE);
            (now, then) = (after(now, wait), after(then, full));
        }
    }
}
