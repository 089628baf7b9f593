//! `scim-bridge contract`: whether Cloudmore's published contract is as the bridge takes it to be.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use reqwest::Url;
use reqwest::redirect::Policy;
use serde_json::json;

use crate::cloudmore::{Contract, Difference, Mend, Wire, differences};
use crate::config::{Config, Environment};

/// Where Cloudmore publishes its contract.
const PUBLISHED: &str = "https://api.cloudmore.com/swagger/v1/swagger.json";
const PATH: &str = "/swagger/v1/swagger.json";
/// Bounds the fetch as a whole.
const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The largest document that is read: many times what an API of this size has.
const MAX_DOCUMENT: usize = 32 * 1024 * 1024;

/// Compare what Cloudmore publishes about its API with what this bridge calls, writes and reads.
///
/// Prints every difference: addresses that do not exist, names and types of fields, and fields that
/// Cloudmore requires. Where a field has another name, it prints the lines of configuration that
/// mend it. It signs in nowhere. The exit code is 0 if there is no difference, 1 if there is, and 2
/// if nothing could be compared.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  scim-bridge contract\n  scim-bridge contract --swagger swagger.json --config scim-bridge.toml --broker northwind"
)]
pub(super) struct ContractCommand {
    /// The contract: a file, or an http or https address. Without it, the one that the
    /// configured broker's Cloudmore publishes, or else the one at api.cloudmore.com.
    #[arg(long, value_name = "FILE_OR_URL")]
    swagger: Option<String>,
    /// The configuration whose names of fields are compared.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The broker of the configuration; needed if it has several.
    #[arg(long, value_name = "ID", requires = "config")]
    broker: Option<String>,
    /// Print JSON: one object with `same` and `differences`.
    #[arg(long)]
    json: bool,
}

/// Nothing could be compared.
const NOT_COMPARED: u8 = 2;

impl ContractCommand {
    pub(super) async fn run(self) -> ExitCode {
        let found = match self.compare().await {
            Ok(found) => found,
            Err(error) => {
                eprintln!("scim-bridge: {error:#}");
                return ExitCode::from(NOT_COMPARED);
            }
        };
        if self.json {
            println!("{}", as_json(&found));
        } else {
            print!("{}", as_text(&found));
        }
        if found.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    async fn compare(&self) -> anyhow::Result<Vec<Difference>> {
        let (published, wire) = self.broker()?;
        let place = self.swagger.as_deref().unwrap_or(&published);
        let is_address = place.starts_with("https://") || place.starts_with("http://");
        let document = if is_address {
            fetch(place)
                .await
                .with_context(|| format!("the contract at {place} cannot be read"))?
        } else {
            std::fs::read(place).with_context(|| format!("the file {place} cannot be read"))?
        };
        let contract = Contract::read(&document);
        let contract = contract.with_context(|| format!("{place} is no contract of an API"))?;
        Ok(differences(&contract, &wire))
    }

    /// Where the contract is if nothing else is said, and the names of fields.
    fn broker(&self) -> anyhow::Result<(String, Wire)> {
        let Some(file) = &self.config else {
            return Ok((PUBLISHED.to_owned(), Wire::default()));
        };
        let config = Config::load(file, &Environment::of_process())?;
        let is_it = |id: &str| self.broker.as_deref().is_none_or(|wanted| wanted == id);
        let mut brokers = config
            .brokers
            .into_iter()
            .filter(|broker| is_it(&broker.id));
        match (brokers.next(), brokers.next()) {
            (Some(broker), None) => Ok((format!("{}{PATH}", broker.base_url), broker.wire)),
            (None, _) => bail!("the configuration has no such broker"),
            (Some(_), Some(_)) => {
                bail!("the configuration has several brokers: choose one with --broker")
            }
        }
    }
}

async fn fetch(address: &str) -> anyhow::Result<Vec<u8>> {
    let address = Url::parse(address)?;
    let mut client = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .redirect(Policy::none());
    if matches!(
        address.host_str(),
        Some("localhost" | "127.0.0.1" | "[::1]")
    ) {
        client = client.no_proxy();
    }
    let mut response = client.build()?.get(address).send().await?;
    if !response.status().is_success() {
        bail!(
            "the answer is {}; redirects are not followed",
            response.status()
        );
    }
    let mut document = Vec::new();
    while let Some(part) = response.chunk().await? {
        if document.len() + part.len() > MAX_DOCUMENT {
            bail!("it is larger than {MAX_DOCUMENT} bytes");
        }
        document.extend_from_slice(&part);
    }
    Ok(document)
}

/// The lines of configuration, each once.
fn mends(found: &[Difference]) -> Vec<&Mend> {
    let mut mends: Vec<&Mend> = Vec::new();
    for mend in found.iter().filter_map(|each| each.mend.as_ref()) {
        let named = |other: &&Mend| (other.model, other.field) == (mend.model, mend.field);
        if !mends.iter().any(named) {
            mends.push(mend);
        }
    }
    mends
}

fn as_text(found: &[Difference]) -> String {
    let mut lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    let mends = mends(found);
    if !mends.is_empty() {
        lines.push(
            "\nIf the guesses are right, these lines below the [[broker]] mend it:".to_owned(),
        );
        lines.extend(mends.iter().map(|mend| format!("\n{mend}")));
        lines.push(String::new());
    }
    lines.push(match found.len() {
        0 => "No difference.".to_owned(),
        1 => "1 difference.".to_owned(),
        several => format!("{several} differences."),
    });
    lines.join("\n") + "\n"
}

fn as_json(found: &[Difference]) -> serde_json::Value {
    let mend = |mend: &Mend| json!({ "model": mend.model.name(), "field": mend.field.name(), "name": mend.name });
    let row = |each: &Difference| json!({ "place": each.place, "says": each.says, "mend": each.mend.as_ref().map(mend) });
    json!({
        "same": found.is_empty(),
        "differences": found.iter().map(row).collect::<Vec<_>>(),
    })
}
