//! Facts about the SCIM core. Numbers such as Q038 are rows of section 6 of the reference on client behaviour.

mod create;
mod filter;
mod filter_refusal;
mod list;
mod patch_group;
mod patch_list;
mod patch_refusal;
mod patch_user;
mod projection;
mod properties;
mod replace;

use scim_bridge::scim::{
    Document, GroupRef, MemberChange, Meta, PatchRequest, ScimError, ScimType, render_user,
};
use serde_json::{Value, json};

const ENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const META: Meta<'static> = Meta {
    id: "7d20c3",
    created: 1_700_000_000_000_000,
    modified: 1_700_000_100_000_000,
    version: 3,
    base: "https://scim.example.com/scim/acme/v2",
};

fn user(body: Value) -> Document {
    Document::user_from_create(&body).unwrap()
}

/// A user with a work address, a mobile number and a department.
fn maja() -> Document {
    user(json!({
        "userName": "maja.ekholm@example.com",
        "externalId": "m.Ekholm",
        "name": {"givenName": "Maja", "familyName": "Ekholm"},
        "title": "Analyst",
        "emails": [{"value": "maja@example.com", "type": "work", "primary": true}],
        "phoneNumbers": [
            {"value": "+46 1", "type": "work"},
            {"value": "+46 2", "type": "mobile", "display": "pocket"},
        ],
        ENT: {"department": "Finance", "manager": {"value": "5f2c11"}},
    }))
}

fn group() -> Document {
    Document::group_from_create(&json!({"displayName": "Finance EMEA", "externalId": "g-1"}))
        .unwrap()
        .0
}

fn stored(document: &Document) -> Value {
    serde_json::to_value(document).unwrap()
}

fn shown(document: &Document) -> Value {
    render_user(document, &META, &[])
}

fn shown_in_a_group(document: &Document) -> Value {
    let groups = [GroupRef {
        id: "c41".to_owned(),
        display: "Field Ops".to_owned(),
    }];
    render_user(document, &META, &groups)
}

fn patch(operations: Value) -> Result<PatchRequest, ScimError> {
    PatchRequest::parse(&json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    }))
}

/// What `maja` is after the operations.
fn patched(operations: Value) -> Value {
    patched_from(&maja(), operations)
}

fn patched_from(current: &Document, operations: Value) -> Value {
    stored(&patch(operations).unwrap().apply_to_user(current).unwrap())
}

fn refused(operations: Value) -> ScimError {
    patch(operations)
        .and_then(|request| request.apply_to_user(&maja()))
        .unwrap_err()
}

fn member_changes(operations: Value) -> Vec<MemberChange> {
    patch(operations)
        .unwrap()
        .apply_to_group(&group())
        .unwrap()
        .1
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// The status and keyword are as given, and the sentence contains `word`.
#[track_caller]
fn check_error(error: &ScimError, status: u16, scim_type: Option<ScimType>, word: &str) {
    assert_eq!(
        (error.status, &error.scim_type),
        (status, &scim_type),
        "{error}"
    );
    assert!(error.detail.contains(word), "'{word}' is not in: {error}");
}
