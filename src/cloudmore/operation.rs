//! One operation on Cloudmore: its requests share a deadline, carry the token, respect the limits, and end as an answer
//! or a failure that says whether the request may have had its effect.

use std::error::Error;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
};
use reqwest::{Method, Response, StatusCode, Url};
use serde_json::{Map, Value};
use tokio::time::Instant;

use super::client::Client;
use super::failure::{Failure, FailureKind};
use super::listing::{self, Listing, Row};
use super::token::Token;
use super::{refusal, wire};

/// The largest answer that is read: tens of thousands of people fit.
const MAX_BODY: usize = 16 * 1024 * 1024;
/// The longest wait that is believed, so that a wrong `Retry-After` cannot put revocations off for days.
const MAX_WAIT: Duration = Duration::from_hours(1);
const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The requests of one operation, all of them before one deadline.
pub(super) struct Operation<'a> {
    client: &'a Client,
    correlation: Option<&'a HeaderValue>,
    deadline: Instant,
}

struct Request<'a> {
    method: Method,
    url: Url,
    body: Option<Vec<u8>>,
    /// A secret in the body, which an error message might repeat.
    secret: &'a str,
}

/// An answer with any status. That its body could not be read does not matter where the status is enough.
pub(super) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Result<Vec<u8>, Failure>,
}

impl<'a> Operation<'a> {
    /// Begins an operation; its time runs from here.
    pub(super) fn begin(client: &'a Client, correlation: Option<&'a HeaderValue>) -> Self {
        Self {
            client,
            correlation,
            deadline: Instant::now() + client.call_timeout(),
        }
    }

    /// Reads a list, whole.
    pub(super) async fn list<T: Row>(&self, path: &[&str]) -> Result<Listing<T>, Failure> {
        let answer = self.read(path).await?;
        if answer.status == StatusCode::PARTIAL_CONTENT {
            return Err(Failure::incomplete(format!(
                "Cloudmore sent only a part of the {} list",
                T::WHAT
            )));
        }
        listing::read(&answer.headers, answer.body()?)
    }

    /// Reads one object.
    pub(super) async fn object(&self, path: &[&str]) -> Result<Map<String, Value>, Failure> {
        let answer = self.read(path).await?;
        match wire::json(answer.body()?) {
            Some(Value::Object(object)) => Ok(object),
            _ => Err(Failure::incomplete(
                "Cloudmore's answer is not the JSON object it should be",
            )),
        }
    }

    /// Writes. `secret` is a part of the body that no message may repeat.
    pub(super) async fn write(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&Value>,
        secret: &str,
    ) -> Result<Answer, Failure> {
        let body = body.map(|body| body.to_string().into_bytes());
        let url = self.client.url(path)?;
        self.send(&Request {
            method,
            url,
            body,
            secret,
        })
        .await
    }

    async fn read(&self, path: &[&str]) -> Result<Answer, Failure> {
        let url = self.client.url(path)?;
        let request = Request {
            method: Method::GET,
            url,
            body: None,
            secret: "",
        };
        self.send(&request).await
    }

    /// Sends a request, once more with a fresh token after a first 401.
    async fn send(&self, request: &Request<'_>) -> Result<Answer, Failure> {
        let mut rejected = None;
        loop {
            let token = self
                .in_time("got no access token", self.client.tokens().get(rejected))
                .await??;
            let place = self
                .in_time(
                    "had no turn within the request limits",
                    self.client.limits().enter(),
                )
                .await?;
            let answer = self.exchange(request, &token).await?;
            drop(place);
            if answer.status.is_success() {
                return Ok(answer);
            }
            if answer.status == StatusCode::UNAUTHORIZED && rejected.is_none() {
                rejected = Some(token.number());
                continue;
            }
            let secrets = [request.secret, token.secret()];
            return Err(answer.failure(request.writes(), &secrets, self.client.now()));
        }
    }

