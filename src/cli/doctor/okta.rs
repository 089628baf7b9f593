//! A user's life as Okta writes it (`reference/idp-behaviour.md`, sections 3.4 to 3.7).

use reqwest::Method;
use serde_json::{Value, json};

use super::check::{CHANGED, Check, Section, Skip, no_hit};
use super::known::{Fact, Known};
use super::request::{Habits, Request};

/// The name of Okta's user in the test data.
pub(super) const OKTA: &str = "okta";

/// From the search that finds nobody to the reactivation.
pub(super) static SECTION: Section = Section {
    title: "A user of Okta",
    checks: &[
        Check {
            name: "nobody has the name",
            request: |known| Ok(by_name(known.address(OKTA))),
            status: &[200],
            judge: no_hit,
            advice: "Answer a search without a hit with 200, not with 404.",
        },
        Check {
            name: "the user is made, with a password, as plain JSON",
            request: |known| {
                let address = known.address(OKTA);
                let body = json!({
                    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                    "userName": address,
                    "name": {"givenName": "Otto", "familyName": "Doctor"},
                    "emails": [{"primary": true, "value": address, "type": "work"}],
                    "displayName": "Otto Doctor",
                    "locale": "nb-NO",
                    "externalId": known.external_id(OKTA),
                    "groups": [],
                    "password": "q8Zr02LkW",
                    "active": true,
                });
                let made = Request::write(Habits::Okta, Method::POST, "/Users", &body);
                Ok(made.with_media_type("application/json"))
            },
            status: &[201],
            judge: |answer, known| {
                known.keep(Fact::Colleague, answer.id()?);
                answer.is("/userName", known.address(OKTA))?;
                answer.is("/active", true)?;
                answer.lacks("/password")
            },
            advice: "Accept application/json, ignore groups, never return a password, and answer 201 with the whole user: Okta fails on an empty one.",
        },
        Check {
            name: "the user is found whatever the case of the name",
            request: |known| {
                colleague(known)?;
                Ok(by_name(known.address(OKTA).to_uppercase()))
            },
            status: &[200],
            judge: |answer, known| answer.only_hit(known.text(Fact::Colleague).unwrap_or_default()),
            advice: "Compare userName without regard to case (RFC 7643 section 4.1.1).",
        },
        Check {
            name: "the user is read before a change",
            request: |known| Ok(Request::get(Habits::Okta, colleague(known)?)),
            status: &[200],
            judge: |answer, known| {
                answer.is("/name/givenName", "Otto")?;
                known.keep(Fact::ColleagueAsRead, answer.json.clone());
                Ok(())
            },
            advice: "Return the whole user. A GET with a Content-Type and no body is no mistake.",
        },
        Check {
            name: "what was read is put back with a change",
            request: |known| {
                let mut body = known.get(Fact::ColleagueAsRead)?.clone();
                if let Some(name) = body.get_mut("name").and_then(Value::as_object_mut) {
                    name.insert("familyName".to_owned(), json!("Doctor-Lie"));
                    name.insert("middleName".to_owned(), json!(""));
                }
                put(known, &body)
            },
            status: &[200],
            judge: |after, known| {
                after.is("/name/familyName", "Doctor-Lie")?;
                after.lacks("/name/middleName")?;
                after.is("/userName", known.address(OKTA))?;
                after.is("/active", true)
            },
            advice: "Accept PUT, ignore read-only attributes in it, and take \"\" as no value.",
        },
        Check {
            name: "a PUT without active leaves it as it is",
            request: |known| {
                let mut body = known.get(Fact::ColleagueAsRead)?.clone();
                if let Some(parts) = body.as_object_mut() {
                    parts.remove("active");
                }
                put(known, &body)
            },
            status: &[200],
            judge: |after, _| after.is("/active", true),
            advice: "An omitted active neither disables nor enables.",
        },
        Check {
            name: "a new password is accepted and not shown",
            request: |known| patch(known, &json!({"password": "k2Vx77PqM"})),
            status: CHANGED,
            judge: |after, _| after.lacks("/password"),
            advice: "Accept a password and discard it if you do not keep one.",
        },
        Check {
            name: "the user is deactivated without a path",
            request: |known| patch(known, &json!({"active": false})),
            status: CHANGED,
            judge: |after, _| after.is("/active", false),
            advice: "Carry out {\"op\": \"replace\", \"value\": {\"active\": false}}. This is how a leaver loses access.",
        },
        Check {
            name: "the user is reactivated",
            request: |known| patch(known, &json!({"active": true})),
            status: CHANGED,
            judge: |after, _| after.is("/active", true),
            advice: "Carry out {\"op\": \"replace\", \"value\": {\"active\": true}}, under the same id.",
        },
    ],
};

fn by_name(name: String) -> Request {
    Request::find(Habits::Okta, "/Users", format!("userName eq \"{name}\""))
}

fn colleague(known: &Known) -> Result<String, Skip> {
    known.path("/Users", Fact::Colleague)
}

fn put(known: &Known, body: &Value) -> Result<Request, Skip> {
    let path = colleague(known)?;
    let put = Request::write(Habits::Okta, Method::PUT, path.clone(), body);
    Ok(put.then_read(path))
}

fn patch(known: &Known, value: &Value) -> Result<Request, Skip> {
    let operations = json!([{"op": "replace", "value": value}]);
    Ok(Request::patch(Habits::Okta, colleague(known)?, &operations))
}
