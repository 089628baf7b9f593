//! A group's life, in the forms of both clients (`reference/idp-behaviour.md`, sections 2.9 and 3.8).

use reqwest::Method;
use serde_json::{Value, json};

use super::answer::Answer;
use super::check::{CHANGED, Check, Fault, Section, Skip, error_body, no_hit};
use super::known::{Fact, Known};
use super::request::{Habits, Request};

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// What most checks about members come down to.
const SET: &str =
    "Treat memberships as a set: these operations must leave exactly the members that they name.";

/// From the search that finds nothing to the push of the empty group.
pub(super) static SECTION: Section = Section {
    title: "A group",
    checks: &[
        Check {
            name: "no group has the name",
            request: |known| Ok(by_name(known)),
            status: &[200],
            judge: no_hit,
            advice: "Evaluate displayName eq for groups.",
        },
        Check {
            name: "Entra makes the group without members",
            request: |known| Ok(create(known)),
            status: &[201],
            judge: |answer, known| {
                known.keep(Fact::Group, answer.id()?);
                answer.is("/displayName", known.group_name())?;
                answer.is("/meta/resourceType", "Group")
            },
            advice: "Answer 201 with the group; take no offence at the URN of Microsoft's own in schemas.",
        },
        Check {
            name: "the same group again is a conflict",
            request: |known| Ok(create(known)),
            status: &[409],
            judge: error_body,
            advice: "Names of groups must be unique: both clients match by them, and Entra fails on two hits.",
        },
        Check {
            name: "Entra adds a member",
            request: |known| {
                let value = json!([{"$ref": null, "value": user(known)?}]);
                patch(
                    known,
                    &json!([{"op": "Add", "path": "members", "value": value}]),
                )
            },
            status: CHANGED,
            judge: |after, known| after.members_are(&[&id(known, Fact::User)]),
            advice: SET,
        },
        Check {
            name: "a member who is there already is added again",
            request: |known| {
                let value = json!([{"value": user(known)?}]);
                patch(
                    known,
                    &json!([{"op": "add", "path": "members", "value": value}]),
                )
            },
            status: CHANGED,
            judge: |after, known| after.members_are(&[&id(known, Fact::User)]),
            advice: SET,
        },
        Check {
            name: "a good member is added beside an unknown one",
            request: |known| {
                let value = json!([{"value": colleague(known)?, "display": null}, {"value": known.stranger()}]);
                patch(
                    known,
                    &json!([{"op": "add", "path": "members", "value": value}]),
                )
            },
            status: CHANGED,
            judge: |after, known| both(after, known),
            advice: "Skip the ids that you do not know and apply the others: Okta gives up the whole change on a 400.",
        },
        Check {
            name: "Entra removes one member by a value list",
            request: |known| {
                let value = json!([{"$ref": null, "value": colleague(known)?}]);
                patch(
                    known,
                    &json!([{"op": "Remove", "path": "members", "value": value}]),
                )
            },
            status: CHANGED,
            judge: |after, known| after.members_are(&[&id(known, Fact::User)]),
            advice: "A remove of members with a value list removes those members only, never all of them.",
        },
        Check {
            name: "a member who is gone already is removed",
            request: |known| {
                let path = format!("members[value eq \"{}\"]", colleague(known)?);
                patch(known, &json!([{"op": "remove", "path": path}]))
            },
            status: CHANGED,
            judge: |after, known| after.members_are(&[&id(known, Fact::User)]),
            advice: "Removing who is not a member succeeds and changes nothing.",
        },
        Check {
            name: "Okta pushes the whole membership",
            request: |known| {
                let value = json!([{"value": user(known)?}, {"value": colleague(known)?}]);
                patch(
                    known,
                    &json!([{"op": "replace", "path": "members", "value": value}]),
                )
            },
            status: CHANGED,
            judge: both,
            advice: SET,
        },
        Check {
            name: "a rename keeps the members",
            request: |known| {
                let value = json!({"id": known.text(Fact::Group)?, "displayName": format!("{}-renamed", known.group_name())});
                patch(known, &json!([{"op": "replace", "value": value}]))
            },
            status: CHANGED,
            judge: |after, known| {
                after.is("/displayName", format!("{}-renamed", known.group_name()))?;
                both(after, known)
            },
            advice: "Ignore the id in the value, and do not take a missing members as an empty one.",
        },
        Check {
            name: "the name is given back, and to itself",
            request: |known| {
                let rename =
                    json!({"op": "Replace", "path": "displayName", "value": known.group_name()});
                patch(known, &json!([rename, rename]))
            },
            status: CHANGED,
            judge: |after, known| after.is("/displayName", known.group_name()),
            advice: "A group's own name is no conflict.",
        },
        Check {
            name: "members are left out when they are excluded",
            request: |known| Ok(by_name(known).with("excludedAttributes", "members")),
            status: &[200],
            judge: |answer, known| {
                answer.only_hit(&id(known, Fact::Group))?;
                answer.lacks("/Resources/0/members")
            },
            advice: "Leave members out: Entra asks for groups this way, and a group can be large.",
        },
        Check {
            name: "a member who is deactivated and reactivated stays a member",
            request: |known| {
                let operations = json!([
                    {"op": "Replace", "path": "active", "value": "False"},
                    {"op": "Replace", "path": "active", "value": "True"},
                ]);
                let path = known.path("/Users", Fact::User)?;
                let group = known.path("/Groups", Fact::Group)?;
                Ok(Request::patch(Habits::Entra, path, &operations).then_read(group))
            },
            status: CHANGED,
            judge: both,
            advice: "Keep memberships through a deactivation: Entra does not send them again.",
        },
        Check {
            name: "Okta changes both ways in one PATCH",
            request: |known| {
                let path = format!("members[value eq \"{}\"]", user(known)?);
                let value = json!([{"value": colleague(known)?, "display": known.address("okta")}]);
                let operations = json!([
                    {"op": "remove", "path": path},
                    {"op": "add", "path": "members", "value": value},
                ]);
                patch(known, &operations)
            },
            status: CHANGED,
            judge: |after, known| after.members_are(&[&id(known, Fact::Colleague)]),
            advice: "Carry out members[value eq \"…\"]: 200 without an effect leaves access in place, and Okta does not look.",
        },
        Check {
            name: "a PUT sets the whole membership",
            request: |known| {
                let path = known.path("/Groups", Fact::Group)?;
                let body = json!({
                    "schemas": [CORE],
                    "id": known.text(Fact::Group)?,
                    "displayName": known.group_name(),
                    "members": [{"value": user(known)?, "display": null}],
                });
                let put = Request::write(Habits::Okta, Method::PUT, path.clone(), &body);
                Ok(put.then_read(path))
            },
            status: CHANGED,
            judge: |after, known| after.members_are(&[&id(known, Fact::User)]),
            advice: "Okta's wizard applications change groups by PUT only; the list is the whole membership.",
        },
        Check {
            name: "an empty group is pushed",
            request: |known| {
                patch(
                    known,
                    &json!([{"op": "replace", "path": "members", "value": []}]),
                )
            },
            status: CHANGED,
            judge: |after, _| after.members_are(&[]),
            advice: SET,
        },
    ],
};

fn create(known: &Known) -> Request {
    let body = json!({
        "schemas": [CORE, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
        "externalId": known.external_id("group"),
        "displayName": known.group_name(),
        "meta": {"resourceType": "Group"},
    });
    Request::write(Habits::Entra, Method::POST, "/Groups", &body)
}

fn by_name(known: &Known) -> Request {
    let filter = format!("displayName eq \"{}\"", known.group_name());
    Request::find(Habits::Entra, "/Groups", filter)
}

fn patch(known: &Known, operations: &Value) -> Result<Request, Skip> {
    let path = known.path("/Groups", Fact::Group)?;
    Ok(Request::patch(Habits::Entra, path, operations))
}

fn user(known: &Known) -> Result<&str, Skip> {
    known.text(Fact::User)
}

fn colleague(known: &Known) -> Result<&str, Skip> {
    known.text(Fact::Colleague)
}

fn id(known: &Known, fact: Fact) -> String {
    known.text(fact).unwrap_or_default().to_owned()
}

fn both(after: &Answer, known: &mut Known) -> Result<(), Fault> {
    after.members_are(&[&id(known, Fact::User), &id(known, Fact::Colleague)])
}
