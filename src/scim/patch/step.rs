//! What a PATCH is compiled to: steps whose paths are resolved and whose values are normalised.

use super::kept::KeptEdit;
use super::list::ListChange;
use crate::scim::MemberChange;
use crate::scim::path::Target;
use serde_json::Value;

/// One step of a PATCH.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// A change of the document.
    Edit(Edit),
    /// A change of something that no schema has.
    Kept(KeptEdit),
    /// A change of the members, which live beside it.
    Members(MemberChange),
}

/// A change of one attribute.
#[derive(Debug, Clone)]
pub(super) enum Edit {
    /// Sets a single value or a part of it; `None` takes it away.
    Value(Target, Option<Value>),
    /// Takes a single value away, or the parts of it, where it is this one.
    Match(Target, Value),
    /// Changes a list.
    List(Target, ListChange),
}
