//! The report on the first sync, for people.

use serde_json::Value;

use super::called;
use crate::cli::admin::{list, text};

/// What becomes of a user, and how that is told of a number of them and of one.
const OUTCOMES: [(&str, &str, &str); 6] = [
    ("linked", "are linked to an account that is there", "linked"),
    ("created", "get a new account", "created"),
    ("held", "wait for a decision", "held"),
    ("conflict", "are in conflict and get nothing", "conflict"),
    ("without", "should have no account", "without"),
    ("ours", "have an account of the bridge already", "ours"),
];

/// Prints totals first, then each user, then the accounts that nobody manages.
pub(super) fn print(report: &Value) {
    let (unmanaged, api) = (list(report, "unmanaged"), list(report, "apiAccounts"));
    let of = |outcome: &str| {
        let totals = report.get("totals");
        let total = totals.and_then(|totals| totals.get(outcome)?.as_u64());
        total.unwrap_or_default()
    };
    for (outcome, told, _) in OUTCOMES {
        println!("{:>6} users {told}", of(outcome));
    }
    println!(
        "{:>6} accounts belong to nobody in the directory",
        unmanaged.len()
    );
    println!("{:>6} is the account of the bridge itself", api.len());
    for warning in list(report, "warnings") {
        println!("warning: {}", warning.as_str().unwrap_or_default());
    }
    for (outcome, _, word) in OUTCOMES {
        let users = list(report, "users").iter();
        for user in users.filter(|user| text(user, "outcome") == outcome) {
            println!("{word:<9} {}{}", called(user), particulars(user));
            for warning in list(user, "warnings") {
                println!(
                    "          warning: {}",
                    warning.as_str().unwrap_or_default()
                );
            }
        }
    }
    for (word, accounts) in [("unmanaged", unmanaged), ("api", api)] {
        for account in accounts {
            println!("{word:<9} {}", named(account));
        }
    }
}

fn particulars(user: &Value) -> String {
    let mut told = String::new();
    if let Some(account) = user.get("account") {
        told += &format!(" to {}, found by its {}", named(account), text(user, "by"));
    }
    if let Some(role) = user.get("role") {
        told += &format!(", role {role}");
        if let Some(now) = user.get("roleNow").filter(|now| *now != role) {
            told += &format!(" (now {now})");
        }
    }
    for at in list(user, "subscriptions") {
        told += &format!(", {}/{}", text(at, "service"), text(at, "subscription"));
    }
    match text(user, "reason") {
        "" => told,
        reason => told + ": " + reason,
    }
}

fn named(account: &Value) -> String {
    format!(
        "{} (e-mail {}, id {})",
        text(account, "name"),
        text(account, "email"),
        text(account, "id")
    )
}
