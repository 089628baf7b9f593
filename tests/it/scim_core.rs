//! Facts about the SCIM core. Numbers such as Q038 are rows of section 6 of the reference on client behaviour.

mod body;
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
mod removal;
mod replace;

use scim_bridge::scim::{
    Deviations, Document, GroupRef, MemberChange, Meta, PatchRequest, Reading, ResourceKind,
    ScimError, ScimType, render_user,
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
    Document::user_from_create(&body, &mut Reading::default()).unwrap()
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
    Document::group_from_create(
        &json!({"displayName": "Finance EMEA", "externalId": "g-1"}),
        &mut Reading::default(),
    )
    .unwrap()
    .0
}

fn stored(document: &Document) -> Value {
    serde_json::to_value(document).unwrap()
}

fn shown(document: &Document) -> Value {
    render_user(document, &META, &[], None)
}

fn shown_in_a_group(document: &Document) -> Value {
    let groups = [GroupRef {
        id: "c41".to_owned(),
        display: "Field Ops".to_owned(),
    }];
    render_user(document, &META, &groups, None)
}

/// The user after a PUT.
fn replaced(body: &Value, current: &Document) -> Result<Document, ScimError> {
    let replacement = Document::user_from_replace(body, &mut Reading::default())?;
    Ok(replacement.of(current))
}

fn message(operations: Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    })
}

/// What is met in a PATCH of `current`, and what is left of it.
fn met(body: &Value, current: &Document) -> Result<(Deviations, Document), ScimError> {
    let mut reading = Reading::default();
    let request = PatchRequest::parse(body, ResourceKind::User, &mut reading)?;
    let mut met = reading.into_met();
    let after = request.apply_to_user(current, &mut met)?;
    Ok((met, after))
}

/// What `current` is after the operations.
fn patch(operations: Value, current: &Document) -> Result<Document, ScimError> {
    Ok(met(&message(operations), current)?.1)
}

fn patch_of_group(
    body: &Value,
    current: &Document,
) -> Result<(Document, Vec<MemberChange>), ScimError> {
    let request = PatchRequest::parse(body, ResourceKind::Group, &mut Reading::default())?;
    request.apply_to_group(current, &mut Deviations::default())
}

/// What `maja` is after the operations.
fn patched(operations: Value) -> Value {
    patched_from(&maja(), operations)
}

fn patched_from(current: &Document, operations: Value) -> Value {
    stored(&patch(operations, current).unwrap())
}

fn refused(operations: Value) -> ScimError {
    patch(operations, &maja()).unwrap_err()
}

fn member_changes(operations: Value) -> Vec<MemberChange> {
    patch_of_group(&message(operations), &group()).unwrap().1
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
