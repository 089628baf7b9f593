//! Faults as data: which calls go wrong, how often, and how.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The faults in force. Every rule that matches a call may act on it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// The rules, all of them looked at for every call.
    pub rules: Vec<FaultRule>,
    /// Decides which calls a `percent` below 100 hits; the same seed hits the same ones.
    pub seed: u64,
}

impl Faults {
    /// One rule and nothing else.
    pub fn one(rule: FaultRule) -> Self {
        Self {
            rules: vec![rule],
            seed: 0,
        }
    }
}

/// What goes wrong, and with which calls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// Which calls the rule looks at; all when left out.
    #[serde(default)]
    pub matching: Matching,
    /// So many matching calls pass unharmed first.
    #[serde(default)]
    pub skip: u32,
    /// The rule acts at most so many times; `None` is without end.
    #[serde(default)]
    pub times: Option<u32>,
    /// Share of the matching calls that the rule acts on, 0 to 100.
    #[serde(default = "always")]
    pub percent: u8,
    /// What goes wrong.
    pub action: FaultAction,
}

fn always() -> u8 {
    100
}

impl FaultRule {
    /// A rule that acts on every call.
    pub fn new(action: FaultAction) -> Self {
        Self {
            matching: Matching::default(),
            skip: 0,
            times: None,
            percent: always(),
            action,
        }
    }

    /// Only calls with this method, to a path with this piece in it (both without regard to case).
    #[must_use]
    pub fn on(mut self, method: &str, path_contains: &str) -> Self {
        self.matching = Matching {
            method: Some(method.to_owned()),
            path_contains: Some(path_contains.to_owned()),
        };
        self
    }

    /// Only calls to a path with this piece in it, whatever the method.
    #[must_use]
    pub fn on_path(mut self, path_contains: &str) -> Self {
        self.matching.path_contains = Some(path_contains.to_owned());
        self
    }

    /// Lets so many matching calls pass first.
    #[must_use]
    pub fn skip(mut self, calls: u32) -> Self {
        self.skip = calls;
        self
    }

    /// Acts at most so many times.
    #[must_use]
    pub fn times(mut self, calls: u32) -> Self {
        self.times = Some(calls);
        self
    }

    /// Acts on this share of the matching calls.
    #[must_use]
    pub fn percent(mut self, percent: u8) -> Self {
        self.percent = percent;
        self
    }
}

/// Which calls a rule looks at. What is left out matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Matching {
    /// The HTTP method.
    pub method: Option<String>,
    /// A piece of the path (without the query).
    pub path_contains: Option<String>,
}

impl Matching {
    fn covers(&self, method: &str, path: &str) -> bool {
        let path = path.to_ascii_lowercase();
        self.method
            .as_ref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self
                .path_contains
                .as_ref()
                .is_none_or(|piece| path.contains(&piece.to_ascii_lowercase()))
    }
}

/// What goes wrong with a call.
///
/// A call that has begun takes its effect even when the client has stopped waiting, as on a real server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultAction {
    /// The effect, and with it the answer, comes so many milliseconds later.
    LatencyMs(u64),
    /// This status is answered and the call has no effect.
    Status {
        /// The HTTP status.
        code: u16,
        /// Seconds for the `Retry-After` header.
        #[serde(default)]
        retry_after: Option<u64>,
        /// The body; a JSON string is sent as plain text, nothing is sent when left out.
        #[serde(default)]
        body: Option<Value>,
    },
    /// The connection is closed without an answer and the call has no effect.
    DropBeforeEffect,
    /// The call has its effect, then the connection is closed without an answer.
    DropAfterEffect,
    /// All tokens are forgotten and the call is answered with 401.
    ExpireToken,
    /// The call waits before it has an effect, until this rule is no longer among the faults.
    Hold,
    /// The call has its effect and waits before it answers, until this rule is no longer among the faults.
    HoldAfterEffect,
}

/// Counts how often each rule matched and acted.
pub(super) struct FaultEngine {
    faults: Faults,
    counts: Vec<Count>,
}

struct Count {
    matched: u32,
    acted: u32,
    random: u64,
}

impl FaultEngine {
    pub(super) fn new(faults: Faults) -> Self {
        let counts = (1u64..)
            .zip(&faults.rules)
            .map(|(number, _)| Count {
                matched: 0,
                acted: 0,
                random: faults.seed ^ number.wrapping_mul(0xA076_1D64_78BD_642F),
            })
            .collect();
        Self { faults, counts }
    }

    pub(super) fn faults(&self) -> &Faults {
        &self.faults
    }

    pub(super) fn has(&self, rule: &FaultRule) -> bool {
        self.faults.rules.contains(rule)
    }

    /// The rules that act on this call.
    pub(super) fn decide(&mut self, method: &str, path: &str) -> Vec<FaultRule> {
        let mut acting = Vec::new();
        for (rule, count) in self.faults.rules.iter().zip(&mut self.counts) {
            if !rule.matching.covers(method, path) {
                continue;
            }
            count.matched = count.matched.saturating_add(1);
            let passed = count.matched > rule.skip;
            let spent = rule.times.is_some_and(|times| count.acted >= times);
            if passed && !spent && count.draw() < rule.percent {
                count.acted = count.acted.saturating_add(1);
                acting.push(rule.clone());
            }
        }
        acting
    }
}

impl Count {
    /// A number from 0 to 99, by the splitmix64 generator.
    fn draw(&mut self) -> u8 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u8::try_from((mixed ^ (mixed >> 31)) % 100).unwrap_or(0)
    }
}
