//! The way to a tenant's door and through it: where from, with which certificate, how often.

use tracing::info;

use super::Http;
use super::answer::Refused;
use super::caller::refused;
use super::visitor::Visitor;
use crate::domain::model::TenantId;
use crate::listen::origin;
use crate::scim::ScimError;

/// The label of the certificate that opens the tenant. Whoever shows something in a header as well is known by that alone.
pub(super) fn by_certificate(
    http: &Http,
    tenant: &TenantId,
    visitor: Option<&Visitor>,
    authorization: Option<&str>,
) -> Option<String> {
    let certificate = visitor?.certificate.as_ref()?;
    match authorization {
        None => http
            .gates
            .recognise(tenant, &certificate.sha256, &certificate.names),
        Some(_) => None,
    }
}

/// Lets somebody pass whose credential is right.
///
/// # Errors
/// As for a wrong credential, if the tenant may not be reached from there; 429 if it is asked more often than it may.
pub(super) fn pass(
    http: &Http,
    tenant: &TenantId,
    visitor: Option<&Visitor>,
    authorization: Option<&str>,
) -> Result<(), Refused> {
    let Some(Visitor { address, .. }) = visitor else {
        return Err(refused());
    };
    if !http.gates.let_in(tenant, *address) {
        info!(%tenant, client = %address, "A right credential came from where `allow_from` lets nobody in");
        return Err(refused());
    }
    let now = http.clock.now();
    http.attempts
        .was_right(origin(*address), authorization, now);
    http.gates.count(tenant, now).map_err(|wait| {
        Refused(ScimError::too_many_requests(
            "More requests came for this tenant than its requests_per_second allows. Send this one again later.",
            wait,
        ))
    })
}
