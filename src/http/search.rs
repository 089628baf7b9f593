//! `/.search` on the base address, and what the searches of all endpoints share.

use axum::extract::State;
use serde_json::Value;

use super::Http;
use super::answer::{Answer, Refused};
use super::caller::Caller;
use super::scim_body::ScimBody;
use crate::scim::{Reading, ResourceKind, search_request};

pub(super) async fn everything(
    caller: Caller,
    State(http): State<Http>,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    answer(&caller, &http, &ResourceKind::ALL, &body).await
}

/// The resources of these types that a search request selects.
pub(super) async fn answer(
    caller: &Caller,
    http: &Http,
    kinds: &[ResourceKind],
    body: &Value,
) -> Result<Answer, Refused> {
    let read = |reading: &mut Reading<'_>| search_request(body, reading);
    let query = http.bridge.read(&caller.context, read)?;
    let list = http
        .bridge
        .list(&caller.context, &caller.base, kinds, &query)
        .await?;
    Ok(Answer::ok(list))
}
