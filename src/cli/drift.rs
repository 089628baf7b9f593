//! `scim-bridge drift`: where Cloudmore differs from what users should have.

mod report;

use std::process::ExitCode;

use clap::Args;

use super::admin::Admin;
pub(super) use report::{print, under_way, verdict};

/// Say where Cloudmore differs from what users should have, as far as it was compared.
///
/// Cloudmore is compared as often as `[tenant.reconcile]` says, and when `reconcile` asks for it. What is by another hand is
/// told and left alone. The exit code is 1 if there are differences, or if something could not be compared.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  scim-bridge drift acme")]
pub(super) struct Drift {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    tenant: String,
    /// Print JSON: one object with `differences`, `open`, `running`, `lastRun` and `nextRun`.
    #[arg(long)]
    json: bool,
}

impl Drift {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let told = self.admin.get(&["tenants", &self.tenant, "drift"]).await?;
        if self.json {
            println!("{told}");
        } else {
            print(&told);
        }
        Ok(verdict(&told))
    }
}
