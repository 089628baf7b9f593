//! Bulk (RFC 7644 section 3.7) as far as it can be planned: the operations of a request, the order in which they can be
//! done, and the answer. Carrying them out is the caller's.

pub mod answer;
mod operation;
mod order;
mod reference;

use super::ScimError;
pub use operation::{Action, Operation, Task};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A Bulk request as read.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkRequest {
    /// After how many failed operations the rest is left undone; `None` is never.
    pub fail_on_errors: Option<u64>,
    /// The operations as sent, those included that cannot be carried out.
    pub operations: Vec<Operation>,
}

impl BulkRequest {
    /// Reads the body of a Bulk request. Names are read without regard to case. What is wrong with one operation is said
    /// of that operation alone.
    ///
    /// # Errors
    /// 400 for a body that is no Bulk request, 413 for more than `max_operations` operations.
    pub fn parse(body: &Value, max_operations: usize) -> Result<Self, ScimError> {
        let envelope = body.as_object();
        let operations = envelope.and_then(|envelope| member(envelope, "Operations"));
        let (Some(envelope), Some(Value::Array(operations))) = (envelope, operations) else {
            return Err(ScimError::invalid_syntax(
                "The body must be a JSON object with a list named \"Operations\".",
            ));
        };
        if operations.len() > max_operations {
            return Err(ScimError::payload_too_large(format!(
                "The request has {} operations, and {max_operations} are the most at a time. Split it.",
                operations.len()
            )));
        }
        let mut operations: Vec<_> = operations.iter().map(Operation::parse).collect();
        refuse_ambiguous(&mut operations);
        Ok(Self {
            fail_on_errors: fail_on_errors(envelope)?,
            operations,
        })
    }

    /// The order in which to carry the operations out, each group after those that it needs. The operations of a group
    /// of several need each other. What can be done in the order of the request stays in it.
    pub fn plan(&self) -> Vec<Vec<usize>> {
        let tasks = || self.operations.iter().enumerate();
        let makers: HashMap<&str, usize> = tasks()
            .filter_map(|(at, operation)| Some((operation.makes()?, at)))
            .collect();
        let mut latest = HashMap::new();
        let needs: Vec<BTreeSet<usize>> = tasks()
            .map(|(at, operation)| {
                let Ok(task) = &operation.task else {
                    return BTreeSet::new();
                };
                let references = task.references().into_iter();
                let mut needs: BTreeSet<usize> = references
                    .filter_map(|bulk_id| makers.get(bulk_id.as_str()).copied())
                    .collect();
                // What happens to one resource happens in the order of the request.
                if let Some(resource) = task.action.resource() {
                    needs.extend(latest.insert((task.kind, resource.to_owned()), at));
                }
                needs
            })
            .collect();
        order::dependencies_first(&needs)
    }
}

/// Two operations of one bulkId: nobody knows which of them the others mean.
fn refuse_ambiguous(operations: &mut [Operation]) {
    let (mut seen, mut twice) = (HashSet::new(), HashSet::new());
    for bulk_id in operations.iter().filter_map(|each| each.bulk_id.clone()) {
        if !seen.insert(bulk_id.clone()) {
            twice.insert(bulk_id);
        }
    }
    for operation in operations {
        if let Some(bulk_id) = operation.bulk_id.as_ref().filter(|id| twice.contains(*id)) {
            operation.task = Err(ScimError::invalid_value(format!(
                "There are several operations with the bulkId \"{bulk_id}\". Give each its own."
            )));
        }
    }
}

fn fail_on_errors(envelope: &Map<String, Value>) -> Result<Option<u64>, ScimError> {
    match member(envelope, "failOnErrors") {
        None | Some(Value::Null) => Ok(None),
        Some(number) => match number.as_u64() {
            Some(number) if number > 0 => Ok(Some(number)),
            Some(_) | None => Err(ScimError::invalid_value(
                "failOnErrors must be a whole number from 1. Leave it out to go on whatever fails.",
            )),
        },
    }
}

/// The member of that name, without regard to case; of several the last, as with equal names in JSON.
fn member<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    members
        .iter()
        .rfind(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}
