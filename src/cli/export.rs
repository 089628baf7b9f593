//! `scim-bridge export`: everything that the bridge knows of a tenant, into a file.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::admin::Admin;

/// Write everything that the bridge knows of a tenant into a file: its directory, which accounts and assignments are its own,
/// and its audit trail.
///
/// The file names people; it has no token and no password. To move a tenant, pause it first: what changes after the export is
/// not in it.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  scim-bridge tenant pause acme\n  scim-bridge export --tenant acme --file acme.json"
)]
pub(super) struct ExportCommand {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    #[arg(long, value_name = "T")]
    tenant: String,
    /// The file, which must not be there yet.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
}

impl ExportCommand {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let cannot = || format!("cannot write {}", self.file.display());
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&self.file)
            .with_context(cannot)?;
        let export = self.admin.get(&["tenants", &self.tenant, "export"]).await;
        let written = async {
            file.write_all(export?.to_string().as_bytes())?;
            anyhow::Ok(file.sync_all()?)
        };
        if let Err(error) = written.await {
            // Half an export must not be taken for a whole one.
            let _ = std::fs::remove_file(&self.file);
            return Err(error.context(cannot()));
        }
        println!("{} has everything of {}.", self.file.display(), self.tenant);
        Ok(ExitCode::SUCCESS)
    }
}
