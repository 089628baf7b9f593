//! `scim-bridge token`: credentials for identity providers, made for the configuration or by a running bridge.

mod refusals;
mod stored;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use reqwest::Url;
use secrecy::SecretString;
use serde_json::json;

use super::admin::Admin;
use crate::auth;
use refusals::Refusals;
use stored::{Form, List, Revoke, Rotate};

/// Make credentials for identity providers, see them, renew them and take them back.
///
/// Those made with --tenant are kept by the running bridge: they count at once, at all replicas, and so does their end.
#[derive(Debug, Subcommand)]
pub(super) enum Token {
    Create(Create),
    List(List),
    Rotate(Rotate),
    Revoke(Revoke),
    Refusals(Refusals),
}

/// Make a random credential, to be entered once in the identity provider. It is shown only now.
///
/// With --tenant a running bridge keeps it and takes it from now on. Without, the hash is printed, to be entered in the
/// configuration.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  scim-bridge token create --label \"Entra ID\"\n  scim-bridge token create --tenant acme --label \"Entra ID\" --expires 365d\n  scim-bridge token create --tenant acme --label \"old Okta app\" --kind basic"
)]
pub(super) struct Create {
    /// What the audit calls its bearer.
    #[arg(long)]
    label: Option<String>,
    /// The tenant of a running bridge that it opens.
    #[arg(long, value_name = "T", requires = "label", requires = "token")]
    tenant: Option<String>,
    #[command(flatten)]
    form: Form,
    /// The address of the bridge.
    #[arg(
        long,
        value_name = "URL",
        env = "SCIM_BRIDGE_ADMIN_URL",
        default_value = "http://127.0.0.1:8080"
    )]
    url: Url,
    /// The token of the admin API. The environment is the better place for it: others can see arguments.
    #[arg(
        long = "admin-token",
        value_name = "TOKEN",
        env = "SCIM_BRIDGE_ADMIN_TOKEN",
        hide_env_values = true
    )]
    token: Option<SecretString>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Token {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Create(create) => create.run().await?,
            Self::List(list) => list.run().await?,
            Self::Rotate(rotate) => rotate.run().await?,
            Self::Revoke(revoke) => revoke.run().await?,
            Self::Refusals(refusals) => refusals.run().await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Create {
    async fn run(self) -> anyhow::Result<()> {
        if let (Some(tenant), Some(token)) = (&self.tenant, self.token) {
            let admin = Admin::new(self.url, token);
            let label = self.label.as_deref().unwrap_or_default();
            return self.form.make(&admin, tenant, label, self.json).await;
        }
        for_the_file(self.label, self.json)
    }
}

fn for_the_file(label: Option<String>, json: bool) -> anyhow::Result<()> {
    let token = auth::new_token()?;
    let sha256 = auth::hex(&auth::digest(&token));
    if json {
        let made = json!({ "token": token, "sha256": sha256, "label": label });
        println!("{made}");
        return Ok(());
    }
    println!("Enter this as the secret token in the identity provider; it is shown only now:\n");
    println!("  {token}\n");
    println!("Enter this in the configuration of the tenant:\n");
    println!("  [[tenant.token]]");
    println!("  sha256 = \"{sha256}\"");
    if let Some(label) = label {
        println!("  label = {}", toml::Value::String(label));
    }
    Ok(())
}
