//! `/Bulk`.

use std::sync::Arc;

use axum::extract::State;

use super::Http;
use super::answer::{Answer, Refused};
use super::caller::{Caller, Writer};
use super::scim_body::ScimBody;
use crate::scim::BulkRequest;

pub(super) async fn perform(
    Writer(caller): Writer,
    State(http): State<Http>,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    let request = BulkRequest::parse(&body, caller.context.tenant.dialect.limits.bulk_operations)?;
    let bridge = Arc::clone(&http.bridge);
    let results = bridge.undisturbed(async move {
        let Caller { context, base } = &caller;
        Ok(http.bridge.bulk(context, base, &request).await)
    });
    Ok(Answer::ok(results.await?))
}
