//! The report of `drift` and `reconcile`, for people.

use std::process::ExitCode;

use serde_json::Value;

use super::super::admin::{list, text};

/// Prints the whole report.
pub(in crate::cli) fn print(told: &Value) {
    for entry in list(told, "differences") {
        println!("{}", line(entry));
    }
    if let Some(run) = told.get("running").filter(|run| run.is_object()) {
        println!("{}", under_way(run));
    }
    match told.get("lastRun").filter(|run| run.is_object()) {
        Some(run) => print_last(told, run),
        None => {
            println!("Cloudmore was not compared yet. scim-bridge reconcile asks for it.");
        }
    }
    let next = text(told, "nextRun");
    if !next.is_empty() {
        println!("Compared next at {next}.");
    }
}

/// 1 if something differs, or could not be compared.
pub(in crate::cli) fn verdict(told: &Value) -> ExitCode {
    let is_open = told.get("open").and_then(Value::as_u64).unwrap_or_default() > 0;
    let last = told.get("lastRun").unwrap_or(&Value::Null);
    if is_open || !list(last, "unknown").is_empty() {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// How far a run has come.
pub(in crate::cli) fn under_way(run: &Value) -> String {
    let so_far = match text(run, "started") {
        "" => "A comparison waits for its turn.".to_owned(),
        since => format!(
            "A comparison is under way since {since}: {} of {} users.",
            number(run, "done"),
            number(run, "total")
        ),
    };
    match text(run, "waits") {
        "" => so_far,
        why => format!("{so_far} It waits, and goes on by itself: {why}"),
    }
}

fn print_last(told: &Value, run: &Value) {
    for unknown in list(run, "unknown").iter().filter_map(Value::as_str) {
        println!("Not compared: {unknown}.");
    }
    println!(
        "Compared {} users at {}: {} differences, {} users marked to be mended, {} not compared because of pending work, \
         {} accounts by other hands.",
        number(run, "done"),
        text(run, "finished"),
        number(told, "open"),
        number(run, "marked"),
        number(run, "pending"),
        number(run, "foreignAccounts")
    );
    match number(run, "lostRevocations") {
        0 => {}
        lost => println!("{lost} users had access that they had lost; it is taken away again."),
    }
}

fn line(entry: &Value) -> String {
    let name = match text(entry, "userName") {
        "" => text(entry, "user"),
        name => name,
    };
    let state = match text(entry, "state") {
        "repairing" => " (being mended)",
        "repaired" => " (mended)",
        "leftAlone" => " (by another hand, left alone)",
        _ => "",
    };
    format!("{name}  {}{state}", what(entry))
}

fn what(entry: &Value) -> String {
    let place = text(entry, "place");
    let values = || {
        let shown = |key| match entry.get(key) {
            None | Some(Value::Null) => "none".to_owned(),
            Some(Value::String(text)) => format!("\"{text}\""),
            Some(other) => other.to_string(),
        };
        format!("is {}, should be {}", shown("is"), shown("should"))
    };
    match text(entry, "kind") {
        "accountMissing" => "has no account".to_owned(),
        "accountExtra" => "has an account and should have none".to_owned(),
        "accountBack" => format!(
            "the deleted account \"{}\" ({place}) is there again",
            text(entry, "name")
        ),
        "role" => format!("the role {}", values()),
        "profile" => format!("the field {place} {}", values()),
        "unlocked" => format!("should be kept out by {place}, and is not"),
        "lockedOut" => format!("is kept out by {place}, and should not be"),
        "assignmentMissing" => match text(entry, "refused") {
            "" => format!("is not assigned to {place}"),
            words => format!("is not assigned to {place}, because Cloudmore refuses it: {words}"),
        },
        "assignmentExtra" => format!("is assigned to {place} and should not be"),
        "assignmentForeign" => format!("is assigned to {place}"),
        "externalUserId" => format!("the external user id at {place} {}", values()),
        "unknown" => format!("could not be compared: {}", text(entry, "why")),
        other => format!("{other} {place}"),
    }
}

fn number(value: &Value, key: &str) -> u64 {
    value.get(key).and_then(Value::as_u64).unwrap_or_default()
}
