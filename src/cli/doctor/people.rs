//! A user's life as Entra ID writes it (`reference/idp-behaviour.md`, sections 2.4 to 2.8).

use reqwest::Method;
use serde_json::{Value, json};

use super::answer::Answer;
use super::check::{CHANGED, Check, Fault, Section, Skip, error_body, no_hit};
use super::known::{Fact, Known};
use super::request::{Habits, Request};

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The name of Entra's user in the test data.
pub(super) const ENTRA: &str = "entra";

/// From the search that finds nobody to the reactivation.
pub(super) static SECTION: Section = Section {
    title: "A user of Entra ID",
    checks: &[
        Check {
            name: "nobody has the name",
            request: |known| Ok(by_name(&known.address(ENTRA))),
            status: &[200],
            judge: no_hit,
            advice: "Find nobody where nobody is: a filter that matches everybody links strangers.",
        },
        Check {
            name: "the user is made",
            request: |known| Ok(create(known)),
            status: &[201],
            judge: |answer, known| {
                known.keep(Fact::User, answer.id()?);
                answer.has_schema(CORE)?;
                answer.is("/userName", known.address(ENTRA))?;
                answer.is("/active", true)?;
                answer.is("/meta/resourceType", "User")
            },
            advice: "Accept null and [] for what has no value, and answer 201 with the whole user as asked for. If the name is refused, give a domain that the target accepts with --domain.",
        },
        Check {
            name: "the same user again is a conflict",
            request: |known| Ok(create(known)),
            status: &[409],
            judge: error_body,
            advice: "Answer 409 with a SCIM error and scimType uniqueness.",
        },
        Check {
            name: "the user is read as it was made",
            request: |known| Ok(Request::get(Habits::Entra, user(known)?)),
            status: &[200],
            judge: |answer, known| {
                answer.is("/externalId", known.external_id(ENTRA))?;
                answer.is("/name/familyName", "Doctor")?;
                answer.element_is("emails", "work", &known.address(ENTRA))
            },
            advice: "Keep and return each value in the form in which it was sent.",
        },
        Check {
            name: "the user is found whatever the case of the name",
            request: |known| Ok(by_name(&known.address(ENTRA).to_uppercase())),
            status: &[200],
            judge: |answer, known| {
                found(answer, known)?;
                answer.is("/Resources/0/userName", known.address(ENTRA))
            },
            advice: "Compare userName without regard to case (RFC 7643 section 4.1.1), and return it in its own case.",
        },
        Check {
            name: "the user is found by the work address",
            request: |known| {
                user(known)?;
                let address = known.address(ENTRA);
                let filter = format!("emails[type eq \"work\"].value eq \"{address}\"");
                Ok(Request::find(Habits::Entra, "/Users", filter))
            },
            status: &[200],
            judge: found,
            advice: "Evaluate value filters such as emails[type eq \"work\"].value (RFC 7644 section 3.4.2.2).",
        },
        Check {
            name: "the user is found by externalId",
            request: |known| {
                user(known)?;
                let filter = format!("externalId eq \"{}\"", known.external_id(ENTRA));
                Ok(Request::find(Habits::Entra, "/Users", filter))
            },
            status: &[200],
            judge: found,
            advice: "Keep externalId and let it be searched for: Entra can match by it.",
        },
        Check {
            name: "values change one by one, with the operation capitalized",
            request: |known| {
                let department = format!("{ENTERPRISE}:department");
                let operations = json!([
                    {"op": "Replace", "path": "displayName", "value": "Dora Doctor"},
                    {"op": "Replace", "path": "name.familyName", "value": "Doctor-Lind"},
                    {"op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "+46 70 555 01 23"},
                    {"op": "Add", "path": department, "value": "Legal"},
                    {"op": "Add", "path": "title", "value": "Tester"},
                ]);
                patch(known, &operations)
            },
            status: CHANGED,
            judge: |after, known| {
                after.is("/displayName", "Dora Doctor")?;
                after.is("/name/familyName", "Doctor-Lind")?;
                after.is("/name/givenName", "Dora")?;
                after.element_is("phoneNumbers", "mobile", "+46 70 555 01 23")?;
                after.element_is("emails", "work", &known.address(ENTRA))?;
                after.is(&format!("/{ENTERPRISE}/department"), "Legal")?;
                after.is("/title", "Tester")
            },
            advice: "Read op without regard to case, make the element that a filter in a path does not find, take extension paths with a colon, and leave everything else alone.",
        },
        Check {
            name: "values change together, with paths as names (aadOptscim062020)",
            request: |known| {
                let number = format!("{ENTERPRISE}:employeeNumber");
                let value = json!({"displayName": "Dora Lind", "name.givenName": "Dorothea", number: "E-2207"});
                patch(known, &json!([{"op": "replace", "value": value}]))
            },
            status: CHANGED,
            judge: |after, _| {
                after.is("/displayName", "Dora Lind")?;
                after.is("/name/givenName", "Dorothea")?;
                after.is("/name/familyName", "Doctor-Lind")?;
                after.is(&format!("/{ENTERPRISE}/employeeNumber"), "E-2207")?;
                after.is(&format!("/{ENTERPRISE}/department"), "Legal")
            },
            advice: "In an operation without a path, take the names in the value as paths: name.givenName, urn:…:User:employeeNumber.",
        },
        Check {
            name: "an empty text clears a value",
            request: |known| {
                patch(
                    known,
                    &json!([{"op": "Replace", "path": "title", "value": ""}]),
                )
            },
            status: CHANGED,
            judge: |after, _| after.lacks("/title"),
            advice: "Take \"\" and null as no value (RFC 7643 section 2.5).",
        },
        Check {
            name: "a manager is set by the bare id",
            request: |known| {
                let id = user(known)?.replacen("/Users/", "", 1);
                let path = format!("{ENTERPRISE}:manager");
                patch(known, &json!([{"op": "Add", "path": path, "value": id}]))
            },
            status: CHANGED,
            judge: |after, known| {
                let pointer = format!("/{ENTERPRISE}/manager/value");
                after.is(&pointer, id(known))
            },
            advice: "Take a text as the manager's id, but answer with an object: {\"value\": …}.",
        },
        Check {
            name: "a PATCH with a mistake changes nothing",
            request: |known| {
                let operations = json!([
                    {"op": "Replace", "path": "displayName", "value": "Half"},
                    {"op": "Replace", "path": "emails[type eq \"work\".value", "value": "x@example.com"},
                ]);
                patch(known, &operations)
            },
            status: &[400],
            judge: |after, _| after.is("/displayName", "Dora Lind"),
            advice: "Carry out all operations or none, and answer a malformed path with 400 invalidPath.",
        },
        Check {
            name: "the user is deactivated by a text",
            request: |known| patch(known, &active("False")),
            status: CHANGED,
            judge: |after, _| after.is("/active", false),
            advice: "Take \"False\" as false for booleans, and answer with real booleans. This is how a leaver loses access.",
        },
        Check {
            name: "the deactivated user is still found",
            request: |known| {
                user(known)?;
                Ok(by_name(&known.address(ENTRA)))
            },
            status: &[200],
            judge: found,
            advice: "Return inactive users from searches: else the client makes them again.",
        },
        Check {
            name: "the user is reactivated under the same id",
            request: |known| patch(known, &active("True")),
            status: CHANGED,
            judge: |after, known| {
                after.is("/active", true)?;
                after.is("/id", id(known))
            },
            advice: "Take \"True\" as true, and keep the id.",
        },
    ],
};

fn create(known: &Known) -> Request {
    let address = known.address(ENTRA);
    let body = json!({
        "schemas": [CORE, ENTERPRISE],
        "externalId": known.external_id(ENTRA),
        "userName": address,
        "active": true,
        "displayName": "Dora Tester",
        "emails": [{"primary": true, "type": "work", "value": address}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "Dora Doctor", "familyName": "Doctor", "givenName": "Dora"},
        "roles": [],
        "title": null,
        "addresses": null,
        ENTERPRISE: {"department": "Tests"},
    });
    Request::write(Habits::Entra, Method::POST, "/Users", &body)
}

fn by_name(name: &str) -> Request {
    Request::find(Habits::Entra, "/Users", format!("userName eq \"{name}\""))
}

fn user(known: &Known) -> Result<String, Skip> {
    known.path("/Users", Fact::User)
}

fn patch(known: &Known, operations: &Value) -> Result<Request, Skip> {
    Ok(Request::patch(Habits::Entra, user(known)?, operations))
}

fn active(value: &str) -> Value {
    json!([{"op": "Replace", "path": "active", "value": value}])
}

fn id(known: &Known) -> String {
    let id = known.text(Fact::User);
    id.unwrap_or_default().to_owned()
}

/// The only hit is Entra's user.
fn found(answer: &Answer, known: &mut Known) -> Result<(), Fault> {
    answer.only_hit(&id(known))
}
