//! The check itself: every broker is signed in to, every tenant is visited.

use std::collections::HashMap;

use super::report::{Finding, Report, Verdict};
use super::visit::Visit;
use crate::app;
use crate::cloudmore::{Client, FailureKind};
use crate::config::{Broker, Config};
use crate::provision::Clock;

/// Compares a configuration with what is in Cloudmore. `tell` hears each finding as it is made,
/// because many tenants take a while. Only reads.
pub async fn examine(config: &Config, tell: &mut (dyn FnMut(&Finding) + Send)) -> Report {
    let mut notebook = Notebook {
        report: Report::default(),
        tell,
    };
    let mut clients = HashMap::new();
    for (position, broker) in config.brokers.iter().enumerate() {
        let (verdict, says, client) = sign_in(broker).await;
        notebook.add(Finding {
            verdict,
            tenant: None,
            place: format!("broker[{position}]"),
            says,
        });
        clients.extend(client.map(|client| (broker.id.as_str(), client)));
    }
    notebook.add(token_endpoint(config));
    for (position, tenant) in config.tenants.iter().enumerate() {
        match clients.get(tenant.broker.as_str()) {
            Some(client) => {
                Visit::new(position, tenant, client, &mut notebook)
                    .make()
                    .await
            }
            None => notebook.add(Finding {
                verdict: Verdict::Skipped,
                tenant: Some(tenant.id.to_string()),
                place: format!("tenant[{position}]"),
                says: format!("broker \"{}\" has to work first", tenant.broker),
            }),
        }
    }
    notebook.report
}

fn token_endpoint(config: &Config) -> Finding {
    let says = match config.store.encryption_key {
        Some(_) => "OAuth clients get access tokens at /oauth/{tenant}/token",
        None => "there is no encryption_key, so OAuth clients get no access tokens",
    };
    Finding {
        verdict: Verdict::Ok,
        tenant: None,
        place: "store".to_owned(),
        says: says.to_owned(),
    }
}

/// The report as it grows, and who hears of it.
pub(super) struct Notebook<'t> {
    report: Report,
    tell: &'t mut (dyn FnMut(&Finding) + Send),
}

impl Notebook<'_> {
    pub(super) fn add(&mut self, finding: Finding) {
        (self.tell)(&finding);
        self.report.add(finding);
    }
}

async fn sign_in(broker: &Broker) -> (Verdict, String, Option<Client>) {
    let Broker { id, username, .. } = broker;
    let client = match app::client(broker, Clock::System) {
        Ok(client) => client,
        Err(error) => return (Verdict::Problem, format!("{error:#}"), None),
    };
    let failure = match client.verify().await {
        Ok(()) => {
            let says = format!("broker \"{id}\": Cloudmore takes the API account \"{username}\"");
            return (Verdict::Ok, says, Some(client));
        }
        Err(failure) => failure,
    };
    let says = match failure.kind {
        FailureKind::Credentials => format!(
            "broker \"{id}\": correct username, password and client_secret, or client_auth: {failure}"
        ),
        FailureKind::NotFound | FailureKind::Refused => {
            format!("broker \"{id}\": correct reseller_id or base_url: {failure}")
        }
        FailureKind::Throttled { .. }
        | FailureKind::Unavailable { .. }
        | FailureKind::CircuitOpen { .. }
        | FailureKind::Unsent
        | FailureKind::Incomplete => {
            format!("broker \"{id}\" could not be checked: {failure}")
        }
    };
    (Verdict::Problem, says, None)
}
