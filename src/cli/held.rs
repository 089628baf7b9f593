//! `scim-bridge held`: users who wait until somebody decides: whether an account in Cloudmore is theirs, or whether
//! something is to be taken from them.

mod removals;

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::admin::{Admin, list, text};
use removals::{Reject, Release};

/// Users who wait until somebody decides: whether an account in Cloudmore is theirs, or whether something is taken from them.
///
/// With adopt = "hold" a new user for whom an account is there already gets nothing until then: `link` or `refuse`. If many
/// users lose something at once, or a protected one does, the guard lets them keep it until then: `release` or `reject`.
#[derive(Debug, Subcommand)]
pub(super) enum Held {
    List(All),
    Link(One),
    Refuse(One),
    Release(Release),
    Reject(Reject),
}

/// Say who waits, since when, and for what: an account, or the guard.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  scim-bridge held list --tenant acme")]
pub(super) struct All {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    #[arg(long, value_name = "T")]
    tenant: String,
    /// Print JSON: one object with `users`, who wait for an account, `removals` and `guard`.
    #[arg(long)]
    json: bool,
}

/// Decide about the account that a user waits for: `link` takes it over with everything that it has, `refuse` leaves it alone
/// and refuses the user. The decision is about this account alone.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  scim-bridge held link --tenant acme ann@acme.example\n  scim-bridge held refuse --tenant acme bob@acme.example"
)]
pub(super) struct One {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    #[arg(long, value_name = "T")]
    tenant: String,
    /// The userName or the SCIM id of the user.
    user: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Held {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::List(all) => all.run().await?,
            Self::Link(one) => one.run("link").await?,
            Self::Refuse(one) => one.run("refuse").await?,
            Self::Release(release) => release.run().await?,
            Self::Reject(reject) => reject.run().await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl All {
    async fn run(self) -> anyhow::Result<()> {
        let held = self.admin.get(&["tenants", &self.tenant, "held"]).await?;
        if self.json {
            println!("{held}");
            return Ok(());
        }
        let users = list(&held, "users");
        if users.is_empty() && list(&held, "removals").is_empty() {
            println!("Nobody waits.");
        }
        for user in users {
            println!(
                "{} waits since {} for {}",
                text(user, "userName"),
                text(user, "since"),
                account(user)
            );
        }
        removals::print(&held);
        Ok(())
    }
}

impl One {
    /// The decision is sent with the account that is shown, so that it cannot be about another one.
    async fn run(self, decision: &str) -> anyhow::Result<()> {
        let path = ["tenants", &self.tenant, "held"];
        let held = self.admin.get(&path).await?;
        let is_it = |user: &&Value| {
            text(user, "user") == self.user
                || text(user, "userName").to_lowercase() == self.user.to_lowercase()
        };
        let Some(user) = list(&held, "users").iter().find(is_it) else {
            bail!(
                "\"{}\" does not wait: scim-bridge held list says who does",
                self.user
            );
        };
        let id = user
            .get("account")
            .map_or("", |account| text(account, "id"));
        let body = json!({ "decision": decision, "account": id });
        let path = ["tenants", &self.tenant, "held", text(user, "user")];
        let decided = self.admin.post(&path, &body).await?;
        if self.json {
            println!("{decided}");
            return Ok(());
        }
        let what = match decision {
            "link" => "gets",
            _ => "does not get",
        };
        println!("{} {what} {}.", text(user, "userName"), account(user));
        Ok(())
    }
}

fn account(user: &Value) -> String {
    let account = user.get("account").unwrap_or(&Value::Null);
    format!(
        "the account {} (e-mail {}, id {}), found by its {}",
        text(account, "name"),
        text(account, "email"),
        text(account, "id"),
        text(user, "by")
    )
}
