//! `scim-bridge tenant`: how the tenants are; pausing them and letting them go on.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::admin::{Admin, list, text};

/// See how the tenants are, pause them and let them go on.
#[derive(Debug, Subcommand)]
pub(super) enum Tenant {
    List(All),
    Pause(Pause),
    Resume(Resume),
}

/// Say of all tenants whether they are active, how many users they have, and how many of those wait for what.
///
/// `losing` counts the users who wait and are to lose access.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  scim-bridge tenant list")]
pub(super) struct All {
    #[command(flatten)]
    admin: Admin,
    /// Print JSON: one object with `tenants`.
    #[arg(long)]
    json: bool,
}

/// Pause a tenant, or all of them, until `resume`.
///
/// Changes by the identity provider are answered 503, so that it sends them again later; reading goes on. Nothing is begun
/// in Cloudmore. A pause outlasts restarts and holds for all bridges on the same store. People who are to lose access keep it
/// meanwhile.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  scim-bridge tenant pause acme --reason \"Cloudmore moves our organization\"\n  scim-bridge tenant pause --all"
)]
pub(super) struct Pause {
    #[command(flatten)]
    whom: Whom,
    /// Why, for whoever looks at `tenant list` and the audit trail.
    #[arg(long, value_name = "R")]
    reason: Option<String>,
}

/// End a pause; what waited goes on at once.
///
/// --all ends the pause of all tenants. One that was paused by itself goes on only when it is named, and not before the pause
/// of all is ended.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  scim-bridge tenant resume acme\n  scim-bridge tenant resume --all"
)]
pub(super) struct Resume {
    #[command(flatten)]
    whom: Whom,
}

#[derive(Debug, Args)]
struct Whom {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    tenant: Option<String>,
    /// All tenants.
    #[arg(long)]
    all: bool,
    /// Print JSON: one object with `tenants`.
    #[arg(long)]
    json: bool,
}

impl Tenant {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::List(all) => show(&all.admin.get(&["tenants"]).await?, all.json),
            Self::Pause(Pause { whom, reason }) => {
                whom.tell("pause", &json!({ "reason": reason })).await?;
            }
            Self::Resume(Resume { whom }) => whom.tell("resume", &Value::Null).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Whom {
    async fn tell(self, what: &str, body: &Value) -> anyhow::Result<()> {
        let states = match &self.tenant {
            Some(tenant) => self.admin.post(&["tenants", tenant, what], body).await?,
            None => self.admin.post(&[what], body).await?,
        };
        show(&states, self.json);
        Ok(())
    }
}

fn show(states: &Value, json: bool) {
    if json {
        println!("{states}");
        return;
    }
    for tenant in list(states, "tenants") {
        let count = |key: &str| tenant.get(key).and_then(Value::as_i64).unwrap_or_default();
        let last = match text(tenant, "lastChange") {
            "" => "never".to_owned(),
            at => at.to_owned(),
        };
        println!(
            "{}: {}; {} users, {} pending, {} losing, {} failed, {} held; last change by the identity provider: {last}",
            text(tenant, "tenant"),
            text(tenant, "state"),
            count("users"),
            count("pending"),
            count("losing"),
            count("failed"),
            count("held"),
        );
        if let Some(pause) = tenant.get("pause") {
            println!("  {}", told(pause));
        }
        if text(tenant, "state") != "active" && count("losing") > 0 {
            println!(
                "  {} users keep access that is to be taken away.",
                count("losing")
            );
        }
    }
}

fn told(pause: &Value) -> String {
    let of_all = match pause.get("ofAll") {
        Some(Value::Bool(true)) => ", with all tenants",
        _ => "",
    };
    let reason = match text(pause, "reason") {
        "" => String::new(),
        reason => format!(": {reason}"),
    };
    format!(
        "paused since {} by {}{of_all}{reason}",
        text(pause, "since"),
        text(pause, "by")
    )
}
