//! `scim-bridge sandbox`: the simulated Cloudmore alone.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde::de::DeserializeOwned;

use super::told_to_end;
use crate::sandbox::{Faults, Options, Sandbox, Seed, Switches, describe};

/// Run a simulated Cloudmore, to try the bridge against and to test with.
///
/// It keeps accounts, roles, subscriptions and seats, prints every call, and can be told to be
/// slow, to fail and to drop answers. While it runs, `/sandbox/` on the same address shows its
/// calls and state and takes new faults and switches.
#[derive(Debug, Args)]
#[command(
    name = "sandbox",
    after_help = "Example:\n  scim-bridge sandbox --listen 127.0.0.1:9090 --faults faults.toml"
)]
pub(super) struct SandboxCommand {
    /// The address to listen on.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9090")]
    listen: SocketAddr,
    /// What there is at the start (TOML or JSON); a demo broker and organization if not given.
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// What goes wrong (TOML or JSON); nothing if not given.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// How it behaves where Cloudmore's documentation is silent (TOML or JSON).
    #[arg(long, value_name = "FILE")]
    switches: Option<PathBuf>,
    /// Keep the state in this file, and begin with what it holds.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

impl SandboxCommand {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let options = Options {
            listen: self.listen,
            seed: read(self.seed.as_deref())?.unwrap_or_else(Seed::demo),
            faults: read::<Faults>(self.faults.as_deref())?.unwrap_or_default(),
            switches: read::<Switches>(self.switches.as_deref())?.unwrap_or_default(),
            state_file: self.state,
        };
        if !self.listen.ip().is_loopback() {
            eprintln!(
                "Note: whoever reaches {} can control this sandbox.",
                self.listen
            );
        }
        let sandbox = Sandbox::start(options)
            .await
            .with_context(|| format!("cannot listen on {}", self.listen))?;
        println!("Simulated Cloudmore at {}", sandbox.url());
        let mut calls = sandbox.follow();
        let mut end = std::pin::pin!(told_to_end());
        loop {
            tokio::select! {
                ended = &mut end => {
                    ended?;
                    break;
                }
                call = calls.recv() => if let Ok(call) = call {
                    println!("{}", describe(&call));
                },
            }
        }
        sandbox.stop().await;
        Ok(ExitCode::SUCCESS)
    }
}

/// Reads a file as JSON if its name ends so, else as TOML.
///
/// # Errors
/// When it cannot be read or is not as expected.
pub(super) fn read<T: DeserializeOwned>(file: Option<&Path>) -> anyhow::Result<Option<T>> {
    let Some(file) = file else { return Ok(None) };
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
    let value = if file.extension().is_some_and(|ending| ending == "json") {
        serde_json::from_str(&text).with_context(|| format!("{name} is not as expected"))?
    } else {
        toml::from_str(&text).with_context(|| format!("{name} is not as expected"))?
    };
    Ok(Some(value))
}
