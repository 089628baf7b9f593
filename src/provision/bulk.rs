//! Bulk requests: each operation through the same use cases as a single request, all of them with the patience of one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;
use tracing::warn;

use super::{Bridge, Context};
use crate::scim::bulk::answer::{self, Done};
use crate::scim::bulk::{Action, Task};
use crate::scim::{BulkRequest, Precondition, ScimError};

/// A Bulk request under way.
struct Run<'r> {
    bridge: &'r Arc<Bridge>,
    context: &'r Context,
    request: &'r BulkRequest,
    /// The ids of what was made, by bulkId.
    made: HashMap<String, String>,
    outcomes: BTreeMap<usize, Result<Done, ScimError>>,
}

/// An operation that failed, and why.
type Failed = (usize, ScimError);

impl Bridge {
    /// Carries out the operations of a Bulk request, those first that others need, and answers for each. `base` is the
    /// tenant's SCIM base address. An operation that fails leaves nothing behind; those that need it fail with it.
    /// Operations that need each other in a circle are done all or none: they are made without the references that
    /// cannot be resolved yet, and completed once all are there.
    pub async fn bulk(
        self: &Arc<Self>,
        context: &Context,
        base: &str,
        request: &BulkRequest,
    ) -> Value {
        let mut run = Run {
            bridge: self,
            context,
            request,
            made: HashMap::new(),
            outcomes: BTreeMap::new(),
        };
        for group in request.plan() {
            if request
                .fail_on_errors
                .is_some_and(|most| run.errors() >= most)
            {
                break;
            }
            if let Err(failed) = run.group(&group).await {
                run.give_up(&group, failed).await;
            }
        }
        let results = run.outcomes.iter().filter_map(|(at, outcome)| {
            let operation = request.operations.get(*at)?;
            Some(answer::result(operation, outcome, base, &run.made))
        });
        answer::response(results.collect())
    }
}

impl Run<'_> {
    fn errors(&self) -> u64 {
        let failed = self.outcomes.values().filter(|outcome| outcome.is_err());
        failed.count() as u64
    }

    /// Carries out one operation, or several that need each other.
    async fn group(&mut self, group: &[usize]) -> Result<(), Failed> {
        let request = self.request;
        let within: BTreeSet<&str> = group
            .iter()
            .filter_map(|at| request.operations.get(*at)?.makes())
            .collect();
        let mut incomplete = Vec::new();
        for at in group.iter().copied() {
            let Some(operation) = request.operations.get(at) else {
                continue;
            };
            let task = operation.task.as_ref();
            let task = task.map_err(|error| (at, error.clone()))?;
            let references = task.references();
            self.all_can_be(&references, &within)
                .map_err(|error| (at, error))?;
            let lacks = !references.iter().all(|name| self.made.contains_key(name));
            // Who was there before must never be among what is removed if this circle fails.
            let context = match lacks || group.len() > 1 {
                true => self.context.clone().making_anew(),
                false => self.context.clone(),
            };
            let done = self.perform(context, &task.known_part(&self.made)).await;
            let done = done.map_err(|error| (at, error))?;
            if lacks {
                incomplete.push((at, task, done.clone()));
            }
            if let Some(bulk_id) = operation.makes() {
                self.made.insert(bulk_id.to_owned(), done.id.clone());
            }
            self.outcomes.insert(at, Ok(done));
        }
        for (at, task, done) in incomplete {
            let completed = self.complete(task, done).await;
            self.outcomes
                .insert(at, Ok(completed.map_err(|error| (at, error))?));
        }
        Ok(())
    }

    /// Everything referred to is made, or is about to be made together with this.
    fn all_can_be(
        &self,
        references: &BTreeSet<String>,
        within: &BTreeSet<&str>,
    ) -> Result<(), ScimError> {
        for name in references {
            if self.made.contains_key(name) || within.contains(name.as_str()) {
                continue;
            }
            let mut operations = self.request.operations.iter().enumerate();
            let maker = operations.find(|(_, operation)| operation.makes() == Some(name));
            return Err(match maker.and_then(|(at, _)| self.outcomes.get(&at)) {
                Some(Err(error)) => needs_failed(name, error),
                Some(Ok(_)) | None => ScimError::invalid_value(format!(
                    "No POST of this request has the bulkId \"{name}\". Correct the reference, or add the POST."
                )),
            });
        }
        Ok(())
    }

    /// Puts a resource that was made without some of its references into its final form.
    async fn complete(&self, task: &Task, done: Done) -> Result<Done, ScimError> {
        let version = done.version.unwrap_or_default();
        let completion = Task {
            action: Action::Replace(done.id.clone()),
            precondition: Precondition::is_at(version),
            ..task.known_part(&self.made)
        };
        let completed = self.perform(self.context.clone(), &completion).await?;
        Ok(Done {
            version: completed.version,
            ..done
        })
    }

    /// One operation of the group failed: the others need it, so what they made is removed and they fail too.
    async fn give_up(&mut self, group: &[usize], (failed, error): Failed) {
        let request = self.request;
        let name = |at: usize| request.operations.get(at)?.bulk_id.as_deref();
        for at in group.iter().copied() {
            if let Some(bulk_id) = name(at) {
                self.made.remove(bulk_id);
            }
            if let Some(Ok(done)) = self.outcomes.remove(&at) {
                self.remove(done).await;
            }
            let error = match at == failed {
                true => error.clone(),
                false => needs_failed(name(failed).unwrap_or_default(), &error),
            };
            self.outcomes.insert(at, Err(error));
        }
    }

    async fn remove(&self, done: Done) {
        let removal = Task {
            action: Action::Delete(done.id.clone()),
            kind: done.kind,
            data: Value::Null,
            precondition: Precondition::exists(),
        };
        if let Err(error) = self.perform(self.context.clone(), &removal).await {
            warn!(
                request.id = %self.context.request, resource.id = done.id, error = %error,
                "What a Bulk request made in vain could not be removed"
            );
        }
    }

    /// Carries out a task whose references are all resolved.
    async fn perform(&self, context: Context, task: &Task) -> Result<Done, ScimError> {
        let bridge = self.bridge;
        let context = &context.given(task.precondition.clone());
        let data = &task.data;
        let (status, written) = match &task.action {
            Action::Create => (201, bridge.create(context, task.kind, data).await?),
            Action::Replace(id) => (200, bridge.replace(context, task.kind, id, data).await?),
            Action::Patch(id) => (200, bridge.patch(context, task.kind, id, data).await?),
            Action::Delete(id) => {
                bridge.delete(context, task.kind, id).await?;
                return Ok(Done {
                    status: 204,
                    kind: task.kind,
                    id: id.clone(),
                    version: None,
                });
            }
        };
        Ok(Done {
            status,
            kind: task.kind,
            id: written.id().to_owned(),
            version: Some(written.version()),
        })
    }
}

/// The error of an operation that needs one that failed. What can be tried again later stays so.
fn needs_failed(name: &str, error: &ScimError) -> ScimError {
    let words = format!(
        "This operation needs the one with the bulkId \"{name}\", which failed: {}",
        error.detail
    );
    if error.status < 500 {
        return ScimError::invalid_value(words);
    }
    ScimError {
        detail: words,
        ..error.clone()
    }
}
