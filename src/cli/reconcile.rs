//! `scim-bridge reconcile`: compare Cloudmore with what users should have, now.

use std::io::{IsTerminal, Write, stderr};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::admin::{Admin, text};
use super::drift::{print, under_way, verdict};

/// How often it is looked how far it has come.
const LOOK: Duration = Duration::from_millis(500);

/// Compare Cloudmore with what users should have, now.
///
/// Without --repair differences are told. Access that somebody has who should have none is taken away in any case. With
/// --repair the other differences are mended as well, in the way of every other change; what is by another hand is left alone.
/// The comparison goes on by itself, whether this command waits for it or not. With --wait the exit code is 1 if there
/// are differences, or if something could not be compared.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  scim-bridge reconcile acme --wait\n  scim-bridge reconcile acme --repair"
)]
pub(super) struct Reconcile {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    tenant: String,
    /// Mend differences.
    #[arg(long)]
    repair: bool,
    /// Wait for the end, and say what differs as `drift` does.
    #[arg(long)]
    wait: bool,
    /// Print JSON, as `drift` does.
    #[arg(long)]
    json: bool,
}

impl Reconcile {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let mode = if self.repair { "repair" } else { "report" };
        let path = ["tenants", &self.tenant, "reconcile"];
        let mut told = self.admin.post(&path, &json!({ "mode": mode })).await?;
        if self.wait {
            told = self.wait().await?;
        }
        let running = told.get("running").filter(|run| run.is_object());
        match (self.json, running) {
            (true, _) => println!("{told}"),
            (false, Some(run)) => println!("{}", under_way(run)),
            (false, None) => print(&told),
        }
        Ok(match (self.wait, running) {
            (false, _) => ExitCode::SUCCESS,
            (true, Some(_)) => ExitCode::FAILURE,
            (true, None) => verdict(&told),
        })
    }

    /// Waits until nothing is under way, or Cloudmore cannot be read.
    async fn wait(&self) -> anyhow::Result<Value> {
        loop {
            let told = self.admin.get(&["tenants", &self.tenant, "drift"]).await?;
            let running = told.get("running").filter(|run| run.is_object());
            let Some(run) = running.filter(|run| text(run, "waits").is_empty()) else {
                show("");
                return Ok(told);
            };
            show(&under_way(run));
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// A line that is written over by the next one; for people only.
fn show(line: &str) {
    let mut terminal = stderr();
    if terminal.is_terminal() {
        // Nothing hangs on whether it is seen.
        let _ = write!(terminal, "\r\x1b[K{line}");
        let _ = terminal.flush();
    }
}
