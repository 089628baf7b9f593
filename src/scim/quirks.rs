//! What clients send beside the standard: each habit is one named rewrite in front of a strict engine.
//!
//! The cases and who sends them are in `reference/idp-behaviour.md`, sections 0.1 and 6. Every rewrite that takes place is
//! noted in [`Deviations`] by its name, so that it can be shown and counted.

mod paths;
mod values;

pub(super) use paths::{
    bare_word, dot_after_urn, misspelt_enterprise_urn, seed, short_extension_name,
    value_path_comparison,
};
pub(super) use values::{boolean, fit_list, fit_single};

use super::patch::PatchRequest;
use super::{ResourceKind, ScimError, normalise};
use serde_json::Value;

/// A value that names an attribute or URN without being known here. Ignored, as RFC 7644 section 3.3 allows.
pub const UNKNOWN_ATTRIBUTE: &str = "unknown_attribute";
/// A PATCH operation that names an attribute which the server alone sets. Ignored.
pub const READ_ONLY_ATTRIBUTE: &str = "read_only_attribute";
/// `not(` for `not (`.
pub const NOT_WITHOUT_BLANK: &str = "not_without_blank";
/// `Add`, `REPLACE` for `add`, `replace`.
pub const OPERATION_IN_CAPITALS: &str = "operation_in_capitals";
/// A PATCH without operations.
pub const EMPTY_OPERATIONS: &str = "empty_operations";
/// `remove` with a value, which narrows it to the elements in that value.
pub const REMOVE_WITH_VALUE: &str = "remove_with_value";
/// A key such as `name.givenName` in the value of an operation without a path.
pub const PATH_AS_KEY: &str = "path_as_key";

/// The names of the deviations met in one request, each once, in the order of meeting.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Deviations(Vec<&'static str>);

impl Deviations {
    /// The names, for logs and counters.
    pub fn names(&self) -> &[&'static str] {
        &self.0
    }

    pub(super) fn note(&mut self, name: &'static str) {
        if !self.0.contains(&name) {
            self.0.push(name);
        }
    }
}

/// The deviations in the body of a POST or PUT.
///
/// # Errors
/// The errors of reading the body as a resource of `kind`.
pub fn deviations_in_body(kind: ResourceKind, body: &Value) -> Result<Deviations, ScimError> {
    let mut deviations = Deviations::default();
    normalise::resource(kind, body, &mut deviations)?;
    Ok(deviations)
}

/// The deviations in a PATCH, of its envelope, its paths and its values.
///
/// # Errors
/// The errors of applying the request to a resource of `kind`, as far as they do not depend on the resource.
pub fn deviations_in_patch(
    kind: ResourceKind,
    request: &PatchRequest,
) -> Result<Deviations, ScimError> {
    let mut deviations = request.deviations().clone();
    request.compile(kind, &mut deviations)?;
    Ok(deviations)
}
