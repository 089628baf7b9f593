//! `/oauth/{tenant}`: where OAuth clients get access tokens (RFC 6749, section 4.4), and the keys that these are signed with.

use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{DefaultBodyLimit, Extension, Path, State};
use axum::http::StatusCode;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, PRAGMA, RETRY_AFTER,
    WWW_AUTHENTICATE,
};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::Http;
use super::answer::seconds;
use super::attempts::{ShownInBody, WORDS};
use super::entrance::was_right;
use super::request_log::CorrelationId;
use super::visitor::Visitor;
use crate::auth::{Authority, Grant, Refusal, basic};
use crate::domain::model::TenantId;
use crate::listen::origin;

/// Largest form that is read, in bytes.
const LARGEST: usize = 16 * 1024;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/{tenant}/token", post(token))
        .route("/{tenant}/jwks.json", get(keys))
        .layer(DefaultBodyLimit::max(LARGEST))
}

/// `POST /oauth/{tenant}/token`.
async fn token(
    State(http): State<Http>,
    tenant: Result<Path<String>, PathRejection>,
    Extension(CorrelationId(request)): Extension<CorrelationId>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OauthError> {
    let form = form(&headers, &body)?;
    match form.get("grant_type").map(|kind| &**kind) {
        Some("client_credentials") => {}
        Some(_) => return Err(OauthError::UNSUPPORTED_GRANT),
        None => return Err(OauthError::invalid("grant_type is missing.")),
    }
    let shown = client(&headers, &form)?;
    let shown = shown.as_ref().map(|(id, secret)| (&**id, &**secret));
    // A name that cannot be read is that of no tenant.
    let tenant = tenant.map(|Path(tenant)| tenant).unwrap_or_default();
    let tenant = TenantId::new(tenant);
    // What is in the form counts as what is in the header does, so that it cannot be guessed any faster.
    let in_form = shown.filter(|_| !headers.contains_key(AUTHORIZATION));
    let in_form = in_form.map(|(id, secret)| as_basic(id, secret));
    let in_header = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let attempt = visitor.attempt(
        &tenant,
        in_header.or(in_form.as_deref()),
        Authority::Read,
        &request,
    );
    let wait = http.attempts.wait(
        origin(visitor.address),
        in_form.as_deref(),
        http.clock.now(),
    );
    if let Some(wait) = wait {
        http.doors.unheard(&attempt);
        return Err(OauthError::too_many(wait));
    }
    match http.doors.grant(&attempt, shown).await {
        Ok(granted) => {
            was_right(&http, &attempt);
            Ok(answer(StatusCode::OK, &granted_json(&granted)))
        }
        Err(refusal) => {
            let mut refused = OauthError::from(refusal).into_response();
            refused.extensions_mut().insert(ShownInBody(in_form));
            Ok(refused)
        }
    }
}

fn as_basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

/// What somebody is answered who has to wait.
pub(super) fn too_many(wait: Duration) -> Response {
    OauthError::too_many(wait).into_response()
}

/// `GET /oauth/{tenant}/jwks.json`. All tenants share the keys, so it tells nothing of which there are.
async fn keys(State(http): State<Http>) -> Result<Response, OauthError> {
    const FOR_A_WHILE: HeaderValue = HeaderValue::from_static("public, max-age=300");
    let keys = http.doors.published_keys().await?;
    let mut response = answer(StatusCode::OK, &keys);
    response.headers_mut().remove(PRAGMA);
    response.headers_mut().insert(CACHE_CONTROL, FOR_A_WHILE);
    Ok(response)
}

/// RFC 6749, section 5.1.
fn granted_json(granted: &Grant) -> Value {
    json!({
        "access_token": granted.token,
        "token_type": "Bearer",
        "expires_in": granted.lifetime,
        // Whatever was asked for, it is what the credential has.
        "scope": granted.authority.as_str(),
    })
}

/// The parameters; none may be there twice (RFC 6749, section 3.2).
fn form<'b>(
    headers: &HeaderMap,
    body: &'b [u8],
) -> Result<HashMap<Cow<'b, str>, Cow<'b, str>>, OauthError> {
    let kind = headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(OauthError::invalid(
            "The body must be a form: application/x-www-form-urlencoded.",
        ));
    }
    let mut form = HashMap::new();
    for (name, value) in form_urlencoded::parse(body) {
        if form.insert(name, value).is_some() {
            return Err(OauthError::invalid("A parameter is there twice."));
        }
    }
    Ok(form)
}

