//! Mistakes of a client, which must be told in SCIM's words (RFC 7644 section 3.12).

use reqwest::Method;
use serde_json::json;

use super::answer::Answer;
use super::check::{Check, Fault, Section, error_body};
use super::known::Known;
use super::request::{Habits, Request};

const ERROR_BODY: &str = "Answer with the right status and a SCIM error body: administrators read detail in the IdP's log.";

/// Nothing of this changes anything.
pub(super) static SECTION: Section = Section {
    title: "Mistakes",
    checks: &[
        Check {
            name: "a user who does not exist is not found",
            request: |known| Ok(Request::get(Habits::Okta, nobody(known))),
            status: &[404],
            judge: error_body,
            advice: ERROR_BODY,
        },
        Check {
            name: "a user who does not exist cannot be changed",
            request: |known| {
                let operations = json!([{"op": "Replace", "path": "active", "value": "False"}]);
                Ok(Request::patch(Habits::Entra, nobody(known), &operations).alone())
            },
            status: &[404],
            judge: error_body,
            advice: ERROR_BODY,
        },
        Check {
            name: "a user who does not exist cannot be deleted",
            request: |known| Ok(Request::delete(Habits::Entra, nobody(known))),
            status: &[404],
            judge: error_body,
            advice: ERROR_BODY,
        },
        Check {
            name: "an address that does not exist is not found",
            request: |known| {
                let path = format!("/{}", known.stranger());
                Ok(Request::get(Habits::Entra, path))
            },
            status: &[404],
            judge: error_body,
            advice: ERROR_BODY,
        },
        Check {
            name: "a body that is no JSON is refused",
            request: |_| {
                let body = "{\"userName\":";
                Ok(Request::write_text(
                    Habits::Entra,
                    Method::POST,
                    "/Users",
                    body,
                ))
            },
            status: &[400],
            judge: error_body,
            advice: ERROR_BODY,
        },
        Check {
            name: "a user without a name is refused",
            request: |known| {
                let body = json!({
                    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                    "externalId": known.external_id("nameless"),
                });
                Ok(Request::write(Habits::Entra, Method::POST, "/Users", &body))
            },
            status: &[400],
            judge: error_body,
            advice: "userName is required: answer 400 with scimType invalidValue.",
        },
        Check {
            name: "a filter that cannot be read is refused",
            request: |_| Ok(Request::find(Habits::Entra, "/Users", "userName eq")),
            status: &[400],
            judge: |answer: &Answer, _: &mut Known| -> Result<(), Fault> {
                answer.error()?;
                answer.is("/scimType", "invalidFilter")
            },
            advice: "Answer 400 invalidFilter. A filter that is ignored finds everybody, and the client takes the first.",
        },
    ],
};

fn nobody(known: &Known) -> String {
    format!("/Users/{}", known.stranger())
}
