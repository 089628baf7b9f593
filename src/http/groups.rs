//! `/Groups`.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;

use super::answer::{Answer, Refused};
use super::caller::Caller;
use super::scim_body::ScimBody;
use super::{Http, search};
use crate::provision::undisturbed;
use crate::scim::{ResourceKind, location};

type Id = Path<(String, String)>;

pub(super) async fn list(
    caller: Caller,
    State(http): State<Http>,
    RawQuery(query): RawQuery,
) -> Result<Answer, Refused> {
    let query = caller.query(&http, query.as_deref())?;
    let list = http
        .bridge
        .list(
            &caller.context,
            &caller.base,
            &[ResourceKind::Group],
            &query,
        )
        .await?;
    Ok(Answer::ok(list))
}

pub(super) async fn search(
    caller: Caller,
    State(http): State<Http>,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    search::answer(&caller, &http, &[ResourceKind::Group], &body).await
}

pub(super) async fn create(
    caller: Caller,
    State(http): State<Http>,
    RawQuery(query): RawQuery,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    let shown = caller.query(&http, query.as_deref())?.projection;
    let made = undisturbed(async move {
        let group = http.bridge.create_group(&caller.context, &body).await?;
        let location = location(ResourceKind::Group, &caller.base, group.id.as_str());
        let body = http.bridge.show_group(&caller.base, &group, &shown).await?;
        Ok(Answer::created(body, &location).at(group.version))
    });
    Ok(made.await?)
}

pub(super) async fn read(
    caller: Caller,
    State(http): State<Http>,
    Path((_, id)): Id,
    RawQuery(query): RawQuery,
) -> Result<Answer, Refused> {
    let shown = caller.query(&http, query.as_deref())?.projection;
    let group = http
        .bridge
        .read_group(&caller.context, &caller.base, &id, &shown)
        .await?;
    Ok(Answer::shown(group))
}

pub(super) async fn replace(
    caller: Caller,
    State(http): State<Http>,
    Path((_, id)): Id,
    RawQuery(query): RawQuery,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    let shown = caller.query(&http, query.as_deref())?.projection;
    let group = undisturbed(async move {
        let group = http
            .bridge
            .replace_group(&caller.context, &id, &body)
            .await?;
        let body = http.bridge.show_group(&caller.base, &group, &shown).await?;
        Ok(Answer::ok(body).at(group.version))
    });
    Ok(group.await?)
}

/// 204: a body would name all members (`reference/idp-behaviour.md`, section 8, decision 1). Only
/// a client that asks for attributes gets them.
pub(super) async fn patch(
    caller: Caller,
    State(http): State<Http>,
    Path((_, id)): Id,
    RawQuery(query): RawQuery,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    let query = caller.query(&http, query.as_deref())?;
    let answer = undisturbed(async move {
        let group = http.bridge.patch_group(&caller.context, &id, &body).await?;
        if !query.projection.asks() {
            return Ok(Answer::done().at(group.version));
        }
        let shown = http
            .bridge
            .show_group(&caller.base, &group, &query.projection);
        Ok(Answer::ok(shown.await?).at(group.version))
    });
    Ok(answer.await?)
}

pub(super) async fn delete(
    caller: Caller,
    State(http): State<Http>,
    Path((_, id)): Id,
) -> Result<StatusCode, Refused> {
    undisturbed(async move { http.bridge.delete_group(&caller.context, &id).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
