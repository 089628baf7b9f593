//! Removals that the guard holds: who waits, and what an operator decides.

use clap::Args;
use serde_json::{Value, json};

use super::super::admin::{Admin, list, text};

/// Let removals be done that the guard holds: those of the users named, or as many as --count says, the longest waiting
/// first. What is taken from each is planned afresh. Who has come back meanwhile loses nothing; of a number, the next in
/// turn is released instead.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  scim-bridge held release --tenant acme --count 10\n  scim-bridge held release --tenant acme ann@acme.example bob@acme.example"
)]
pub(in crate::cli) struct Release {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    #[arg(long, value_name = "T")]
    tenant: String,
    /// How many to release, the longest waiting first.
    #[arg(
        long,
        value_name = "N",
        conflicts_with = "users",
        required_unless_present = "users"
    )]
    count: Option<u32>,
    /// The userNames or SCIM ids of the users.
    #[arg(value_name = "USER")]
    users: Vec<String>,
    /// Print JSON: one object with `removals`.
    #[arg(long)]
    json: bool,
}

/// Leave users what the guard holds: they keep it until the directory changes something about them.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  scim-bridge held reject --tenant acme ann@acme.example")]
pub(in crate::cli) struct Reject {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    #[arg(long, value_name = "T")]
    tenant: String,
    /// The userNames or SCIM ids of the users.
    #[arg(value_name = "USER", required = true)]
    users: Vec<String>,
    /// Print JSON: one object with `removals`.
    #[arg(long)]
    json: bool,
}

impl Release {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let body = match self.count {
            Some(count) => json!({ "count": count }),
            None => json!({ "users": self.users }),
        };
        let path = ["tenants", &self.tenant, "removals", "release"];
        let decided = self.admin.post(&path, &body).await?;
        tell(&decided, self.json, "is released");
        Ok(())
    }
}

impl Reject {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let body = json!({ "users": self.users });
        let path = ["tenants", &self.tenant, "removals", "reject"];
        let decided = self.admin.post(&path, &body).await?;
        tell(&decided, self.json, "is rejected");
        Ok(())
    }
}

fn tell(decided: &Value, json: bool, what: &str) {
    if json {
        println!("{decided}");
        return;
    }
    let removals = list(decided, "removals");
    for removal in removals {
        println!("{} {what}: {}", text(removal, "userName"), takes(removal));
    }
    if removals.is_empty() {
        println!("Nothing waits that could be decided about.");
    }
}

/// Prints the removals that wait, and how much the guard has let through.
pub(super) fn print(held: &Value) {
    let removals = list(held, "removals");
    for removal in removals {
        let by = text(removal, "decidedBy");
        let state = match text(removal, "stage") {
            "released" => format!("released by {by}, about to be done"),
            "rejected" => format!("rejected by {by}"),
            _ => format!("waits, because {}", because(text(removal, "reason"))),
        };
        println!(
            "{} since {}: {}; {state}",
            text(removal, "userName"),
            text(removal, "since"),
            takes(removal)
        );
    }
    let number = |key: &str| {
        held.pointer(&format!("/guard/{key}"))
            .and_then(Value::as_u64)
    };
    if !removals.is_empty()
        && let (Some(counted), Some(allowed)) = (number("counted"), number("allowed"))
        && let Some(seconds) = number("windowSeconds")
    {
        println!(
            "Within the last {} minutes {counted} of {allowed} users have lost something without being asked for.",
            seconds / 60
        );
    }
}

fn because(reason: &str) -> &'static str {
    match reason {
        "user" => "the user is protected",
        "group" => "a protected group gave it",
        "role" => "the account has a protected role",
        _ => "many lose something at once",
    }
}

/// What would be taken, in words.
fn takes(removal: &Value) -> String {
    let taken = list(removal, "takes").iter();
    let taken = taken.map(|taken| match (taken.as_str(), taken.get("assignment")) {
        (Some("account"), _) => "the account".to_owned(),
        (Some("role"), _) => "the role".to_owned(),
        (_, Some(at)) => format!(
            "the assignment to {}/{}",
            text(at, "service"),
            text(at, "subscription")
        ),
        (_, None) => taken.to_string(),
    });
    let taken: Vec<_> = taken.collect();
    format!("loses {}", taken.join(", "))
}
