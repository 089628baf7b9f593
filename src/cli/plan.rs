//! `scim-bridge plan`: what the bridge is going to do, without doing it.

mod first_sync;

use std::process::ExitCode;

use clap::Args;
use serde_json::Value;

use super::admin::{Admin, list, text};

/// Say what a running bridge is going to do, without doing it.
///
/// With --first-sync it compares every user of the directory with every account in Cloudmore: who is linked to which
/// account, who gets a new one, who waits for a decision, who is in conflict and why, and which accounts nobody manages.
/// Let the tenant only observe (observe = true) to look at this before the first sync. The exit code is 1 if somebody is in conflict.
///
/// Without it, it lists the steps planned for every user whose account differs from what is wanted, by what the bridge knows.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  scim-bridge plan --tenant acme --first-sync")]
pub(super) struct Plan {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    #[arg(long, value_name = "T")]
    tenant: String,
    /// Compare everybody in the directory with everybody in Cloudmore.
    #[arg(long)]
    first_sync: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Plan {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let what = if self.first_sync {
            "first-sync"
        } else {
            "plan"
        };
        let told = self.admin.get(&["tenants", &self.tenant, what]).await?;
        if self.json {
            println!("{told}");
        } else if self.first_sync {
            first_sync::print(&told);
        } else {
            print(&told);
        }
        let conflicts = told.pointer("/totals/conflict").and_then(Value::as_u64);
        Ok(match conflicts {
            None | Some(0) => ExitCode::SUCCESS,
            Some(_) => ExitCode::FAILURE,
        })
    }
}

fn print(plan: &Value) {
    let users = list(plan, "users");
    if plan.get("observes") == Some(&Value::Bool(true)) {
        println!("The tenant only observes: none of this is done until observe = false.");
    }
    if users.is_empty() {
        println!("Nothing to do.");
    }
    for user in users {
        println!("{}", called(user));
        for step in list(user, "steps") {
            println!("  {}", told(step));
        }
    }
}

/// A user's name, or the id of one who is deleted already.
fn called(user: &Value) -> &str {
    match text(user, "userName") {
        "" => text(user, "id"),
        name => name,
    }
}

fn told(step: &Value) -> String {
    let at = step
        .get("at")
        .map(|at| format!(" {}/{}", text(at, "service"), text(at, "subscription")));
    let role = step.get("role").map(|role| format!(" with role {role}"));
    let because = match text(step, "why") {
        "" => String::new(),
        why => format!(", because: {why}"),
    };
    let held = match text(step, "held") {
        "" => String::new(),
        words => format!(". Not yet: {words}"),
    };
    let what = match text(step, "step") {
        "findAccount" => "look for the account that was to be made",
        "createAccount" => "create the account",
        "updateAccount" => "update the account",
        "lockAccount" => "lock the account",
        "removeAccount" => "delete the account",
        "findSeat" => "look for the assignment to",
        "assign" => "assign to",
        "unassign" => "take away the assignment to",
        "forgetSeat" => "leave alone the assignment to",
        "setExternalUserId" => "change the external user id at",
        other => other,
    };
    format!(
        "{what}{}{}{because}{held}",
        at.unwrap_or_default(),
        role.unwrap_or_default()
    )
}
