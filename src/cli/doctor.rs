//! `scim-bridge doctor`: an identity provider for a minute, against any SCIM server.

mod advertised;
mod answer;
mod check;
mod connection;
mod discovery;
mod entries;
mod farewell;
mod groups;
mod known;
mod lists;
mod mistakes;
mod okta;
mod people;
mod report;
mod request;
mod visit;

use std::process::ExitCode;

use clap::Args;
use reqwest::Url;
use secrecy::SecretString;

use super::told_to_end;
use check::Section;
use report::Report;
use visit::Visit;

/// What is done, in this order: later checks use what earlier ones made.
const SECTIONS: [&Section; 9] = [
    &connection::SECTION,
    &discovery::SECTION,
    &people::SECTION,
    &okta::SECTION,
    &groups::SECTION,
    &lists::SECTION,
    &advertised::SECTION,
    &mistakes::SECTION,
    &farewell::SECTION,
];

/// Check a running SCIM server from outside, and say what to enter in Entra ID and in Okta.
///
/// Acts as Entra ID and as Okta: tests the connection, reads what is advertised and tries it, and
/// takes two test users and a test group through their whole life. What it makes is named
/// scim-bridge-doctor-… and removed at the end, also when a check fails; a bridge makes real
/// accounts for the test users meanwhile.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  scim-bridge doctor --url https://scim.example.com/scim/acme/v2 --token \"$TOKEN\" --domain acme.example"
)]
pub(super) struct Doctor {
    /// The base address of the SCIM server, as entered in the identity provider.
    #[arg(long, value_name = "BASE", value_parser = base)]
    url: Url,
    /// The bearer token. The environment is the better place for it: others can see arguments.
    #[arg(
        long,
        value_name = "T",
        env = "SCIM_BRIDGE_DOCTOR_TOKEN",
        hide_env_values = true
    )]
    token: SecretString,
    /// The domain of the test users' names and addresses.
    #[arg(long, default_value = "example.com")]
    domain: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let mut report = Report::new(&self.url, self.json);
        let mut visit = Visit::new(self.url, self.token, self.domain)?;
        tokio::select! {
            // Whoever is told to end still cleans up.
            ended = told_to_end() => {
                ended?;
                report.interrupted();
            }
            () = visit.check(&SECTIONS, &mut report) => {}
        }
        let left = visit.clean_up().await;
        let well = report.end(&left, visit.slowest(), visit.known());
        Ok(if well {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

/// An address that paths can be put behind.
fn base(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim_end_matches('/')).map_err(|error| error.to_string())?;
    if !["http", "https"].contains(&url.scheme()) || url.cannot_be_a_base() {
        return Err("it must begin with https:// or http://".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("give it without what follows ? or #".to_owned());
    }
    Ok(url)
}
