//! The `scim-bridge` program.

use std::process::ExitCode;

use clap::Parser;
use scim_bridge::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    Cli::parse().run().await
}
