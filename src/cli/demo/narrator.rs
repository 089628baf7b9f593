//! Tells the play on standard output.

use std::io::{self, IsTerminal as _, Write as _};

use serde_json::Value;
use uuid::Uuid;

use super::access;
use super::stage::Stage;
use super::tenants::{BROKER, ORGANIZATION};
use crate::sandbox::seed::NORTHWIND;
use crate::sandbox::{Call, World, describe};
use crate::store::AuditRecord;

/// The narrator. Counts the steps.
pub(super) struct Narrator {
    steps: u32,
    colours: bool,
}

impl Narrator {
    /// A narrator before the first step.
    pub(super) fn new() -> Self {
        Self {
            steps: 0,
            colours: io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        }
    }

    /// Says what runs where.
    pub(super) fn introduce(&self, stage: &Stage) {
        say(&self.bold("scim-bridge demo"));
        say("");
        for (what, value) in [
            ("SCIM for Acme's users", stage.scim(ORGANIZATION)),
            ("SCIM for Northwind's administrators", stage.scim(BROKER)),
            ("Console", stage.console()),
            ("Token of all three", stage.token().to_owned()),
            (
                "Simulated Cloudmore",
                format!("{}/sandbox/", stage.sandbox().url()),
            ),
        ] {
            say(&format!("  {what:<36} {value}"));
        }
    }

    /// Says how to go on by hand.
    pub(super) fn invite(&self, stage: &Stage) {
        self.act("It stays up until Ctrl-C. Try it:");
        let (token, scim) = (stage.token(), stage.scim(ORGANIZATION));
        say(&format!(
            "\n  curl -H 'Authorization: Bearer {token}' '{scim}/Users'"
        ));
        say(&format!("  curl '{}/sandbox/calls'", stage.sandbox().url()));
        say(&format!(
            "\n  Open {} and sign in with the token {token}",
            stage.console()
        ));
    }

    /// Says that all went well.
    pub(super) fn finished(&self) {
        let words = format!("All {} steps brought what they must.", self.steps);
        say(&format!("\n{}", self.green(&words)));
    }

    /// Says what went wrong.
    pub(super) fn stopped(&self, error: &anyhow::Error) {
        let words = format!("Step {} did not bring what it must.", self.steps);
        say(&format!("\n{}\n{error:#}", self.red(&words)));
    }

    /// A group of steps begins.
    pub(super) fn act(&self, name: &str) {
        say(&format!("\n{}", self.bold(name)));
    }

    /// A step begins: what happens in the company.
    pub(super) fn step(&mut self, sentence: &str) {
        self.steps += 1;
        say(&format!("\n{:>3}. {}", self.steps, self.bold(sentence)));
    }

    /// A request of an identity provider as it was sent, what it asks to change, and the status
    /// that it was answered with.
    pub(super) fn request(&self, who: &str, line: &str, operations: Option<&Value>, status: u16) {
        self.line(who, &format!("{status}  {}", shorten(line)));
        if let Some(operations) = operations {
            let operations = shorten(&operations.to_string());
            self.line("", &self.dim(&format!("     {operations}")));
        }
    }

    /// The steps that the bridge took, each with its reason.
    pub(super) fn plan(&self, entries: &[AuditRecord], world: &World) {
        let steps: Vec<_> = (entries.iter())
            .filter(|entry| entry.kind == "step")
            .collect();
        if steps.is_empty() {
            self.line("plan", "nothing to do in Cloudmore");
        }
        for entry in steps {
            let step = step_in_words(&entry.detail, world);
            let why = entry.detail.get("why").and_then(Value::as_str);
            let why = why.unwrap_or_default();
            let outcome = match entry.outcome.as_str() {
                "done" => String::new(),
                other => format!(": {other}"),
            };
            self.line("plan", &format!("{step}, because: {why}{outcome}"));
        }
    }

    /// Calls that the simulated Cloudmore got.
    pub(super) fn calls(&self, calls: &[Call]) {
        // What all paths have in common.
        let base = format!("/api/resellers/{NORTHWIND}");
        for call in calls {
            let call = shorten(&describe(call).replace(&base, "…"));
            self.line("Cloudmore", &self.dim(call.trim_start()));
        }
    }

    /// Something to know.
    pub(super) fn note(&self, words: &str) {
        self.line("", words);
    }

    /// What came of a step.
    pub(super) fn result(&self, words: &str) {
        self.line("result", &self.green(words));
    }

    fn line(&self, label: &str, words: &str) {
        say(&format!("     {label:<10} {words}"));
    }

    fn bold(&self, words: &str) -> String {
        self.paint("1", words)
    }

    fn dim(&self, words: &str) -> String {
        self.paint("2", words)
    }

    fn green(&self, words: &str) -> String {
        self.paint("32", words)
    }

    fn red(&self, words: &str) -> String {
        self.paint("31", words)
    }

    /// SGR parameters of ECMA-48, for terminals only.
    fn paint(&self, code: &str, words: &str) -> String {
        if self.colours {
            format!("\u{1b}[{code}m{words}\u{1b}[0m")
        } else {
            words.to_owned()
        }
    }
}

/// Prints a line. That nobody reads any more (`demo | head`) is no reason to stop.
fn say(words: &str) {
    let _ = writeln!(io::stdout(), "{words}");
}

/// A step as the audit keeps it, in words: its kind, whom or what it concerns, the role.
fn step_in_words(detail: &Value, world: &World) -> String {
    let text = |pointer: &str| detail.pointer(pointer).and_then(Value::as_str);
    let mut words = spaced(text("/step/step").unwrap_or_default());
    if let Some(name) = text("/step/profile/name") {
        words = format!("{words} {name}");
    }
    if let Some(role) = detail.pointer("/step/role").and_then(Value::as_i64) {
        words = format!("{words} as {}", access::role(role, world));
    }
    if let Some(id) = text("/step/at/subscription") {
        words = format!("{words} {}", access::subscription(id, world));
    }
    words
}

/// `createAccount` becomes `create account`.
fn spaced(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

/// Shows the last six digits of GUIDs, so that lines stay short; here they are what differs.
fn shorten(text: &str) -> String {
    let of_guid = |letter: char| letter.is_ascii_hexdigit() || letter == '-';
    let mut short = String::new();
    for part in text.split_inclusive(|letter| !of_guid(letter)) {
        let word = part.trim_end_matches(|letter| !of_guid(letter));
        let tail = word.len().checked_sub(6).and_then(|at| word.get(at..));
        match tail {
            Some(tail) if word.len() == 36 && Uuid::try_parse(word).is_ok() => {
                short.push('…');
                short.push_str(tail);
                short.push_str(part.strip_prefix(word).unwrap_or_default());
            }
            Some(_) | None => short.push_str(part),
        }
    }
    short
}
