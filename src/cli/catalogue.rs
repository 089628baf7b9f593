//! `scim-bridge catalogue`: the roles, services and subscriptions that mappings can name.

use std::process::ExitCode;

use clap::Args;
use serde_json::Value;

use super::admin::{Admin, list, text};

/// Say which roles, services and subscriptions Cloudmore has for a tenant, with the ids that mappings name them by.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  scim-bridge catalogue --tenant acme")]
pub(super) struct CatalogueCommand {
    #[command(flatten)]
    admin: Admin,
    /// The tenant.
    #[arg(long, value_name = "T")]
    tenant: String,
    /// Print JSON: one object with `roles` and `services`.
    #[arg(long)]
    json: bool,
}

impl CatalogueCommand {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let told = self
            .admin
            .get(&["tenants", &self.tenant, "catalogue"])
            .await?;
        if self.json {
            println!("{told}");
            return Ok(ExitCode::SUCCESS);
        }
        println!("Roles");
        for role in list(&told, "roles") {
            let id = role.get("id").map(ToString::to_string).unwrap_or_default();
            println!("  {id}  {}", text(role, "name"));
        }
        for service in list(&told, "services") {
            let nobody = service.get("userAssigned") == Some(&Value::Bool(false));
            let note = if nobody {
                ", users are not assigned to it"
            } else {
                ""
            };
            println!(
                "Service {}  {}{note}",
                text(service, "id"),
                text(service, "name")
            );
            for subscription in list(service, "subscriptions") {
                println!("  Subscription {}", described(subscription));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn described(subscription: &Value) -> String {
    let seats = subscription.get("quantity").and_then(Value::as_i64);
    let seats = seats.map_or_else(String::new, |seats| format!(", {seats} seats"));
    let cancelled = subscription.get("cancelled") == Some(&Value::Bool(true));
    let cancelled = if cancelled { ", cancelled" } else { "" };
    let (id, name) = (text(subscription, "id"), text(subscription, "name"));
    format!("{id}  {name}{seats}{cancelled}")
}
