//! The published contract: the paths that are served and the models that go over the wire, as the switches have them.

mod people;
mod schema;
mod schemas;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::addresses::{self, Gives, Operation};
use super::reply::{Answer, Payload};
use super::switches::{ContractForm, Switches};

/// Where it is published, for everybody.
pub(super) const PATH: &str = "/swagger/v1/swagger.json";

/// Answers a read of the contract.
pub(super) fn answer(switches: &Switches) -> Answer {
    let document = Payload::Verbatim(document(switches));
    Answer::new(StatusCode::OK, document, "publishes its contract")
}

fn document(switches: &Switches) -> Value {
    let info = json!({ "title": "Simulated Cloudmore", "version": "v1" });
    let schemas = schemas::all(switches);
    let paths = paths(switches);
    match switches.contract_form {
        ContractForm::Components => json!({
            "openapi": "3.0.1",
            "info": info,
            "paths": paths,
            "components": { "schemas": schemas },
        }),
        ContractForm::Definitions => json!({
            "swagger": "2.0",
            "info": info,
            "paths": paths,
            "definitions": schemas,
        }),
    }
}

/// A reference to a model.
fn reference(switches: &Switches, model: &str) -> Value {
    let place = match switches.contract_form {
        ContractForm::Components => "#/components/schemas",
        ContractForm::Definitions => "#/definitions",
    };
    json!({ "$ref": format!("{place}/{model}") })
}

fn paths(switches: &Switches) -> Map<String, Value> {
    let operations = |list: &'static [Operation]| -> Map<String, Value> {
        let described = |each: &Operation| (each.method.to_owned(), operation(switches, each));
        list.iter().map(described).collect()
    };
    addresses::all()
        .map(|(path, list)| (path, Value::Object(operations(list))))
        .collect()
}

fn operation(switches: &Switches, operation: &Operation) -> Value {
    let body = |schema: Value| match switches.contract_form {
        ContractForm::Components => {
            json!({ "content": { "application/json": { "schema": schema } } })
        }
        ContractForm::Definitions => json!({ "schema": schema }),
    };
    let given = match operation.gives {
        Gives::Nothing => None,
        Gives::One(model) => Some(reference(switches, model)),
        Gives::Many(model) => Some(json!({ "type": "array", "items": reference(switches, model) })),
    };
    let mut success = given.map_or_else(|| json!({}), &body);
    set(&mut success, "description", Value::from("Success"));
    let mut described = json!({ "responses": { "200": success } });
    if let Some(model) = operation.takes {
        let taken = reference(switches, model);
        match switches.contract_form {
            ContractForm::Components => set(&mut described, "requestBody", body(taken)),
            ContractForm::Definitions => {
                let parameter = json!({ "name": "body", "in": "body", "schema": taken });
                set(&mut described, "parameters", json!([parameter]));
            }
        }
    }
    described
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(fields) = object {
        fields.insert(key.to_owned(), value);
    }
}
