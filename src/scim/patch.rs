//! PATCH (RFC 7644 section 3.5.2): parsed, compiled against the attribute table, applied to a copy in order or not at all.

mod apply;
mod bounds;
mod compile;
mod kept;
mod list;
mod membership;
mod step;

use super::body::member;
use super::quirks::Quirk;
use super::reading::{Deviations, Reading};
use super::{Document, Limits, MemberChange, ResourceKind, ScimError, grammar};
use bounds::Bounds;
use scim_v2::filter::PatchPath;
use scim_v2::schema_urns;
use serde_json::{Map, Value};
use step::Step;

/// A PATCH body, read and compiled for one resource type. Applying it needs nothing but the resource.
#[derive(Debug, Clone)]
pub struct PatchRequest {
    kind: ResourceKind,
    limits: Limits,
    steps: Vec<Step>,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Add,
    Replace,
    Remove,
}

struct Operation<'a> {
    verb: Verb,
    path: Option<PatchPath>,
    value: Option<&'a Value>,
}

impl PatchRequest {
    /// Reads the body of a PATCH of a resource of `kind`. Names are read without regard to case, and members that mean
    /// nothing here are ignored.
    ///
    /// # Errors
    /// 400 for an operation that cannot be done on any such resource: `invalidSyntax`, `invalidValue`, `invalidFilter`,
    /// `invalidPath`, `noTarget` or `mutability`. 413 for more operations or members than the dialect's limits have.
    pub fn parse(
        body: &Value,
        kind: ResourceKind,
        reading: &mut Reading<'_>,
    ) -> Result<Self, ScimError> {
        let envelope = body.as_object();
        let operations = envelope.and_then(|envelope| member(envelope, "Operations"));
        let (Some(envelope), Some(operations)) = (envelope, operations.and_then(Value::as_array))
        else {
            return Err(ScimError::invalid_syntax(
                "The body must be a JSON object with a list named \"Operations\".",
            ));
        };
        check_schemas(envelope, reading)?;
        if operations.is_empty() && !reading.accepts(Quirk::EmptyOperations) {
            return Err(ScimError::invalid_syntax(
                "Operations must have at least one operation.",
            ));
        }
        let most = reading.limits().patch_operations;
        if operations.len() > most {
            return Err(ScimError::payload_too_large(format!(
                "A PATCH may have {most} operations at most. Send them in several requests."
            )));
        }
        let mut steps = Vec::with_capacity(operations.len());
        for operation in operations {
            let operation = Operation::parse(operation, reading)?;
            compile::operation(kind, &operation, reading, &mut steps)?;
        }
        reading.end()?;
        Ok(Self {
            kind,
            limits: *reading.limits(),
            steps,
        })
    }

    /// The user as the operations leave it. `met` receives the deviations that only the user as it is shows.
    ///
    /// # Errors
    /// 400 for an operation that cannot be done: `invalidValue` or `noTarget`. 413 for operations that look at long lists
    /// too often. `current` is not touched in any case.
    pub fn apply_to_user(
        self,
        current: &Document,
        met: &mut Deviations,
    ) -> Result<Document, ScimError> {
        Ok(self.apply(current, met)?.0)
    }

    /// The group as the operations leave it, and what they do to its members, in order. Members need not be read for it.
    ///
    /// # Errors
    /// As for [`PatchRequest::apply_to_user`].
    pub fn apply_to_group(
        self,
        current: &Document,
        met: &mut Deviations,
    ) -> Result<(Document, Vec<MemberChange>), ScimError> {
        self.apply(current, met)
    }

    fn apply(
        self,
        current: &Document,
        met: &mut Deviations,
    ) -> Result<(Document, Vec<MemberChange>), ScimError> {
        let mut document = current.clone();
        let mut members = Vec::new();
        let mut bounds = Bounds::of(&self.limits);
        for step in self.steps {
            match step {
                Step::Edit(edit) => apply::edit(&mut document.0, edit, &mut bounds, met)?,
                Step::Kept(edit) => kept::apply(&mut document.0, edit, &mut bounds)?,
                Step::Members(change) => members.push(change),
            }
        }
        apply::drop_hollow_elements(self.kind, &mut document.0);
        document.check(self.kind)?;
        Ok((document, members))
    }
}

/// The envelope names the message that it is (RFC 7644 section 3.5.2).
fn check_schemas(
    envelope: &Map<String, Value>,
    reading: &mut Reading<'_>,
) -> Result<(), ScimError> {
    let listed = member(envelope, "schemas").and_then(Value::as_array);
    let is_message = |listed: &Value| {
        let urn = listed.as_str().unwrap_or_default();
        urn.eq_ignore_ascii_case(schema_urns::PATCH_OP)
    };
    let agrees = listed.is_some_and(|listed| listed.iter().any(is_message));
    if agrees || reading.accepts(Quirk::SchemasDiffer) {
        return Ok(());
    }
    Err(ScimError::invalid_syntax(format!(
        "schemas must list \"{}\".",
        schema_urns::PATCH_OP
    )))
}

impl<'a> Operation<'a> {
    fn parse(operation: &'a Value, reading: &mut Reading<'_>) -> Result<Self, ScimError> {
        let Some(members) = operation.as_object() else {
            return Err(ScimError::invalid_syntax(
                "Each of Operations must be a JSON object.",
            ));
        };
        let path = match member(members, "path") {
            None | Some(Value::Null) => None,
            Some(Value::String(path))
                if path.trim().is_empty() && reading.accepts(Quirk::EmptyPath) =>
            {
                None
            }
            Some(Value::String(path)) => Some(parse_path(path, reading)?),
            Some(_) => return Err(ScimError::invalid_path("path must be a string.")),
        };
        Ok(Self {
            verb: Verb::parse(member(members, "op"), reading)?,
            path,
            value: member(members, "value"),
        })
    }
}

impl Verb {
    fn parse(op: Option<&Value>, reading: &mut Reading<'_>) -> Result<Self, ScimError> {
        let op = op.and_then(Value::as_str).unwrap_or_default();
        let verb = match op.to_ascii_lowercase().as_str() {
            "add" => Self::Add,
            "replace" => Self::Replace,
            "remove" => Self::Remove,
            _ => return Err(no_verb()),
        };
        if op.contains(|c: char| c.is_ascii_uppercase())
            && !reading.accepts(Quirk::OperationInCapitals)
        {
            return Err(no_verb());
        }
        Ok(verb)
    }
}

fn no_verb() -> ScimError {
    ScimError::invalid_syntax(
        "Each of Operations needs an \"op\" that is add, replace or remove, in small letters.",
    )
}

fn parse_path(path: &str, reading: &mut Reading<'_>) -> Result<PatchPath, ScimError> {
    grammar::path(path, reading).map_err(|reason| {
        ScimError::invalid_path(format!("The path '{path}' is not valid: {reason}."))
    })
}
