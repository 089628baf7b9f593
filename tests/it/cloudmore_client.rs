//! The Cloudmore client against a server that answers from a script.

mod boundary;
mod breaker;
mod circuit;
mod creates;
mod failures;
mod last_check;
mod limits;
mod lists;
mod meets_sandbox;
mod missing;
mod people;
mod phones;
mod script;
mod seats;
mod secrets;
mod tokens;

use scim_bridge::cloudmore::{Failure, FailureKind};
use scim_bridge::domain::model::{AccountId, Profile, RoleId, SubscriptionRef};

use script::Reply;

const ROLE: RoleId = RoleId(7);

fn ada() -> Profile {
    Profile {
        name: "ada@acme.example".to_owned(),
        first_name: "Ada".to_owned(),
        last_name: "Byron".to_owned(),
        display_name: "Ada Byron".to_owned(),
        email: "ada.byron@acme.example".to_owned(),
        details: Default::default(),
    }
}

/// The detail of [`ada`] as Cloudmore might send it, with keys that the bridge does not know.
fn ada_detail() -> serde_json::Value {
    serde_json::json!({
        "id": "u-1",
        "name": "ada@acme.example",
        "firstName": "Ada",
        "lastName": "Byron",
        "displayName": "Ada Byron",
        "email": "ada.byron@acme.example",
        "title": "Analyst",
        "roleId": 7,
        "roleName": "Organization Admin",
        "cellPhone": "5550100",
        "customProperties": [{ "propertyId": 3, "value": "x" }],
        "lastAccessedDate": "2026-01-02T03:04:05"
    })
}

fn user(id: &str) -> AccountId {
    AccountId::new(id)
}

fn mail() -> SubscriptionRef {
    SubscriptionRef {
        service: "svc".to_owned(),
        subscription: "sub".to_owned(),
    }
}

fn rows(ids: &[&str]) -> Reply {
    let row = |id: &&str| serde_json::json!({ "id": id, "name": format!("{id}@acme.example"), "email": null });
    Reply::json(200, ids.iter().map(row).collect())
}

fn unavailable(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::Unavailable { .. })
}
