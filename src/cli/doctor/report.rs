//! What the doctor tells: line by line for people, one object as JSON.

use std::time::Duration;

use reqwest::Url;
use serde_json::{Value, json};

use super::check::{Check, Fault};
use super::entries::Entries;
use super::known::Known;

/// What came of a check.
pub(super) enum Outcome {
    /// As it must be.
    Well,
    /// Not as it must be.
    Problem {
        /// The request, as it was made.
        request: String,
        /// What is wrong with the answer.
        fault: Fault,
    },
    /// Not tried, and why.
    NotTried(&'static str),
}

/// A report in the making.
pub(super) struct Report {
    base: Url,
    json: bool,
    section: &'static str,
    checks: Vec<Value>,
    well: usize,
    problems: usize,
    interrupted: bool,
}

impl Report {
    /// An empty report about the server at `base`.
    pub(super) fn new(base: &Url, json: bool) -> Self {
        let report = Self {
            base: base.clone(),
            json,
            section: "",
            checks: Vec::new(),
            well: 0,
            problems: 0,
            interrupted: false,
        };
        report.say(&format!("Doctor at {base}"));
        report
    }

    /// A subject begins.
    pub(super) fn section(&mut self, title: &'static str) {
        self.section = title;
        self.say(&format!("\n{title}"));
    }

    /// A check ended.
    pub(super) fn check(&mut self, check: &Check, outcome: Outcome) {
        let mut told = json!({"subject": self.section, "check": check.name});
        let name = check.name;
        let more = match outcome {
            Outcome::Well => {
                self.well += 1;
                self.say(&format!("  ok         {name}"));
                json!({"result": "ok"})
            }
            Outcome::NotTried(why) => {
                self.say(&format!("  not tried  {name}: {why}"));
                json!({"result": "not tried", "why": why})
            }
            Outcome::Problem { request, fault } => {
                self.problems += 1;
                let Fault { expected, found } = fault;
                self.say(&format!("  problem    {name}"));
                self.say(&format!("               request   {request}"));
                self.say(&format!("               expected  {expected}"));
                self.say(&format!("               found     {found}"));
                self.say(&format!("               change    {}", check.advice));
                json!({
                    "result": "problem",
                    "request": request,
                    "expected": expected,
                    "found": found,
                    "change": check.advice,
                })
            }
        };
        if let (Some(told), Value::Object(more)) = (told.as_object_mut(), more) {
            told.extend(more);
        }
        self.checks.push(told);
    }

    /// The operator ended the run before its end.
    pub(super) fn interrupted(&mut self) {
        self.interrupted = true;
    }

    /// The end: the counts, what is left behind, what to enter. Returns whether all is well.
    pub(super) fn end(self, left: &[String], slowest: Duration, known: &Known) -> bool {
        let well = self.problems == 0 && left.is_empty() && !self.interrupted;
        let entries = Entries::new(&self.base, known);
        if self.json {
            let told = json!({
                "url": self.base.as_str(),
                "ok": well,
                "interrupted": self.interrupted,
                "checks": self.checks,
                "leftBehind": left,
                "slowestAnswerMilliseconds": u64::try_from(slowest.as_millis()).unwrap_or(u64::MAX),
                "enter": entries.json(),
            });
            println!("{told}");
            return well;
        }
        if self.interrupted {
            self.say("\nThe run was ended early.");
        }
        self.say(&format!(
            "\n{} checks: {} ok, {} with problems, {} not tried. The slowest answer took {} ms.",
            self.checks.len(),
            self.well,
            self.problems,
            self.checks.len() - self.well - self.problems,
            slowest.as_millis(),
        ));
        if left.is_empty() {
            self.say("Nothing of the test data is left behind.");
        }
        for path in left {
            self.say(&format!(
                "Left behind: {path} could not be removed. Remove it by hand."
            ));
        }
        self.say(&entries.text());
        well
    }

    fn say(&self, line: &str) {
        if !self.json {
            println!("{line}");
        }
    }
}
