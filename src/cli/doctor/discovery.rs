//! Discovery: whether it is there, whole and of one piece (RFC 7644 section 4; `reference/idp-behaviour.md`, section 2.13).

use serde_json::Value;

use super::answer::Answer;
use super::check::{Check, Fault, Section, error_body};
use super::known::{Fact, Known};
use super::request::{Habits, Request};

const CORE_USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// What every ServiceProviderConfig says: authentik gives up on one that lacks a member.
const SWITCHES: [&str; 6] = ["patch", "bulk", "filter", "changePassword", "sort", "etag"];
const NUMBERS: [&str; 3] = [
    "/bulk/maxOperations",
    "/bulk/maxPayloadSize",
    "/filter/maxResults",
];

/// The user attributes that Entra and Okta map by default.
const MAPPED: [&str; 5] = ["userName", "active", "displayName", "name", "emails"];

/// Reads discovery; [`advertised`](super::advertised) tries what it says.
pub(super) static SECTION: Section = Section {
    title: "Discovery",
    checks: &[
        Check {
            name: "the configuration says of each feature whether it is supported",
            request: |_| get("/ServiceProviderConfig"),
            status: &[200],
            judge: config,
            advice: "Publish all members of RFC 7643 section 5, with patch supported: Entra changes users and groups by PATCH only.",
        },
        Check {
            name: "the resource types are listed, with Users and Groups",
            request: |_| get("/ResourceTypes"),
            status: &[200],
            judge: |answer, known| {
                answer.list()?;
                for endpoint in ["/Users", "/Groups"] {
                    has(answer, "endpoint", endpoint)?;
                }
                known.keep(Fact::ResourceTypes, resources(answer));
                Ok(())
            },
            advice: "Publish a list with the resource types User (endpoint /Users) and Group (endpoint /Groups).",
        },
        Check {
            name: "a resource type is read by its name",
            request: |_| get("/ResourceTypes/User"),
            status: &[200],
            judge: |answer, _| answer.is("/endpoint", "/Users"),
            advice: "Answer the single resource type, not a list.",
        },
        Check {
            name: "the schemas of all resource types are listed",
            request: |_| get("/Schemas"),
            status: &[200],
            judge: schemas,
            advice: "Publish each schema and each extension that a resource type names, without null members: Entra reads them when the mapping is edited.",
        },
        Check {
            name: "the user schema is read by its name and has what the clients map",
            request: |_| get(&format!("/Schemas/{CORE_USER}")),
            status: &[200],
            judge: |answer, _| {
                answer.is("/id", CORE_USER)?;
                MAPPED.iter().try_for_each(|name| attribute(answer, name))
            },
            advice: "Answer the single schema, with the attributes that you accept.",
        },
        Check {
            name: "an unknown schema is not found",
            request: |known| get(&format!("/Schemas/urn:{}", known.stranger())),
            status: &[404],
            judge: error_body,
            advice: "Answer 404 with a SCIM error.",
        },
    ],
};

fn get(path: &str) -> Result<Request, super::check::Skip> {
    Ok(Request::get(Habits::Entra, path))
}

fn config(answer: &Answer, known: &mut Known) -> Result<(), Fault> {
    for switch in SWITCHES {
        must_be(
            answer,
            &format!("/{switch}/supported"),
            "true or false",
            Value::is_boolean,
        )?;
    }
    for number in NUMBERS {
        must_be(answer, number, "a whole number", Value::is_u64)?;
    }
    must_be(
        answer,
        "/authenticationSchemes/0/type",
        "a text",
        Value::is_string,
    )?;
    known.keep(Fact::Config, answer.json.clone());
    answer.is("/patch/supported", true)
}

fn must_be(
    answer: &Answer,
    pointer: &str,
    what: &str,
    is_it: fn(&Value) -> bool,
) -> Result<(), Fault> {
    let found = answer.json.pointer(pointer);
    if found.is_some_and(is_it) {
        return Ok(());
    }
    let name = pointer.trim_start_matches('/').replace('/', ".");
    let found = found.map_or_else(|| "nothing".to_owned(), Value::to_string);
    Err(Fault::new(format!("{what} as {name}"), found))
}

fn schemas(answer: &Answer, known: &mut Known) -> Result<(), Fault> {
    answer.list()?;
    if let Ok(types) = known.get(Fact::ResourceTypes) {
        let types = types.as_array().into_iter().flatten();
        for schema in types.flat_map(schemas_of) {
            has(answer, "id", schema)?;
        }
    }
    if holds_null(&answer.json) {
        return Err(Fault::new("no null members", "null in the list of schemas"));
    }
    known.keep(Fact::Schemas, resources(answer));
    Ok(())
}

/// The schemas that a resource type names.
fn schemas_of(resource_type: &Value) -> impl Iterator<Item = &str> {
    let extensions = resource_type
        .get("schemaExtensions")
        .and_then(Value::as_array);
    let extensions = extensions.into_iter().flatten();
    std::iter::once(resource_type)
        .chain(extensions)
        .filter_map(|each| each.get("schema")?.as_str())
}

/// A resource of the list must have this value under this name.
fn has(answer: &Answer, name: &str, expected: &str) -> Result<(), Fault> {
    let listed = resources(answer);
    let listed = listed.iter().filter_map(|each| each.get(name)?.as_str());
    let listed: Vec<_> = listed.collect();
    if listed.contains(&expected) {
        return Ok(());
    }
    let expected = format!("a resource with the {name} {expected}");
    Err(Fault::new(
        expected,
        format!("the list of {}", listed.join(", ")),
    ))
}

fn attribute(schema: &Answer, expected: &str) -> Result<(), Fault> {
    let attributes = schema.json.get("attributes").and_then(Value::as_array);
    let mut names = attributes
        .into_iter()
        .flatten()
        .filter_map(|each| each.get("name"));
    if names.any(|name| name == expected) {
        return Ok(());
    }
    let expected = format!("the attribute {expected}");
    Err(Fault::new(expected, "none of that name"))
}

fn resources(answer: &Answer) -> Vec<Value> {
    let resources = answer.json.get("Resources").and_then(Value::as_array);
    resources.cloned().unwrap_or_default()
}

fn holds_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.iter().any(holds_null),
        Value::Object(parts) => parts.values().any(holds_null),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}
