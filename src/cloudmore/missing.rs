//! Who or what does not exist: Cloudmore says so in a way that is not documented, and the list has to bear it out.

use serde_json::{Map, Value};

use crate::domain::model::AccountId;

use super::failure::{Failure, FailureKind};
use super::fields::Model;
use super::listing::Row;
use super::operation::Operation;
use super::person::PersonRow;
use super::target::Target;

impl Target {
    /// The detail as Cloudmore sends it, or `None` when there is certainly none.
    pub(super) async fn detail(
        &self,
        operation: &Operation<'_>,
        id: &AccountId,
    ) -> Result<Option<Map<String, Value>>, Failure> {
        let failure = match operation.object(&self.person_path(id)).await {
            Ok(Some(detail)) => return Ok(Some(detail)),
            Ok(None) => {
                Failure::incomplete("Cloudmore's answer is not the JSON object it should be")
            }
            Err(failure) if failure.may_mean_missing() => failure,
            Err(failure) => return Err(failure),
        };
        match self.certainly_gone(operation, id).await {
            Err(listed)
                if listed.kind == FailureKind::Incomplete && failure.status == Some(400) =>
            {
                Err(failure)
            }
            gone => gone.map(|()| None),
        }
    }

    pub(super) async fn certainly_gone(
        &self,
        operation: &Operation<'_>,
        id: &AccountId,
    ) -> Result<(), Failure> {
        let is_it = |person: &PersonRow| same_id(&person.id, id);
        absent_from(operation, &self.people_path(), self.model(), is_it).await
    }
}

/// After an answer that may mean that something does not exist: certain only when the parent list answers without the
/// item. If the list is not found either, the failure is that of the list, because then an id before it is wrong.
pub(super) async fn absent_from<T: Row>(
    operation: &Operation<'_>,
    list: &[&str],
    model: Model,
    is_it: impl Fn(&T) -> bool,
) -> Result<(), Failure> {
    if operation.list::<T>(list, model).await?.iter().any(is_it) {
        return Err(Failure::incomplete(format!(
            "Cloudmore lists this {} and says that it does not exist",
            T::WHAT
        )));
    }
    Ok(())
}

/// Ids are GUIDs as far as is known, and those are equal in either case: to take an id for missing because of its case
/// would pass for a revocation.
pub(super) fn same_id(one: &AccountId, other: &AccountId) -> bool {
    one.as_str().eq_ignore_ascii_case(other.as_str())
}
