//! `scim-bridge import`: what `scim-bridge export` has written, into a tenant that has nothing yet.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde_json::Value;

use super::admin::Admin;

/// Take what `scim-bridge export` has written into a tenant that has nothing yet, all of it or nothing.
///
/// All ids stay as they were, so the identity provider notices nothing. The tenant must be configured for the same part of
/// Cloudmore.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  scim-bridge import --tenant acme --file acme.json")]
pub(super) struct ImportCommand {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    #[arg(long, value_name = "T")]
    tenant: String,
    /// The file.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// Print JSON: how many rows of each kind were taken in.
    #[arg(long)]
    json: bool,
}

impl ImportCommand {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let cannot = || format!("cannot read {}", self.file.display());
        let text = std::fs::read(&self.file).with_context(cannot)?;
        let export: Value = serde_json::from_slice(&text).with_context(cannot)?;
        let path = ["tenants", &self.tenant, "import"];
        let taken = self.admin.post(&path, &export).await?;
        if self.json {
            println!("{taken}");
            return Ok(ExitCode::SUCCESS);
        }
        let rows = |table| {
            taken
                .pointer(&format!("/rows/{table}"))
                .and_then(Value::as_u64)
        };
        println!(
            "{} has {} users, {} groups and {} accounts.",
            self.tenant,
            rows("directory_user").unwrap_or_default(),
            rows("directory_group").unwrap_or_default(),
            rows("account").unwrap_or_default()
        );
        Ok(ExitCode::SUCCESS)
    }
}
