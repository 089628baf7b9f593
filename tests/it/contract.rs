//! `scim-bridge contract`: what Cloudmore publishes about its API, held against what the bridge calls, writes and reads.

mod doctored;
mod documentation;
mod life;
mod program;

use reqwest::Client;
use scim_bridge::cloudmore::{Contract, Difference, Wire, differences};
use scim_bridge::sandbox::switches::{ContractForm, KeyCase};
use scim_bridge::sandbox::{Options, Sandbox, Switches};
use serde_json::Value;

const PATH: &str = "/swagger/v1/swagger.json";

async fn sandbox(switches: Switches) -> Sandbox {
    let options = Options {
        switches,
        ..Options::default()
    };
    Sandbox::start(options).await.unwrap()
}

/// The contract that a simulated Cloudmore publishes.
async fn published(switches: Switches) -> Value {
    let sandbox = sandbox(switches).await;
    let answer = Client::new().get(format!("{}{PATH}", sandbox.url()));
    let text = answer.send().await.unwrap().text().await.unwrap();
    serde_json::from_str(&text).unwrap()
}

fn compared(document: &Value, wire: &Wire) -> Vec<Difference> {
    let contract = Contract::read(document.to_string().as_bytes()).unwrap();
    differences(&contract, wire)
}

#[tokio::test]
async fn the_simulated_cloudmore_publishes_what_the_bridge_expects() {
    for (contract_form, key_case) in [
        (ContractForm::Components, KeyCase::Camel),
        (ContractForm::Definitions, KeyCase::Camel),
        (ContractForm::Components, KeyCase::Pascal),
    ] {
        let document = published(Switches {
            contract_form,
            key_case,
            ..Switches::default()
        })
        .await;
        assert_eq!(compared(&document, &Wire::default()), []);
    }
}
