//! Through a tenant's door, and what those are told who are not let in.

use super::Http;
use super::answer::Refused;
use crate::auth::{Attempt, Refusal};
use crate::listen::origin;
use crate::scim::ScimError;

/// Lets somebody in: the label of the credential that they show.
///
/// # Errors
/// 401 for whatever is wrong, 403 for a change by whoever may only look, 429 if the tenant is asked more often than it may,
/// 503 if it cannot be told.
pub(super) async fn enter(http: &Http, attempt: &Attempt<'_>) -> Result<String, Refused> {
    let admitted = http.doors.admit(attempt).await;
    if matches!(admitted, Ok(_) | Err(Refusal::TooOften(_))) {
        was_right(http, attempt);
    }
    admitted.map_err(|refusal| turned_away(&refusal))
}

/// Remembers that a credential was right from where it came.
pub(super) fn was_right(http: &Http, attempt: &Attempt<'_>) {
    let from = origin(attempt.address);
    http.attempts
        .was_right(from, attempt.authorization, http.clock.now());
}

/// Why somebody was refused is for administrators. What cannot be decided is a 503: Entra puts a job into quarantine for a
/// 401, and comes again for a 503.
fn turned_away(refusal: &Refusal) -> Refused {
    let error = match (refusal, refusal.retry_after()) {
        (Refusal::ReadOnly, _) => ScimError::forbidden(
            "This credential is for reading only. Enter one with full authority in the provisioning settings.",
        ),
        (Refusal::TooOften(wait), _) => ScimError::too_many_requests(
            "More requests came for this tenant than its requests_per_second allows. Send this one again later.",
            *wait,
        ),
        (_, Some(wait)) => ScimError::unavailable(
            "The token cannot be checked at the moment. Try again.",
            wait,
        ),
        (_, None) => return refused(),
    };
    Refused(error)
}

/// The same words for an unknown tenant, a missing token and a wrong one.
pub(super) fn refused() -> Refused {
    Refused(ScimError::unauthorized(
        "The token is missing or not valid for this address. Check the tenant URL and the secret \
         token in the provisioning settings.",
    ))
}