    async fn exchange(&self, request: &Request<'_>, token: &Token) -> Result<Answer, Failure> {
        let http = self.client.http();
        let mut builder = http
            .request(request.method.clone(), request.url.clone())
            .header(ACCEPT, JSON)
            .header(CONTENT_TYPE, JSON)
            .header(AUTHORIZATION, token.header());
        if let Some(id) = self.correlation {
            builder = builder.header(CORRELATION, id);
        }
        if let Some(body) = &request.body {
            builder = builder.body(body.clone());
        }
        let begun = Instant::now();
        let outcome = match tokio::time::timeout_at(self.deadline, builder.send()).await {
            Ok(Ok(response)) => Ok(Answer::read(response, self.deadline).await),
            Ok(Err(error)) => Err(Failure {
                ambiguous: request.writes() && !error.is_connect() && !error.is_builder(),
                ..Failure::unavailable(transport_words(&error))
            }),
            Err(_) => Err(Failure {
                ambiguous: request.writes(),
                ..Failure::unavailable("Cloudmore did not answer in time")
            }),
        };
        tracing::debug!(
            method = %request.method,
            path = request.url.path(),
            status = outcome.as_ref().ok().map(|answer| answer.status.as_u16()),
            milliseconds = begun.elapsed().as_millis(),
            "cloudmore call"
        );
        outcome
    }

    /// Waits for what comes before a request is sent; running out of time there has no effect on Cloudmore.
    async fn in_time<T>(&self, what: &str, future: impl Future<Output = T>) -> Result<T, Failure> {
        let outcome = tokio::time::timeout_at(self.deadline, future).await;
        outcome.map_err(|_| {
            Failure::unavailable(format!("the request {what} in time, so it was not sent"))
        })
    }
}

impl Request<'_> {
    fn writes(&self) -> bool {
        self.method != Method::GET
    }
}

impl Answer {
    /// Reads an answer up to the size limit and the deadline.
    pub(super) async fn read(mut response: Response, deadline: Instant) -> Self {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let body = tokio::time::timeout_at(deadline, read_body(response)).await;
        let body = body.unwrap_or_else(|_| {
            Err(Failure::unavailable(
                "Cloudmore's answer did not end in time",
            ))
        });
        Self {
            status,
            headers,
            body,
        }
    }

    /// The status.
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    /// A header's value, if it is text.
    pub(super) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body, or why it could not be read.
    pub(super) fn body(&self) -> Result<&[u8], Failure> {
        self.body.as_deref().map_err(Clone::clone)
    }

    /// What an answer that is no success means (`reference/cloudmore-api.md`, section 2). `now` is in microseconds.
    pub(super) fn failure(&self, write: bool, secrets: &[&str], now: i64) -> Failure {
        let status = self.status;
        let retry_after = retry_after(&self.headers, now);
        let kind = match status.as_u16() {
            401 | 403 => FailureKind::Credentials,
            404 | 410 => FailureKind::NotFound,
            429 => FailureKind::Throttled { retry_after },
            503 if retry_after.is_some() => FailureKind::Throttled { retry_after },
            407 | 408 | 425 => FailureKind::Unavailable { retry_after },
            400..=499 => FailureKind::Refused,
            _ => FailureKind::Unavailable { retry_after },
        };
        let errors = self
            .body
            .as_deref()
            .map(|body| refusal::read(body, secrets))
            .unwrap_or_default();
        let words = if status.is_redirection() {
            format!("Cloudmore answered {status} and points elsewhere; check the broker's base_url")
        } else if errors.is_empty() {
            format!("Cloudmore answered {status} without saying why")
        } else {
            errors
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; ")
        };
        let hint = match kind {
            FailureKind::NotFound => {
                "; check the reseller, organization, service and subscription ids"
            }
            FailureKind::Credentials => {
                "; check the role of the API account and that it may use the REST API"
            }
            FailureKind::Refused
            | FailureKind::Throttled { .. }
            | FailureKind::Unavailable { .. }
            | FailureKind::Incomplete => "",
        };
        Failure {
            kind,
            ambiguous: write && !status.is_client_error(),
            words: words + hint,
            status: Some(status.as_u16()),
            errors,
        }
    }
}

/// What happened to a request that got no answer: the innermost cause, which is the one that helps.
pub(super) fn transport_words(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let what = if error.is_connect() {
        "Cloudmore could not be reached"
    } else {
        "Cloudmore gave no answer"
    };
    format!("{what}: {}", refusal::readable(&cause.to_string(), &[]))
}

async fn read_body(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| Failure::unavailable(transport_words(&error)))?
    {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(Failure::incomplete(
                "Cloudmore's answer is larger than 16 MiB",
            ));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3).
fn retry_after(headers: &HeaderMap, now: i64) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match value.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = DateTimeParser::new().parse_timestamp(value).ok()?;
            let now = Timestamp::from_microsecond(now).ok()?;
            Duration::try_from(at.duration_since(now)).unwrap_or_default()
        }
    };
    Some(wait.min(MAX_WAIT))
}
