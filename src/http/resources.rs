//! `/Users` and `/Groups`: one set of handlers, for they differ in the type of the resource alone.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::routing::{get, post};

use super::answer::{Answer, Refused};
use super::caller::{Caller, Writer};
use super::scim_body::ScimBody;
use super::{Http, search};
use crate::scim::ResourceKind;

type Id = Path<(String, String)>;

/// The routes of a resource type.
pub(super) fn routes(kind: ResourceKind) -> Router<Http> {
    let endpoint = kind.endpoint();
    let all = get(move |caller, http, query| list(kind, caller, http, query))
        .post(move |caller, http, query, body| create(kind, caller, http, query, body));
    let one = get(move |caller, http, id, query| read(kind, caller, http, id, query))
        .put(move |caller, http, id, query, body| replace(kind, caller, http, id, query, body))
        .patch(move |caller, http, id, query, body| patch(kind, caller, http, id, query, body))
        .delete(move |caller, http, id| delete(kind, caller, http, id));
    let search = post(move |caller, http, body| find(kind, caller, http, body));
    Router::new()
        .route(&format!("/{endpoint}"), all)
        .route(&format!("/{endpoint}/{{id}}"), one)
        .route(&format!("/{endpoint}/.search"), search)
}

async fn list(
    kind: ResourceKind,
    caller: Caller,
    State(http): State<Http>,
    RawQuery(query): RawQuery,
) -> Result<Answer, Refused> {
    let query = caller.query(&http, query.as_deref())?;
    let kinds = [kind];
    let list = http
        .bridge
        .list(&caller.context, &caller.base, &kinds, &query);
    Ok(Answer::ok(list.await?))
}

async fn find(
    kind: ResourceKind,
    caller: Caller,
    State(http): State<Http>,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    search::answer(&caller, &http, &[kind], &body).await
}

async fn create(
    kind: ResourceKind,
    Writer(caller): Writer,
    State(http): State<Http>,
    RawQuery(query): RawQuery,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    let shown = caller.query(&http, query.as_deref())?.projection;
    let bridge = Arc::clone(&http.bridge);
    let made = bridge.undisturbed(async move {
        let made = http.bridge.create(&caller.context, kind, &body).await?;
        let body = http.bridge.show(&caller.base, &made, &shown).await?;
        let location = made.location(&caller.base);
        Ok(Answer::created(body, &location).at(made.version()))
    });
    Ok(made.await?)
}

async fn read(
    kind: ResourceKind,
    caller: Caller,
    State(http): State<Http>,
    Path((_, id)): Id,
    RawQuery(query): RawQuery,
) -> Result<Answer, Refused> {
    let shown = caller.query(&http, query.as_deref())?.projection;
    let found = http
        .bridge
        .get(&caller.context, &caller.base, (kind, &id), &shown);
    Ok(Answer::shown(found.await?))
}

async fn replace(
    kind: ResourceKind,
    Writer(caller): Writer,
    State(http): State<Http>,
    Path((_, id)): Id,
    RawQuery(query): RawQuery,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    let shown = caller.query(&http, query.as_deref())?.projection;
    let bridge = Arc::clone(&http.bridge);
    let written = bridge.undisturbed(async move {
        let bridge = &http.bridge;
        let written = bridge.replace(&caller.context, kind, &id, &body).await?;
        let body = bridge.show(&caller.base, &written, &shown).await?;
        Ok(Answer::ok(body).at(written.version()))
    });
    Ok(written.await?)
}

/// 200 with the user: what every known client and validator takes. 204 for a group, because a body would name all its
/// members, unless the client asks for attributes (`reference/idp-behaviour.md`, section 8, decision 1).
async fn patch(
    kind: ResourceKind,
    Writer(caller): Writer,
    State(http): State<Http>,
    Path((_, id)): Id,
    RawQuery(query): RawQuery,
    ScimBody(body): ScimBody,
) -> Result<Answer, Refused> {
    let shown = caller.query(&http, query.as_deref())?.projection;
    let bridge = Arc::clone(&http.bridge);
    let written = bridge.undisturbed(async move {
        let bridge = &http.bridge;
        let written = bridge.patch(&caller.context, kind, &id, &body).await?;
        if kind == ResourceKind::Group && !shown.asks() {
            return Ok(Answer::done().at(written.version()));
        }
        let body = bridge.show(&caller.base, &written, &shown).await?;
        Ok(Answer::ok(body).at(written.version()))
    });
    Ok(written.await?)
}

async fn delete(
    kind: ResourceKind,
    Writer(caller): Writer,
    State(http): State<Http>,
    Path((_, id)): Id,
) -> Result<StatusCode, Refused> {
    let bridge = Arc::clone(&http.bridge);
    let deleted =
        bridge.undisturbed(async move { http.bridge.delete(&caller.context, kind, &id).await });
    deleted.await?;
    Ok(StatusCode::NO_CONTENT)
}
