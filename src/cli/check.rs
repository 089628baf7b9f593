//! `scim-bridge check`: whether the configuration is right, and whether Cloudmore has what it names.

mod examine;
mod report;
mod visit;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

pub use examine::examine;
pub use report::{Finding, Report, Verdict};

use crate::config::{Config, Environment};

/// Check the configuration, and compare it with what is in Cloudmore.
///
/// Signs in with the API account of every broker and looks up the organization, the roles, the
/// services and the subscriptions that tenants and mappings name. It changes nothing, and it names
/// every mistake at once. The exit code is 1 if it found a problem.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  scim-bridge check --config scim-bridge.toml")]
pub(super) struct Check {
    /// The configuration file.
    #[arg(long, value_name = "FILE", env = "SCIM_BRIDGE_CONFIG")]
    config: PathBuf,
    /// Print JSON: one object with `ok`, `problems` and `notes`.
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) async fn run(self) -> ExitCode {
        let mut print = |finding: &Finding| {
            if !self.json {
                println!("{finding}");
            }
        };
        let report = match Config::load(&self.config, &Environment::of_process()) {
            Ok(config) => examine(&config, &mut print).await,
            Err(mistakes) => {
                let report = Report::from(&mistakes);
                report.findings().iter().for_each(&mut print);
                report
            }
        };
        if self.json {
            println!("{}", as_json(&report));
        } else {
            println!("{}", summary(report.problems().count()));
        }
        if report.is_ok() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

fn summary(problems: usize) -> String {
    match problems {
        0 => "No problem found.".to_owned(),
        1 => "1 problem found.".to_owned(),
        several => format!("{several} problems found."),
    }
}

fn as_json(report: &Report) -> serde_json::Value {
    let row = |finding: &Finding| json!({ "tenant": finding.tenant, "place": finding.place, "says": finding.says });
    json!({
        "ok": report.is_ok(),
        "problems": report.problems().map(row).collect::<Vec<_>>(),
        "notes": report.notes().map(row).collect::<Vec<_>>(),
    })
}
