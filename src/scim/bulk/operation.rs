//! One operation of a Bulk request (RFC 7644 section 3.7): what it asks for, or why that cannot be.

use super::reference;
use crate::scim::body::member;
use crate::scim::{Precondition, ResourceKind, ScimError};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};

/// An operation as sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Its method in capitals, if it has one.
    pub method: Option<String>,
    /// The name by which other operations refer to what it makes.
    pub bulk_id: Option<String>,
    /// What is to be done, or what is wrong with it.
    pub task: Result<Task, ScimError>,
}

/// What an operation asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// What to do, and to which resource.
    pub action: Action,
    /// The type of the resource.
    pub kind: ResourceKind,
    /// What the body of a single request would be; `null` for a removal.
    pub data: Value,
    /// What must hold of the resource.
    pub precondition: Precondition,
}

/// What to do. The resource is named by its id, or by `bulkId:` and the name of the operation that makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// POST
    Create,
    /// PUT
    Replace(String),
    /// PATCH
    Patch(String),
    /// DELETE
    Delete(String),
}

impl Operation {
    /// Reads one of `Operations`.
    pub(super) fn parse(operation: &Value) -> Self {
        let Some(members) = operation.as_object() else {
            return Self {
                method: None,
                bulk_id: None,
                task: Err(ScimError::invalid_syntax(
                    "Each of Operations must be a JSON object.",
                )),
            };
        };
        let text = |name| member(members, name).and_then(Value::as_str);
        Self {
            method: text("method").map(str::to_ascii_uppercase),
            bulk_id: text("bulkId").map(str::to_owned),
            task: Task::parse(members),
        }
    }

    /// The bulkId by which others can refer to what the operation makes, whether it can be carried out or not.
    pub fn makes(&self) -> Option<&str> {
        let creates = self.method.as_deref() == Some("POST");
        self.bulk_id.as_deref().filter(|_| creates)
    }
}

impl Task {
    fn parse(members: &Map<String, Value>) -> Result<Self, ScimError> {
        let text = |name| match member(members, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(ScimError::invalid_syntax(format!(
                "{name} must be a string."
            ))),
        };
        let method = text("method")?.unwrap_or_default().to_ascii_uppercase();
        if !["POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()) {
            return Err(ScimError::invalid_syntax(
                "method must be POST, PUT, PATCH or DELETE.",
            ));
        }
        let (kind, id) = path(text("path")?.unwrap_or_default())?;
        let bulk_id = text("bulkId")?;
        let action = match (method.as_str(), id) {
            ("POST", None) => Action::Create,
            ("PUT", Some(id)) => Action::Replace(id),
            ("PATCH", Some(id)) => Action::Patch(id),
            ("DELETE", Some(id)) => Action::Delete(id),
            _ => {
                return Err(ScimError::method_not_allowed(
                    "POST goes to a type of resource such as /Users; PUT, PATCH and DELETE go to one resource such as \
                     /Users/{id}.",
                ));
            }
        };
        if action == Action::Create && bulk_id.is_none_or(str::is_empty) {
            return Err(ScimError::invalid_syntax(
                "A POST in a Bulk request needs a bulkId. Give each a name of its own.",
            ));
        }
        let version = text("version")?.filter(|_| action != Action::Create);
        Ok(Self {
            data: data(&action, member(members, "data"))?,
            precondition: version.map_or(Ok(Precondition::default()), Precondition::of_version)?,
            kind,
            action,
        })
    }

    /// The bulkIds that the task refers to.
    pub fn references(&self) -> BTreeSet<String> {
        let mut found = reference::in_body(&self.data);
        found.extend(
            self.action
                .resource()
                .map(reference::in_text)
                .unwrap_or_default(),
        );
        found
    }

    /// The task with ids in place of the bulkIds that are in `made`, and without the values that refer to others.
    #[must_use]
    pub fn known_part(&self, made: &HashMap<String, String>) -> Self {
        let resolved = |resource: &String| {
            reference::resolved(resource, made).unwrap_or_else(|| resource.clone())
        };
        let action = match &self.action {
            Action::Create => Action::Create,
            Action::Replace(resource) => Action::Replace(resolved(resource)),
            Action::Patch(resource) => Action::Patch(resolved(resource)),
            Action::Delete(resource) => Action::Delete(resolved(resource)),
        };
        Self {
            action,
            data: reference::known_part(&self.data, made),
            ..self.clone()
        }
    }
}

impl Action {
    /// The resource that is there already, or comes into being before.
    pub fn resource(&self) -> Option<&str> {
        match self {
            Self::Create => None,
            Self::Replace(resource) | Self::Patch(resource) | Self::Delete(resource) => {
                Some(resource)
            }
        }
    }
}

/// `/Users`, `/Groups/{id}` and their like.
fn path(text: &str) -> Result<(ResourceKind, Option<String>), ScimError> {
    let path = text.strip_prefix('/').unwrap_or(text);
    let (endpoint, id) = match path.split_once('/') {
        Some((endpoint, id)) => (endpoint, Some(id)),
        None => (path, None),
    };
    let mut kinds = ResourceKind::ALL.into_iter();
    match kinds.find(|kind| kind.endpoint() == endpoint) {
        Some(kind) if id.is_none_or(|id| !id.is_empty() && !id.contains('/')) => {
            Ok((kind, id.map(str::to_owned)))
        }
        Some(_) | None => Err(ScimError::not_found(format!(
            "There is no endpoint '{text}'. path must be /Users or /Groups, or /Users/{{id}} or /Groups/{{id}}."
        ))),
    }
}

/// The body of an operation. The operations of a PATCH may stand alone, as in the example of RFC 7644 section 3.7.3.
fn data(action: &Action, data: Option<&Value>) -> Result<Value, ScimError> {
    match (action, data) {
        (Action::Delete(_), _) => Ok(Value::Null),
        (Action::Patch(_), Some(Value::Array(operations))) => {
            Ok(json!({ "Operations": operations }))
        }
        (Action::Create | Action::Replace(_) | Action::Patch(_), Some(body @ Value::Object(_))) => {
            Ok(body.clone())
        }
        (Action::Create | Action::Replace(_) | Action::Patch(_), _) => {
            Err(ScimError::invalid_syntax(
                "data must be a JSON object: the body that a single request would have.",
            ))
        }
    }
}
