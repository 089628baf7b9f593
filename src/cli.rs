//! The command line: one file for each command.

mod admin;
mod catalogue;
pub mod check;
mod contract;
mod demo;
mod doctor;
mod drift;
mod export;
mod failed;
mod held;
mod import;
mod inactive;
mod plan;
mod reconcile;
mod sandbox;
mod serve;
mod tenant;
mod token;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Keeps Cloudmore accounts, roles and subscription assignments equal to what Entra ID, Okta or
/// any other SCIM client says.
#[derive(Debug, Parser)]
#[command(name = "scim-bridge", version, about, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Doctor(doctor::Doctor),
    Serve(serve::Serve),
    Check(check::Check),
    Plan(plan::Plan),
    Drift(drift::Drift),
    Reconcile(reconcile::Reconcile),
    #[command(subcommand)]
    Held(held::Held),
    Failed(failed::Failed),
    Replay(failed::Replay),
    #[command(subcommand)]
    Tenant(tenant::Tenant),
    Inactive(inactive::InactiveCommand),
    Export(export::ExportCommand),
    Import(import::ImportCommand),
    Catalogue(catalogue::CatalogueCommand),
    Contract(contract::ContractCommand),
    Sandbox(sandbox::SandboxCommand),
    #[command(subcommand)]
    Token(token::Token),
}

impl Cli {
    /// Runs the command. The exit code is 0 when all is well and 1 when a problem was found; wrong
    /// usage ends with 2 before this.
    pub async fn run(self) -> ExitCode {
        let ended = match self.command {
            Command::Demo(command) => command.run().await,
            Command::Doctor(command) => command.run().await,
            Command::Serve(command) => command.run().await,
            Command::Check(command) => Ok(command.run().await),
            Command::Plan(command) => command.run().await,
            Command::Drift(command) => command.run().await,
            Command::Reconcile(command) => command.run().await,
            Command::Held(command) => command.run().await,
            Command::Failed(command) => command.run().await,
            Command::Replay(command) => command.run().await,
            Command::Tenant(command) => command.run().await,
            Command::Inactive(command) => command.run().await,
            Command::Export(command) => command.run().await,
            Command::Import(command) => command.run().await,
            Command::Catalogue(command) => command.run().await,
            Command::Contract(command) => Ok(command.run().await),
            Command::Sandbox(command) => command.run().await,
            Command::Token(command) => command.run().await,
        };
        ended.unwrap_or_else(|error| {
            eprintln!("scim-bridge: {error:#}");
            ExitCode::FAILURE
        })
    }
}

/// Waits for the operator to end the process, by interrupt or termination.
async fn told_to_end() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
