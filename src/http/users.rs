//! `/Users`.

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
        .list(&caller.context, &caller.base, &[ResourceKind::User], &query)
        .await?;
    Ok(Answer::ok(list))
}

pub(super) async fn search(
    caller: Caller,
    State(http): State<Http>,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    search::answer(&caller, &http, &[ResourceKind::User], &body).await
}

pub(super) async fn create(
    caller: Caller,
    State(http): State<Http>,
    RawQuery(query): RawQuery,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    let shown = caller.query(&http, query.as_deref())?.projection;
    let made = undisturbed(async move {
        let user = http.bridge.create_user(&caller.context, &body).await?;
        let location = location(ResourceKind::User, &caller.base, user.id.as_str());
        let body = http.bridge.show_user(&caller.base, &user, &shown).await?;
        Ok(Answer::created(body, &location).at(user.version))
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
    let user = http
        .bridge
        .read_user(&caller.context, &caller.base, &id, &shown)
        .await?;
    Ok(Answer::shown(user))
}

pub(super) async fn replace(
    caller: Caller,
    State(http): State<Http>,
    Path((_, id)): Id,
    RawQuery(query): RawQuery,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    let shown = caller.query(&http, query.as_deref())?.projection;
    let user = undisturbed(async move {
        let user = http
            .bridge
            .replace_user(&caller.context, &id, &body)
            .await?;
        let body = http.bridge.show_user(&caller.base, &user, &shown).await?;
        Ok(Answer::ok(body).at(user.version))
    });
    Ok(user.await?)
}

/// 200 with the user: what every known client and validator takes
/// (`reference/idp-behaviour.md`, section 8, decision 1).
pub(super) async fn patch(
    caller: Caller,
    State(http): State<Http>,
    Path((_, id)): Id,
    RawQuery(query): RawQuery,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    let shown = caller.query(&http, query.as_deref())?.projection;
    let user = undisturbed(async move {
        let user = http.bridge.patch_user(&caller.context, &id, &body).await?;
        let body = http.bridge.show_user(&caller.base, &user, &shown).await?;
        Ok(Answer::ok(body).at(user.version))
    });
    Ok(user.await?)
}

pub(super) async fn delete(
    caller: Caller,
    State(http): State<Http>,
    Path((_, id)): Id,
) -> Result<StatusCode, Refused> {
    undisturbed(async move { http.bridge.delete_user(&caller.context, &id).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