/// An id and a secret.
type Pair<'f> = (Cow<'f, str>, Cow<'f, str>);

/// The id and the secret of the client, in the header or in the form (RFC 6749, section 2.3.1). Entra sends both, which is
/// fine as long as they agree (`reference/idp-behaviour.md`, section 2.2).
fn client<'f>(
    headers: &HeaderMap,
    form: &'f HashMap<Cow<'_, str>, Cow<'_, str>>,
) -> Result<Option<Pair<'f>>, OauthError> {
    let parameter = |name: &str| form.get(name).map(|value| Cow::Borrowed(&**value));
    let (id, secret) = (parameter("client_id"), parameter("client_secret"));
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Ok(id.zip(secret));
    };
    let header = header
        .to_str()
        .ok()
        .and_then(|header| header.trim().split_once(' '));
    let header = header.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let Some((of_header, its_secret)) = header.and_then(|(_, pair)| basic(pair)) else {
        return Ok(None);
    };
    let pair = (decoded(&of_header), decoded(&its_secret));
    let agrees =
        |given: &Option<Cow<'_, str>>, with: &str| given.as_ref().is_none_or(|given| given == with);
    if agrees(&id, &pair.0) && agrees(&secret, &pair.1) {
        Ok(Some(pair))
    } else {
        Err(OauthError::invalid(
            "The client in the header and the one in the form differ. Send it in one place.",
        ))
    }
}

/// A part of the header, which is encoded as in a form. Ids and secrets consist of letters that are the same either way.
fn decoded<'a>(part: &str) -> Cow<'a, str> {
    let mut decoded = form_urlencoded::parse(part.as_bytes());
    let first = decoded.next().map(|(first, _)| first.into_owned());
    Cow::Owned(first.unwrap_or_default())
}

/// RFC 6749, section 5.2.
struct OauthError {
    status: StatusCode,
    code: &'static str,
    words: &'static str,
    wait: Option<u64>,
}

impl OauthError {
    const UNSUPPORTED_GRANT: Self = Self {
        status: StatusCode::BAD_REQUEST,
        code: "unsupported_grant_type",
        words: "Only client_credentials is granted here.",
        wait: None,
    };

    fn too_many(wait: Duration) -> Self {
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            code: "temporarily_unavailable",
            words: WORDS,
            wait: Some(seconds(wait)),
        }
    }

    fn invalid(words: &'static str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "invalid_request",
            words,
            wait: None,
        }
    }
}

/// The same for an unknown tenant, an unknown client and a wrong secret.
impl From<Refusal> for OauthError {
    fn from(refusal: Refusal) -> Self {
        match refusal.retry_after() {
            Some(wait) => Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                code: "temporarily_unavailable",
                words: "The client cannot be checked at the moment. Try again.",
                wait: Some(wait.as_secs()),
            },
            None => Self {
                status: StatusCode::UNAUTHORIZED,
                code: "invalid_client",
                words: "The client is not valid for this address. Check the token endpoint, the client id and the secret.",
                wait: None,
            },
        }
    }
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.code, "error_description": self.words });
        let mut response = answer(self.status, &body);
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Basic realm=\"oauth\"");
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if let Some(wait) = self.wait {
            headers.insert(RETRY_AFTER, HeaderValue::from(wait));
        }
        response
    }
}

fn answer(status: StatusCode, body: &Value) -> Response {
    const JSON: HeaderValue = HeaderValue::from_static("application/json");
    const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
    const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");
    let headers = [
        (CONTENT_TYPE, JSON),
        (CACHE_CONTROL, NO_STORE),
        (PRAGMA, NO_CACHE),
    ];
    (status, headers, body.to_string()).into_response()
}
