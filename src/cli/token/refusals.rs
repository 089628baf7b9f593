//! `scim-bridge token refusals`: why somebody was not let in.

use clap::Args;
use serde_json::Value;

use crate::cli::admin::{Admin, list, text};

/// Say who was refused at a tenant's door, why, and what to change about it.
///
/// The latest come first. What is refused for the same reason, from the same address, is one entry with a count. Secrets are not
/// recorded. Tenants that are not there are told of too, since a wrong address is the commonest mistake.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  scim-bridge token refusals\n  scim-bridge token refusals --tenant acme --all --json"
)]
pub(in crate::cli) struct Refusals {
    #[command(flatten)]
    admin: Admin,
    /// The tenant, as addresses name it; all of them if none is named.
    #[arg(long, value_name = "T")]
    tenant: Option<String>,
    /// Also say who was let in.
    #[arg(long)]
    all: bool,
    /// How many entries, at most.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Print JSON: one object with `admissions`.
    #[arg(long)]
    json: bool,
}

impl Refusals {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let (limit, all) = (self.limit.to_string(), self.all.to_string());
        let mut query = vec![("limit", limit.as_str()), ("all", all.as_str())];
        if let Some(tenant) = &self.tenant {
            query.push(("tenant", tenant));
        }
        let told = self.admin.get_with(&["admissions"], &query).await?;
        if self.json {
            println!("{told}");
            return Ok(());
        }
        let admissions = list(&told, "admissions");
        if admissions.is_empty() {
            println!("Nobody was refused.");
        }
        admissions.iter().for_each(print);
        Ok(())
    }
}

fn print(one: &Value) {
    let times = one.get("times").and_then(Value::as_i64).unwrap_or_default();
    let times = match times {
        1 => String::new(),
        times => format!(", {times} times since {}", text(one, "first")),
    };
    let from = match text(one, "address") {
        "" => "several addresses",
        address => address,
    };
    println!(
        "{} {}: {} from {from}{times}",
        text(one, "last"),
        text(one, "tenant"),
        shown(one),
    );
    match one.get("admitted") {
        Some(Value::Bool(true)) => println!("  It was let in."),
        _ => println!(
            "  {}. {}",
            sentence(text(one, "reason")),
            text(one, "advice")
        ),
    }
    if let Some(said) = one.get("said").and_then(Value::as_object) {
        let said = said.iter();
        let said: Vec<_> = said
            .map(|(what, said)| format!("{what} {}", said.as_str().unwrap_or_default()))
            .collect();
        println!("  It says of itself: {}", said.join(", "));
    }
    println!("  Last request: {}", text(one, "request"));
}

fn shown(one: &Value) -> String {
    let kind = match text(one, "kind") {
        "" => "a request",
        "bearer" => "a token",
        "basic" => "a user name with a password",
        "client" => "an OAuth client",
        "jwt" => "a JWT",
        "certificate" => "a client certificate",
        kind => kind,
    };
    match text(one, "label") {
        "" => kind.to_owned(),
        label => format!("{kind} (\"{label}\")"),
    }
}

fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
