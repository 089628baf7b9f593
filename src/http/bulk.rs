//! `/Bulk`.

use axum::extract::State;

use super::Http;
use super::answer::{Answer, Refused};
use super::caller::Caller;
use super::scim_body::ScimBody;
use crate::provision::undisturbed;
use crate::scim::BulkRequest;

pub(super) async fn perform(
    caller: Caller,
    State(http): State<Http>,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    let request = BulkRequest::parse(&body, caller.context.tenant.dialect.limits.bulk_operations)?;
    let results = undisturbed(async move {
        let Caller { context, base } = &caller;
        Ok(http.bridge.bulk(context, base, &request).await)
    });
    Ok(Answer::ok(results.await?))
}
