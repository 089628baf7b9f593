//! `scim-bridge token`: bearer tokens for IdPs.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::auth;

/// Make bearer tokens for identity providers.
#[derive(Debug, Subcommand)]
pub(super) enum Token {
    Create(Create),
}

/// Make a random token, to be entered once in the identity provider, and its hash, to be entered
/// in the configuration.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  scim-bridge token create --label \"Entra ID\"")]
pub(super) struct Create {
    /// What the audit calls the bearer of this token.
    #[arg(long)]
    label: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Token {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Create(Create { label, json }) = self;
        let token = auth::new_token()?;
        let sha256 = auth::hex(&auth::digest(&token));
        if json {
            let made = json!({ "token": token, "sha256": sha256, "label": label });
            println!("{made}");
            return Ok(ExitCode::SUCCESS);
        }
        println!(
            "Enter this as the secret token in the identity provider; it is shown only now:\n"
        );
        println!("  {token}\n");
        println!("Enter this in the configuration of the tenant:\n");
        println!("  [[tenant.token]]");
        println!("  sha256 = \"{sha256}\"");
        if let Some(label) = label {
            println!("  label = {}", toml::Value::String(label));
        }
        Ok(ExitCode::SUCCESS)
    }
}
