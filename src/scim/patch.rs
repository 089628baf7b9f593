//! PATCH (RFC 7644 section 3.5.2): parsed, compiled against the attribute table, applied to a copy in order or not at all.

mod apply;
mod compile;
mod list;
mod membership;

use super::quirks::{self, Deviations};
use super::{Document, MemberChange, ResourceKind, ScimError, grammar};
use compile::Step;
use scim_v2::filter::PatchPath;
use serde_json::{Map, Value};

/// A PATCH body as parsed, fit for any resource type.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchRequest {
    operations: Vec<Operation>,
    deviations: Deviations,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Add,
    Replace,
    Remove,
}

#[derive(Debug, Clone, PartialEq)]
struct Operation {
    verb: Verb,
    path: Option<PatchPath>,
    value: Option<Value>,
}

impl PatchRequest {
    /// Reads the body of a PATCH. Names and operations are read without regard to case, members that mean nothing here are
    /// ignored, and no operations at all are a change of nothing.
    ///
    /// # Errors
    /// 400 `invalidSyntax` for a body that is no PATCH, `invalidPath` for a malformed path.
    pub fn parse(body: &Value) -> Result<Self, ScimError> {
        let operations = body
            .as_object()
            .and_then(|envelope| member(envelope, "Operations"));
        let Some(operations) = operations.and_then(Value::as_array) else {
            return Err(ScimError::invalid_syntax(
                "The body must be a JSON object with a list named \"Operations\".",
            ));
        };
        let mut deviations = Deviations::default();
        if operations.is_empty() {
            deviations.note(quirks::EMPTY_OPERATIONS);
        }
        let operations: Result<_, _> = operations
            .iter()
            .map(|operation| Operation::parse(operation, &mut deviations))
            .collect();
        Ok(Self {
            operations: operations?,
            deviations,
        })
    }

    /// How many operations it has, for the caller's limit.
    pub fn operations(&self) -> usize {
        self.operations.len()
    }

    /// The deviations met in the envelope and the paths; see [`quirks::deviations_in_patch`] for all of them.
    pub fn deviations(&self) -> &Deviations {
        &self.deviations
    }

    /// The user as the operations leave it.
    ///
    /// # Errors
    /// 400 for an operation that cannot be done: `invalidValue`, `invalidFilter`, `invalidPath`, `noTarget` or
    /// `mutability`. `current` is not touched in any case.
    pub fn apply_to_user(&self, current: &Document) -> Result<Document, ScimError> {
        Ok(self.apply(ResourceKind::User, current)?.0)
    }

    /// The group as the operations leave it, and what they do to its members, in order. Members need not be read for it.
    ///
    /// # Errors
    /// As for [`PatchRequest::apply_to_user`].
    pub fn apply_to_group(
        &self,
        current: &Document,
    ) -> Result<(Document, Vec<MemberChange>), ScimError> {
        self.apply(ResourceKind::Group, current)
    }

    fn apply(
        &self,
        kind: ResourceKind,
        current: &Document,
    ) -> Result<(Document, Vec<MemberChange>), ScimError> {
        let mut document = current.clone();
        let mut members = Vec::new();
        for step in self.compile(kind, &mut Deviations::default())? {
            match step {
                Step::Edit(edit) => apply::edit(&mut document.0, edit)?,
                Step::Members(change) => members.push(change),
            }
        }
        apply::drop_hollow_elements(kind, &mut document.0);
        document.check(kind)?;
        Ok((document, members))
    }

    /// The operations as steps on resources of `kind`.
    pub(super) fn compile(
        &self,
        kind: ResourceKind,
        deviations: &mut Deviations,
    ) -> Result<Vec<Step>, ScimError> {
        let mut steps = Vec::new();
        for operation in &self.operations {
            compile::operation(kind, operation, deviations, &mut steps)?;
        }
        Ok(steps)
    }
}

impl Operation {
    fn parse(operation: &Value, deviations: &mut Deviations) -> Result<Self, ScimError> {
        let Some(members) = operation.as_object() else {
            return Err(ScimError::invalid_syntax(
                "Each of Operations must be a JSON object.",
            ));
        };
        let path = match member(members, "path") {
            None | Some(Value::Null) => None,
            Some(Value::String(path)) if path.trim().is_empty() => None,
            Some(Value::String(path)) => Some(parse_path(path, deviations)?),
            Some(_) => return Err(ScimError::invalid_path("path must be a string.")),
        };
        Ok(Self {
            verb: Verb::parse(member(members, "op"), deviations)?,
            path,
            value: member(members, "value").cloned(),
        })
    }
}

impl Verb {
    fn parse(op: Option<&Value>, deviations: &mut Deviations) -> Result<Self, ScimError> {
        let op = op.and_then(Value::as_str).unwrap_or_default();
        let verb = match op.to_ascii_lowercase().as_str() {
            "add" => Self::Add,
            "replace" => Self::Replace,
            "remove" => Self::Remove,
            _ => {
                return Err(ScimError::invalid_syntax(
                    "Each of Operations needs an \"op\" that is add, replace or remove.",
                ));
            }
        };
        if op.contains(|c: char| c.is_ascii_uppercase()) {
            deviations.note(quirks::OPERATION_IN_CAPITALS);
        }
        Ok(verb)
    }
}

fn parse_path(path: &str, deviations: &mut Deviations) -> Result<PatchPath, ScimError> {
    grammar::path(path, deviations).map_err(|reason| {
        ScimError::invalid_path(format!("The path '{path}' is not valid: {reason}."))
    })
}

/// The member of that name, without regard to case; of several the last, as with equal names in JSON.
fn member<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    members
        .iter()
        .rfind(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}
