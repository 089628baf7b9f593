//! The history: who comes, moves and goes in a directory, and what people do in Cloudmore meanwhile.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::side::{Facts, Side, Target};
use crate::harness::{Bridge, person};

const HOUR: Duration = Duration::from_hours(1);
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Lives through the history and says how it ended.
pub async fn live(target: Target, bridge: &Bridge) -> Facts {
    let mut side = Side::new(target, bridge);
    let finance = side.group("Cloudmore Finance").await;
    let sales = side.group("Cloudmore Sales").await;
    let trial = side.group("Cloudmore Trial").await;

    let ann = side.comes("ann comes", 201, with_everything(target)).await;
    let bea = side.comes("bea comes", 201, called(target, "bea")).await;
    let carl = side.comes("carl comes", 201, called(target, "carl")).await;
    let dan = side.comes("dan comes", 201, called(target, "dan")).await;
    let eve = side.comes("eve comes", 201, called(target, "eve")).await;
    let gus = side.comes("gus comes", 201, called(target, "gus")).await;
    side.by_hand("bea", by_hand());
    side.by_hand("carl", by_hand());
    side.assigned_by_hand("dan");
    side.assigned_by_hand("gus");

    side.joins("ann joins Finance", &finance, &ann).await;
    side.joins("bea joins Finance", &finance, &bea).await;
    side.joins("bea joins Sales", &sales, &bea).await;
    side.joins("carl joins Finance", &finance, &carl).await;
    side.joins("dan joins Sales", &sales, &dan).await;
    side.joins("eve joins Sales", &sales, &eve).await;
    side.joins("gus joins Sales", &sales, &gus).await;

    strangers(&mut side).await;

    side.joins("ann joins Sales", &sales, &ann).await;
    side.leaves("ann leaves Finance", &finance, &ann).await;
    side.leaves("bea leaves Sales", &sales, &bea).await;
    side.leaves("gus leaves Sales", &sales, &gus).await;
    side.joins("gus joins Trial", &trial, &gus).await;
    side.becomes("ann is promoted", &ann, json!({"title": "Lead Analyst"}))
        .await;
    side.becomes("bea is promoted", &bea, json!({"title": "Controller"}))
        .await;
    side.becomes(
        "bea marries",
        &bea,
        json!({"userName": target.login("bea.king"), "displayName": "Bea King", "name.familyName": "King"}),
    )
    .await;
    side.becomes("carl is deactivated", &carl, json!({"active": false}))
        .await;
    side.becomes("eve is deactivated", &eve, json!({"active": false}))
        .await;
    side.is_deleted("dan is deleted", &dan).await;
    side.becomes("carl is reactivated", &carl, json!({"active": true}))
        .await;

    for _ in 0..3 {
        bridge.pass(HOUR).await;
    }
    bridge.sandbox.clear_calls();
    bridge.pass(HOUR).await;
    side.end(&bridge.sandbox.snapshot(), &changes(target, bridge))
        .await
}

/// Users who cannot have the account that the directory wants for them.
async fn strangers(side: &mut Side<'_>) {
    let target = side.target;
    let named = |name: &str| {
        let mut body = called(target, "namesake");
        body["userName"] = json!(name);
        body
    };
    side.comes("a namesake comes", 409, named(target.stranger()))
        .await;
    let shouted = target.stranger().to_uppercase();
    side.comes("a namesake in capitals comes", 409, named(&shouted))
        .await;
    let other = match target {
        Target::Acme => "zoe@elsewhere.example",
        Target::Northwind => "vera.reader@acme.example",
    };
    side.comes("somebody of another domain comes", 400, named(other))
        .await;
    let mut twin = called(target, "twin");
    twin["emails"][0]["value"] = json!(target.login("gus"));
    side.comes("a twin with the address of gus comes", 201, twin)
        .await;
}

fn called(target: Target, name: &str) -> Value {
    let mut body = person(name);
    body["userName"] = json!(target.login(name));
    body["emails"][0]["value"] = json!(target.login(name));
    body
}

fn with_everything(target: Target) -> Value {
    let mut body = called(target, "ann");
    body["title"] = json!("Analyst");
    body["phoneNumbers"] = json!([{"type": "mobile", "value": "+372 555 0101"}]);
    body["addresses"] = json!([{
        "type": "work", "streetAddress": "1 Harbour Road", "locality": "Tallinn", "postalCode": "10111", "country": "EE"
    }]);
    body[ENTERPRISE] = json!({"costCenter": "4711"});
    body
}

/// What a person enters in Cloudmore, a field among it that the bridge has never heard of.
fn by_hand() -> Value {
    json!({
        "cellPhonePrefix": "46",
        "cellPhone": "700000000",
        "address": {"countryCode": "EE", "street": "2 Mill Lane", "postalCode": "10112", "city": "Tartu"},
        "customProperties": [{"name": "Department", "value": "Books"}],
        "unheardOf": "kept",
    })
}

/// The changes of a target among the last calls, without ids.
fn changes(target: Target, bridge: &Bridge) -> BTreeSet<String> {
    let calls = bridge.calls().into_iter();
    let changes = calls.filter_map(|call| {
        let (method, path) = call.split_once(' ')?;
        let of_broker = path.starts_with("/api/");
        let is_change = method != "GET" && of_broker == (target == Target::Northwind);
        let words = path.trim_start_matches("/api/resellers").split('/');
        let words = words.filter(|word| {
            !word.is_empty() && !word.contains(|letter: char| letter.is_ascii_digit())
        });
        let words: Vec<_> = words.collect();
        is_change.then(|| format!("{method} {}", words.join("/")))
    });
    changes.collect()
}
