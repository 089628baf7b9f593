//! `scim-bridge failed` and `scim-bridge replay`: users whose accounts could not be made as wanted.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::admin::{Admin, list, text};

/// Say whose accounts could not be made as wanted, and why.
///
/// Users who keep access that they should not have come first. A user is `failed` if Cloudmore refuses for good: then the
/// bridge waits for a new change, or for `replay`. Otherwise the bridge tries again by itself; taking access away is never
/// given up. The exit code is 1 if there is anybody.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  scim-bridge failed\n  scim-bridge failed acme --json")]
pub(super) struct Failed {
    #[command(flatten)]
    admin: Admin,
    /// The tenant; all of them if none is named.
    tenant: Option<String>,
    /// Print JSON: one object with `tenants`, each with its `users`.
    #[arg(long)]
    json: bool,
}

/// Try users again whose accounts could not be made as wanted, now and as if they had not failed before.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  scim-bridge replay acme ann@acme.example bob@acme.example\n  scim-bridge replay acme --all"
)]
pub(super) struct Replay {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    tenant: String,
    /// The userNames or SCIM ids of the users.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    users: Vec<String>,
    /// Everybody whom `scim-bridge failed` names.
    #[arg(long)]
    all: bool,
    /// Print JSON: one object with the `users` who are tried again.
    #[arg(long)]
    json: bool,
}

impl Failed {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let mut tenants = Vec::new();
        for id in self.tenants().await? {
            let mut failed = self.admin.get(&["tenants", &id, "failed"]).await?;
            if let Some(parts) = failed.as_object_mut() {
                parts.shift_insert(0, "tenant".to_owned(), Value::from(id));
            }
            tenants.push(failed);
        }
        let total: u64 = tenants.iter().map(total).sum();
        if self.json {
            println!("{}", json!({ "tenants": tenants }));
        } else {
            tenants.iter().for_each(print);
            if total == 0 {
                println!("Nobody failed.");
            }
        }
        Ok(match total {
            0 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        })
    }

    async fn tenants(&self) -> anyhow::Result<Vec<String>> {
        if let Some(tenant) = &self.tenant {
            return Ok(vec![tenant.clone()]);
        }
        let all = self.admin.get(&["tenants"]).await?;
        let tenants = list(&all, "tenants").iter();
        Ok(tenants
            .map(|tenant| text(tenant, "tenant").to_owned())
            .collect())
    }
}

impl Replay {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let body = match self.all {
            true => json!({ "all": true }),
            false => json!({ "users": self.users }),
        };
        let path = ["tenants", &self.tenant, "replay"];
        let replayed = self.admin.post(&path, &body).await?;
        if self.json {
            println!("{replayed}");
        } else {
            let again = match list(&replayed, "users").len() {
                1 => "1 user is tried again.".to_owned(),
                count => format!("{count} users are tried again."),
            };
            println!("{again}");
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn total(failed: &Value) -> u64 {
    failed
        .get("total")
        .and_then(Value::as_u64)
        .unwrap_or_default()
}

fn print(failed: &Value) {
    let shown = list(failed, "users");
    if shown.is_empty() {
        return;
    }
    println!("{}:", text(failed, "tenant"));
    for user in shown {
        let name = match text(user, "userName") {
            "" => text(user, "user"),
            name => name,
        };
        let keeps = match user.get("keepsAccess") {
            Some(Value::Bool(true)) => "KEEPS ACCESS, ",
            _ => "",
        };
        let next = match text(user, "next") {
            "" => "waits for a new change or for replay".to_owned(),
            next => format!("is tried again at {next}"),
        };
        let attempts = user
            .get("attempts")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        println!(
            "  {name}: {keeps}since {}, {attempts} attempts, {next}\n    {}",
            text(user, "since"),
            text(user, "reason")
        );
    }
    let more = total(failed).saturating_sub(shown.len() as u64);
    if more > 0 {
        println!("  and {more} more");
    }
}
