//! Credentials that a running bridge keeps.

use std::time::Duration;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::cli::admin::{Admin, list, text};
use crate::config::duration;

/// How it is shown, and how much it opens.
#[derive(Debug, Args)]
pub(super) struct Form {
    /// How the identity provider shows it.
    #[arg(long, value_enum, default_value_t = Kind::Bearer, requires = "tenant")]
    kind: Kind,
    /// Let its bearer look, and change nothing.
    #[arg(long, requires = "tenant")]
    read_only: bool,
    /// How long it counts, such as 90d or 12h; for ever if not given.
    #[arg(long, value_name = "TIME", value_parser = time, requires = "tenant")]
    expires: Option<Duration>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// As a token in the header.
    Bearer,
    /// As user name and password (HTTP Basic), for older apps of Okta.
    Basic,
    /// As an OAuth client, which fetches tokens of short life with its id and secret.
    Client,
}

/// Say which credentials a tenant has, besides those of the configuration.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  scim-bridge token list --tenant acme")]
pub(in crate::cli) struct List {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    #[arg(long, value_name = "T")]
    tenant: String,
    /// Print JSON: one object with `credentials`.
    #[arg(long)]
    json: bool,
}

/// Make a credential that follows another one. Both count for a while, so that the identity provider can be given the new one
/// without a pause.
///
/// The new one has kind, name, label, authority and length of life of the one before.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  scim-bridge token rotate --tenant acme 01999c52-8a1e-7cc2-b2c1-6f1b2c3d4e5f --overlap 2d"
)]
pub(in crate::cli) struct Rotate {
    #[command(flatten)]
    one: One,
    /// How long the one before goes on counting.
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "7d")]
    overlap: Duration,
}

/// Take a credential back. Once the command ends it opens nothing any more, at no replica.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  scim-bridge token revoke --tenant acme 01999c52-8a1e-7cc2-b2c1-6f1b2c3d4e5f"
)]
pub(in crate::cli) struct Revoke {
    #[command(flatten)]
    one: One,
}

#[derive(Debug, Args)]
struct One {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    #[arg(long, value_name = "T")]
    tenant: String,
    /// The id of the credential, as `token list` has it.
    id: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Form {
    /// Makes a credential at a running bridge and shows it.
    pub(super) async fn make(
        &self,
        admin: &Admin,
        tenant: &str,
        label: &str,
        json: bool,
    ) -> anyhow::Result<()> {
        let kind = match self.kind {
            Kind::Bearer => "bearer",
            Kind::Basic => "basic",
            Kind::Client => "client",
        };
        let body = json!({
            "label": label,
            "kind": kind,
            "authority": if self.read_only { "read" } else { "full" },
            "lifetime": self.expires.map(|time| time.as_secs()),
        });
        let path = ["tenants", tenant, "credentials"];
        show(&admin.post(&path, &body).await?, json);
        Ok(())
    }
}

impl List {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let path = ["tenants", &self.tenant, "credentials"];
        let all = self.admin.get(&path).await?;
        if self.json {
            println!("{all}");
            return Ok(());
        }
        let credentials = list(&all, "credentials");
        if credentials.is_empty() {
            println!("There is none besides those of the configuration.");
        }
        for credential in credentials {
            println!("{}", line(credential));
        }
        Ok(())
    }
}

impl Rotate {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let body = json!({ "overlap": self.overlap.as_secs() });
        let made = self.one.tell("rotate", &body).await?;
        show(&made, self.one.json);
        Ok(())
    }
}

impl Revoke {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let revoked = self.one.tell("revoke", &Value::Null).await?;
        if self.one.json {
            println!("{revoked}");
        } else {
            println!("{}", line(&revoked));
        }
        Ok(())
    }
}

impl One {
    async fn tell(&self, what: &str, body: &Value) -> anyhow::Result<Value> {
        let path = ["tenants", &self.tenant, "credentials", &self.id, what];
        self.admin.post(&path, body).await
    }
}

fn show(made: &Value, json: bool) {
    if json {
        println!("{made}");
        return;
    }
    let none = Value::Null;
    let credential = made.get("credential").unwrap_or(&none);
    println!("Enter this in the identity provider; the secret is shown only now:\n");
    let (name, secret) = match text(credential, "kind") {
        "basic" => ("User name", "Password"),
        "client" => ("Client id", "Client secret"),
        _ => ("", "Secret token"),
    };
    if !name.is_empty() {
        println!("  {name}: {}", text(credential, "name"));
    }
    println!("  {secret}: {}", text(made, "secret"));
    println!("  Tenant URL: {}", text(made, "address"));
    if let "client" = text(credential, "kind") {
        println!("  Token endpoint: {}", text(made, "tokenAddress"));
    }
    println!("\n{}", line(credential));
    if let Some(before) = made.get("before") {
        println!("It follows:\n{}", line(before));
    }
}

fn line(credential: &Value) -> String {
    let or = |key: &str, none: &str| match text(credential, key) {
        "" => none.to_owned(),
        value => value.to_owned(),
    };
    let name = match text(credential, "name") {
        "" => String::new(),
        name => format!(" {name}"),
    };
    let until = match text(credential, "state") {
        "revoked" => format!("revoked {}", text(credential, "revokedAt")),
        "expired" => format!("expired {}", text(credential, "expiresAt")),
        _ => format!("until {}", or("expiresAt", "revoked")),
    };
    format!(
        "{} \"{}\": {}{name}, {}, {until}; made {} by {}, last used {}",
        text(credential, "id"),
        text(credential, "label"),
        text(credential, "kind"),
        match text(credential, "authority") {
            "read" => "reading only",
            _ => "full authority",
        },
        text(credential, "created"),
        text(credential, "createdBy"),
        or("lastUsed", "never"),
    )
}

/// A number and its unit. Zero is no time, and a credential that never counted is of no use.
fn time(text: &str) -> Result<Duration, String> {
    let longest = Duration::from_hours(24 * 366 * 100);
    duration(text, &(Duration::from_secs(1)..=longest))
}
