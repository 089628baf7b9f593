//! Strategies for PATCH operations.

use super::input::{any_json, element, word};
use crate::scim_core::ENT;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Paths into a user that are well formed.
pub(super) fn path() -> impl Strategy<Value = String> {
    select(vec![
        "title",
        "Name.givenName",
        "name",
        "active",
        "userName",
        "emails",
        "emails.display",
        "emails[type eq \"work\"]",
        "emails[type eq \"work\"].value",
        "emails[type eq \"home\"].primary",
        "emails[primary eq \"True\"].display",
        "manager",
        "roles[primary eq \"True\"].value",
        "members",
        "favouriteColour",
        "id",
        "meta",
        "displayName",
        ENT,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        "urn:ietf:params:scim:schemas:core:2.0:User:nickName",
    ])
    .prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = Value> {
    let parts = (path(), word())
        .prop_map(|(path, word)| Value::Object(Map::from_iter([(path, json!(word))])));
    prop_oneof![
        3 => word().prop_map(Value::from),
        1 => select(vec![json!(null), json!(""), json!([]), json!({}), json!(true), json!("False")]),
        2 => element(),
        2 => prop::collection::vec(element(), 0..3).prop_map(Value::Array),
        2 => parts,
        1 => any_json(),
    ]
}

fn operation(ops: &'static [&'static str]) -> impl Strategy<Value = Value> {
    (
        select(ops),
        prop::option::of(path()),
        prop::option::weighted(0.9, value()),
    )
        .prop_map(|(op, path, value)| {
            let mut operation = json!({"op": op, "path": path});
            if let Some(value) = value {
                operation["value"] = value;
            }
            operation
        })
}

pub(super) fn patch_body() -> impl Strategy<Value = Value> {
    prop::collection::vec(operation(&["add", "Replace", "remove"]), 0..5)
        .prop_map(|operations| json!({"Operations": operations}))
}

pub(super) fn user_operation() -> impl Strategy<Value = Value> {
    operation(&["add", "replace", "remove"])
}

/// What an operation on members does to a set.
#[derive(Debug, Clone)]
pub(super) enum Effect {
    Add(Vec<String>),
    Remove(Vec<String>),
    RemoveAll,
    Replace(Vec<String>),
}

impl Effect {
    pub(super) fn on(&self, members: &BTreeSet<String>) -> BTreeSet<String> {
        let set = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<_>>();
        match self {
            Effect::Add(ids) => members | &set(ids),
            Effect::Remove(ids) => members - &set(ids),
            Effect::RemoveAll => BTreeSet::new(),
            Effect::Replace(ids) => set(ids),
        }
    }
}

/// The name for people of the user with this id.
pub(super) fn name(id: &str) -> String {
    format!("Name of {id}")
}

/// An operation on members in one of its spellings, and what it means.
pub(super) fn group_operation() -> impl Strategy<Value = (Effect, Value)> {
    let ids = prop::collection::vec(select(vec!["a", "b", "c"]).prop_map(str::to_owned), 0..3);
    (0..8_u8, ids).prop_map(|(form, ids)| {
        let list: Vec<_> = ids.iter().map(|id| json!({"value": id})).collect();
        let terms: Vec<_> = ids.iter().map(|id| format!("value eq \"{id}\"")).collect();
        match form {
            0 => (
                Effect::Add(ids),
                json!({"op": "Add", "path": "members", "value": list}),
            ),
            1 => (
                Effect::Remove(ids),
                json!({"op": "Remove", "path": "members", "value": list}),
            ),
            2 => (
                Effect::Replace(ids),
                json!({"op": "replace", "value": {"members": list}}),
            ),
            3 if !ids.is_empty() => {
                let path = format!("members[{}]", terms.join(" or "));
                (Effect::Remove(ids), json!({"op": "remove", "path": path}))
            }
            4 if !ids.is_empty() => {
                let path = format!("members[display pr and ({})]", terms.join(" or "));
                (Effect::Remove(ids), json!({"op": "remove", "path": path}))
            }
            5 if !ids.is_empty() => {
                // Every member has a name.
                let path = format!("members[not (display pr) and ({})]", terms.join(" or "));
                let effect = Effect::Remove(Vec::new());
                (effect, json!({"op": "remove", "path": path}))
            }
            6 if !ids.is_empty() => {
                let terms = ids.iter().map(|id| format!("display eq \"{}\"", name(id)));
                let terms: Vec<_> = terms.collect();
                let path = format!("members[{}]", terms.join(" or "));
                (Effect::Remove(ids), json!({"op": "remove", "path": path}))
            }
            _ => (
                Effect::RemoveAll,
                json!({"op": "remove", "path": "members"}),
            ),
        }
    })
}
