//! The answer to a Bulk request, each result as RFC 7644 section 3.7.3 prints it.

use super::{Operation, reference};
use crate::scim::{ResourceKind, ScimError, entity_tag, location};
use scim_v2::schema_urns;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// What an operation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The status that a single request would be answered with.
    pub status: u16,
    /// The type of the resource.
    pub kind: ResourceKind,
    /// Its id.
    pub id: String,
    /// The version that it has from here on; `None` for one that is gone.
    pub version: Option<i64>,
}

/// The result of one operation. `base` is the tenant's SCIM base address, `made` the ids behind the bulkIds.
pub fn result(
    operation: &Operation,
    outcome: &Result<Done, ScimError>,
    base: &str,
    made: &HashMap<String, String>,
) -> Value {
    let mut result = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            result.insert(name.to_owned(), value);
        }
    };
    put("method", operation.method.as_deref().map(Value::from));
    put("bulkId", operation.bulk_id.as_deref().map(Value::from));
    let place = |kind: ResourceKind, id: &str| Value::from(location(kind, base, id));
    let status = match outcome {
        Ok(done) => {
            put("version", done.version.map(entity_tag).map(Value::from));
            put("location", Some(place(done.kind, &done.id)));
            done.status
        }
        Err(error) => {
            let named = operation.task.as_ref().ok().and_then(|task| {
                let id = reference::resolved(task.action.resource()?, made)?;
                Some(place(task.kind, &id))
            });
            put("location", named);
            put("response", Some(error.to_json()));
            error.status
        }
    };
    put("status", Some(Value::from(status.to_string())));
    Value::Object(result)
}

/// The answer with the results of the operations that were processed.
pub fn response(results: Vec<Value>) -> Value {
    json!({
        "schemas": [schema_urns::BULK_RESPONSE],
        "Operations": results,
    })
}
