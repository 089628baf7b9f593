//! `scim-bridge serve`: the bridge.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use sha2::{Digest, Sha256};
use tokio::signal::unix::{SignalKind, signal};
use tracing::{error, info};

use super::told_to_end;
use crate::app::App;
use crate::config::{Config, Environment};
use crate::provision::Clock;
use crate::telemetry;

/// How often the file is looked at. Its content counts, so that a mounted file which is swapped
/// as a whole is noticed too.
const LOOK: Duration = Duration::from_secs(10);

/// Run the bridge.
///
/// Tenants, mappings, tokens and brokers are taken up anew when the file changes or on SIGHUP; a
/// file with mistakes leaves what runs as it is. So are the files of the certificate.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  scim-bridge serve --config scim-bridge.toml")]
pub(super) struct Serve {
    /// The configuration file.
    #[arg(long, value_name = "FILE", env = "SCIM_BRIDGE_CONFIG")]
    config: PathBuf,
    /// Log as JSON, one object a line.
    #[arg(long)]
    log_json: bool,
    /// Log e-mail addresses and account names of people too, not only their ids.
    #[arg(long)]
    log_personal_data: bool,
}

impl Serve {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        telemetry::start(telemetry::Form {
            json: self.log_json,
            personal_data: self.log_personal_data,
        });
        let config = match self.load() {
            Ok(config) => config,
            Err(mistakes) => {
                eprint!("{mistakes}");
                return Ok(ExitCode::FAILURE);
            }
        };
        let app = App::start(config, Clock::System).await?;
        tokio::select! {
            ended = told_to_end() => ended?,
            ended = self.keep_current(&app) => ended?,
        }
        info!("Stopping");
        tokio::select! {
            () = app.stop() => Ok(ExitCode::SUCCESS),
            again = told_to_end() => {
                again?;
                Ok(ExitCode::FAILURE)
            }
        }
    }

    fn load(&self) -> Result<Config, String> {
        Config::load(&self.config, &Environment::of_process())
            .map_err(|mistakes| format!("{mistakes}\n"))
    }

    async fn keep_current(&self, app: &App) -> anyhow::Result<()> {
        let mut hangup = signal(SignalKind::hangup())?;
        let mut taken = self.fingerprint();
        let mut seen = taken;
        loop {
            let asked = tokio::select! {
                _ = hangup.recv() => true,
                () = tokio::time::sleep(LOOK) => false,
            };
            app.look_at_certificate();
            let current = self.fingerprint();
            let before = std::mem::replace(&mut seen, current);
            // A file that is being written looks different each time, and half of a configuration
            // may be one as well: it would take access away.
            let settled = current == before && current != taken;
            if !asked && !settled {
                continue;
            }
            taken = current;
            match self.load() {
                Err(mistakes) => {
                    error!("The configuration has mistakes and is not taken up:\n{mistakes}");
                }
                Ok(config) => match app.configure(config).await {
                    Ok(()) => info!("The configuration was taken up anew"),
                    Err(error) => error!("The configuration could not be taken up: {error:#}"),
                },
            }
        }
    }

    fn fingerprint(&self) -> Option<[u8; 32]> {
        let content = std::fs::read(&self.config).ok()?;
        Some(Sha256::digest(content).into())
    }
}
