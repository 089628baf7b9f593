//! `scim-bridge inactive`: who has not signed in to Cloudmore for a while.

use std::process::ExitCode;

use clap::Args;
use serde_json::Value;

use super::admin::{Admin, list, text};

/// Say who has not signed in to Cloudmore for a while, or never; the longest absent first.
///
/// It includes accounts that the bridge does not manage. People whose last sign-in Cloudmore tells in a form that is not
/// understood come last. Nothing is changed.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  scim-bridge inactive --tenant acme --days 90 --csv > inactive.csv"
)]
pub(super) struct InactiveCommand {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    #[arg(long, value_name = "T")]
    tenant: String,
    /// How many days without a sign-in.
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: u32,
    /// Print CSV with a line of headings.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print JSON: one object with `days` and `people`.
    #[arg(long)]
    json: bool,
}

const HEADINGS: [&str; 7] = [
    "name",
    "email",
    "lastAccess",
    "managed",
    "assignments",
    "userId",
    "accountId",
];

impl InactiveCommand {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let days = self.days.to_string();
        let query = [("days", days.as_str())];
        let path = ["tenants", &self.tenant, "inactive"];
        let told = self.admin.get_with(&path, &query).await?;
        let people = list(&told, "people");
        if self.json {
            println!("{told}");
        } else if self.csv {
            println!("{}", HEADINGS.join(","));
            people.iter().for_each(|person| println!("{}", row(person)));
        } else if people.is_empty() {
            println!("Everybody signed in within {days} days.");
        } else {
            people
                .iter()
                .for_each(|person| println!("{}", line(person)));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn line(person: &Value) -> String {
    let seen = match (text(person, "lastAccess"), text(person, "unclear")) {
        ("", "") => "never signed in".to_owned(),
        ("", unclear) => format!("signed in last: \"{unclear}\", which is not understood"),
        (at, _) => format!("signed in last {at}"),
    };
    let whose = match text(person, "userId") {
        "" => "not managed by the bridge".to_owned(),
        _ => format!("{} assignments", assignments(person)),
    };
    format!("{}  {seen}; {whose}", text(person, "name"))
}

fn row(person: &Value) -> String {
    let user = text(person, "userId");
    let seen = match text(person, "lastAccess") {
        "" => text(person, "unclear"),
        at => at,
    };
    let managed = if user.is_empty() { "no" } else { "yes" };
    let cells = [
        text(person, "name").to_owned(),
        text(person, "email").to_owned(),
        seen.to_owned(),
        managed.to_owned(),
        assignments(person).to_string(),
        user.to_owned(),
        text(person, "accountId").to_owned(),
    ];
    cells.map(|cell| quoted(&cell)).join(",")
}

fn assignments(person: &Value) -> u64 {
    let assignments = person.get("assignments").and_then(Value::as_u64);
    assignments.unwrap_or_default()
}

/// A cell as RFC 4180 has it. A text that a spreadsheet would take for a formula is kept from being one.
fn quoted(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{guard}{}\"", text.replace('"', "\"\""));
    }
    format!("{guard}{text}")
}
